"""What a scenario promises, how it fails as facts, what was walked, and one taken out of a file."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.check import paper_host
from engine.rehearsal.stage import Props
from engine.scenarios.gate import Player
from engine.scenarios.promising import promises_of
from engine.scenarios.reading import read_scenarios
from engine.scenarios.running import run
from engine.usecases.errors import Conflict, NotFound
from engine.usecases.host_functions import FUNCTION_NAMES
from engine.usecases.ports.process import Resource
from engine.usecases.ports.scenarios import Told
from forms.adapter import FormAdapter

DRAWINGS = Path(__file__).parents[1] / "drawings"
TEXT = """# about all
process: leave
people: {sari: [], citra: [hr]}
scenarios:
  # the first
  - name: Asked
    start: {who: sari}
    steps:
      - expect: {tasks: [ask], never: [decide]}

  # the second
  - name: Decided
    start: {who: sari}
    steps:
      - complete: ask
        form: {days: 3, why: A wedding}
      - complete: decide
        by: citra
      - expect: {ended: true, path: [start, ask, decide, end]}
"""


def player():
    return Player(paper_host(), FormAdapter(FUNCTION_NAMES))


def story(text=TEXT):
    return Resource(name="leave.scenarios.yaml", content=text.encode())


def played(text=TEXT, only=None, **props):
    drawn = [
        Resource(name=one.name, content=one.read_bytes())
        for one in sorted([*DRAWINGS.glob("leave.*"), *DRAWINGS.glob("ask*.form")])
        if not one.name.endswith(".yaml")
    ]
    told = Props(host=paper_host(), forms=FormAdapter(FUNCTION_NAMES), **props)
    return run(told, [*drawn, story(text)], only)


def test_a_scenario_says_how_it_ends_and_what_it_goes_through():
    file, _ = read_scenarios(story())
    first, second = (promises_of(one) for one in file.scenarios)
    assert [one.code for one in first] == ["promise-never", "promise-tasks"]
    assert [one.code for one in second] == ["promise-ends", "promise-path"]
    assert second[1].facts["elements"] == ("start", "ask", "decide", "end")


def test_a_fault_is_a_sentence_that_knows_which_it_is():
    (_, first), _ = played(TEXT.replace("tasks: [ask]", "tasks: [decide]")).played
    (fault,) = first.faults
    assert isinstance(fault, Told)
    assert fault == "open tasks: expected decide, found ask"
    assert (fault.code, fault.facts["elements"], fault.facts["found"]) == (
        "tasks",
        ("decide",),
        ("ask",),
    )


def test_each_part_of_a_drawing_says_how_many_scenarios_went_there():
    (covered,) = played().covered
    times = {part.id: (part.kind, part.scenarios) for part in covered.detail}
    assert times["ask"] == ("element", 2)
    assert times["decide"] == ("element", 1)
    assert {part.kind for part in covered.detail} == {"element", "flow"}
    assert covered.parts == sum(part.kind == "flow" for part in covered.detail)


def test_one_scenario_alone_is_played():
    report = played(only=("leave.scenarios.yaml", "Asked"))
    assert [one.name for _, one in report.played] == ["Asked"]


def test_when_time_is_up_what_is_left_is_not_played():
    report = played(over=iter([False, False, *[True] * 1000]).__next__)
    codes = [[fault.code for fault in one.faults] for _, one in report.played]
    assert codes[-1] in (["not-played"], ["out-of-time"])
    assert not report.passed


def test_a_scenario_is_taken_out_with_its_comment_and_all_else_stays():
    left = player().without(story(), "Asked").content.decode()
    assert left == TEXT[: TEXT.index("  # the first")] + TEXT[TEXT.index("  # the second") :]
    other = player().without(story(), "Decided").content.decode()
    assert other == TEXT[: TEXT.index("  # the second")]


def test_the_last_scenario_of_a_file_stays():
    left = player().without(story(), "Asked")
    with pytest.raises(Conflict):
        player().without(left, "Decided")


def test_what_is_not_there_or_shares_its_line_is_not_taken_out():
    with pytest.raises(NotFound):
        player().without(story(), "Nobody")
    inline = "process: leave\nscenarios: [{name: A, start: {}}, {name: B, start: {}}]\n"
    with pytest.raises(Conflict):
        player().without(story(inline), "A")
