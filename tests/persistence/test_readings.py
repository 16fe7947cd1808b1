"""Who read what about whom is kept with the reading, once a day, on both databases."""

from __future__ import annotations

import pytest

from engine.domain.access import Resource
from engine.domain.people import Person
from engine.domain.units import Agency
from engine.usecases.actor import Actor, ActorKind, system
from engine.usecases.ports.readings import ReadingScope
from tests.persistence.building import units_of

BUDI = Actor(kind=ActorKind.PERSON, name="budi", person_id="budi", agency_id="a")
ROBOT = Actor(kind=ActorKind.CLIENT, name="robot", agency_id="a")


@pytest.fixture
def units(database):
    made = units_of(database)
    with made.writing() as uow:
        uow.agency.add([Agency(id="a", code="a", name="a")])
        for n, who in enumerate(("ani", "budi")):
            nip = f"19800101200501{n:04d}"
            uow.agency.add([Person(id=who, agency_id="a", nip=nip, name=who.title())])
        uow.commit()
    return made


def read(units, actor, *resources, person="ani"):
    with units.reading() as uow:
        for resource in resources:
            uow.readings.note(actor, person, resource)


def kept(units, **scope):
    with units.reading() as uow:
        rows = uow.readings.page(ReadingScope(**scope), limit=10)
    return sorted((row.person_id, row.reader, row.reader_name, row.resource) for row in rows)


def test_what_a_reading_showed_is_kept_once_a_day(units):
    read(units, BUDI, Resource.PLAN, Resource.RATING)
    read(units, BUDI, Resource.PLAN)
    read(units, ROBOT, Resource.PLAN)
    assert kept(units, person_id="ani") == [
        ("ani", "budi", "Budi", "plan"),
        ("ani", "budi", "Budi", "rating"),
        ("ani", "robot", "", "plan"),
    ]
    assert kept(units, reader="robot") == [("ani", "robot", "", "plan")]
    assert kept(units, agency_id="b") == []


def test_nobody_is_noted_who_reads_of_himself_nor_the_system(units):
    read(units, BUDI, Resource.PLAN, person="budi")
    read(units, system("budi"), Resource.PLAN)
    assert kept(units) == []


def test_a_command_keeps_what_it_showed_with_its_effect(units):
    with units.writing() as uow:
        uow.readings.note(BUDI, "ani", Resource.EVIDENCE)
        uow.commit()
    assert kept(units) == [("ani", "budi", "Budi", "evidence")]


def read_and_fail(units):
    with units.reading() as uow:
        uow.readings.note(BUDI, "ani", Resource.PLAN)
        raise LookupError


def test_what_failed_showed_nothing(units):
    with pytest.raises(LookupError):
        read_and_fail(units)
    assert kept(units) == []


def test_nobody_sees_what_could_not_be_noted(units):
    with pytest.raises(Exception, match=r"data_reading|FOREIGN"), units.reading() as uow:
        uow.readings.note(BUDI, "nobody", Resource.PLAN)


def test_a_reading_stays_as_it_was_noted(units):
    read(units, BUDI, Resource.PLAN)
    for statement in ("UPDATE data_reading SET reader = 'x'", "DELETE FROM data_reading"):
        with units.writing() as uow, pytest.raises(Exception, match="append-only"):
            uow.connection.exec_driver_sql(statement)
