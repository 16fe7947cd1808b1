"""The command line: exit codes, findings as lines, and a whole installation from nothing."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from decimal import Decimal
from pathlib import Path

import pytest
import requests

from app.cli import main
from tests.serving import DRAWINGS

ROOT = Path(__file__).parents[2]
PASSWORD = "a long enough secret"  # noqa: S105 - of an invented administrator


@pytest.fixture
def environment(tmp_path):
    return {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "REGU_DATA_DIR": str(tmp_path / "house"),
        "REGU_CLOCK": "movable",
        "REGU_CLOCK_START": "2026-01-05T08:00:00+07:00",
        "REGU_LOG": "error",
    }


@pytest.fixture
def regu(environment):
    def run(*arguments, typed=""):
        return subprocess.run(
            [sys.executable, "-m", "app.cli", *map(str, arguments)],
            input=typed,
            capture_output=True,
            text=True,
            timeout=60,
            env=environment,
            cwd=ROOT,
            check=False,
        )

    return run


def test_a_good_file_is_accepted_and_a_bad_one_named_line_by_line(regu, tmp_path):
    good = regu("check", DRAWINGS)
    assert good.returncode == 0, good.stderr
    assert "leave.bpmn" in json.loads(good.stdout)["files"]

    bad = tmp_path / "bad.bpmn"
    text = (DRAWINGS / "leave.bpmn").read_text()
    bad.write_text(text.replace('targetRef="end"', 'targetRef="nowhere"'))
    refused = regu("check", bad)

    assert refused.returncode == 1
    assert "bad.bpmn:" in refused.stderr
    assert "Traceback" not in refused.stderr
    assert regu("check", tmp_path / "nothing").returncode == 2


@pytest.mark.parametrize("content", [b"", b"no xml", b"<a/>", b"\x00\xff", b"<a" * 1000])
def test_no_bytes_make_a_traceback(tmp_path, capsys, content):
    for name in ("x.bpmn", "x.dmn", "x.form", "x.bin"):
        path = tmp_path / name
        path.write_bytes(content)
        assert main(["check", str(path)]) == 1
        assert name in capsys.readouterr().err


def test_a_decision_is_evaluated_exactly(regu, tmp_path):
    model = tmp_path / "sum.dmn"
    model.write_text(
        """<?xml version="1.0"?>
<definitions xmlns="https://www.omg.org/spec/DMN/20230324/MODEL/" id="d" name="d" namespace="n">
  <inputData id="a" name="a"><variable name="a" typeRef="number"/></inputData>
  <inputData id="day" name="day"><variable name="day" typeRef="date"/></inputData>
  <decision id="sum" name="sum"><variable name="sum"/>
    <informationRequirement id="r1"><requiredInput href="#a"/></informationRequirement>
    <informationRequirement id="r2"><requiredInput href="#day"/></informationRequirement>
    <literalExpression><text>[a + 0.2, day + duration("P1D")]</text></literalExpression>
  </decision>
