"""Big questions over ledger and ratings: one statement each, equal on both databases."""

from __future__ import annotations

import random
from collections import defaultdict
from datetime import date

import pytest
import sqlalchemy as sa

from bench import rollups
from engine.domain.ledger import LineClass, TransferCode
from engine.domain.ratings import Level, Predikat, RatingStatus
from engine.domain.units import JobClass
from engine.persistence.tables import agency as a
from engine.persistence.tables import contributions as c
from engine.persistence.tables import performance as p
from tests.persistence.building import NOON, units_of
from tests.persistence.counting import counted

DAY = date(2026, 6, 30)
UNITS = [f"u{n}" for n in range(7)]
PEOPLE = [f"p{n}" for n in range(40)]
QUESTIONS = {
    "home view": lambda uow: uow.contributions.home_view("cycle"),
    "host view": lambda uow: uow.contributions.host_view("cycle"),
    "flows": lambda uow: uow.contributions.flows("cycle"),
    "pools": lambda uow: uow.contributions.pools("cycle"),
    "distribution": lambda uow: uow.performance.distribution("cycle", DAY),
    "matrix of units": lambda uow: uow.credits.matrix(2026, units=True),
    "matrix of agencies": lambda uow: uow.credits.matrix(2026, units=False),
    "view of a period": lambda uow: uow.credits.view("period", by="posting", side="home"),
}


def filled(database, seed):
    """A random agency: reversals, collective and overlay lines, two cycles, moves, new versions."""
    chance = random.Random(seed)  # noqa: S311 - repeatable rows, no secret
    with database.writing.connect() as connection:
        rollups.unguarded(connection)
        with connection.begin():
            rows = [*seats(chance), *outputs(), *ledger(chance), *ratings(chance)]
            for table, values in [*frame(), *rows]:
                connection.execute(table.insert(), values)
    return units_of(database)


def frame():
    yield a.agency, [{"id": n, "code": n, "name": n, "timezone": "Asia/Jakarta"} for n in "xy"]
    for key, year in (("cycle", 2026), ("other", 2025)):
        first, last = date(year, 1, 1), date(year, 12, 31)
        common = {"name": key, "starts_on": first, "ends_on": last}
        yield p.cycle, {"id": key, "agency_id": "x", "year": year, "status": "running", **common}
        quarter = {"starts_on": first, "ends_on": date(year, 3, 31), "name": "I", "number": 1}
        yield p.period, {"id": PERIOD[key], "cycle_id": key, "status": "open", **quarter}
    yield a.unit, [{"id": u, "agency_id": agency(u), "code": u, "name": u} for u in UNITS]
    yield (
        a.post,
        [
            {"id": f"j{u}", "unit_id": u, "title": u, "job_class": JobClass.JF, "is_head": False}
            for u in UNITS
        ],
    )
    yield (
        a.person,
        [
            {"id": who, "agency_id": "x", "nip": f"{n:018d}", "name": who}
            for n, who in enumerate(PEOPLE)
        ],
    )


def agency(unit):
    return "x" if unit in UNITS[:4] else "y"


def seats(chance):
    """Everybody sat somewhere; half of them moved before or after the day."""
    for who in PEOPLE:
        moved = chance.choice([None, date(2026, 3, 1), DAY, date(2026, 9, 1)])
        first = {"id": f"a{who}", "valid_from": date(2025, 1, 1), "valid_to": moved}
        second = {"id": f"b{who}", "valid_from": moved, "valid_to": None}
        for row in (first, second) if moved else (first,):
            post = f"j{chance.choice(UNITS)}"
            yield a.appointment, {"person_id": who, "post_id": post, "kind": "definitive", **row}
        if chance.random() < 0.3:
            acting = {"id": f"c{who}", "person_id": who, "post_id": "ju0", "kind": "plt"}
            yield a.appointment, {**acting, "valid_from": date(2026, 1, 1)}


#: cycle -> its only period
PERIOD = {"cycle": "period", "other": "before"}


def cycle(n):
    return "other" if n % 5 == 0 else "cycle"


def worth(n):
    return 1 + n * 37 % 97


def outputs():
    for n in range(30):
        yield (
            c.output,
            {
                "id": f"o{n}", "squad_id": "s", "number": n, "title": "O", "indicator": "I",
                "target": "T", "value_points": worth(n),
                "cycle_id": cycle(n), "period_id": PERIOD[cycle(n)],
                "due_on": DAY, "status": "planned",
            },
        )  # fmt: skip


def ledger(chance):
    for n in range(30):
        host = chance.choice(UNITS)
        for number, (code, who, amount, overlay) in enumerate(moves(chance), start=1):
            home = chance.choice(UNITS) if who else host
            account = f"person:{who}" if who else "COLLECTIVE"
            sides = ("POOL", account) if code is not TransferCode.REVERSE else (account, "POOL")
            if code is TransferCode.OPEN or overlay:
                sides = ("ISSUE", account if overlay else "POOL")
            yield (
                c.transfer,
                {
                    "output_id": f"o{n}", "debit_account": sides[0], "credit_account": sides[1],
                    "amount_bp": amount, "code": code, "work_period_id": PERIOD[cycle(n)],
                    "posting_period_id": PERIOD[cycle(n)], "value_points": worth(n),
                    "home_agency_id": agency(home), "home_unit_id": home,
                    "host_agency_id": agency(host), "host_unit_id": host,
                    "squad_id": "s", "person_id": who, "role": "",
                    "line_class": LineClass.OVERLAY if overlay else LineClass.PRIMARY,
                    "reverses_id": 1000 * n + number if code is TransferCode.REVERSE else None,
                    "actor_id": "x", "reason": "", "at": NOON, "recorded_at": NOON,
                    "prev_hash": f"{n}-{number}", "hash": "h" * 64,
                },
            )  # fmt: skip


