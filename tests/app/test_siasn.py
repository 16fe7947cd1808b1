"""Exactly once to SIASN: it refuses, is away, stays silent after storing, answers twice."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from app.settings import SettingRefused, Settings
from app.siasn import Access, HttpSiasn, access
from app.wiring import wire
from engine.domain.exchange import (
    ANNUAL_FIELDS,
    ATTEMPTS_MAX,
    Exchange,
    ExchangeKind,
    ExchangeState,
    RatedFacts,
    annual_payload,
    key_of,
    periodic_payload,
)
from engine.domain.ratings import Level, Predikat
from engine.jobs.exchange import SETTLE, Sender
from engine.usecases.exchange_rows import pending
from engine.usecases.ports.siasn import SiasnAway
from tests.app.siasn_there import SiasnThere
from tests.workflows.agency import PEOPLE, Ids, settle

WORDS = ("consumer_key", "consumer_secret", "client_id", "username", "password")
SECRETS = {name: f"a {name}" for name in WORDS}
NOON = datetime(2027, 2, 1, 5, 0, tzinfo=UTC)


class Watch:
    """A clock for the sender alone."""

    def __init__(self):
        self.at = NOON

    def __call__(self):
        return self.at


def way_to(there, **changes):
    known = {
        "base": there.url,
        "token_url": f"{there.url}/token",
        "sso_url": f"{there.url}/sso",
        "hosts": frozenset({there.host}),
        "secrets": SECRETS,
        "connect_s": 1.0,
        "answer_s": 0.4,
    }
    return HttpSiasn(Access(**{**known, **changes}))


class Desk:
    """A house with rows that wait, a sender, and the SIASN they go to."""

    def __init__(self, folder, there):
        self.wired = wire(
            Settings(
                database_url=f"sqlite:///{folder / 'regu.db'}",
                data_dir=folder,
                secret_file=folder / "secret",
            )
        )
        self.house, self.there, self.watch = self.wired.house, there, Watch()
        self.ids = Ids(self.house.ids.uuid)
        with self.house.writing() as uow:
            settle(uow, self.ids)
            uow.commit()
        there.knows(*((nip, name.title()) for name, (nip, *_) in PEOPLE.items()))
        self.restart()

    def restart(self, way=None):
        self.sender = Sender(self.house, way or way_to(self.there), now=self.watch)

    def approve(self, *names):
        self.put(*(self._row(name) for name in names))

    def approve_period(self, *names):
        self.put(*(self._period_row(name) for name in names))

    def _period_row(self, name):
        person, period = self.ids[name], self.ids["period 1"]
        told = replace(facts(person, PEOPLE[name][0]), period_id=period, ends_on=date(2026, 6, 30))
        return replace(
            self._row(name),
            period_id=period,
            kind=ExchangeKind.PERIODIC,
            key=key_of(ExchangeKind.PERIODIC, person, period),
            payload=periodic_payload(told, coefficient_id="K-7", period_ref="P-1"),
        )

    def _row(self, name):
        person, cycle = self.ids[name], self.ids["cycle"]
        return Exchange(
            id=self.house.ids.uuid(),
            agency_id=self.ids["agency"],
            person_id=person,
            cycle_id=cycle,
            period_id=None,
            kind=ExchangeKind.ANNUAL,
            key=key_of(ExchangeKind.ANNUAL, person, cycle),
            batch_id=self.ids["run"],
            rating_id=self.ids[f"rating {name}"],
            payload=annual_payload(facts(person, PEOPLE[name][0])),
            state=ExchangeState.WAITING,
            approved_by=self.ids["joko"],
            approved_at=NOON,
            at=NOON,
        )

    def put(self, *rows):
        with self.house.writing() as uow:
            uow.exchange.put(rows)
            uow.commit()

    def row(self, name="sari", kind=ExchangeKind.ANNUAL):
        about = "cycle" if kind is ExchangeKind.ANNUAL else "period 1"
        key = key_of(kind, self.ids[name], self.ids[about])
        with self.house.reading() as uow:
            return uow.exchange.of_keys([key])[key]

    def period(self, name="sari"):
        return self.row(name, ExchangeKind.PERIODIC)

    def outcomes(self, name="sari", kind=ExchangeKind.ANNUAL):
        with self.house.reading() as uow:
            return [one.outcome for one in uow.exchange.attempts(self.row(name, kind).id)]

    def later(self, **span):
        self.watch.at += timedelta(**(span or {"hours": 7}))

    def until_quiet(self, looks=40):
        for _ in range(looks):
            self.sender.look()
            self.later()


def facts(person_id, nip):
    return RatedFacts(
        person_id=person_id,
        nip=nip,
        name="Sari",
        rating_id="r",
        result=Level.DI_ATAS,
        behaviour=Level.SESUAI,
        predikat=Predikat.BAIK,
        year=2026,
        starts_on=date(2026, 1, 1),
        ends_on=date(2026, 12, 31),
        rater_nip="197803222003121003",
        rater_name="Budi",
        rater_post="Kepala Bidang",
        rater_rank="Pembina (IV/a)",
        rater_unit="Bidang Data",
    )


@pytest.fixture
def there():
    with SiasnThere() as siasn:
        yield siasn


@pytest.fixture
def desk(tmp_path, there):
    desk = Desk(tmp_path, there)
    yield desk
    desk.wired.close()


def test_an_evaluation_is_sent_read_back_and_confirmed(desk, there):
    desk.approve("sari")
    assert desk.sender.look() == 1
    assert desk.row().state is ExchangeState.SENT
    desk.later()
    desk.sender.look()
    row = desk.row()
    assert (row.state, row.remote_id, row.attempts) == (ExchangeState.CONFIRMED, "RW-1", 1)
    assert desk.outcomes() == ["leaves", "stored", "confirmed"]
    [kept] = there.stored["annual"]
    assert {name: kept[name] for name in ANNUAL_FIELDS} == {
        "tahun": 2026,
        "hasilKinerjaNilai": 1,
        "perilakuKerjaNilai": 2,
        "kuadranKinerjaNilai": 2,
        "pnsDinilaiOrang": there.people[PEOPLE["sari"][0]]["id"],
        "penilaiNipNrp": "197803222003121003",
        "penilaiNama": "Budi",
        "penilaiJabatan": "Kepala Bidang",
        "penilaiGolongan": "Pembina (IV/a)",
        "penilaiUnorNama": "Bidang Data",
        "statusPenilai": "ASN",
    }
    assert there.headers[0]["Idempotency-Key"] == row.key
    assert there.headers[0]["Auth"] == "bearer let in /sso"
    assert desk.sender.look() == 0


@pytest.mark.parametrize(
    "mood",
    [
        "stored, then silent",
        "stored, then 500",
        "stored, wrong json",
        "stored, hung up",
        "stored, answered twice",
    ],
)
def test_what_was_stored_without_a_clear_answer_is_not_sent_again(desk, there, mood):
    desk.approve("sari", "budi")
    there.moods["POST"] = [mood]
    desk.until_quiet()
    assert [desk.row(name).state for name in ("sari", "budi")] == [ExchangeState.CONFIRMED] * 2
    assert len(there.stored["annual"]) == 2
    assert len(there.posts()) == 2


def test_a_failed_request_that_stored_nothing_is_sent_again_after_a_pause(desk, there):
    desk.approve("sari")
    there.moods["POST"] = ["500"]
    desk.sender.look()
    row = desk.row()
    assert (row.state, row.unknown) == (ExchangeState.WAITING, True)
    assert row.free_at == desk.watch.at + SETTLE
    desk.later(minutes=14)
    assert desk.sender.look() == 0
    desk.until_quiet()
    assert desk.row().state is ExchangeState.CONFIRMED
    assert len(there.stored["annual"]) == 1


@pytest.mark.parametrize("mood", ["refuse", "refuse in 200"])
def test_a_refusal_waits_for_a_person_with_siasn_s_own_words(desk, there, mood):
    desk.approve("sari")
    there.moods["POST"] = [mood] * 3
    desk.until_quiet()
    row = desk.row()
    assert (row.state, row.reason) == (ExchangeState.REFUSED, "refused")
    assert "penilai" in row.answer or "periode" in row.answer
    assert len(there.posts()) == 1


def test_somebody_unknown_there_is_told_and_nothing_is_sent(desk, there):
    there.people.pop(PEOPLE["sari"][0])
    desk.approve("sari")
    desk.until_quiet(3)
    assert (desk.row().state, desk.row().reason) == (ExchangeState.REFUSED, "unknown_person")
    assert there.posts() == []


def test_another_evaluation_that_stands_there_is_never_overwritten(desk, there):
    desk.approve("sari")
    nip = PEOPLE["sari"][0]
    held = {"id": "old", "nip": nip, "tahun": "2026", "hasilKinerjaNilai": "2"}
    there.stored["annual"] = [{**held, "perilakuKerjaNilai": "2", "kuadranKinerjaNilai": "2"}]
    desk.until_quiet(3)
    assert (desk.row().state, desk.row().reason) == (ExchangeState.REFUSED, "other_there")
    assert there.posts() == []


@pytest.mark.parametrize(
    "changes",
    [
        {"rater_nip": "196901011990011001"},
        {"rater_name": "Ratna"},
        {"rater_post": "Direktur"},
        {"rater_rank": "Pembina Utama (IV/e)"},
        {"rater_unit": "Direktorat Data"},
    ],
)
def test_a_rater_corrected_after_confirmation_is_never_confirmed_unsent(desk, there, changes):
    desk.approve("sari")
    desk.until_quiet(3)
    confirmed = desk.row()
    told = replace(facts(desk.ids["sari"], PEOPLE["sari"][0]), **changes)
    payload = annual_payload(told)
    assert pending(confirmed, payload)
    waits = replace(confirmed, payload=payload, state=ExchangeState.WAITING, confirmed_at=None)
    desk.put(waits)
    desk.until_quiet(3)
    row = desk.row()
    assert (row.state, row.reason) == (ExchangeState.REFUSED, "other_there")
    [name] = [one for one in payload if payload[one] != facts_sent(confirmed, one)]
    assert row.answer == f"{name}={there.stored['annual'][0][name]}"
    assert len(there.posts()) == 1


def facts_sent(row, name):
    return "" if name == "pnsDinilaiOrang" else row.payload[name]


@pytest.mark.parametrize("mood", ["wrong json", "500", "redirect", "endless"])
def test_nothing_is_sent_while_siasn_cannot_be_read(desk, there, mood):
    desk.approve("sari")
    there.moods["GET"] = [mood] * 2
    assert desk.sender.look() == 0
    assert desk.row().state is ExchangeState.WAITING
    assert there.posts() == []
    assert ("GET", "/elsewhere") not in there.asked
    desk.until_quiet()
    assert desk.row().state is ExchangeState.CONFIRMED
    assert len(there.stored["annual"]) == 1


def test_after_the_last_attempt_a_row_is_dead_and_nothing_is_lost(desk, there):
    desk.approve("sari", "budi")
    there.moods["POST"] = ["busy"] * (2 * ATTEMPTS_MAX)
    desk.until_quiet()
    rows = [desk.row(name) for name in ("sari", "budi")]
    assert {row.state for row in rows} == {ExchangeState.DEAD}
    assert {row.reason for row in rows} == {"away"}
    assert there.stored["annual"] == []


def test_a_sender_that_dies_before_the_answer_is_followed_by_one_that_reads_first(desk, there):
    desk.approve("sari")
    real, desk.sender._siasn = desk.sender._siasn, None

    class Dying:
        def __getattr__(self, name):
            return getattr(real, name)

        def save(self, *words):
            real.save(*words)
            raise KeyboardInterrupt

    desk.sender._siasn = Dying()
    with pytest.raises(KeyboardInterrupt):
        desk.sender.look()
    assert desk.row().state is ExchangeState.SENDING
    desk.restart()
    assert desk.sender.look() == 0
    desk.until_quiet(3)
    assert desk.row().state is ExchangeState.CONFIRMED
    assert len(there.posts()) == 1


def test_two_senders_send_a_row_once(desk, there):
    desk.approve("sari")
    other = Sender(desk.house, way_to(there), now=desk.watch)
    with desk.house.writing() as uow:
        held = uow.exchange.hold(desk.row().id, NOON, NOON + timedelta(minutes=10))
        again = uow.exchange.hold(desk.row().id, NOON, NOON + timedelta(minutes=10))
        uow.commit()
    assert held is not None
    assert again is None
    assert other.look() == 0
    assert there.posts() == []


def test_everybody_is_read_for_the_mismatch_report(desk, there):
    there.people.pop(PEOPLE["budi"][0])
    with desk.house.writing() as uow:
        uow.exchange.want(desk.ids["agency"], None, NOON)
        uow.commit()
    there.moods["GET"] = ["500"]
    desk.until_quiet()
    with desk.house.reading() as uow:
        sari, budi = (uow.exchange.reading(desk.ids[name]) for name in ("sari", "budi"))
    assert sari.about["nama"] == "Sari"
    assert (sari.wanted_at, sari.fault) == (None, "")
    assert budi.fault == "unknown_person"


def test_no_other_host_and_no_private_address_is_asked(there):
    way = way_to(there, base="http://169.254.169.254", hosts=frozenset({there.host}))
    with pytest.raises(SiasnAway, match="REGU_SIASN_HOSTS"):
        way.person("1")
    listed = frozenset({there.host, "169.254.169.254", "10.0.0.1", "0x7f000001:1"})
    for host in ("169.254.169.254", "10.0.0.1"):
        with pytest.raises(SiasnAway):
            way_to(there, base=f"http://{host}", hosts=listed).person("1")


def test_a_token_is_asked_for_once_and_again_after_401(desk, there):
    desk.approve("sari", "budi")
    desk.until_quiet()
    assert [path for path, *_ in there.tokens].count("/token") <= 40
    assert there.tokens[0][1].startswith("Basic ")
    assert b"grant_type=password" in there.tokens[1][2]


def settings(folder, **changes):
    file = folder / "siasn.json"
    file.write_text(json.dumps(SECRETS), encoding="utf-8")
    known = {
        "database_url": "sqlite://",
        "data_dir": folder,
        "secret_file": folder / "secret",
        "siasn_url": "https://api.example.go.id/1.0",
        "siasn_token_url": "https://api.example.go.id/token",
        "siasn_sso_url": "https://sso.example.go.id/token",
        "siasn_hosts": ("api.example.go.id", "sso.example.go.id"),
        "siasn_secret_file": file,
    }
    return Settings(**{**known, **changes})


def test_it_is_off_without_an_address_and_shows_no_secret(tmp_path):
    assert access(settings(tmp_path, siasn_url="")) is None
    found = access(settings(tmp_path))
    assert found is not None
    assert "a password" not in repr(found)


@pytest.mark.parametrize(
    "changes",
    [
        {"siasn_url": "https://other.example.go.id"},
        {"siasn_url": "http://api.example.go.id"},
        {"siasn_url": "https://user@api.example.go.id"},
        {"siasn_hosts": ()},
        {"siasn_sso_url": ""},
        {"siasn_secret_file": None},
    ],
)
def test_settings_that_would_ask_elsewhere_or_without_secrets_stop_the_start(tmp_path, changes):
    with pytest.raises(SettingRefused):
        access(settings(tmp_path, **changes))
