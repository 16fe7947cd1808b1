"""Hours of people who come, go, move and are lent: each month counts where its post was."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from engine.domain.cycles import Cycle
from engine.domain.people import Appointment, AppointmentKind, Person
from engine.domain.squads import Acceptance, Consent, Membership, Squad, SquadRole
from engine.domain.staffing import posts_by_month
from engine.domain.units import JobClass, Post
from engine.usecases.job_evidence import job_evidence, job_people
from engine.usecases.load import monthly_load
from engine.usecases.organisation import Standing
from engine.usecases.ports.workloads import LoadScope
from engine.usecases.squad_reports import person_load
from engine.usecases.workloads import Wanted, workload
from tests.usecases import acting, worked
from tests.usecases.crowd import NOON

HR = acting.person("sari", "hr")
FULL = 10_000


@pytest.fixture
def agency(place):
    worked.build(place)
    place.clock.at = NOON
    return place


def post(key, unit_id, title):
    return Post(id=key, unit_id=unit_id, title=title, job_class=JobClass.JF, is_head=False)


def seat(key, person_id, post_id, valid_from, valid_to=None):
    return Appointment(
        id=key, person_id=person_id, post_id=post_id, kind=AppointmentKind.DEFINITIVE,
        valid_from=valid_from, valid_to=valid_to,
    )  # fmt: skip


def leaves(uow, who, on):
    uow.agency.put(replace(uow.agency.get(Appointment, f"app_{who}"), valid_to=on))


def moves(place, who, unit_id, on):
    with place.house.writing() as uow:
        leaves(uow, who, on)
        uow.agency.add([post(f"new_{who}", unit_id, "Arsiparis")])
        uow.agency.add([seat(f"seat_{who}", who, f"new_{who}", on)])
        uow.commit()


def member(place, who, squad_id, host, effort, valid_from=worked.FIRST):
    with place.house.writing() as uow:
        uow.contributions.add([
            Squad(
                id=squad_id, host_agency_id="agency", host_unit_id=host, code=squad_id,
                name=squad_id, letter_no=f"ST-{squad_id}", sponsor_id="kepala",
                starts_on=worked.FIRST, ends_on=worked.LAST, budget_points=1,
            )
        ])  # fmt: skip
        uow.contributions.add([
            Membership(
                id=f"m_{squad_id}", squad_id=squad_id, person_id=who, home_agency_id="agency",
                home_unit_id="biro", role=SquadRole.ANGGOTA, effort_bp=effort,
                valid_from=valid_from, consent=Consent.GIVEN, acceptance=Acceptance.ACCEPTED,
            )
        ])  # fmt: skip
        uow.commit()


def totals(place, *, every=True):
    found = workload(place.house, HR, Wanted(every_unit=every), limit=100)
    return {one.unit.id: one for one in found.totals}


def months_of(place, who, unit_id):
    found = workload(place.house, HR, Wanted(unit_id=unit_id), limit=100)
    return next((row.months for row in found.rows if row.person_id == who), None)


def jobs(place):
    found = job_evidence(place.house, HR)
    return {(one.unit.id, one.job): one for one in found.jobs}


def test_a_mover_counts_five_months_here_and_seven_there(agency):
    before = totals(agency)
    moves(agency, "wayan", "hukum", date(2026, 6, 1))
    after = totals(agency)
    assert before["biro"].home - after["biro"].home == Decimal("729.17")
    assert after["hukum"].home - before["hukum"].home == Decimal("729.17")
    assert before["biro"].people - after["biro"].people == Decimal("0.58")
    assert after["biro"].gap == before["biro"].gap
    assert months_of(agency, "wayan", "biro") == (FULL,) * 5 + (0,) * 7
    assert months_of(agency, "wayan", "hukum") == (0,) * 5 + (FULL,) * 7
    assert months_of(agency, "wayan", None) == (FULL,) * 12
    found = jobs(agency)
    assert (found["biro", "wayan"].home, found["hukum", "Arsiparis"].home) == (
        Decimal("520.83"),
        Decimal("729.17"),
    )
    assert found["hukum", "Arsiparis"].months == (0,) * 5 + (FULL,) * 7
    assert (found["hukum", "Arsiparis"].people, found["hukum", "Arsiparis"].fte) == (
        Decimal("0.58"),
        Decimal("1.00"),
    )
    behind = job_people(agency.house, HR, "hukum", "Arsiparis").rows
    assert [row.month for row in behind] == [6, 7, 8, 9, 10, 11, 12]


def test_a_newcomer_counts_from_his_first_month_and_a_leaver_until_his_last(agency):
    with agency.house.writing() as uow:
        uow.agency.add(
            [Person(id="baru", agency_id="agency", nip="199912312026101001", name="Baru")]
        )
        uow.agency.add([post("p_baru", "biro", "Pranata")])
        uow.agency.add([seat("s_baru", "baru", "p_baru", date(2026, 10, 1))])
        leaves(uow, "eka", date(2026, 5, 1))
        uow.commit()
    found = jobs(agency)
    assert (found["biro", "Pranata"].home, found["biro", "Pranata"].people) == (
        Decimal("312.50"),
        Decimal("0.25"),
    )
    # 80 per cent of four months: squad b has the rest
    assert found["ditx", "eka"].home == Decimal("333.33")
    assert months_of(agency, "eka", "ditx") == (FULL,) * 4 + (0,) * 8
    seen = person_load(agency.house, HR, "baru")
    assert list(seen.months.values()) == [0] * 9 + [FULL] * 3
    assert [(one.months, one.hours) for one in seen.roles] == [(3, Decimal("312.50"))]


def test_a_month_belongs_to_the_post_held_on_its_first_day_held(agency):
    moves(agency, "wayan", "hukum", date(2026, 6, 16))
    assert months_of(agency, "wayan", "biro") == (FULL,) * 6 + (0,) * 6
    assert months_of(agency, "wayan", "hukum") == (0,) * 6 + (FULL,) * 6


def test_a_squad_is_one_s_own_only_in_the_months_of_its_unit(agency):
    member(agency, "wayan", "sh", "hukum", 3000)
    before = totals(agency)
    moves(agency, "wayan", "hukum", date(2026, 6, 1))
    after = totals(agency)
    # 30 per cent of twelve months lent; after the move of five only
    assert before["biro"].lent - after["biro"].lent == Decimal("218.75")
    assert after["hukum"].own_squads - before["hukum"].own_squads == Decimal("218.75")
    assert before["hukum"].borrowed - after["hukum"].borrowed == Decimal("218.75")


def test_a_guest_keeps_his_home_and_who_is_seconded_away_keeps_only_his_squads(agency):
    member(agency, "wayan", "guest", "hukum", 4000)
    lent = jobs(agency)["biro", "wayan"]
    assert (lent.home, lent.lent) == (Decimal("750.00"), Decimal("500.00"))
    with agency.house.writing() as uow:
        leaves(uow, "wayan", date(2026, 7, 1))
        uow.commit()
    away = jobs(agency)["biro", "wayan"]
    assert (away.home, away.lent) == (Decimal("375.00"), Decimal("250.00"))
    # the host has his work all year, the agency counts it of him, his former unit does not
    assert months_of(agency, "wayan", None) == (FULL,) * 6 + (4000,) * 6
    assert months_of(agency, "wayan", "biro") == (FULL,) * 6 + (0,) * 6
    assert totals(agency)["hukum"].borrowed == Decimal("500.00")


def test_who_is_above_full_time_only_elsewhere_is_not_above_it_here(agency):
    moves(agency, "wayan", "hukum", date(2026, 6, 1))
    member(agency, "wayan", "late", "ditx", 5000, date(2026, 8, 1))
    member(agency, "wayan", "later", "ditx", 6000, date(2026, 8, 1))
    found = totals(agency)
    assert (found["biro"].over, found["hukum"].over) == (0, 1)
    over = {
        unit: workload(agency.house, HR, Wanted(unit_id=unit, over_only=True), limit=9).rows
        for unit in ("biro", "hukum")
    }
    assert [len(rows) for rows in over.values()] == [0, 1]


@pytest.mark.parametrize("seed", range(4))
def test_units_by_month_are_those_of_the_rule_however_posts_follow_each_other(agency, seed):
    dice = random.Random(seed)  # noqa: S311 - invented rows
    seats, cuts = [], {}
    for who in worked.PEOPLE:
        day = cuts[who] = worked.FIRST + timedelta(dice.randrange(1, 300))
        for n in range(dice.randrange(0, 4)):
            starts = day + timedelta(dice.choice([0, 0, 3, 40]))
            day = starts + timedelta(dice.randrange(1, 90))
            ends = None if n == 2 else day
            unit = dice.choice(list(worked.UNITS))
            seats.append((seat(f"x_{who}_{n}", who, f"x_{who}_{n}", starts, ends), unit))
            if ends is None:
                break
    with agency.house.writing() as uow:
        for who, cut in cuts.items():
            leaves(uow, who, cut)
        uow.agency.add([post(row.post_id, unit, "x") for row, unit in seats])
        uow.agency.add([row for row, _ in seats])
        uow.commit()
    with agency.house.reading() as uow:
        cycle = uow.performance.get(Cycle, "cycle")
        standing = Standing(uow, NOON)
        held = {who: uow.segments.appointments(who) for who in worked.PEOPLE}
        ruled = {
            (who, month): unit
            for who, rows in held.items()
            for month, (_, unit) in posts_by_month(rows, 2026).items()
        }
        scope = LoadScope(cycle=cycle)
        found = {}
        for unit in worked.UNITS:
            part = replace(scope, unit_ids=[unit])
            for job in {row.job for row in uow.workloads.jobs(part)}:
                for row in uow.workloads.job_people(part, job):
                    assert (row.person_id, row.month) not in found
                    found[row.person_id, row.month] = unit
        assert found == ruled
        each = {who: tuple(monthly_load(standing, who, cycle).values()) for who in worked.PEOPLE}
        rows = {row.person_id: row.months for row in uow.workloads.page(scope, limit=100)}
        assert rows == {who: each[who] for who in {who for who, _ in ruled}}
