"""Readings over a whole agency: the same numbers as for one person, in as many statements."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta

import pytest

from engine.domain.cycles import Cycle
from engine.domain.joining import Signature
from engine.domain.plans import Plan, PlanStatus
from engine.domain.squads import Acceptance, Consent, Membership, Squad, SquadRole
from engine.usecases.errors import AccessRefused, InputRefused, NotFound
from engine.usecases.load import monthly_load, squad_months, verified
from engine.usecases.organisation import Standing
from engine.usecases.ports.workloads import LoadScope
from engine.usecases.radar import Narrowed, participation_report, radar, stuck_tasks
from engine.usecases.reminders import RemindHolders, remind_holders, reminders_of_day
from engine.usecases.workloads import Wanted, workload
from tests.persistence.counting import counted
from tests.usecases import acting, worked
from tests.usecases.crowd import NOON, crowd, member, person

FIRST, LAST = date(2026, 1, 1), date(2026, 12, 31)
HR = acting.person("sari", "hr")


@pytest.fixture
def agency(place):
    worked.build(place)
    place.clock.at = NOON
    return place


@pytest.fixture
def busy(sqlite_place):
    worked.build(sqlite_place)
    sqlite_place.deploy("workflows/evaluation/*.dmn")
    sqlite_place.clock.at = NOON
    return sqlite_place


def invented(seed):
    """Squads, memberships, signatures and plans as they come."""
    dice = random.Random(seed)  # noqa: S311 - invented rows
    day = lambda: FIRST + timedelta(dice.randrange(-60, 420))  # noqa: E731
    squads = []
    for n in range(6):
        starts = FIRST + timedelta(dice.randrange(0, 300))
        squads.append(
            Squad(
                id=f"s{n}", host_agency_id="agency", host_unit_id=dice.choice(list(worked.UNITS)),
                code=f"S{n}", name=f"S{n}", letter_no=f"ST{n}", sponsor_id="kepala",
                starts_on=starts, ends_on=starts + timedelta(dice.randrange(20, 350)),
                budget_points=1,
            )
        )  # fmt: skip
    rows, used = [], set()
    for n in range(70):
        squad, who = dice.choice(squads), dice.choice(list(worked.PEOPLE))
        starts = day()
        if (squad.id, who, starts) in used or who == "kepala":
            continue
        used.add((squad.id, who, starts))
        ends = starts + timedelta(dice.randrange(1, 200)) if dice.random() < 0.6 else None
        rows.append(
            Membership(
                id=f"m{n}", squad_id=squad.id, person_id=who, home_agency_id="agency",
                home_unit_id="biro", role=SquadRole.ANGGOTA,
                effort_bp=dice.randrange(500, 7000, 500), valid_from=starts, valid_to=ends,
                consent=dice.choice([Consent.GIVEN, Consent.GIVEN, Consent.PENDING]),
                acceptance=Acceptance.ACCEPTED,
            )
        )  # fmt: skip
    signed = [
        Signature(
            id=f"{row.id} {turn}", membership_id=row.id, round=turn + 1,
            answer=Acceptance.ACCEPTED, home_effort_bp=dice.randrange(0, 10_000, 500),
            at=datetime(2026, 1, 1, tzinfo=UTC) + timedelta(hours=dice.randrange(0, 50)),
        )
        for row in rows
        for turn in range(dice.randrange(0, 3))
    ]  # fmt: skip
    plans = []
    for who in worked.PEOPLE:
        for version, status in enumerate(dice.sample(list(PlanStatus), 2), 1):
            if who == "sari" or dice.random() < 0.6:
                continue
            plans.append(
                Plan(
                    id=f"plan {who} {version}", person_id=who, cycle_id="cycle", version=version,
                    status=status,
                    home_effort_bp=dice.choice([None, dice.randrange(0, 12_000, 500)]),
                    fixed_by="kepala" if status is PlanStatus.FIXED and who != "kepala" else None,
                )
            )  # fmt: skip
    return squads, rows, signed, plans


@pytest.mark.parametrize("seed", range(5))
def test_the_load_of_everybody_is_the_load_of_each(agency, seed):
    squads, rows, signed, plans = invented(seed)
    with agency.house.writing() as uow:
        uow.contributions.add(squads)
        uow.contributions.add(rows)
        uow.formation.add(signed)
        uow.performance.add(plans)
        uow.commit()
    with agency.house.reading() as uow:
        cycle = uow.performance.get(Cycle, "cycle")
        standing = Standing(uow, agency.clock.now())
        scope = LoadScope(cycle=cycle)
        found = {row.person_id: row.months for row in uow.workloads.page(scope, limit=100)}
        each = {
            who: tuple(monthly_load(standing, who, cycle)[month] for month in range(1, 13))
            for who in worked.PEOPLE
        }
        assert found == each
        over = LoadScope(cycle=cycle, over_only=True)
        assert {row.person_id for row in uow.workloads.page(over, limit=100)} == {
            who for who, months in each.items() if max(months) > 10_000
        }
        totals = {row.unit_id: row for row in uow.workloads.units(scope)}
        for unit_id, row in totals.items():
            people = [who for who, (unit, _) in worked.PEOPLE.items() if unit == unit_id]
            held = {who: verified(standing, who, cycle) for who in people}
            squads_bp = sum(sum(squad_months(held[who], cycle).values()) for who in people)
            lent = sum(
                sum(squad_months([pair for pair in held[who] if pair[1].id == one], cycle).values())
                for who in people
                for one in {squad.id for _, squad in held[who] if squad.host_unit_id != unit_id}
            )
            assert row.person_months == 12 * len(people)
            assert row.home_bp + row.own_squads_bp + row.lent_bp == sum(
                sum(each[who]) for who in people
            )
            assert (row.own_squads_bp + row.lent_bp, row.lent_bp) == (squads_bp, lent)
        assert sum(row.lent_bp for row in totals.values()) == sum(
            row.borrowed_bp for row in totals.values()
        ) + sum(bp for unit, bp in uow.workloads.borrowed(scope).items() if unit not in totals)


def test_heads_see_their_units_hr_the_agency_and_others_nothing(agency):
    everybody = workload(agency.house, HR, Wanted(), limit=100)
    assert len(everybody.rows) == len(worked.PEOPLE)
    own = workload(agency.house, acting.person("h_biro"), Wanted(), limit=100)
    assert {row.person_id for row in own.rows} == {"h_biro", "sari", "wayan"}
    assert [unit.id for unit in own.units] == ["biro"]
    above = workload(agency.house, acting.person("kepala"), Wanted(), limit=100)
    assert len(above.rows) == len(worked.PEOPLE)
    with pytest.raises(AccessRefused):
        workload(agency.house, acting.person("wayan"), Wanted(), limit=100)
    with pytest.raises(NotFound):
        workload(agency.house, acting.person("h_biro"), Wanted(unit_id="hukum"), limit=100)


def test_pages_of_the_load_follow_each_other_without_a_gap(agency):
    seen, after = [], None
    while True:
        page = workload(agency.house, HR, Wanted(), after=after, limit=4).rows
        if not page:
            break
        seen += [row.person_id for row in page]
        after = (page[-1].name, page[-1].person_id)
    assert sorted(seen) == sorted(worked.PEOPLE)
    assert len(seen) == len(set(seen))


def test_totals_come_by_pages_of_units_and_whole_for_a_file(busy):
    crowd(busy, 4_000)
    whole = workload(busy.house, HR, Wanted(every_unit=True), limit=1)
    assert whole.units_after is None
    seen, after = [], ""
    while after is not None:
        page = workload(busy.house, HR, Wanted(units_after=after), limit=1)
        assert sum(one.people for one in page.totals) <= 2_000
        seen += page.totals
        after = page.units_after
    assert len(seen) > 40
    assert seen == list(whole.totals)


def test_those_above_full_time_are_found_however_rare_they_are(busy):
    rare = range(790, 800)

    def early(n):
        return {**member(n), "effort_bp": 500, "valid_to": date(2026, 3, 1)}

    def late(n):
        """With 8,000 of home too much only if both squads met; the rare ones alone."""
        effort_bp = 6_000 if n in rare else 1_800
        row = {**member(n), "valid_from": date(2026, 4, 1), "effort_bp": effort_bp}
        return {**row, "id": f"late{n}"}

    crowd(busy, 900, member_rows=(early, late))
    found = workload(busy.house, HR, Wanted(over_only=True), limit=20).rows
    # every third has no plan: home takes what the squads leave
    assert [row.person_id for row in found if row.person_id.startswith("p0")] == [
        person(n) for n in rare if n % 3
    ]


#: the readings of the agency's pages
READINGS = {
    "radar": lambda house: radar(house, HR),
    "stuck": lambda house: stuck_tasks(house, HR, narrowed=Narrowed(), limit=51),
    "stuck in a unit": lambda house: stuck_tasks(
        house, HR, narrowed=Narrowed(at_risk=False, unit_id="u3"), limit=51
    ),
    "participation": lambda house: participation_report(house, HR),
    "load": lambda house: workload(house, HR, Wanted(), limit=51),
    "load above full time": lambda house: workload(house, HR, Wanted(over_only=True), limit=51),
}


def statements(place, database):
    found = {}
    for name, ask in READINGS.items():
        with counted(database.reading) as sent:
            ask(place.house)
        found[name] = sent.count
    return found


@pytest.mark.parametrize(
    ("few", "many"),
    [
        (100, 2_000),
        pytest.param(1_000, 100_000, marks=[pytest.mark.long, pytest.mark.timeout(1800)]),
    ],
)
def test_a_crowd_costs_no_more_statements(busy, sqlite_database, few, many):
    crowd(busy, few)
    statements(busy, sqlite_database)  # definitions are read once
    before = statements(busy, sqlite_database)
    crowd(busy, many - few, start=few)
    assert statements(busy, sqlite_database) == before
    assert max(before.values()) <= 30
    page = stuck_tasks(busy.house, HR, narrowed=Narrowed(), limit=51)
    assert len(page.rows) == 51
    assert page.rows[0].about_name.startswith("Orang")
    found = radar(busy.house, HR)
    assert found.people_at_risk == many // 400 * 200 + min(many % 400, 200)
    assert sum(row.fixed for row in found.funnel) == many
    last = page.rows[49]
    after = (last.sort_at, last.key)
    assert (
        stuck_tasks(busy.house, HR, narrowed=Narrowed(), after=after, limit=5).rows[0]
        == (page.rows[50])
    )


def test_tasks_that_hold_nothing_up_or_are_in_time_are_no_risk(agency):
    crowd(agency, 400)
    every = stuck_tasks(agency.house, HR, narrowed=Narrowed(at_risk=False), limit=1000)
    risky = stuck_tasks(agency.house, HR, narrowed=Narrowed(), limit=1000)
    assert (len(every.rows), len(risky.rows)) == (400, 200)
    assert all(row.due_at < NOON for row in risky.rows)
    mine = stuck_tasks(agency.house, HR, narrowed=Narrowed(holder_id=person(7)), limit=9)
    assert [row.about_id for row in mine.rows] == [person(7)]
    elsewhere = stuck_tasks(agency.house, HR, narrowed=Narrowed(unit_id="u7"), limit=99)
    assert {row.about_unit_id for row in elsewhere.rows} == {"u7"}
    whole = participation_report(agency.house, HR).whole
    assert (whole.fixed, whole.median_days) == (400, 0)


def test_a_holder_is_reminded_once_a_day_and_it_is_on_record(agency):
    crowd(agency, 3)
    keys = (5_000_000, 5_000_001, 5_000_099)
    first = remind_holders(agency.house, HR, RemindHolders(task_keys=keys))
    assert (first.reminded, first.already, first.passed_over) == (2, 0, 1)
    again = remind_holders(agency.house, HR, RemindHolders(task_keys=(*keys, 5_000_002)))
    assert (again.reminded, again.already) == (1, 2)
    agency.clock.at += timedelta(days=1)
    assert remind_holders(agency.house, HR, RemindHolders(task_keys=keys)).reminded == 2
    agency.clock.at -= timedelta(days=1)
    day = reminders_of_day(agency.house, HR)
    assert [line.task.key for line in day.lines] == [5_000_000, 5_000_001, 5_000_002]
    with agency.house.reading() as uow:
        waiting = uow.outbox.waiting("reminder")
        assert len(waiting) == 5
        assert {payload["recipient_id"] for _, _, payload in waiting} == {
            person(0), person(1), person(2),
        }  # fmt: skip
        acts = uow.connection.exec_driver_sql(
            "SELECT facts FROM audit WHERE act = 'task:holder:remind' ORDER BY seq"
        ).fetchall()
        assert len(acts) == 3
        assert '"5000000","5000001"' in acts[0][0]
        assert len(uow.workplace.notices(person(0))) == 2


def test_only_who_runs_the_cycle_reminds(busy):
    crowd(busy, 1)
    command = RemindHolders(task_keys=(5_000_000,))
    for who in (acting.person("wayan"), acting.person("wayan", "auditor")):
        with pytest.raises(AccessRefused):
            remind_holders(busy.house, who, command)
    with pytest.raises(AccessRefused):
        radar(busy.house, acting.person("wayan"))
    for keys in ((), tuple(range(201))):
        with pytest.raises(InputRefused):
            remind_holders(busy.house, HR, RemindHolders(task_keys=keys))


def test_a_top_without_a_rater_and_people_without_a_post_are_named(agency):
    found = radar(agency.house, HR)
    assert [one.person_id for one in found.without_rater] == ["kepala"]
    assert list(found.homeless) == []
    assert found.health.homeless == 0
