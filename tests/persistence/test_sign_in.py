"""What counts once counts once, on both databases."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from engine.usecases.ports.accounts import FactorRow, IdentityRow
from engine.usecases.ports.retention import Spent
from tests.persistence.building import NOON
from tests.persistence.test_accounts import ANI, SESSION

FACTOR = FactorRow(login=ANI.login, sealed=b"\0sealed", key_id="k", made_at=NOON)
IDENTITY = IdentityRow(issuer="https://sso", subject="s", login=ANI.login, bound_at=NOON)


@pytest.fixture
def known(units):
    with units.writing() as uow:
        uow.accounts.put(ANI)
        uow.commit()
    return units


def test_a_step_and_a_recovery_code_are_taken_once(known):
    with known.writing() as uow:
        factors = uow.factors
        factors.put(FACTOR)
        assert factors.get(ANI.login) == FACTOR
        assert factors.take_step(ANI.login, 7)
        assert not factors.take_step(ANI.login, 7)
        assert not factors.take_step(ANI.login, 6)
        assert factors.take_step(ANI.login, 8)
        factors.put_codes(ANI.login, ["a", "b"])
        assert factors.take_code(ANI.login, "a", NOON)
        assert not factors.take_code(ANI.login, "a", NOON)
        assert not factors.take_code("nobody", "b", NOON)
        assert factors.codes_left(ANI.login) == 1
        assert factors.remove(ANI.login)
        assert not factors.remove(ANI.login)
        assert factors.codes_left(ANI.login) == 0


def test_a_ticket_counts_once_and_is_forgotten_later(known):
    with known.writing() as uow:
        assert uow.sessions.spend("t", NOON)
        assert not uow.sessions.spend("t", NOON)
        uow.commit()
    with known.writing() as uow:
        assert not uow.sessions.spend("t", NOON)
        assert uow.retention.forget(Spent.TICKETS, NOON + timedelta(days=1), 10) == 1


def test_an_identity_is_tied_once(known):
    with known.writing() as uow:
        uow.identities.bind(IDENTITY)
        assert uow.identities.find("https://sso", "s") == IDENTITY
        assert uow.identities.of("https://sso", ANI.login) == IDENTITY
        assert uow.identities.tied(ANI.login)
        uow.commit()
    other = IdentityRow(issuer="https://sso", subject="t", login=ANI.login, bound_at=NOON)
    with pytest.raises(IntegrityError), known.writing() as uow:
        uow.identities.bind(other)
    with known.writing() as uow:
        assert uow.identities.release(ANI.login) == 1
        assert not uow.identities.tied(ANI.login)


def test_sessions_of_an_account_end_all_or_all_but_one(known):
    with known.writing() as uow:
        uow.sessions.put(SESSION)
        assert [one.token_hash for one in uow.sessions.of(ANI.login, NOON)] == ["t"]
        uow.sessions.seen("t", NOON + timedelta(minutes=5))
        assert uow.sessions.get("t").seen_at == NOON + timedelta(minutes=5)
        uow.sessions.revoke_all(ANI.login, NOON, but="t")
        assert uow.sessions.of(ANI.login, NOON)
        uow.sessions.revoke_all(ANI.login, NOON)
        assert uow.sessions.of(ANI.login, NOON) == []


def test_failures_are_counted_by_address_too(known):
    with known.writing() as uow:
        uow.accounts.note_failure("x", NOON, "198.51.100.1")
        uow.accounts.note_failure("y", NOON, "198.51.100.1")
        uow.accounts.note_failure("z", NOON)
        assert uow.accounts.failures_from("198.51.100.1", NOON) == 2
        assert uow.accounts.failures("x", NOON) == 1
