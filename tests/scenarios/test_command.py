"""`regu test-process`: what it prints, and with which code it ends."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from app.cli import main

DRAWINGS = Path(__file__).parents[1] / "drawings"
SCENARIOS = """process: leave
scenarios:
  - name: asked
    start: {who: sari}
    steps:
      - complete: ask
        form: {days: 2}
"""


@pytest.fixture
def folder(tmp_path):
    for path in DRAWINGS.glob("leave.*"):
        shutil.copy(path, tmp_path)
    (tmp_path / "leave.scenarios.yaml").write_text(SCENARIOS)
    return tmp_path


def test_a_folder_whose_scenarios_pass_ends_with_0(folder, capsys):
    assert main(["test-process", str(folder)]) == 0
    out = capsys.readouterr().out
    assert "ok  leave.scenarios.yaml: asked" in out
    assert "leave: 2 of 3 flows; not c" in out


def test_too_little_walked_ends_with_1(folder, capsys):
    assert main(["test-process", str(folder), "--at-least", "100"]) == 1
    assert "less than 100 % of its flows" in capsys.readouterr().err


def test_a_failing_scenario_ends_with_1_and_json_tells_why(folder, capsys):
    text = SCENARIOS + "      - complete: ask\n"
    (folder / "leave.scenarios.yaml").write_text(text)
    assert main(["test-process", str(folder), "--json"]) == 1
    told = json.loads(capsys.readouterr().out)
    (one,) = told["scenarios"]
    assert (told["passed"], one["line"]) == (False, 8)
    assert one["faults"] == ["no open task 'ask'; open: decide"]
    assert told["coverage"][0]["missed"] == ["c"]


def test_a_folder_without_scenarios_ends_with_2(tmp_path, capsys):
    assert main(["test-process", str(tmp_path)]) == 2
    assert "no scenarios" in capsys.readouterr().err


def test_a_drawing_with_errors_is_told_as_a_check_does(folder, capsys):
    (folder / "leave.bpmn").write_text("<bpmn/>")
    assert main(["test-process", str(folder)]) == 1
    assert "leave.bpmn" in capsys.readouterr().err
