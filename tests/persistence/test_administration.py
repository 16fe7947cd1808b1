"""Lists of a whole agency and the one search take as many statements for many as for few."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from engine.domain.people import AppointmentKind, Person
from engine.domain.squads import SquadRole
from engine.persistence.tables import agency as a
from engine.persistence.tables import contributions as c
from engine.usecases import administration as readings
from engine.usecases.actor import Actor, ActorKind
from engine.usecases.agency_health import agency_health
from engine.usecases.finding import find
from engine.usecases.ports.accounts import AccountRow
from engine.usecases.ports.administration import AppointmentQuery, Held, Lack, LogQuery
from engine.usecases.undertakings import Begin, Work, begin, undertakings
from tests.persistence.building import units_of
from tests.persistence.counting import counted

HASH = "x"
SINCE, TODAY = date(2026, 1, 1), date(2026, 3, 2)


class Clocked:
    """As much of a house as readings ask for."""

    def __init__(self, units):
        self.reading, self.writing = units.reading, units.writing
        self.clock, self.ids = units.clock, units.ids


def ident(kind, number):
    return f"{kind}-{number:06d}".rjust(36, "0")


def actor(number=1, *groups):
    return Actor(
        kind=ActorKind.PERSON,
        name=ident("p", number),
        person_id=ident("p", number),
        groups=frozenset(groups),
        agency_id=ident("a", 1),
    )


HR = actor(1, "hr", "auditor")


def settle(connection, first, last, *, per_unit=10):
    """People `first` to `last` in units of ten; each unit's first person heads it."""
    people = range(first, last)
    heads = [number for number in people if number % per_unit == 1]
    names = {number: f"{'Sari' if number % 3 else 'Budi'} Nomor {number:06d}" for number in people}
    many = connection.execute
    many(a.unit.insert(), [
        {"id": ident("u", n), "agency_id": ident("a", 1), "code": f"{n:06d}", "name": f"Unit {n}",
         "parent_id": None if n == 1 else ident("u", 1)} for n in heads
    ])  # fmt: skip
    many(a.post.insert(), [
        {"id": ident("j", n), "unit_id": ident("u", n - (n - 1) % per_unit), "title": "Analis",
         "job_class": "JF", "is_head": n in set(heads)} for n in people
    ])  # fmt: skip
    many(a.person.insert(), [
        {"id": ident("p", n), "agency_id": ident("a", 1), "nip": f"1990{n:014d}",
         "name": names[n], "email": None, "rank": ""} for n in people
    ])  # fmt: skip
    many(a.appointment.insert(), [
        {"id": ident("h", n), "person_id": ident("p", n), "post_id": ident("j", n),
         "kind": AppointmentKind.DEFINITIVE, "valid_from": SINCE, "valid_to": None,
         "rater_id": None} for n in people
    ])  # fmt: skip
    many(c.squad.insert(), [
        {"id": ident("s", n), "host_agency_id": ident("a", 1), "host_unit_id": ident("u", n),
         "code": f"T-{n}", "name": f"Tim Data {n}", "letter_no": "ST", "sponsor_id": ident("p", n),
         "starts_on": SINCE, "ends_on": date(2026, 12, 30), "budget_points": 10} for n in heads
    ])  # fmt: skip
    many(c.membership.insert(), [
        {"id": ident("m", n), "squad_id": ident("s", n), "person_id": ident("p", n + 1),
         "home_agency_id": ident("a", 1), "home_unit_id": ident("u", n), "role": SquadRole.KETUA,
         "effort_bp": 1000, "valid_from": SINCE, "valid_to": None, "consent": "given",
         "acceptance": "accepted"} for n in heads
    ])  # fmt: skip


@pytest.fixture
def house(database):
    units = units_of(database)
    with units.writing() as uow:
        row = {"id": ident("a", 1), "code": "KL", "name": "KL", "timezone": "Asia/Jakarta"}
        uow.connection.execute(a.agency.insert(), row)
        settle(uow.connection, 1, 31)
        uow.commit()
    return Clocked(units)


def grow(house, last):
    with house.writing() as uow:
        settle(uow.connection, 31, last)
        uow.commit()


def log_query():
    return LogQuery(
        agency_id=ident("a", 1),
        since=datetime(2026, 1, 1, tzinfo=UTC),
        until=datetime(2027, 1, 1, tzinfo=UTC),
        act="account:",
    )


