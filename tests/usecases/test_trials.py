"""Scenarios of a process: listed, played on the table or as published, kept, taken out."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from engine.usecases import trials as module
from engine.usecases.actor import Actor, ActorKind
from engine.usecases.drafting import DraftMoved, SaveDraft, save_draft
from engine.usecases.errors import AccessRefused, Conflict, NotFound
from engine.usecases.library import library
from engine.usecases.ports.drafts import DraftKind, Subject
from engine.usecases.trials import (
    Against,
    check_scenarios,
    drop_scenario,
    run_trials,
    trials,
)
from tests.usecases.conftest import MODELER, ROOT

READER = Actor(kind=ActorKind.CLIENT, name="reader", groups=frozenset({"auditor"}))
FILE = "check_in.scenarios.yaml"
STORIES = Subject(DraftKind.SCENARIOS, "check_in")
DRAWING = Subject(DraftKind.PROCESS, "check_in")


@pytest.fixture
def place(sqlite_place):
    sqlite_place.deploy("workflows/check_in/*", "workflows/promise/*.bpmn", "forms/library/*.form")
    return sqlite_place


def shipped():
    return (ROOT / "workflows" / "check_in" / FILE).read_bytes()


def put(place, subject, content, expected=""):
    command = SaveDraft(subject=subject, content=content, expected=expected)
    return save_draft(place.house, MODELER, command)


def broken():
    return shipped().replace(b"never: [lapse]", b"never: [close]")


def test_all_scenarios_are_listed_with_what_they_promise(place):
    found = trials(place.house, MODELER, "check_in")
    assert [file.name for file in found.files] == [FILE]
    first = found.stories[0]
    assert (first.name, first.steps) == ("Both meet, and what was agreed is confirmed", 9)
    assert "promise-ends" in [one.code for one in first.promises]
    assert found.last is None


def test_they_are_played_and_how_they_went_is_kept(place):
    run = run_trials(place.house, MODELER, "check_in")
    assert not run.rehearsed.failed
    last = trials(place.house, MODELER, "check_in").last
    assert (last.passed, last.failed) == (len(run.rehearsed.stories), 0)
    assert 0 < last.flows_walked <= last.flows
    assert trials(place.house, MODELER, "check_in").fresh


def test_a_result_is_stale_once_something_else_lies_on_the_table(place):
    run_trials(place.house, MODELER, "check_in")
    put(place, STORIES, broken())
    found = trials(place.house, MODELER, "check_in")
    assert not found.fresh
    assert found.files[0].draft is not None
    run = run_trials(place.house, MODELER, "check_in")
    assert [one.faults[0].code for one in run.rehearsed.failed] == ["never"]


def test_the_published_drawing_is_played_although_another_is_drafted(place):
    drawn = (ROOT / "workflows" / "check_in" / "check_in.bpmn").read_bytes()
    put(place, DRAWING, drawn.replace(b"note_unconfirmed", b"note_silent"))
    assert run_trials(place.house, MODELER, "check_in").rehearsed.failed
    published = run_trials(place.house, MODELER, "check_in", Against.PUBLISHED)
    assert not published.rehearsed.failed


def test_one_alone_is_played_and_kept_beside_the_others(place):
    put(place, STORIES, broken())
    run_trials(place.house, MODELER, "check_in")
    name = trials(place.house, MODELER, "check_in").stories[1].name
    alone = run_trials(place.house, MODELER, "check_in", only=(FILE, name))
    assert [one.name for one in alone.rehearsed.stories] == [name]
    assert trials(place.house, MODELER, "check_in").last.failed == 1
    with pytest.raises(NotFound):
        run_trials(place.house, MODELER, "check_in", only=(FILE, "nobody"))


def test_what_takes_too_long_is_not_waited_for(place, monkeypatch):
    monkeypatch.setattr(module, "PATIENCE", timedelta(0))
    run = run_trials(place.house, MODELER, "check_in")
    assert {one.faults[0].code for one in run.rehearsed.stories} == {"not-played"}


def test_a_text_is_checked_by_line_without_being_kept(place):
    stories, findings = check_scenarios(place.house, MODELER, "check_in", b"process: check_in\n")
    assert (stories, len(findings)) == ((), 1) or (list(stories), len(findings)) == ([], 1)
    wrong = shipped().replace(b"- enter: budi", b"- entre: budi", 1)
    (finding,) = check_scenarios(place.house, MODELER, "check_in", wrong)[1]
    assert finding.line > 0
    assert trials(place.house, MODELER, "check_in").files[0].draft is None


def test_a_scenario_is_taken_out_of_a_draft_that_nobody_saved_since(place):
    names = [one.name for one in trials(place.house, MODELER, "check_in").stories]
    kept = drop_scenario(place.house, MODELER, "check_in", names[0], "")
    found = trials(place.house, MODELER, "check_in")
    assert [one.name for one in found.stories] == names[1:]
    with pytest.raises(DraftMoved):
        drop_scenario(place.house, MODELER, "check_in", names[1], "")
    for name in names[1:-1]:
        kept = drop_scenario(place.house, MODELER, "check_in", name, kept.mark)
    with pytest.raises(Conflict):
        drop_scenario(place.house, MODELER, "check_in", names[-1], kept.mark)


def test_who_may_not_draw_tries_nothing(place):
    for act in (trials, run_trials):
        with pytest.raises(AccessRefused):
            act(place.house, READER, "check_in")
    nobody = replace(READER, groups=frozenset())
    with pytest.raises(AccessRefused):
        library(place.house, nobody)
