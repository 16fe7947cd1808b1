"""Credit is stamped with the home unit on the work date (crediting.md 2.2)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from engine.domain.people import Appointment, AppointmentKind
from engine.domain.units import JobClass, Post
from engine.usecases import cycles
from tests.usecases import acting, worked


def moved(place, day):
    """Sari sits in Biro Hukum from a day on; her memberships stay as they were agreed."""
    worked.build(place)
    with place.house.writing() as uow:
        old = uow.agency.get(Appointment, "app_sari")
        uow.agency.put(replace(old, valid_to=day))
        post = Post(id="new", unit_id="hukum", title="Analis", job_class=JobClass.JF)
        uow.agency.add([post])
        seat = Appointment(
            id="app_new",
            person_id="sari",
            post_id="new",
            kind=AppointmentKind.DEFINITIVE,
            valid_from=day,
        )
        uow.agency.add([seat])
        uow.commit()
    place.clock.at = datetime(2026, 6, 20, 3, 0, tzinfo=UTC)
    acting.squad_a(place)


def homes(place):
    with place.house.reading() as uow:
        found = cycles.reconciliation(uow, "cycle")
        rows = uow.contributions.ledger("out_a")
    assert found.balanced
    return {row.home_unit_id for row in rows if row.person_id == "sari"}


@pytest.mark.parametrize(
    ("day", "home"), [(date(2026, 5, 4), "hukum"), (date(2026, 6, 15), "biro")]
)
def test_who_moved_brings_the_credit_of_later_work_to_the_new_home(sqlite_place, day, home):
    moved(sqlite_place, day)

    assert homes(sqlite_place) == {home}
