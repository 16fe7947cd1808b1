"""Facts, recognitions, data used and referrals on both databases; the database refuses too."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
import sqlalchemy as sa

from engine.domain.cycles import Cycle
from engine.domain.people import Person
from engine.domain.ratings import Level, Predikat, Rating, RatingStatus
from engine.domain.recognition import (
    DataKind,
    DataUse,
    Outcome,
    Recognition,
    RecognitionKind,
    UseSubject,
)
from engine.domain.referrals import Referral, ReferralGround, ReferralHanding
from engine.domain.talent import FactKind, PersonFact
from engine.domain.units import Agency
from engine.persistence.tables import recognitions as t
from engine.usecases.errors import Conflict
from tests.persistence.building import NOON, units_of

FACT = PersonFact(
    id="f",
    person_id="ani",
    kind=FactKind.POTENTIAL,
    word="tinggi",
    on_day=date(2026, 5, 4),
    source="Laporan asesmen 12/2026",
    recorded_by="budi",
    at=NOON,
)
CASE = Referral(
    id="r",
    person_id="ani",
    agency_id="a",
    ground=ReferralGround.ETHICS,
    text="Menghina rekan",
    source="Saksi",
    referred_by="budi",
    at=NOON,
)
HAND = ReferralHanding(
    id="h", referral_id="r", handed_to="Tim pemeriksa", letter_no="1", handed_by="dodi", at=NOON
)
MADE = Recognition(
    id="n",
    person_id="ani",
    cycle_id="c",
    rating_id="final",
    kind=RecognitionKind.TALENT_ATTRIBUTE,
    cross_points_e4=100_000,
    host_units=1,
    outcome=Outcome.CONFIRMED,
    confirmed_by="budi",
    at=NOON,
)
USED = DataUse(
    id="u",
    subject=UseSubject.RECOGNITION,
    subject_id="n",
    person_id="ani",
    data=DataKind.RATING,
    data_id="final",
    data_version="1",
    data_hash="0" * 64,
    at=NOON,
)


def rating(rating_id, version, status):
    return Rating(
        id=rating_id,
        person_id="ani",
        cycle_id="c",
        version=version,
        ihk=Decimal("100.00"),
        proposed_level=Level.SESUAI,
        result_level=Level.SESUAI,
        behaviour_level=Level.SESUAI,
        predikat=Predikat.BAIK,
        status=status,
        at=NOON,
    )


@pytest.fixture
def units(database):
    made = units_of(database)
    with made.writing() as uow:
        uow.agency.add([Agency(id=code, code=code, name=code) for code in ("a", "b")])
        people = (("ani", "a"), ("budi", "a"), ("cici", "b"), ("dodi", "a"))
        for n, (who, agency) in enumerate(people):
            nip = f"19800101200501{n:04d}"
            uow.agency.add([Person(id=who, agency_id=agency, nip=nip, name=who)])
        first, last = date(2026, 1, 1), date(2026, 12, 31)
        year = Cycle(id="c", agency_id="a", year=2026, name="2026", starts_on=first, ends_on=last)
        open_one = rating("open", 1, RatingStatus.PROPOSED)
        uow.performance.add([year, open_one, rating("final", 2, RatingStatus.FINAL)])
        uow.commit()
    return made


def keep(units, *rows):
    with units.writing() as uow:
        for row in rows:
            uow.recognitions.add([row])
        uow.commit()


def test_what_is_kept_comes_back(units):
    keep(units, FACT, CASE, HAND, MADE, USED)
    with units.reading() as uow:
        store = uow.recognitions
        assert store.facts("ani") == [FACT]
        assert store.recognitions("ani") == [MADE]
        [used] = store.uses("ani")
        assert (used.use, used.changed) == (USED, False)
        [seen] = store.referrals("a")
        assert (seen.referral, seen.handed_to) == (CASE, "Tim pemeriksa")
        assert store.referrals("a", reader_id="ani") == store.referrals("b") == []
        [row] = store.allowance("c")
        assert (row.name, row.predikat, row.number) == ("ani", Predikat.BAIK, 0)
        assert store.allowance("c", after=row.mark) == []


def test_a_rating_with_a_newer_version_shows_as_changed(units):
    keep(units, MADE, USED)
    with units.writing() as uow:
        uow.performance.add([rating("later", 3, RatingStatus.PROPOSED)])
        uow.commit()
    with units.reading() as uow:
        assert [one.changed for one in uow.recognitions.uses("ani")] == [True]


@pytest.mark.parametrize(
    "row",
    [
        replace(FACT, word="s2"),
        replace(FACT, source=""),
        replace(FACT, recorded_by="ani"),
        replace(FACT, on_behalf_of="ani"),
        replace(FACT, recorded_by="cici"),
        replace(CASE, text=""),
        replace(CASE, referred_by="ani"),
        replace(CASE, agency_id="b"),
        replace(MADE, confirmed_by="ani"),
        replace(MADE, rating_id="open"),
        replace(MADE, outcome=Outcome.SET_ASIDE),
        replace(MADE, person_id="dodi"),
        replace(USED, data_hash="short"),
        replace(USED, data=DataKind.LEDGER_LINE),
        replace(USED, transfer_id=1),
    ],
)
def test_the_database_refuses_what_the_domain_would(units, row):
    with pytest.raises(Conflict):
        keep(units, row)


def test_a_case_is_handed_on_once_and_not_by_its_subject(units):
    keep(units, CASE)
    with pytest.raises(Conflict):
        keep(units, replace(HAND, handed_by="ani"))
    keep(units, HAND)
    with pytest.raises(Conflict):
        keep(units, replace(HAND, id="h2"))


@pytest.mark.parametrize("name", t.APPEND_ONLY)
def test_nothing_of_it_is_changed_or_deleted(units, name):
    keep(units, FACT, CASE, HAND, MADE, USED)
    table = getattr(t, name)
    for change in (table.update().values(at=NOON), table.delete()):
        with pytest.raises(sa.exc.DatabaseError), units.writing() as uow:
            uow.connection.execute(change)
