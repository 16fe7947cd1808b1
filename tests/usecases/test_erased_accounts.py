"""Acts on an account are told by ids: after an erasure no table says whose account it was."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace

import pyotp
import pytest

from app.one_time_codes import OneTimeCodes
from app.operator import OPERATOR
from app.passwords import Passwords
from engine.domain.people import Appointment, AppointmentKind, Person
from engine.domain.units import Agency, JobClass, Post, Unit
from engine.persistence.schema import metadata
from engine.usecases import accounts, administration, reach, second_factors, sessions
from engine.usecases import single_sign_on as sso
from engine.usecases.accounts import SignInRefused, TooManyTries
from engine.usecases.actor import Actor, ActorKind
from engine.usecases.erasing import erase_person
from engine.usecases.ports.accounts import AccountRow
from engine.usecases.ports.administration import LogQuery
from tests.usecases.conftest import Place

NIP, NAME, MAIL = "198001012005011001", "Ani Lestari Wijaya", "ani@contoh.go.id"
FIRST, SECOND = "an old and long Secret 1", "a new and long Secret 2"
ISSUER = "https://masuk.contoh.go.id"
HASHER = Passwords(memory_kib=64, passes=1)
CODES = OneTimeCodes([b"a secret of a test"])
HR = Actor(
    kind=ActorKind.PERSON,
    name="budi",
    person_id="budi",
    agency_id="a",
    groups=frozenset({"admin", "auditor"}),
)
#: what is done on and with an account, in order; each writes a line of audit
ACTS = (
    "account:login:open",
    "account:session:open",
    "account:session:close",
    "account:session:end",
    "account:password:change",
    "account:group:grant",
    "account:group:withdraw",
    "account:factor:set",
    "account:recovery:make",
    "account:factor:remove",
    "account:factor:reset",
    "account:identity:bind",
    "account:identity:release",
    "account:login:disable",
)


@pytest.fixture
def place(database):
    with reach.everywhere():
        made = Place(database)
        with made.house.writing() as uow:
            people(uow)
            uow.commit()
        yield made


def people(uow):
    uow.agency.add([Agency(id="a", code="a", name="Badan")])
    uow.agency.add([Unit(id="u", agency_id="a", code="u", name="Biro")])
    first = next(iter(JobClass))
    uow.agency.add([Post(id="p", unit_id="u", title="Analis", job_class=first, is_head=False)])
    uow.agency.add([Person(id="ani", agency_id="a", nip=NIP, name=NAME, email=MAIL)])
    uow.agency.add([Person(id="budi", agency_id="a", nip="198502022010012002", name="Budi")])
    uow.agency.add([
        Appointment(id="seat", person_id="ani", post_id="p", kind=AppointmentKind.DEFINITIVE,
                    valid_from=date(2010, 1, 1), valid_to=date(2020, 6, 1)),
    ])  # fmt: skip


def live(house):
    """Everything that is done on and with an account in a working life."""
    accounts.give_password(house, HR, NIP, HASHER.hash(FIRST))
    inside = come_in(house, FIRST)
    sessions.close_session(house, inside)
    inside = come_in(house, FIRST)
    sessions.end_own(house, inside, None)
    accounts.change_password(house, HASHER, inside, old=FIRST, new=SECOND)
    accounts.grant_group(house, HR, NIP, "hr", date(2015, 1, 1))
    accounts.withdraw_group(house, HR, NIP, "hr", date(2016, 1, 1))
    inside = come_in(house, SECOND)
    with_factor(house, inside)
    sso.account_behind(house, issuer=ISSUER, subject="s-1", login=NIP)
    sso.release_identities(house, HR, NIP)
    accounts.disable_account(house, HR, NIP)
    guess(house)


def come_in(house, password):
    return sessions.open_session(house, accounts.check_password(house, HASHER, NIP, password))


def with_factor(house, inside):
    for ends in (second_factors.remove, None):
        second_factors.begin(house, CODES, inside)
        secret = second_factors.waiting_secret(house, CODES, NIP)
        early = pyotp.TOTP(secret).at(datetime.now(UTC) - timedelta(seconds=30))
        made = second_factors.confirm(house, CODES, inside, early)
        if ends is not None:
            made = second_factors.renew_codes(house, CODES, inside, made[0])
            ends(house, CODES, inside, made[0])
    second_factors.reset(house, HR, NIP)


def guess(house):
    """Somebody tries a NIP, as people do who forgot that they left."""
    with suppress(SignInRefused, TooManyTries):
        accounts.check_password(house, HASHER, NIP, "wrong")


def audited(house):
    with house.reading() as uow:
        table = metadata.tables["audit"]
        rows = uow.connection.execute(table.select().where(table.c.stream == "account"))
        return [SimpleNamespace(act=row.act, facts=json.loads(row.facts)) for row in rows]


def tables_that_say(house, *words):
    """Tables in which a cell holds one of the words, read cell by cell."""
    found = set()
    with house.reading() as uow:
        for table in metadata.sorted_tables:
            rows = uow.connection.exec_driver_sql(f'SELECT * FROM "{table.name}"')  # noqa: S608 - our names
            cells = json.dumps([list(map(str, row)) for row in rows])
            if any(word in cells for word in words):
                found.add(table.name)
    return found


def test_acts_on_an_account_name_it_by_an_id_and_never_by_its_login(place):
    live(place.house)
    lines = audited(place.house)
    assert {line.act for line in lines} == set(ACTS)
    for line in lines:
        assert line.facts["account"] == "ani", line
        assert NIP not in json.dumps(line.facts), line


def test_after_an_erasure_no_table_tells_who_it_was(place):
    live(place.house)
    assert {"person", "account", "sign_in_failure"} <= tables_that_say(place.house, NIP)
    erase_person(place.house, OPERATOR, NIP, letter="12/BKN/2026", reason="her own wish")
    assert tables_that_say(place.house, NIP, NAME, MAIL) == set()


def test_guesses_at_a_number_without_an_account_go_with_its_person(place):
    guess(place.house)
    assert "sign_in_failure" in tables_that_say(place.house, NIP)
    erase_person(place.house, OPERATOR, NIP, letter="12/BKN/2026", reason="her own wish")
    assert tables_that_say(place.house, NIP, NAME, MAIL) == set()


def test_the_log_of_an_agency_tells_the_name_behind_an_account_while_there_is_one(place):
    live(place.house)
    query = LogQuery(
        agency_id="a",
        since=datetime(2000, 1, 1, tzinfo=UTC),
        until=datetime(2100, 1, 1, tzinfo=UTC),
        act="account:login:disable",
    )
    _, names = administration.log(place.house, HR, query)
    assert names["ani"] == NAME
    erase_person(place.house, OPERATOR, NIP, letter="12/BKN/2026", reason="her own wish")
    _, names = administration.log(place.house, HR, query)
    assert names["ani"] == "Dihapus ani"


def test_the_first_administrator_is_no_person_s_number(place):
    with pytest.raises(accounts.InputRefused, match="login"):
        accounts.create_admin(place.house, HASHER, login=NIP, password=FIRST, agency_id="a")
    row = accounts.create_admin(place.house, HASHER, login="op", password=FIRST, agency_id="a")
    assert isinstance(row, AccountRow)
    [line] = audited(place.house)
    assert line.facts["account"] == "op"
