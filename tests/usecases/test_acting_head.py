"""Who acts as head of another unit keeps his own home and rater, whoever was asked about first."""

from __future__ import annotations

from datetime import date

from engine.domain.people import Appointment, AppointmentKind
from engine.usecases.organisation import Standing
from tests.usecases import worked


def test_an_acting_head_is_at_home_in_his_own_unit_whoever_was_asked_about_first(place):
    worked.build(place)
    with place.house.writing() as uow:
        acts = Appointment(
            id="acts",
            person_id="sari",
            post_id="post_h_hukum",
            kind=AppointmentKind.PLT,
            valid_from=date(2026, 1, 2),
        )
        uow.agency.add([acts])
        uow.commit()

    with place.house.reading() as uow:
        asked_first = Standing(uow, place.clock.now())
        asked_later = Standing(uow, place.clock.now())
        asked_later.rater("dedi")
        for standing in (asked_first, asked_later):
            assert standing.home_unit("sari") == "biro"
            assert standing.rater("sari").person_id == "h_biro"
