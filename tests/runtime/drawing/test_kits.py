"""Models drawn by others: accepted or refused in words, never a traceback, nothing dropped."""

import os
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1]))

import kit_deploy
import kit_judge
import lean_scenarios

from engine.runtime.drawing.check import check_drawing
from engine.runtime.drawing.context import DeployContext

KITS = os.environ.get("REGU_KITS", "")
pytestmark = pytest.mark.skipif(
    not KITS, reason="conformance kits: set REGU_KITS to the folder with harness/ and src/"
)
#: a file that is no BPMN XML at all has no element to name
WHOLE_FILE = {
    "not-xml",
    "not-bpmn",
    "doctype",
    "too-deep",
    "too-many-elements",
    "file-too-large",
} | {"too-many-attributes"}


def files(part=""):
    found = (Path(KITS) / "src").rglob("*")
    return sorted(f for f in found if f.suffix in {".bpmn", ".bpmn2"} and part in str(f))


def test_every_refusal_names_element_and_line():
    for file in files():
        _, findings = check_drawing(file.read_bytes(), file.name, DeployContext())
        for finding in (f for f in findings if f.severity == "error"):
            where = finding.element_id and finding.line
            assert where or finding.code in WHOLE_FILE, finding


def test_no_element_of_an_accepted_file_is_dropped():
    sys.path.insert(0, str(Path(KITS) / "harness"))
    from common import DeployRejected  # noqa: PLC0415 - only where the kits are

    accepted = 0
    for file in files():
        for deploy in (kit_deploy.deploy, kit_deploy.deploy_executable):
            try:
                answer = deploy(str(file))
            except DeployRejected:
                continue
            accepted += 1
            assert answer["unreached"] == 0, file
    assert accepted


def test_invalid_models_of_betsy_are_refused_by_the_rule_that_they_break():
    found = [kit_judge.judged(file, wrong=True) for file in files("bpmn_constraints")]
    assert sum(row["refused"] for row in found) >= 0.98 * len(found)
    assert sum(row["named"] for row in found) >= 0.95 * len(found)


def test_models_of_bpmnspector_are_told_right_from_wrong():
    named = [(file, kit_judge.meant(file.name)) for file in files("BPMNspector")]
    rows = [kit_judge.judged(file, wrong=wrong) for file, wrong in named if wrong is not None]
    good = sum(row["refused"] if row["wrong"] else not row["ruled"] for row in rows)
    assert good >= 0.93 * len(rows)


def test_schedules_of_human_tasks_go_as_they_must():
    folder = Path(KITS) / "src" / "mbackschat+bpmn-lean-experiment"
    paths = sorted((folder / "scenarios").rglob("*scenario.json"))
    assert [(p.name, fault) for p in paths if (fault := lean_scenarios.judged(p, folder))] == []
