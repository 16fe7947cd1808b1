"""docs/simulation.md: its plans are played, and they show every key that a plan may have."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from app.check import paper_host
from engine.rehearsal.stage import Props
from engine.scenarios import fields
from engine.simulation import reading
from engine.simulation.reading import read_plan
from engine.simulation.running import simulate
from engine.usecases.host_functions import FUNCTION_NAMES
from engine.usecases.ports.process import Resource
from forms.adapter import FormAdapter

ROOT = Path(__file__).parents[2]
PAPER = (ROOT / "docs" / "simulation.md").read_text()
EXAMPLES = re.findall(r"^```yaml\n(.*?)^```", PAPER, re.DOTALL | re.MULTILINE)


def drawn(process_id):
    """The drawing of a process, with all tables and forms there are."""
    places = [*ROOT.glob("tests/drawings/*.bpmn"), *ROOT.glob("workflows/*/*.bpmn")]
    (drawing,) = (p for p in places if f'process id="{process_id}"' in p.read_text())
    beside = [*ROOT.glob("workflows/*/*.dmn"), *ROOT.glob("tests/drawings/*.form")]
    beside += ROOT.glob("forms/library/*.form")
    return [Resource(name=p.name, content=p.read_bytes()) for p in (drawing, *beside)]


@pytest.mark.parametrize("text", EXAMPLES)
def test_every_plan_is_played_to_its_end(text):
    plan = read_plan(text.encode())
    props = Props(host=paper_host(), forms=FormAdapter(FUNCTION_NAMES), zone=plan.hours.zone)
    found = simulate(props, drawn(plan.process_id), plan)
    assert found.started > 5
    assert found.incidents == found.refusals == ()
    assert found.failed == 0
    assert found.ended >= found.started * 3 // 4


def test_every_key_that_is_read_stands_in_a_plan(monkeypatch):
    asked = set(reading._KINDS)

    def noting(read):
        def noted(self, key, *default):
            asked.add(key)
            return read(self, key, *default)

        return noted

    for name in ("raw", "has", "texts"):
        monkeypatch.setattr(fields.Fields, name, noting(getattr(fields.Fields, name)))
    for text in EXAMPLES:
        read_plan(text.encode())
    shown = set(re.findall(r"[\w.][\w. ]*(?=:)", "".join(EXAMPLES)))
    assert asked - shown - {"x", *ANSWERED} == set()


#: keys of answers, which docs/scenarios.md shows
ANSWERED = {"to", "error", "fails"}