</definitions>"""
    )
    typed = '{"a": 0.1, "day": "2026-12-31"}'

    answer = regu("dmn", model, "--decision", "sum", "--input", "-", typed=typed)

    assert answer.returncode == 0, answer.stderr
    found = json.loads(answer.stdout, parse_float=Decimal)
    assert found == [Decimal("0.3"), "2027-01-01"]
    assert regu("dmn", model, "--decision", "nix", "--input", "-", typed="{}").returncode == 1
    assert regu("dmn", model, "--decision", "sum", "--input", "-", typed="{").returncode == 1


def test_the_columns_of_a_table_without_input_data_say_how_to_read_text(capsys, tmp_path):
    table = tmp_path / "late.dmn"
    table.write_text(
        """<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" name="m" namespace="n">
  <decision id="late" name="Late"><decisionTable id="t">
    <input id="i"><inputExpression typeRef="dateTime"><text>sent_at</text></inputExpression></input>
    <output id="o" name="late"/>
    <rule id="r"><inputEntry><text>&gt; date and time("2026-12-31T17:00:00Z")</text></inputEntry>
      <outputEntry><text>true</text></outputEntry></rule>
  </decisionTable></decision></definitions>"""
    )
    assert main(["dmn", str(table), "--input", '{"sent_at": "2026-12-31T17:00:01Z"}']) == 0
    assert capsys.readouterr().out == "true\n"


def test_an_expression_is_evaluated_exactly_and_says_where_it_is_wrong(capsys):
    assert main(["feel", "0.1 + 0.2", "--context", "{}"]) == 0
    assert capsys.readouterr().out == "0.3\n"
    assert main(["feel", "net price * 2", "--context", '{"net price": 1.10}']) == 0
    assert capsys.readouterr().out == "2.20\n"
    assert main(["feel", "missing + 1"]) == 0
    told = capsys.readouterr()
    assert told.out == "null\n"
    assert "line 1, column 1" in told.err
    assert main(["feel", "1 +"]) == 1
    assert "line 1, column 4" in capsys.readouterr().err
    assert main(["feel", "1", "--context", "[1]"]) == 1


def test_a_decision_explains_itself_in_a_sentence(capsys):
    path = str(ROOT / "workflows/evaluation/predikat.dmn")
    given = '{"result_level": "di_atas", "behaviour_level": "di_atas"}'

    assert main(["dmn", path, "--input", given, "--explain"]) == 0

    (table,) = json.loads(capsys.readouterr().out)["tables"]
    sentences = [rule["sentence"] for rule in table["rules"]]
    assert sentences == [
        "Aturan 3: hasil kerja di atas dan perilaku kerja di atas, maka Sangat Baik"
    ]


def test_an_explanation_is_in_english_when_asked_for(capsys):
    path = str(ROOT / "workflows/evaluation/predikat.dmn")
    given = '{"result_level": "di_atas", "behaviour_level": "di_atas"}'

    assert main(["dmn", path, "--input", given, "--explain", "--language", "en"]) == 0

    assert '"Rule 3: hasil kerja di atas and perilaku' in capsys.readouterr().out


def test_a_model_is_tried_beside_a_broken_one_with_what_it_imports(capsys, tmp_path):
    space = "https://www.omg.org/spec/DMN/20230324/MODEL/"
    (tmp_path / "base.dmn").write_text(
        f'<definitions xmlns="{space}" name="b" namespace="urn:b"><decision id="d" name="two">'
        "<literalExpression><text>2</text></literalExpression></decision></definitions>"
    )
    top = tmp_path / "top.dmn"
    top.write_text(
        f'<definitions xmlns="{space}" name="t" namespace="urn:t">'
        f'<import name="base" namespace="urn:b" importType="{space}"/>'
        '<decision id="x" name="x"><informationRequirement><requiredDecision href="urn:b#d"/>'
        "</informationRequirement><literalExpression><text>base.two + 1</text>"
        "</literalExpression></decision>\n"
        '<decision id="y" name="y"><literalExpression><text>1 +</text></literalExpression>'
        "</decision></definitions>"
    )
    assert main(["dmn", str(top), "--decision", "x"]) == 0
    told = capsys.readouterr()
    assert told.out == "3\n"
    assert "wrong elsewhere: line 2: '1 +' is no FEEL" in told.err
    assert main(["dmn", str(top), "--decision", "y"]) == 1


def test_findings_come_as_json_when_asked_for(capsys, tmp_path):
    bad = tmp_path / "bad.bpmn"
    bad.write_text("<a/>")

    assert main(["check", "--json", str(bad)]) == 1

    told = json.loads(capsys.readouterr().out)
    assert told["errors"] == len(told["findings"]) == 1
    assert told["findings"][0]["resource"] == "bad.bpmn"


def test_an_installation_is_made_served_stopped_and_proved(regu, environment, tmp_path):
    assert regu("migrate").returncode == 0
    short = regu("admin", "create", "root", "--password-stdin", typed="short\n")
    assert short.returncode == 1
    typed = f"{PASSWORD}\n"
    made = regu("admin", "create", "root", "--password-stdin", typed=typed)
    assert made.returncode == 0, made.stderr
    deployed = regu("deploy", DRAWINGS)
    assert deployed.returncode == 0, deployed.stderr
    assert "leave version 1" in deployed.stdout
    assert "unchanged" in regu("deploy", DRAWINGS).stdout
    assert regu("export", tmp_path / "out").returncode == 0
    for name in ("leave.bpmn", "leave.form", "waits.bpmn"):
        assert (tmp_path / "out" / name).read_bytes() == (DRAWINGS / name).read_bytes()

    with _serving({**environment, "REGU_PORT": "0"}) as base:
        body = {"processDefinitionId": "leave", "variables": {"who": "nobody"}}
        auth = ("root", PASSWORD)
        answer = requests.post(base + "/v2/process-instances", json=body, auth=auth, timeout=20)
        assert answer.status_code == 200, answer.text

    assert regu("worker", "--once").returncode == 0
    proved = regu("verify")
    assert proved.returncode == 0, proved.stderr
    assert re.search(r"audit: [1-9]\d* chains, [1-9]\d* entries", proved.stdout)
    assert "ledger: 0 outputs, 0 rows" in proved.stdout


def test_a_wrong_setting_is_named(regu, environment):
    environment["REGU_CLOCK"] = "fast"
    answer = regu("verify")
    assert answer.returncode == 2
    assert "REGU_CLOCK" in answer.stderr


@pytest.mark.parametrize("setting", ["REGU_PORT", "REGU_METRICS_LISTEN"])
def test_a_port_that_is_taken_is_named_in_one_line(regu, environment, setting):
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = str(other.getsockname()[1])
        environment["REGU_PORT"] = "0"
        environment[setting] = port if setting == "REGU_PORT" else f"127.0.0.1:{port}"
        answer = regu("serve")
    assert answer.returncode == 2
    assert answer.stdout == ""
    (line,) = answer.stderr.splitlines()
    assert line.startswith(f"{setting}='{port}': another program listens")


class _serving:  # noqa: N801 - reads as a statement
    """A served installation: its address inside, SIGTERM and a clean end at the exit."""

    def __init__(self, environment):
        self._environment = environment

    def __enter__(self):
        self._process = subprocess.Popen(
            [sys.executable, "-m", "app.cli", "serve"],
            env=self._environment,
            cwd=ROOT,
            stdout=subprocess.PIPE,
            text=True,
        )
        said = self._process.stdout.readline()
        base = said.strip().rpartition(" ")[2].rstrip("/")
        pause, until = threading.Event(), time.monotonic() + 20
        while time.monotonic() < until:
            try:
                requests.get(base + "/healthz", timeout=5).raise_for_status()
            except requests.ConnectionError:
                pause.wait(0.05)
            else:
                return base
        self._process.kill()
        self.__exit__()
        raise AssertionError(f"nobody answers at {base}")

    def __exit__(self, *_reason):
        self._process.send_signal(signal.SIGTERM)
        code = self._process.wait(30)
        self._process.stdout.close()
        assert code == 0
