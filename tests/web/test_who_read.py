"""What was read of a person beside the page's own subject is noted too, and no more than shown."""

from __future__ import annotations

import pytest

from engine.usecases.briefs import brief
from engine.usecases.dialogues import timeline
from engine.usecases.dispute_reading import dispute_of
from engine.usecases.disputes import RaiseDispute, raise_dispute
from engine.usecases.moments import Wanted, told
from engine.usecases.ports.readings import ReadingScope
from engine.usecases.ports.talks import MomentKind
from tests.web.evaluating import RULES, tell_a_year
from tests.web.squad_year import open_sample
from tests.web.test_credit import settle
from tests.web.test_one_squad import publish_everything
from web.readings.attestation import beside, squad_sheet

TALK = {"check_in", "incident"}


@pytest.fixture
def year(town):
    """A year about Sari in words, conduct and talks."""
    town.deploy(*RULES)
    tell_a_year(town)
    return town


@pytest.fixture
def squad(town):
    """Two outputs whose claims wait for Budi."""
    publish_everything(town)
    town.outputs = open_sample(town)
    return town


def noted(town, reader, about=None):
    """What is kept of a reader's readings: (about whom, what)."""
    scope = ReadingScope(reader=town.ids[reader])
    with town.house.reading() as uow:
        rows = uow.readings.page(scope, limit=100)
    logins = {person_id: login for login, person_id in town.ids.items()}
    found = {(logins[row.person_id], row.resource) for row in rows}
    return found if about is None else {what for whom, what in found if whom == about}


def test_a_timeline_notes_the_talks_and_incidents_that_it_shows(year):
    timeline(year.house, year.actor("kepala"), year.ids["sari"])
    assert noted(year, "kepala", "sari") == {"feedback", *TALK}


def test_a_timeline_notes_of_oneself_nothing(year):
    timeline(year.house, year.actor("sari"), year.ids["sari"])
    assert noted(year, "sari") == set()


def test_a_page_of_moments_notes_the_kinds_that_stand_on_it(year):
    reader, about = year.actor("kepala"), year.ids["sari"]
    told(year.house, reader, about, Wanted(kinds=frozenset({MomentKind.FEEDBACK})))
    alone = noted(year, "kepala", "sari")
    assert "incident" not in alone
    told(year.house, reader, about, Wanted())
    assert noted(year, "kepala", "sari") == {"feedback", *TALK}


def test_a_brief_notes_conduct_feedback_and_promises_with_itself(year):
    shown = brief(year.house, year.actor("kepala"), year.ids["sari"])
    assert shown.incidents
    assert shown.feedback
    assert shown.promises
    assert noted(year, "kepala", "sari") >= {"brief", "feedback", *TALK}


def test_what_a_timeline_does_not_hold_is_not_noted(year):
    timeline(year.house, year.actor("kepala"), year.ids["citra"])
    assert noted(year, "kepala", "citra") == {"feedback"}


def test_who_opens_a_dispute_is_noted_with_everybody_whose_share_he_sees(squad):
    settle(squad)
    command = RaiseDispute(output_id=squad.outputs[0], ground="Porsi saya lebih besar")
    raise_dispute(squad.house, squad.actor("sari"), command)
    assert dispute_of(squad.house, squad.actor("sari"), squad.outputs[0])
    assert noted(squad, "sari") == {("budi", "dispute"), ("citra", "dispute")}
    assert dispute_of(squad.house, squad.actor("kepala"), squad.outputs[0])
    assert {("sari", "dispute"), ("citra", "dispute")} <= noted(squad, "kepala")


def test_the_attestation_desk_notes_whose_lines_and_evidence_it_shows(squad):
    sheet = squad_sheet(squad.house, squad.actor("budi"), squad.ids["squad"])
    lines = [line for card in sheet.outputs for line in card.lines if line.claim is not None]
    shown = {line.person_id for line in lines} - {squad.ids["budi"]}
    proven = {line.person_id for line in lines if line.evidence} - {squad.ids["budi"]}
    assert proven
    wanted = {(who, "ledger_line") for who in shown} | {(who, "evidence") for who in proven}
    ids = squad.ids
    assert {(ids[who], what) for who, what in noted(squad, "budi")} == wanted


def test_a_task_of_attestation_notes_the_claims_beside_it(squad):
    card, _ = beside(squad.house, squad.actor("budi"), {"output_id": squad.outputs[0]})
    shown = {line.person_id for line in card.lines if line.claim is not None}
    ids = {squad.ids[who] for who, what in noted(squad, "budi") if what == "ledger_line"}
    assert ids == shown - {squad.ids["budi"]}
