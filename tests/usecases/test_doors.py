"""Passwords, sessions, second factors and identities, command by command and on both databases."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pyotp
import pytest

from app.one_time_codes import OneTimeCodes
from app.passwords import Passwords
from engine.domain.people import Person
from engine.domain.units import Agency
from engine.usecases import accounts, second_factors, sessions, single_sign_on
from engine.usecases.accounts import SignedIn, SignInRefused
from engine.usecases.actor import Actor, ActorKind
from engine.usecases.errors import NotFound
from engine.usecases.ports.accounts import AccountRow
from engine.usecases.sessions import Lifetime

SARI, AGENCY = "sari", "agency-1"
OLD, NEW = "an old and long Secret 1", "a new and long Secret 2"
HASHER = Passwords(memory_kib=64, passes=1)
STRONGER = Passwords(memory_kib=128, passes=1)
ADMIN = Actor(kind=ActorKind.CLIENT, name="admin", agency_id=AGENCY, groups=frozenset({"admin"}))


@dataclass
class Door:
    """Somebody who has come in, and the house."""

    house: object
    codes: OneTimeCodes
    inside: SignedIn

    @property
    def account(self):
        with self.house.reading() as uow:
            return uow.accounts.account(SARI)

    def comes_in(self, token):
        return sessions.session_of(self.house, token) is not None

    def with_factor(self):
        """Somebody with a confirmed second factor: its secret, and the recovery codes."""
        second_factors.begin(self.house, self.codes, self.inside)
        secret = second_factors.waiting_secret(self.house, self.codes, SARI)
        code = pyotp.TOTP(secret).at(datetime.now(UTC) - timedelta(seconds=30))
        return secret, second_factors.confirm(self.house, self.codes, self.inside, code)


@pytest.fixture
def door(place):
    with place.house.writing() as uow:
        agency = Agency(id=AGENCY, code="A", name="A", timezone="Asia/Jakarta")
        person = Person(id="p-sari", agency_id=AGENCY, nip="199001012015011001", name="Sari")
        uow.agency.add([agency, person])
        uow.accounts.put(
            AccountRow(
                login=SARI,
                person_id="p-sari",
                password_hash=HASHER.hash(OLD),
                agency_id=AGENCY,
                display_name="Sari",
            )
        )
        uow.commit()
    account = accounts.check_password(place.house, HASHER, SARI, OLD)
    inside = sessions.open_session(place.house, account)
    return Door(place.house, OneTimeCodes([b"a secret of a test"]), inside)


def test_a_changed_password_ends_the_other_sessions(door):
    other = sessions.open_session(door.house, door.account)
    accounts.change_password(door.house, HASHER, door.inside, old=OLD, new=NEW)
    assert door.comes_in(door.inside.token)
    assert not door.comes_in(other.token)
    accounts.check_password(door.house, HASHER, SARI, NEW)
    with pytest.raises(SignInRefused):
        accounts.check_password(door.house, HASHER, SARI, OLD)


def test_a_hash_of_older_strength_is_renewed_at_the_next_sign_in(door):
    weak = door.account.password_hash
    accounts.check_password(door.house, STRONGER, SARI, OLD)
    assert door.account.password_hash != weak
    assert not STRONGER.outdated(door.account.password_hash)


def test_a_given_password_ends_every_session(door):
    accounts.give_password(door.house, ADMIN, SARI, HASHER.hash(NEW))
    assert not door.comes_in(door.inside.token)
    accounts.check_password(door.house, HASHER, SARI, NEW)


def test_a_session_is_used_speaks_a_language_is_renewed_and_closed(door):
    session = sessions.set_locale(door.house, door.inside.session, "en")
    assert sessions.session_of(door.house, door.inside.token).session.locale == "en"
    long_ago = replace(session, seen_at=session.seen_at - timedelta(hours=1))
    with door.house.writing() as uow:
        uow.sessions.put(long_ago)
        uow.commit()
    sessions.note_use(door.house, long_ago, Lifetime())
    renewed = sessions.renewed(door.house, replace(door.inside, session=session), at_once=True)
    assert door.comes_in(renewed.token)
    assert not door.comes_in(door.inside.token)
    sessions.close_session(door.house, renewed)
    assert not door.comes_in(renewed.token)


def test_one_ends_one_of_ones_sessions_or_all_others(door):
    others = [sessions.open_session(door.house, door.account) for _ in range(3)]
    sessions.end_own(door.house, door.inside, sessions.mark_of(others[0].session))
    assert [door.comes_in(one.token) for one in others] == [False, True, True]
    sessions.end_own(door.house, door.inside, None)
    assert not any(door.comes_in(one.token) for one in others)
    assert door.comes_in(door.inside.token)


def test_recovery_codes_are_renewed_for_a_code_and_the_old_ones_are_gone(door):
    secret, first = door.with_factor()
    code = pyotp.TOTP(secret).now()
    second = second_factors.renew_codes(door.house, door.codes, door.inside, code)
    assert not set(first) & set(second)
    with pytest.raises(SignInRefused):
        second_factors.check(door.house, door.codes, SARI, first[0])
    assert second_factors.check(door.house, door.codes, SARI, second[0]) == "recovery_code"


def test_a_second_factor_is_given_up_for_a_code(door):
    secret, _codes = door.with_factor()
    second_factors.remove(door.house, door.codes, door.inside, pyotp.TOTP(secret).now())
    assert not second_factors.counts(door.house, SARI)


def test_an_administrator_takes_away_a_lost_factor(door):
    door.with_factor()
    second_factors.reset(door.house, ADMIN, SARI)
    assert not second_factors.counts(door.house, SARI)
    assert not door.comes_in(door.inside.token)
    with pytest.raises(NotFound):
        second_factors.reset(door.house, ADMIN, SARI)


def test_an_identity_is_tied_once_and_untied_by_an_administrator(door):
    asked = {"issuer": "https://sso.example", "login": SARI}
    assert single_sign_on.account_behind(door.house, subject="s-1", **asked).login == SARI
    with pytest.raises(single_sign_on.UnknownIdentity):
        single_sign_on.account_behind(door.house, subject="s-2", **asked)
    single_sign_on.release_identities(door.house, ADMIN, SARI)
    assert not single_sign_on.is_tied(door.house, SARI)
    assert not door.comes_in(door.inside.token)
    assert single_sign_on.account_behind(door.house, subject="s-2", **asked).login == SARI
