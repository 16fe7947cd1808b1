"""Periods on their way to SIASN: sent once, refused, unanswered, answered twice, taken back."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from engine.domain.exchange import (
    ATTEMPTS_MAX,
    PERIODIC_FIELDS,
    ExchangeKind,
    ExchangeState,
    taken_back,
    withdrawn,
)
from engine.usecases.exchange_rows import again, pending
from tests.app.siasn_there import SiasnThere
from tests.app.test_siasn import NOON, SETTLE, Desk
from tests.workflows.agency import PEOPLE

PERIODIC = ExchangeKind.PERIODIC
UNCLEAR = [
    "stored, then silent",
    "stored, then 500",
    "stored, wrong json",
    "stored, hung up",
    "stored, answered twice",
]


@pytest.fixture
def there():
    with SiasnThere() as siasn:
        yield siasn


@pytest.fixture
def desk(tmp_path, there):
    desk = Desk(tmp_path, there)
    desk.approve_period("sari")
    yield desk
    desk.wired.close()


@pytest.fixture
def standing(desk):
    """Sari's period stands in SIASN as it was sent."""
    desk.until_quiet(2)
    assert desk.period().state is ExchangeState.CONFIRMED
    return desk.period()


def take_back(desk, row):
    desk.put(withdrawn(row, desk.ids["joko"], "Salah periode", desk.watch.at))


def test_a_period_is_sent_field_by_field_read_back_and_confirmed(desk, there):
    desk.until_quiet(2)
    row = desk.period()
    assert (row.state, row.remote_id, row.attempts) == (ExchangeState.CONFIRMED, "RW-1", 1)
    assert desk.outcomes(kind=PERIODIC) == ["leaves", "stored", "confirmed"]
    [kept] = there.stored["periodic"]
    assert {name: kept[name] for name in PERIODIC_FIELDS} == {
        "bulanMulaiPenilaian": 1,
        "bulanSelesaiPenilaian": 6,
        "tahun": 2026,
        "tahunMulaiPenilaian": 2026,
        "tahunSelesaiPenilaian": 2026,
        "hasilKinerjaNilai": 1,
        "perilakuKerjaNilai": 2,
        "kuadranKinerjaNilai": 2,
        "koefisienId": "K-7",
        "periodikId": "P-1",
        "pnsDinilaiId": there.people[PEOPLE["sari"][0]]["id"],
        "penilaiGolongan": "Pembina (IV/a)",
        "penilaiJabatanNama": "Kepala Bidang",
        "penilaiNama": "Budi",
        "penilaiNipNrp": "197803222003121003",
        "penilaiUnorNama": "Bidang Data",
        "statusPenilai": "ASN",
    }
    assert there.posts() == ["/kinerjaperiodik/save"]
    assert there.stored["annual"] == []


@pytest.mark.parametrize("mood", UNCLEAR)
def test_a_period_stored_without_a_clear_answer_is_not_sent_again(desk, there, mood):
    there.moods["POST"] = [mood]
    desk.until_quiet(6)
    assert desk.period().state is ExchangeState.CONFIRMED
    assert len(there.stored["periodic"]) == len(there.posts()) == 1


@pytest.mark.parametrize("mood", ["500", "silent"])
def test_a_period_that_was_not_stored_is_sent_again_after_siasn_had_its_time(desk, there, mood):
    there.moods["POST"] = [mood]
    desk.sender.look()
    row = desk.period()
    assert (row.state, row.unknown, row.reason) == (ExchangeState.WAITING, True, "silent")
    assert row.free_at == desk.watch.at + SETTLE
    desk.later(minutes=14)
    assert desk.sender.look() == 0
    desk.until_quiet(4)
    assert desk.period().state is ExchangeState.CONFIRMED
    assert len(there.stored["periodic"]) == 1


@pytest.mark.parametrize("mood", ["refuse", "refuse in 200"])
def test_a_refused_period_waits_for_a_person(desk, there, mood):
    there.moods["POST"] = [mood]
    desk.until_quiet(3)
    row = desk.period()
    assert (row.state, row.reason) == (ExchangeState.REFUSED, "refused")
    assert "penilai" in row.answer or "periode" in row.answer
    assert len(there.posts()) == 1


