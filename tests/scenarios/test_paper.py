"""docs/scenarios.md: its examples play, and they show every key that a file may have."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from engine.scenarios import fields
from engine.scenarios.reading import read_scenarios
from engine.scenarios.running import run
from engine.usecases.ports.process import Resource

ROOT = Path(__file__).parents[2]
PAPER = (ROOT / "docs" / "scenarios.md").read_text()
EXAMPLES = re.findall(r"^```yaml\n(.*?)^```", PAPER, re.DOTALL | re.MULTILINE)


def story(text):
    return Resource(name="paper.scenarios.yaml", content=text.encode())


def drawn(process_id):
    """The drawing of a process, with all tables and forms there are."""
    places = [*ROOT.glob("tests/drawings/*.bpmn"), *ROOT.glob("workflows/*/*.bpmn")]
    (drawing,) = (p for p in places if f'process id="{process_id}"' in p.read_text())
    beside = [*ROOT.glob("workflows/*/*.dmn"), *ROOT.glob("tests/drawings/*.form")]
    beside += ROOT.glob("forms/library/*.form")
    return [Resource(name=p.name, content=p.read_bytes()) for p in (drawing, *beside)]


@pytest.mark.parametrize("text", EXAMPLES)
def test_every_example_goes_as_written(text, props):
    process_id = re.search(r"^process: (\w+)", text, re.MULTILINE)[1]
    report = run(props, [*drawn(process_id), story(text)])
    assert report.played
    assert report.passed, report.faults()


def test_every_key_that_is_read_stands_in_an_example(monkeypatch):
    asked = set()

    def noting(read):
        def noted(self, key, *default):
            asked.add(key)
            return read(self, key, *default)

        return noted

    for name in ("raw", "has", "texts"):
        monkeypatch.setattr(fields.Fields, name, noting(getattr(fields.Fields, name)))
    for text in EXAMPLES:
        assert read_scenarios(story(text))[1] == ()
    shown = set(re.findall(r"[\w.][\w. ]*(?=:)", "".join(EXAMPLES)))
    assert asked - shown == set()
