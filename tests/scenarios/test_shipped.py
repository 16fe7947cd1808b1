"""The scenarios that travel with the shipped drawings pass, and walk every flow."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from app.cli_scenarios import play_scenarios

ROOT = Path(__file__).parents[2]
SHIPPED = sorted(path.parent.name for path in ROOT.glob("workflows/*/*.scenarios.yaml"))
#: those on which a year stands
NEEDED = {
    "behaviour_incident",
    "calibration",
    "check_in",
    "contribution",
    "evaluation",
    "objection",
    "planning",
    "plan_revision",
    "role_change",
    "squad_change",
    "squad_formation",
    "squad_membership",
}


def with_called(name, found=()):
    """A shipped drawing and those that it calls, and they."""
    if name in found:
        return found
    found = (*found, name)
    text = (ROOT / "workflows" / name / f"{name}.bpmn").read_text()
    for called in re.findall(r'<zeebe:calledElement [^>]*processId="(\w+)"', text):
        found = with_called(called, found)
    return found


@pytest.mark.parametrize("name", SHIPPED)
def test_the_scenarios_of_a_shipped_drawing_pass_and_walk_every_flow(name, capsys):
    drawings = [ROOT / "workflows" / one / f"{one}.bpmn" for one in with_called(name)]
    stories = ROOT / "workflows" / name / f"{name}.scenarios.yaml"
    tables = [*ROOT.glob("workflows/*/*.dmn")]
    paths = [*drawings, stories, *tables, ROOT / "forms" / "library"]
    assert play_scenarios(paths, at_least=100) == 0, capsys.readouterr()


def test_those_on_which_a_year_stands_are_shipped_with_stories():
    assert set(SHIPPED) >= NEEDED
