"""Rows on their way to SIASN, its readings and copied fields, on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
import sqlalchemy as sa

from engine.domain.cycles import Cycle, Period
from engine.domain.exchange import Exchange, ExchangeKind, ExchangeState
from engine.domain.people import Person
from engine.domain.ratings import Level, Predikat, Rating, RatingStatus
from engine.domain.units import Agency
from engine.usecases.ports.exchange import Attempt, CopiedField, SiasnReading
from tests.persistence.building import NOON, units_of

ROW = Exchange(
    id="e1",
    agency_id="a",
    person_id="ani",
    cycle_id="c",
    period_id=None,
    kind=ExchangeKind.ANNUAL,
    key="skp22:ani:2026",
    batch_id="b1",
    rating_id="final",
    payload={"tahun": 2026, "hasilKinerjaNilai": 2},
    state=ExchangeState.WAITING,
    approved_by="budi",
    approved_at=NOON,
    at=NOON,
)
SOON = NOON + timedelta(minutes=5)


@pytest.fixture
def units(database):
    made = units_of(database)
    with made.writing() as uow:
        uow.agency.add([Agency(id=code, code=code, name=code) for code in ("a", "b")])
        for n, (who, agency) in enumerate((("ani", "a"), ("budi", "a"), ("cici", "b"))):
            nip = f"19800101200501{n:04d}"
            uow.agency.add([Person(id=who, agency_id=agency, nip=nip, name=who)])
        first, last = date(2026, 1, 1), date(2026, 12, 31)
        year = Cycle(id="c", agency_id="a", year=2026, name="2026", starts_on=first, ends_on=last)
        rating = Rating(
            id="final",
            person_id="ani",
            cycle_id="c",
            version=1,
            ihk=Decimal("100.00"),
            proposed_level=Level.SESUAI,
            result_level=Level.SESUAI,
            behaviour_level=Level.SESUAI,
            predikat=Predikat.BAIK,
            rater_id="budi",
            status=RatingStatus.FINAL,
            at=NOON,
        )
        uow.performance.add([year, rating])
        uow.commit()
    return made


def put(units, *rows):
    with units.writing() as uow:
        uow.exchange.put(rows)
        uow.commit()


def test_a_row_comes_back_as_it_was_put_and_as_it_is_now(units):
    put(units, ROW)
    confirmed = replace(ROW, state=ExchangeState.CONFIRMED, confirmed_at=SOON, remote_id="s-1")
    with units.reading() as uow:
        assert uow.exchange.get("e1") == ROW
        assert uow.exchange.of_keys([ROW.key, "other"]) == {ROW.key: ROW}
        assert uow.exchange.states("a") == {ExchangeState.WAITING: 1}
        assert uow.exchange.states("b") == {}
        [line] = uow.exchange.lines("a", [ExchangeState.WAITING], limit=5)
        assert (line.row, line.name, line.period_name) == (ROW, "ani", "")
    put(units, confirmed)
    with units.reading() as uow:
        assert uow.exchange.get("e1") == confirmed


def test_a_row_is_held_by_one_sender_until_its_time_is_over(units):
    put(units, ROW)
    with units.writing() as uow:
        assert uow.exchange.due(NOON, 5) == ["e1"]
        assert uow.exchange.hold("e1", NOON, SOON) == ROW
        uow.commit()
    with units.writing() as uow:
        assert uow.exchange.due(NOON, 5) == []
        assert uow.exchange.hold("e1", NOON, SOON) is None
        held = uow.exchange.hold("e1", SOON, SOON + timedelta(minutes=5))
        assert held.state is ExchangeState.SENDING


@pytest.mark.parametrize(
    "row",
    [
        replace(ROW, withdrawn_by="budi", withdraw_reason="Salah", remote_id="s-1"),
        replace(ROW, withdraw_reason="Tanpa nama"),
        replace(ROW, id="e2"),
        replace(ROW, id="e2", key="k2"),
        replace(ROW, kind=ExchangeKind.PERIODIC),
        replace(ROW, state=ExchangeState.CONFIRMED),
        replace(ROW, state=ExchangeState.REFUSED),
        replace(ROW, state=ExchangeState.SENDING),
        replace(ROW, attempts=-1),
    ],
)
def test_the_database_refuses_what_breaks_a_rule(units, row):
    put(units, ROW)
    with pytest.raises(sa.exc.IntegrityError):
        put(units, row)


PERIOD = replace(
    ROW,
    id="e9",
    key="periodic:ani:q",
    kind=ExchangeKind.PERIODIC,
    period_id="q",
    payload={"tahun": 2026, "koefisienId": "K-1"},
)


@pytest.fixture
def quarter(units):
    with units.writing() as uow:
        first, last = date(2026, 1, 1), date(2026, 3, 31)
        one = Period(id="q", cycle_id="c", number=1, name="I", starts_on=first, ends_on=last)
        uow.performance.add([one])
        uow.commit()
    return units


@pytest.mark.parametrize("payload", [{"koefisienId": "", "tahun": 2026}, {"tahun": 2026}])
@pytest.mark.parametrize("state", [ExchangeState.WAITING, ExchangeState.SENT])
def test_the_database_lets_no_period_go_without_its_coefficient(quarter, payload, state):
    held = replace(PERIOD, payload=payload, state=ExchangeState.REFUSED, reason="no_coefficient")
    put(quarter, held)
    for row in (replace(held, state=state), replace(held, id="e8", key="other", state=state)):
        with pytest.raises(sa.exc.IntegrityError, match="exchange_coefficient"):
            put(quarter, row)
    put(quarter, PERIOD)


def test_the_database_wants_the_reason_and_the_id_of_what_is_taken_back(quarter):
    put(quarter, PERIOD)
    back = replace(PERIOD, withdrawn_by="budi", withdraw_reason="Salah orang", remote_id="s-1")
    for row in (replace(back, withdraw_reason=""), replace(back, remote_id="")):
        with pytest.raises(sa.exc.IntegrityError, match="taken_back"):
            put(quarter, row)
    put(quarter, back)
    with quarter.reading() as uow:
        assert uow.exchange.get("e9") == back


def test_a_request_that_was_made_stays(units):
    put(units, ROW)
    made = Attempt(id="t", exchange_id="e1", number=1, outcome="timeout", answer="", at=NOON)
    with units.writing() as uow:
        uow.exchange.attempted(made)
        uow.commit()
    with units.reading() as uow:
        assert uow.exchange.attempts("e1") == [made]
    for statement in ("UPDATE exchange_attempt SET answer = 'x'", "DELETE FROM exchange_attempt"):
        with units.writing() as uow, pytest.raises(Exception, match="append-only"):
            uow.connection.exec_driver_sql(statement)


def test_people_are_read_when_asked_for_and_kept_as_siasn_said(units):
    with units.writing() as uow:
        assert uow.exchange.want("a", None, NOON) == 2
        assert uow.exchange.want("a", ["ani"], NOON) == 1
        uow.commit()
    said = SiasnReading(
        person_id="ani",
        agency_id="a",
        siasn_id="s-9",
        about={"nama": "Ani"},
        annual=[{"tahun": 2026}],
        periodic=[],
        read_at=SOON,
    )
    with units.writing() as uow:
        assert [who for who, _ in uow.exchange.wanted(NOON, 5)] == ["ani", "budi"]
        uow.exchange.keep(said)
        uow.commit()
    with units.reading() as uow:
        assert uow.exchange.reading("ani") == said
        assert [who for who, _ in uow.exchange.wanted(NOON, 5)] == ["budi"]
        first, second = uow.exchange.people("a", date(2026, 6, 1), limit=5)
        assert (first.name, first.reading, second.name) == ("ani", said, "budi")


def test_a_mark_holds_the_words_that_were_copied(units):
    made = CopiedField(entry="note:1", field="kegiatan", text="Rapat", at=NOON)
    with units.writing() as uow:
        uow.exchange.mark("ani", "c", made)
        uow.exchange.mark("ani", "c", replace(made, text="Rapat kerja"))
        uow.commit()
    with units.reading() as uow:
        assert [one.text for one in uow.exchange.copied("ani", "c")] == ["Rapat kerja"]
    with units.writing() as uow:
        uow.exchange.unmark("ani", "note:1", "kegiatan")
        assert list(uow.exchange.copied("ani", "c")) == []
