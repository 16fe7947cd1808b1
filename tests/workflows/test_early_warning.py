"""Early warnings: the employee sees first, says what he needs, and his rater offers help."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
import sqlalchemy as sa

from engine.domain.cycles import Cycle, Period
from engine.domain.forecasts import Need, Offer, open_to_others
from engine.domain.indicators import Aspect, Direction
from engine.domain.plans import (
    Indicator,
    ItemKind,
    Measurement,
    Plan,
    PlanItem,
    PlanStatus,
    Progress,
    RoleKind,
)
from engine.persistence.tables.forecasts import early_warning
from engine.persistence.tables.performance import indicator
from engine.usecases.errors import AccessRefused
from engine.usecases.forecasting import own_forecasts, unit_warnings

SLOW = "dedi"
QUARTERS = (date(2025, 3, 31), date(2025, 6, 30), date(2025, 9, 30), date(2025, 12, 31))


def recorded(town, who, cycle, periods, values):
    """A fixed plan with one indicator and what was recorded in its first periods."""
    new = town.house.ids.uuid
    at = datetime(2026, 1, 10, tzinfo=UTC)
    with town.house.writing() as uow:
        plan = Plan(
            id=new(), person_id=town.ids[who], cycle_id=cycle, status=PlanStatus.FIXED,
            valid_from=date(2025, 1, 1), fixed_by=town.ids["ratna"], fixed_at=at,
        )  # fmt: skip
        item = PlanItem(
            id=new(), plan_id=plan.id, number=1, kind=ItemKind.UTAMA, role_kind=RoleKind.HOME,
            title="Layanan pulih", weight_bp=10_000,
        )  # fmt: skip
        one = Indicator(
            id=new(), item_id=item.id, aspect=Aspect.KUANTITAS, text="Permintaan selesai",
            target=Decimal(100), unit="buah", direction=Direction.HIGHER,
        )  # fmt: skip
        draft = Plan(id=plan.id, person_id=plan.person_id, cycle_id=cycle)
        uow.performance.add([draft, item, one])
        for period, value in zip(periods, values, strict=False):
            made = Progress(
                id=new(), item_id=item.id, period_id=period, actual=Decimal(value),
                attainment=Decimal(value), note="", evidence_id=None,
                recorded_by=town.ids[who], at=at,
            )  # fmt: skip
            line = Measurement(
                id=new(), progress_id=made.id, indicator_id=one.id, actual=Decimal(value),
                attainment=Decimal(value),
            )  # fmt: skip
            uow.performance.add([made, line])
        uow.performance.put(plan)
        uow.commit()
    return one.id


@pytest.fixture
def records(town):
    """Last year's climbing amounts of eight people, and half of this year's of three."""
    new = town.house.ids.uuid
    year = Cycle(
        id=new(), agency_id=town.ids["agency"], year=2025, name="Siklus 2025",
        starts_on=date(2025, 1, 1), ends_on=date(2025, 12, 31),
    )  # fmt: skip
    starts = (date(2025, 1, 1), *(end + timedelta(days=1) for end in QUARTERS[:-1]))
    periods = [
        Period(id=new(), cycle_id=year.id, number=n, name=f"Triwulan {n}", starts_on=a, ends_on=b)
        for n, (a, b) in enumerate(zip(starts, QUARTERS, strict=True), start=1)
    ]
    with town.house.writing() as uow:
        uow.performance.add([year, *periods])
        uow.commit()
    for n, who in enumerate(("wati", "sari", "dedi", "citra", "eko", "joko", "lina", "budi")):
        ends = [Decimal(80 + 3 * n) * part / 4 for part in range(1, 5)]
        recorded(town, who, year.id, [one.id for one in periods], ends)
    return town


@pytest.fixture
def warned(records):
    """One semester of this year is recorded for two people, and somebody looks ahead."""
    town = records
    with town.house.writing() as uow:
        halves = uow.performance.periods(town.ids["cycle"])
    ids = [halves[0].id]
    indicator = recorded(town, SLOW, town.ids["cycle"], ids, [Decimal("20.00")])
    recorded(town, "sari", town.ids["cycle"], ids, [Decimal("110.00")])
    rules = b"<text>2</text>"
    text = (
        town_rules()
        .replace(rules, b"<text>1</text>", 1)
        .replace(b"<text>30</text>", b"<text>8</text>")
    )
    deploy(town, text)
    town.ask("early_warning", by="joko")
    town.indicator = indicator
    return town


def town_rules():
    from tests.workflows.rehearsal import ROOT  # noqa: PLC0415

    return (ROOT / "workflows/early_warning/forecast_rules.dmn").read_bytes()


def deploy(town, content):
    from engine.usecases.ports.process import Resource  # noqa: PLC0415

    with town.house.writing() as uow:
        file = (Resource(name="forecast_rules.dmn", content=content),)
        town.house.runner.deploy(uow, file, town.operator)
        uow.commit()


def warnings(town, who=SLOW):
    with town.house.reading() as uow:
        return uow.forecasts.warnings_of(town.ids[who], town.ids["cycle"])


def listed(town, who):
    return [row.warning.person_id for row in unit_warnings(town.house, town.actor(who)).rows]


def test_only_the_employee_with_a_low_forecast_is_told_and_nobody_else(warned):
    assert warned.waiting() == [("see", SLOW)]
    [one] = warnings(warned)
    assert one.indicator_id == warned.indicator
    assert one.low <= one.expected < 90
    assert warnings(warned, "sari") == []
    assert listed(warned, "budi") == []
    assert listed(warned, "joko") == []


def test_looking_again_warns_nobody_twice(warned):
    warned.ask("early_warning", by="joko")
    assert len(warnings(warned)) == 1
    assert warned.waiting() == [("see", SLOW)]


def test_once_he_looked_at_his_page_his_head_and_hr_may_read_it(warned):
    found = own_forecasts(warned.house, warned.actor(SLOW))
    assert [row.forecast.expected for row in found.rows] == [warnings(warned)[0].expected]
    assert listed(warned, "budi") == [warned.ids[SLOW]]
    assert listed(warned, "joko") == [warned.ids[SLOW]]
    assert listed(warned, "wati") == []
    for outsider in ("sari", "eko", SLOW):
        with pytest.raises(AccessRefused):
            listed(warned, outsider)


def test_he_handles_it_himself_and_nobody_is_asked(warned):
    assert warned.begun(warned.task("see", SLOW))["warnings"][0]["indicator"]
    warned.do("see", SLOW, need="nothing")
    assert warned.waiting() == []
    assert (warnings(warned)[0].need, warnings(warned)[0].offer) == (Need.NOTHING, None)


def test_he_asks_for_training_and_his_rater_offers_guidance(warned):
    warned.do("see", SLOW, need="training", competency="teknis", words="Belajar peta")
    row = warned.begun(warned.task("offer", "budi"))["warnings"][0]
    assert (row["need"], row["words"]) == ("belajar sesuatu", "Belajar peta")
    warned.do("offer", "budi", offer="coaching", words="Kita mulai Senin")
    [one] = warnings(warned)
    assert (one.offer, one.offered_by) == (Offer.COACHING, warned.ids["budi"])
    assert warned.waiting() == [("choose_coach", "budi")]


def test_after_his_days_his_rater_is_told_and_reminded(warned):
    assert not open_to_others(warnings(warned)[0], warned.house.clock.now())
    warned.pass_days(8)
    assert warned.waiting() == [("offer", "budi")]
    assert open_to_others(warnings(warned)[0], warned.house.clock.now())
    assert listed(warned, "budi") == [warned.ids[SLOW]]
    warned.pass_days(8)
    assert "coach_due" in warned.told()
    warned.do("offer", "budi", offer="talk")
    assert warned.waiting() == []


def test_with_too_few_records_nothing_is_forecast_and_the_page_says_why(records):
    ids = [records.ids["period 1"]]
    recorded(records, SLOW, records.ids["cycle"], ids, [Decimal("20.00")])
    records.ask("early_warning", by="joko")
    assert warnings(records) == []
    [row] = own_forecasts(records.house, records.actor(SLOW)).rows
    assert (row.forecast, row.lack.value) == (None, "few_points")


def test_the_database_keeps_what_was_forecast(warned):
    with warned.wired.database.writing.begin() as connection:
        for act in (early_warning.update().values(expected=Decimal(99)), early_warning.delete()):
            with pytest.raises(sa.exc.DBAPIError), connection.begin_nested():
                connection.execute(act)


def test_needs_of_fewer_than_three_people_are_not_shown(warned):
    warned.do("see", SLOW, need="training", competency="teknis")
    assert [needing(warned, who) for who in ("citra", "eko")] == [[], [3]]


def needing(town, who):
    """Somebody says what SLOW said; of how many people are the needs that are shown then?"""
    with town.wired.database.writing.begin() as connection:
        said = connection.execute(sa.select(early_warning)).mappings().first()
        free = indicator.c.id.not_in(sa.select(early_warning.c.indicator_id))
        other = {
            "id": town.house.ids.uuid(),
            "person_id": town.ids[who],
            "indicator_id": connection.scalar(sa.select(indicator.c.id).where(free)),
        }
        connection.execute(early_warning.insert().values({**said, **other}))
    found = unit_warnings(town.house, town.actor("joko")).clusters
    return [one.people for one in found]


def test_all_ways_are_walked(every_flow):
    every_flow("early_warning")
