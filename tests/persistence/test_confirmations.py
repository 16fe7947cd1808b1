"""Words on rules from memory in their store, on both databases; the database refuses too."""

from __future__ import annotations

from dataclasses import replace

import pytest
import sqlalchemy as sa

from engine.domain.confirmations import RuleConfirmation
from engine.domain.people import Person
from engine.domain.units import Agency
from engine.persistence.tables.confirmations import rule_confirmation
from engine.usecases.errors import Conflict
from tests.persistence.building import NOON, units_of

GIVEN = RuleConfirmation(
    id="1",
    agency_id="a",
    decision_id="d",
    rule_id="r",
    rule_hash="0" * 64,
    document="PermenPANRB 6/2022",
    page="Lampiran III",
    proposed_by="ani",
    confirmed_by="budi",
    at=NOON,
)
TAKEN = replace(GIVEN, id="2", number=2, withdrawn=True, document="", page="")


@pytest.fixture
def units(database):
    made = units_of(database)
    with made.writing() as uow:
        uow.agency.add([Agency(id=code, code=code, name=code) for code in ("a", "b")])
        for n, (who, agency) in enumerate((("ani", "a"), ("budi", "a"), ("cici", "b"))):
            nip = f"19800101200501{n:04d}"
            uow.agency.add([Person(id=who, agency_id=agency, nip=nip, name=who)])
        uow.commit()
    return made


def keep(units, *rows):
    with units.writing() as uow:
        for row in rows:
            uow.confirmations.add(row)
        uow.commit()


def standing(units, *decisions):
    with units.reading() as uow:
        found = uow.confirmations.standing("a", decisions or None)
    return [(row.rule_id, row.number) for row in found]


def test_the_newest_word_on_a_row_stands(units):
    keep(units, GIVEN, replace(GIVEN, id="x", rule_id="other"))
    assert standing(units) == [("r", 1), ("other", 1)]
    keep(units, TAKEN)
    assert standing(units) == [("other", 1)]
    keep(units, replace(GIVEN, id="3", number=3))
    assert standing(units, "d") == [("r", 3), ("other", 1)]
    assert standing(units, "e") == []
    with units.reading() as uow:
        assert uow.confirmations.newest("a", ("d", "r", "0" * 64)).number == 3
        assert uow.confirmations.newest("b", ("d", "r", "0" * 64)) is None


@pytest.mark.parametrize(
    "change",
    [
        {"confirmed_by": "ani"},
        {"document": ""},
        {"page": ""},
        {"rule_hash": "short"},
        {"number": 0},
        {"number": 2},
        {"withdrawn": True},
        {"confirmed_by": "cici"},
    ],
)
def test_the_database_refuses_what_the_domain_refuses(units, change):
    with pytest.raises(Conflict):
        keep(units, replace(GIVEN, **change))


def test_what_stands_is_not_confirmed_again_and_nothing_is_edited(units):
    keep(units, GIVEN)
    with pytest.raises(Conflict):
        keep(units, replace(GIVEN, id="2", number=2))
    with units.writing() as uow, pytest.raises(sa.exc.DBAPIError):
        uow.connection.execute(rule_confirmation.update().values(page="1"))
    with units.writing() as uow, pytest.raises(sa.exc.DBAPIError):
        uow.connection.execute(rule_confirmation.delete())