def test_a_period_of_somebody_else_s_making_is_never_overwritten(desk, there):
    nip = PEOPLE["sari"][0]
    there.stored["periodic"] = [{**desk.period().payload, "id": "old", "nip": nip}]
    there.stored["periodic"][0]["koefisienId"] = "K-1"
    desk.until_quiet(2)
    row = desk.period()
    assert (row.state, row.reason) == (ExchangeState.REFUSED, "other_there")
    assert row.answer == "koefisienId=K-1"
    assert there.posts() == []


def test_a_period_without_its_coefficient_waits_for_a_person_until_it_has_one(desk, there):
    row = desk.period()
    held = replace(
        row,
        payload={**row.payload, "koefisienId": ""},
        state=ExchangeState.REFUSED,
        reason="no_coefficient",
    )
    desk.put(held)
    still = again(held, NOON)
    assert (still.state, still.reason) == (ExchangeState.REFUSED, "no_coefficient")
    desk.until_quiet(2)
    assert there.posts() == []
    desk.put(again(replace(held, payload=row.payload), NOON))
    desk.until_quiet(3)
    assert desk.period().state is ExchangeState.CONFIRMED


def test_siasn_takes_a_period_back_once_and_it_may_be_sent_anew(desk, there, standing):
    take_back(desk, standing)
    desk.until_quiet(3)
    row = desk.period()
    assert there.stored["periodic"] == []
    assert there.posts("DELETE") == ["/kinerjaperiodik/delete/RW-1"]
    assert taken_back(row)
    assert desk.outcomes(kind=PERIODIC)[-3:] == ["leaves", "stored", "taken_back"]
    assert (row.withdrawn_by, row.withdraw_reason) == (desk.ids["joko"], "Salah periode")
    assert pending(row, standing.payload)


@pytest.mark.parametrize("mood", UNCLEAR)
def test_what_was_taken_back_without_a_clear_answer_is_not_asked_again(desk, there, standing, mood):
    take_back(desk, standing)
    there.moods["DELETE"] = [mood]
    desk.until_quiet(4)
    assert taken_back(desk.period())
    assert len(there.posts("DELETE")) == 1


@pytest.mark.parametrize("mood", ["500", "silent", "busy"])
def test_taking_back_that_failed_is_asked_again(desk, there, standing, mood):
    take_back(desk, standing)
    there.moods["DELETE"] = [mood]
    desk.until_quiet(5)
    assert taken_back(desk.period())
    assert there.stored["periodic"] == []
    assert len(there.posts("DELETE")) == 2


def test_a_sender_that_dies_while_taking_back_is_not_followed_by_one_that_sends(
    desk, there, standing
):
    take_back(desk, standing)
    row = desk.period()
    with desk.house.writing() as uow:
        until = desk.watch.at + timedelta(minutes=10)
        assert uow.exchange.hold(row.id, desk.watch.at, until) is not None
        uow.commit()
    there.forget("RW-1")
    desk.restart()
    desk.later()
    desk.until_quiet(2)
    assert taken_back(desk.period())
    assert len(there.posts()) == 1


def test_siasn_may_refuse_to_take_back_and_a_person_asks_again(desk, there, standing):
    take_back(desk, standing)
    there.moods["DELETE"] = ["refuse"]
    desk.until_quiet(2)
    row = desk.period()
    assert (row.state, row.reason) == (ExchangeState.REFUSED, "refused")
    assert len(there.stored["periodic"]) == 1
    desk.put(again(row, desk.watch.at))
    desk.until_quiet(3)
    assert taken_back(desk.period())


def test_taking_back_ends_after_the_last_attempt(desk, there, standing):
    take_back(desk, standing)
    there.moods["DELETE"] = ["busy"] * (2 * ATTEMPTS_MAX)
    desk.until_quiet(20)
    row = desk.period()
    assert (row.state, row.reason) == (ExchangeState.DEAD, "away")
    assert len(there.stored["periodic"]) == 1
