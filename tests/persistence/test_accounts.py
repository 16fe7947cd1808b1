from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from engine.usecases.ports.accounts import AccountRow, SessionRow
from tests.persistence.building import NOON

ANI = AccountRow(
    login="198501012010011001",
    person_id="p1",
    password_hash="x",  # noqa: S106 - no password
    agency_id="a1",
    display_name="Ani",
)
SESSION = SessionRow(
    token_hash="t",  # noqa: S106 - no token
    login=ANI.login,
    created_at=NOON,
    expires_at=NOON + timedelta(hours=8),
    csrf="c",
    locale="id",
)
DAY = date(2026, 3, 2)


def test_an_account_is_found_by_login_and_person_and_replaced(units):
    with units.writing() as uow:
        uow.accounts.put(ANI)
        changed = replace(ANI, active=False, display_name="Ani S.")
        uow.accounts.put(changed)
        assert uow.accounts.account(ANI.login) == changed
        assert uow.accounts.account_of("p1") == changed
        assert uow.accounts.account("nobody") is None


def test_groups_are_held_from_their_first_day_to_before_their_last(units):
    with units.writing() as uow:
        accounts = uow.accounts
        accounts.put(ANI)
        accounts.put(replace(ANI, login="budi", person_id="p2", agency_id="a2"))
        accounts.grant(ANI.login, "hr", DAY, DAY + timedelta(days=2))
        accounts.grant(ANI.login, "auditor", DAY)
        accounts.grant("budi", "auditor", DAY)
        assert accounts.groups(ANI.login, DAY - timedelta(days=1)) == frozenset()
        assert accounts.groups(ANI.login, DAY) == {"hr", "auditor"}
        assert accounts.groups(ANI.login, DAY + timedelta(days=2)) == {"auditor"}
        assert accounts.members("auditor", DAY, None) == [ANI.login, "budi"]
        assert accounts.members("auditor", DAY, "a2") == ["budi"]
        accounts.grant(ANI.login, "auditor", DAY, DAY + timedelta(days=1))
        assert accounts.groups(ANI.login, DAY + timedelta(days=2)) == frozenset()


def test_failed_sign_ins_are_counted_since_a_moment(units):
    with units.writing() as uow:
        for minutes in (0, 5, 10):
            uow.accounts.note_failure("x", NOON + timedelta(minutes=minutes))
        assert uow.accounts.failures("x", NOON + timedelta(minutes=5)) == 2
        assert uow.accounts.failures("y", NOON) == 0


def test_sessions_end_once_alone_or_all_together(units):
    with units.writing() as uow:
        uow.accounts.put(ANI)
        sessions = uow.sessions
        other = replace(SESSION, token_hash="u", locale="en")  # noqa: S106 - no token
        sessions.put(SESSION)
        sessions.put(other)
        sessions.put(replace(SESSION, locale="en"))
        assert sessions.get("t").locale == "en"
        sessions.revoke("t", NOON)
        sessions.revoke_all(ANI.login, NOON + timedelta(hours=1))
        assert sessions.get("t").revoked_at == NOON
        assert sessions.get("u").revoked_at == NOON + timedelta(hours=1)
        assert sessions.get("nothing") is None
