"""Whoever is rated by somebody else from a day on is told, and so is who rates him: once each."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from engine.domain.people import Appointment, AppointmentKind
from engine.domain.units import JobClass, Post, Unit
from engine.usecases.notices import Kind
from tests.usecases import worked
from tests.usecases.acting import person

NIP = {name: f"19800101200501{n:04d}" for n, name in enumerate(worked.PEOPLE, start=1001)}
HR = person("wayan", "hr")


@pytest.fixture
def agency(place):
    worked.build(place)
    place.clock.at = datetime(2026, 6, 1, 2, 0, tzinfo=UTC)
    return place


def record(place, kind, who, starts_on="2026-06-15", **form):
    given = {"kind": kind, "nip": NIP[who], "starts_on": starts_on, "letter_no": "SK-7", **form}
    return place.do("regu.role.record", HR, given)


def told(place, kind):
    """Notices of a kind by who is told."""
    with place.house.reading() as uow:
        return {
            who: [one for one in uow.workplace.notices(who) if one.kind == kind.value]
            for who in worked.PEOPLE
            if any(one.kind == kind.value for one in uow.workplace.notices(who))
        }


def letters(place, subject):
    with place.house.reading() as uow:
        rows = uow.outbox.waiting("notice", 200)
        payloads = [payload for _, _, payload in rows]
        return sorted(one["recipient_id"] for one in payloads if one.get("subject") == subject)


def test_who_moves_to_another_unit_and_who_heads_it_are_told(agency):
    record(agency, "mutasi", "sari", unit_id="hukum", post_title="Analis")

    [notice] = told(agency, Kind.RATER_CHANGED)["sari"]
    assert notice.facts["rater_id"] == "h_hukum"
    assert notice.facts["starts_on"] == "2026-06-15"
    assert letters(agency, "rater_changed") == ["sari"]
    [other] = told(agency, Kind.PEOPLE_TO_RATE)["h_hukum"]
    assert other.path == "/bawahan"
    assert (other.facts["person_id"], other.facts["count"]) == ("sari", 1)


def test_who_moves_but_keeps_his_rater_is_told_nothing(agency):
    record(agency, "mutasi", "sari", unit_id="biro", post_title="Analis Madya")

    assert told(agency, Kind.RATER_CHANGED) == {}
    assert told(agency, Kind.PEOPLE_TO_RATE) == {}


def test_a_new_head_is_told_once_and_everybody_of_the_unit_is(agency):
    record(agency, "mutasi", "h_ditx", "2026-06-10", unit_id="top", post_title="Ahli")
    record(agency, "mutasi", "budi", "2026-06-15", post_id="post_h_ditx")

    changed = told(agency, Kind.RATER_CHANGED)
    assert set(changed) == {"dedi", "eka", "budi"}
    # first the head above while nobody heads the unit, then the new head
    newest = {who: rows[0].facts["rater_id"] for who, rows in changed.items()}
    assert newest == {"dedi": "budi", "eka": "budi", "budi": "kepala"}
    [his] = told(agency, Kind.PEOPLE_TO_RATE)["budi"]
    assert (his.facts["count"], his.facts["person_id"]) == (2, None)


def test_an_acting_head_is_told_with_the_days_on_which_he_acts(agency):
    record(agency, "plh", "budi", post_id="post_h_ditx", ends_on="2026-06-30")

    changed = told(agency, Kind.RATER_CHANGED)
    assert set(changed) == {"dedi", "eka"}
    facts = changed["dedi"][0].facts
    assert (facts["rater_id"], facts["ends_on"]) == ("budi", "2026-06-30")
    assert set(told(agency, Kind.PEOPLE_TO_RATE)) == {"budi"}


def test_people_of_units_below_without_a_head_are_told_as_well(agency):
    with agency.house.writing() as uow:
        uow.agency.add([Unit(id="seksi", agency_id="agency", code="S", name="s", parent_id="ditx")])
        uow.agency.add(
            [Post(id="post_s", unit_id="seksi", title="s", job_class=JobClass.JF, is_head=False)]
        )
        row = uow.agency.get(Appointment, "app_eka")
        uow.agency.put(
            Appointment(
                id=row.id,
                person_id="eka",
                post_id="post_s",
                kind=AppointmentKind.DEFINITIVE,
                valid_from=date(2026, 1, 1),
            )
        )
        uow.commit()

    record(agency, "plh", "budi", post_id="post_h_ditx", ends_on="2026-06-30")

    assert set(told(agency, Kind.RATER_CHANGED)) == {"dedi", "eka"}


def test_where_a_head_leaves_the_head_above_and_his_people_are_told(agency):
    record(agency, "berhenti", "h_ditx")

    changed = told(agency, Kind.RATER_CHANGED)
    assert {who: rows[0].facts["rater_id"] for who, rows in changed.items()} == {
        "dedi": "kepala",
        "eka": "kepala",
    }
    assert told(agency, Kind.PEOPLE_TO_RATE)["kepala"][0].facts["count"] == 2


def test_a_leave_tells_nobody_that_his_rater_changed(agency):
    record(agency, "cuti", "sari", ends_on="2026-06-20", leave_kind="tahunan")

    assert told(agency, Kind.RATER_CHANGED) == {}


def test_a_rater_put_right_tells_the_new_rater_too(agency):
    agency.do(
        "regu.rater.repair",
        HR,
        {
            "decision": "confirm",
            "rater_nip": NIP["h_hukum"],
            "starts_on": "2026-06-15",
            "letter_no": "SK-8",
        },
        person_id="sari",
        alleged_rater_id="h_biro",
    )

    assert set(told(agency, Kind.RATER_CHANGED)) == {"sari"}
    assert set(told(agency, Kind.PEOPLE_TO_RATE)) == {"h_hukum"}