READINGS = {
    "health": lambda house: agency_health(house, HR),
    "people": lambda house: readings.people(house, HR),
    "without an account": lambda house: readings.people(house, HR, lack=Lack.ACCOUNT),
    "without a rater": lambda house: readings.people(house, HR, lack=Lack.RATER),
    "units": lambda house: readings.units_below(house, HR, None),
    "raters": lambda house: readings.raters(house, HR),
    "appointments": lambda house: readings.appointments(
        house, HR, AppointmentQuery(agency_id=ident("a", 1), today=TODAY, held=Held.NOW)
    ),
    "grants": lambda house: readings.grants(house, HR),
    "log": lambda house: readings.log(house, HR, log_query()),
    "long work": lambda house: undertakings(house, HR),
    "search of hr": lambda house: find(house, HR, "sari nomor"),
    "search of a head": lambda house: find(house, actor(1), "tim data"),
    "search of a person": lambda house: find(house, actor(2), "budi"),
}


@pytest.mark.parametrize("name", READINGS)
def test_a_list_takes_as_many_statements_for_many_as_for_few(house, database, name):
    with counted(database.reading) as few:
        READINGS[name](house)
    grow(house, 901)
    with counted(database.reading) as many:
        READINGS[name](house)
    assert many.count == few.count
    assert few.count <= 16


def test_health_counts_what_lacks(house):
    with house.writing() as uow:
        uow.accounts.put(AccountRow(
            login="1", person_id=ident("p", 5), password_hash=HASH, agency_id=ident("a", 1),
            display_name="x",
        ))  # fmt: skip
        uow.agency.add([Person(id=ident("p", 99), agency_id=ident("a", 1), nip="9" * 18, name="Z")])
        # the head of the second unit leaves, and its people are rated from above
        for number in (11, 12):
            row = a.appointment.update().where(a.appointment.c.id == ident("h", number))
            uow.connection.execute(row.values(valid_to=date(2026, 2, 1)))
        uow.commit()
    found = agency_health(house, HR)
    assert found.counts.people == 31
    assert found.counts.without_post == 3
    assert found.counts.without_account == 30
    assert [unit.id for unit in found.headless] == [ident("u", 11)]
    assert found.without_rater == 0
    with house.writing() as uow:
        uow.connection.execute(
            a.appointment.update()
            .where(a.appointment.c.id == ident("h", 1))
            .values(valid_to=date(2026, 2, 1))
        )
        uow.commit()
    # now nobody heads the top: 9 of the top unit, 8 of the second, and the head of the third
    assert agency_health(house, HR).without_rater == 18
    lacking, _ = readings.people(house, HR, lack=Lack.RATER)
    assert len(lacking) == 18
    assert {row.id for row in lacking} >= {ident("p", 2), ident("p", 13), ident("p", 21)}


def test_who_heads_a_unit_finds_its_people_and_those_below_and_nobody_else(house):
    top = {row.id for row in find(house, actor(1), "nomor").people}
    assert top
    assert len(find(house, actor(11), "199000000000000013").people) == 1
    assert not find(house, actor(11), "199000000000000023").people
    assert not find(house, actor(13), "199000000000000014").people
    assert len(find(house, actor(1), "1990 0000 0000 0000 23").people) == 1
    # a decree takes one of its people to another rater
    with house.writing() as uow:
        seat = a.appointment.update().where(a.appointment.c.id == ident("h", 13))
        uow.connection.execute(seat.values(rater_id=ident("p", 21)))
        uow.commit()
    assert not find(house, actor(11), "199000000000000013").people
    assert len(find(house, actor(21), "199000000000000013").people) == 1
    stranger = replace(HR, agency_id=None, person_id=None, name="client")
    assert not find(house, stranger, "nomor")


def test_pages_by_key_show_everybody_once(house):
    seen, after = [], None
    while True:
        rows, _ = readings.people(house, HR, after=after, limit=7)
        seen += [row.id for row in rows]
        if len(rows) < 7:
            break
        after = (rows[-1].name, rows[-1].id)
    assert len(seen) == len(set(seen)) == 30
    with house.writing() as uow:
        for n in range(5):
            work = Begin(kind=Work.PROOF, title=str(n))
            begin(uow, HR, work, ids=house.ids, now=house.clock.now())
        for number in range(3):
            uow.accounts.put(AccountRow(
                login=str(number), person_id=None, password_hash=HASH, agency_id=ident("a", 1),
                display_name="x",
            ))  # fmt: skip
            uow.accounts.grant(str(number), "hr", SINCE)
        uow.commit()
    first = undertakings(house, HR, limit=3)
    rest = undertakings(house, HR, after=first[-1].id, limit=3)
    assert [row.title for row in (*first, *rest)] == ["4", "3", "2", "1", "0"]
    [one] = readings.grants(house, HR, limit=1)
    more = readings.grants(house, HR, after=(one.group, one.login, one.valid_from.isoformat()))
    assert [row.login for row in (one, *more)] == ["0", "1", "2"]
