"""An open call is told to those who could answer it and want to know, a few at a time."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from engine.domain.units import Unit
from engine.jobs import volunteers
from engine.persistence.jobs.table import Worker
from engine.usecases.notices import Kind
from engine.usecases.operations.formation import CALLS
from engine.usecases.ports.workplace import Calls, Preference
from tests.usecases import worked
from tests.usecases.acting import person

FORM = {
    "way": "volunteers",
    "host_unit_id": "biro",
    "name": "Portal data",
    "starts_on": "2026-06-15",
    "ends_on": "2026-09-30",
    "person_days": 20,
    "places": 2,
    "competence": "Analisis data",
    "apply_until": "2026-06-20",
}


@pytest.fixture
def agency(place):
    worked.build(place)
    place.clock.at = datetime(2026, 6, 1, 2, 0, tzinfo=UTC)
    with place.house.writing() as uow:
        # ditx lies in another branch: under hukum
        uow.agency.put(
            Unit(id="ditx", agency_id="agency", code="DITX", name="ditx", parent_id="hukum")
        )
        uow.workplace.prefer(Preference(person_id="eka", calls=Calls.ALL))
        uow.workplace.prefer(Preference(person_id="wayan", calls=Calls.NONE))
        uow.commit()
    return place


def call(place, **form):
    return place.do("regu.squad.propose", person("h_biro"), {**FORM, **form})["formation_id"]


def run(place, chunk=None, monkeypatch=None):
    """The job to its end; how many chunks it took."""
    if chunk:
        monkeypatch.setattr(volunteers, "CHUNK", chunk)
    handler, chunks = volunteers.handlers(place.house)[CALLS], []
    Worker(
        place.units, {CALLS: lambda uow, args: chunks.append(args) or handler(uow, args)}
    ).run_until_idle()
    return len(chunks)


def told(place):
    with place.house.reading() as uow:
        return {
            who
            for who in worked.PEOPLE
            if any(one.kind == Kind.CALL_OPENED for one in uow.workplace.notices(who))
        }


def test_people_near_the_host_unit_read_of_it_inside_regu_unless_they_chose_not_to(agency):
    call(agency)
    run(agency)

    # biro and its neighbours; not who opened it, not who wants none, not another branch ...
    near = {"sari", "h_hukum", "citra", "h_pusdatin", "budi"}
    # ... but whoever asked for every call
    assert told(agency) == near | {"eka"}


def test_a_letter_goes_only_to_who_asked_for_every_call(agency):
    made = call(agency)
    run(agency)

    with agency.house.reading() as uow:
        letters = [payload for _, _, payload in uow.outbox.waiting("notice", 200)]
    assert [(one["recipient_id"], one["subject"], one["path"]) for one in letters] == [
        ("eka", "call_opened", f"/tempat?panggilan={made}")
    ]


def test_it_goes_on_a_few_at_a_time_and_tells_nobody_twice(agency, monkeypatch):
    made = call(agency)
    assert run(agency, 2, monkeypatch) == 4
    with agency.house.writing() as uow:
        uow.jobs.enqueue(CALLS, made, {"formation_id": made, "after": ""})
        uow.commit()
    assert run(agency, 2, monkeypatch) == 4

    with agency.house.reading() as uow:
        kinds = [one.kind for one in uow.workplace.notices("sari")]
    assert kinds == [Kind.CALL_OPENED]


def test_a_call_that_closed_meanwhile_is_told_to_nobody(agency):
    call(agency)
    agency.clock.at = datetime(2026, 6, 22, 2, 0, tzinfo=UTC)
    run(agency)

    assert told(agency) == set()


def test_who_is_appointed_or_named_by_letter_is_not_called_for(agency):
    call(agency, way="appointed", apply_until="")

    assert run(agency) == 0