def moves(chance):
    yield TransferCode.OPEN, None, 10_000, False
    for who in chance.sample(PEOPLE, 5):
        amount = chance.randint(1, 1800)
        yield TransferCode.ATTEST, who, amount, False
        if chance.random() < 0.3:
            yield TransferCode.REVERSE, who, amount, False
    yield TransferCode.COLLECTIVE, None, chance.randint(1, 1000), False
    yield TransferCode.ATTEST, chance.choice(PEOPLE), 10_000, True


def ratings(chance):
    for who in PEOPLE[:35]:
        for version in range(1, chance.randint(2, 4)):
            yield (
                p.rating,
                {
                    "id": f"{who}-{version}", "person_id": who, "cycle_id": "cycle",
                    "version": version, "ihk": 100, "index_lines": (),
                    "proposed_level": Level.SESUAI, "result_level": Level.SESUAI,
                    "behaviour_level": Level.SESUAI,
                    "predikat": chance.choice([None, *Predikat]),
                    "self_note": "", "status": RatingStatus.RATED, "at": NOON,
                },
            )  # fmt: skip


@pytest.mark.parametrize("seed", range(3))
def test_both_databases_answer_alike_to_the_last_unit(sqlite_database, postgres_database, seed):
    here, there = filled(sqlite_database, seed), filled(postgres_database, seed)

    with here.reading() as one, there.reading() as other:
        for name, ask in QUESTIONS.items():
            assert ask(one) == ask(other), name
            assert ask(one), name


@pytest.mark.parametrize("name", QUESTIONS)
def test_each_roll_up_is_one_statement(database, name):
    units = filled(database, 1)
    with units.reading() as uow, counted(database.reading) as found:
        QUESTIONS[name](uow)

    assert found.count == 1


def test_home_and_host_views_are_the_sums_of_the_same_rows(database):
    units = filled(database, 5)
    home, host, flows = defaultdict(int), defaultdict(int), defaultdict(int)
    with database.reading.connect() as connection:
        value = {
            row.id: row.value_points
            for row in connection.execute(sa.select(c.output))
            if row.cycle_id == "cycle"
        }
        for row in connection.execute(sa.select(c.transfer)):
            if row.line_class == "OVERLAY" or row.code == "open" or row.output_id not in value:
                continue
            sign = 1 if row.debit_account == "POOL" else -1
            points = sign * row.amount_bp * value[row.output_id]
            home[row.home_unit_id, row.home_agency_id] += points
            host[row.host_unit_id, row.host_agency_id] += points
            flows[row.home_unit_id, row.host_unit_id] += points

    with units.reading() as uow:
        told = {
            "home": {(r.unit_id, r.agency_id): r.points_e4 for r in QUESTIONS["home view"](uow)},
            "host": {(r.unit_id, r.agency_id): r.points_e4 for r in QUESTIONS["host view"](uow)},
            "flows": {
                (r.home_unit_id, r.host_unit_id): r.points_e4 for r in QUESTIONS["flows"](uow)
            },
        }
    assert told == {"home": home, "host": host, "flows": flows}
    assert sum(home.values()) == sum(host.values())


def test_the_distribution_counts_the_newest_version_where_people_sat_that_day(database):
    units = filled(database, 9)
    newest, seat, expected = {}, {}, defaultdict(int)
    with database.reading.connect() as connection:
        for row in connection.execute(sa.select(p.rating).order_by(p.rating.c.version)):
            newest[row.person_id] = row.predikat or ""
        for row in connection.execute(sa.select(a.appointment)):
            ends = row.valid_to or date.max
            if row.kind == "definitive" and row.valid_from <= DAY < ends:
                seat[row.person_id] = row.post_id.removeprefix("j")
    for who, predikat in newest.items():
        expected[seat[who], predikat] += 1

    with units.reading() as uow:
        told = QUESTIONS["distribution"](uow)
    assert {(row.unit_id, row.predikat): row.people for row in told} == expected


def test_what_one_unit_or_agency_asks_is_its_part_of_the_whole(database):
    units = filled(database, 3)
    with units.reading() as uow:
        store, whole = uow.contributions, uow.credits.matrix(2026, units=True)
        for unit in UNITS:
            for part, every in (
                (store.home_view("cycle", unit), store.home_view("cycle")),
                (store.host_view("cycle", unit), store.host_view("cycle")),
                (store.pools("cycle", unit), store.pools("cycle")),
            ):
                assert part == [row for row in every if row.unit_id == unit]
            assert store.flows("cycle", unit) == [
                row for row in store.flows("cycle") if unit in (row.home_unit_id, row.host_unit_id)
            ]
            assert uow.credits.matrix(2026, units=True, unit_id=unit) == [
                cell for cell in whole if unit in (cell.home.unit_id, cell.host.unit_id)
            ]
        for name in "xy":
            found = uow.credits.matrix(2026, units=True, agency_id=name)
            assert found == [
                cell for cell in whole if name in (cell.home.agency_id, cell.host.agency_id)
            ]
            assert found
