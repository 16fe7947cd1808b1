"""`regu simulate`: figures as text, as JSON and as a picture, of one drawing or of two."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from textwrap import dedent

import pytest

from app.cli import main
from tests.simulating.test_running import LEAVE

DRAWINGS = Path(__file__).parents[1] / "drawings"


@pytest.fixture
def folder(tmp_path):
    for path in DRAWINGS.glob("leave.*"):
        shutil.copy(path, tmp_path)
    (tmp_path / "plan.yaml").write_text(dedent(LEAVE))
    return tmp_path


def without_decide(drawing):
    """The drawing with its second task and the flow behind it taken out."""
    before, rest = drawing.split('<bpmn:userTask id="decide"')
    end = rest[rest.index('<bpmn:endEvent id="end"') :]
    flow = '<bpmn:sequenceFlow id="c" sourceRef="decide" targetRef="end" />'
    end = end.replace(flow, "").replace("<bpmn:incoming>c<", "<bpmn:incoming>b<")
    return (before + end).replace('targetRef="decide"', 'targetRef="end"')


def test_figures_are_printed_and_the_picture_is_written(folder, capsys):
    image = folder / "load.svg"
    args = ["simulate", str(folder), "--plan", str(folder / "plan.yaml"), "--picture", str(image)]
    assert main(args) == 0
    out = capsys.readouterr().out
    assert "an instance lasts" in out
    assert "decide" in out
    assert image.read_bytes().startswith(b"<?xml")


def test_json_tells_lengths_in_seconds(folder, capsys):
    assert main(["simulate", str(folder), "--plan", str(folder / "plan.yaml"), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["started"] == told["ended"]
    assert told["bottlenecks"][0] in {"ask", "decide"}


def test_a_changed_drawing_stands_beside_the_old_one(folder, tmp_path, capsys):
    other = tmp_path / "other"
    other.mkdir()
    shutil.copy(folder / "leave.form", other)
    (other / "leave.bpmn").write_text(without_decide((folder / "leave.bpmn").read_text()))
    plan = str(folder / "plan.yaml")
    files = [str(folder / "leave.bpmn"), str(folder / "leave.form")]
    assert main(["simulate", *files, "--plan", plan, "--against", str(other)]) == 0
    out = capsys.readouterr().out
    (line,) = (one for one in out.splitlines() if one.startswith("waits p90: decide"))
    assert line.endswith("-")


def test_a_fault_of_the_plan_is_said_with_its_line(folder, capsys):
    (folder / "plan.yaml").write_text("process: leave\narrivals: 3\n")
    assert main(["simulate", str(folder), "--plan", str(folder / "plan.yaml")]) == 1
    assert "plan.yaml:1:" in capsys.readouterr().err
