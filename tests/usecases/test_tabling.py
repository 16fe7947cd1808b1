"""What the rooms of the studio find on the table of a process, a decision, a form."""

from __future__ import annotations

import pytest

from engine.usecases.actor import Actor, ActorKind
from engine.usecases.drafting import SaveDraft, save_draft
from engine.usecases.errors import AccessRefused, NotFound
from engine.usecases.ports.drafts import DraftKind, Subject
from engine.usecases.tabling import on_table, table_set
from tests.usecases.conftest import MODELER, ROOT

READER = Actor(kind=ActorKind.CLIENT, name="reader", groups=frozenset({"auditor"}))
CADENCE = Subject(DraftKind.DECISION, "dialogue_cadence")
CHECK_IN = Subject(DraftKind.PROCESS, "check_in")


@pytest.fixture
def place(sqlite_place):
    sqlite_place.deploy("workflows/check_in/*", "workflows/promise/*.bpmn", "forms/library/*.form")
    return sqlite_place


def put(place, subject, content, **more):
    return save_draft(
        place.house, MODELER, SaveDraft(subject=subject, content=content, expected="", **more)
    )


def shipped(path):
    return (ROOT / "workflows" / path).read_bytes()


def test_the_newest_published_version_lies_on_the_table_when_nobody_drafts(place):
    found = on_table(place.house, MODELER, CADENCE)
    assert found.content == shipped("check_in/dialogue_cadence.dmn")
    assert found.resource_name == "dialogue_cadence.dmn"
    with place.house.reading() as uow:
        assert found.base_key == uow.processes.decisions(CADENCE.id)[0].key
    assert found.draft is None


def test_a_draft_takes_its_place_with_the_version_it_was_drawn_from(place):
    kept = put(place, CADENCE, b"<definitions/>", base_key=7)
    found = on_table(place.house, MODELER, CADENCE)
    assert (found.content, found.base_key, found.draft) == (b"<definitions/>", 7, kept)
    assert found.resource.name == "dialogue_cadence.dmn"


def test_who_may_only_read_sees_the_published_version_and_no_draft(place):
    put(place, CADENCE, b"<definitions/>")
    assert on_table(place.house, READER, CADENCE).draft is None
    with pytest.raises(AccessRefused):
        table_set(place.house, READER, "check_in")


def test_what_was_never_published_is_named_after_its_id(place):
    put(place, Subject(DraftKind.FORM, "rapat"), b"{}")
    assert on_table(place.house, MODELER, Subject(DraftKind.FORM, "rapat")).resource_name == (
        "rapat.form"
    )


def test_nothing_there_is_not_found_but_scenarios_begin_empty(place):
    for kind in (DraftKind.PROCESS, DraftKind.DECISION, DraftKind.FORM):
        with pytest.raises(NotFound):
            on_table(place.house, MODELER, Subject(kind, "nowhere"))
    found = on_table(place.house, MODELER, Subject(DraftKind.SCENARIOS, "nowhere"))
    assert (found.content, found.base_key) == (b"", None)


def test_scenarios_published_with_a_process_lie_on_its_table(place):
    found = on_table(place.house, MODELER, Subject(DraftKind.SCENARIOS, "check_in"))
    assert found.content == shipped("check_in/check_in.scenarios.yaml")


def test_a_process_is_played_with_the_drafts_that_it_names_and_no_others(place):
    assert [one.name for one in table_set(place.house, MODELER, "check_in")] == ["check_in.bpmn"]
    drawing = shipped("check_in/check_in.bpmn")
    put(place, CHECK_IN, drawing.replace(b"</bpmn:definitions>", b"<!--'cadence'-->"))
    put(place, Subject(DraftKind.DECISION, "cadence"), b'<decision requires="deeper"/>')
    put(place, Subject(DraftKind.DECISION, "deeper"), b"<decision/>")
    put(place, Subject(DraftKind.DECISION, "stranger"), b"<decision/>")
    put(place, Subject(DraftKind.SCENARIOS, "check_in"), b"process: check_in")
    put(place, Subject(DraftKind.SCENARIOS, "coaching"), b"process: coaching")
    found = table_set(place.house, MODELER, "check_in")
    assert found[0].content.endswith(b"<!--'cadence'-->\n")
    assert {one.name for one in found[1:]} == {
        "cadence.dmn",
        "deeper.dmn",
        "check_in.scenarios.yaml",
    }
