"""The scenarios that travel with the shipped drawings pass, and walk every flow."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.cli_scenarios import play_scenarios

ROOT = Path(__file__).parents[2]
SHIPPED = sorted(path.parent.name for path in ROOT.glob("workflows/*/*.scenarios.yaml"))


@pytest.mark.parametrize("name", SHIPPED)
def test_the_scenarios_of_a_shipped_drawing_pass_and_walk_every_flow(name, capsys):
    paths = [ROOT / "workflows" / name, ROOT / "forms" / "library"]
    paths += ROOT.glob("workflows/*/clocks.dmn")
    assert play_scenarios(paths, at_least=100) == 0, capsys.readouterr()


def test_some_are_shipped():
    assert "behaviour_incident" in SHIPPED
