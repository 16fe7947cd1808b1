"""Local accounts and server-side sessions: sign in, sign out, who acts."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Protocol

from engine.usecases import audit_tags
from engine.usecases.actor import Actor, ActorKind, system
from engine.usecases.audit import note
from engine.usecases.errors import (
    AccessRefused,
    Conflict,
    FieldFault,
    InputRefused,
    NotFound,
    UseCaseError,
)
from engine.usecases.once import repeated
from engine.usecases.ports.accounts import AccountRow, SessionRow
from engine.usecases.rights import GROUPS, require

if TYPE_CHECKING:
    from engine.usecases.ports.work import House, UnitOfWork

#: a session ends after a working day, used or not
SESSION_HOURS = 12

#: wrong passwords of one account within `FAILURE_WINDOW` before each further try must wait
FAILURES_FREE = 5
FAILURE_WINDOW = timedelta(hours=1)
#: the longest wait between two tries, so that nobody can lock another out for good
DELAY_SECONDS_MAX = 300

#: the longest login that is looked up or noted
LOGIN_CHARACTERS_MAX = 120

#: as a published reading of BSSN 4/2021 asks; long ones are welcome
PASSWORD_CHARACTERS_MIN = 12


class Hasher(Protocol):
    """Password hashing; `verify` takes None for an unknown account and costs the same."""

    def hash(self, password: str) -> str:
        """Encoded hash."""
        ...

    def verify(self, encoded: str | None, password: str) -> bool:
        """Whether the password fits."""
        ...

    def outdated(self, encoded: str) -> bool:
        """Whether the hash should be made anew."""
        ...


class SignInRefused(UseCaseError):
    """Login and password do not belong together; which of the two is wrong is never said."""


class TooManyTries(UseCaseError):
    """Too many wrong passwords; the right one is taken again after a while."""

    def __init__(self, retry_after_s: int) -> None:
        super().__init__(f"try again in {retry_after_s} s")
        self.retry_after_s = retry_after_s


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedIn:
    """Who acts, by which account and session."""

    actor: Actor
    account: AccountRow
    #: None for an API client that sends its password each time
    session: SessionRow | None
    #: the secret of a session just opened, for the cookie; never stored
    token: str | None = None


def check_password(house: House, hasher: Hasher, login: str, password: str) -> AccountRow:
    """The account that fits; `SignInRefused`, or `TooManyTries` while tries must wait."""
    now = house.clock.real_now()
    login = login[:LOGIN_CHARACTERS_MAX]
    with house.reading() as uow:
        account = uow.accounts.account(login)
        wait = _wait_seconds(uow, login, now)
    if wait:
        raise TooManyTries(wait)
    encoded = account.password_hash if account and account.active else None
    if not hasher.verify(encoded, password) or account is None:
        _note_refused(house, login, now)
        raise SignInRefused(login)
    if hasher.outdated(account.password_hash):
        account = replace(account, password_hash=hasher.hash(password))
        with house.writing() as uow:
            uow.accounts.put(account)
            uow.commit()
    return account


def open_session(house: House, account: AccountRow, *, locale: str = "id") -> SignedIn:
    """A new session of a checked account; the token leaves once, its hash stays.

    `SignInRefused` for a program's account: it has no pages.
    """
    now = house.clock.real_now()
    with house.reading() as uow:
        if account.person_id is None and uow.accounts.service(account.login) is not None:
            raise SignInRefused(account.login)
    token = secrets.token_urlsafe(32)
    session = SessionRow(
        token_hash=token_hash(token),
        login=account.login,
        created_at=now,
        expires_at=now + timedelta(hours=SESSION_HOURS),
        csrf=secrets.token_urlsafe(32),
        locale=locale,
    )
    with house.writing() as uow:
        uow.sessions.put(session)
        actor = actor_of(uow, account, house.clock.now().date())
        note(
            house,
            uow,
            actor,
            stream="account",
            act=audit_tags.ACCOUNT_SIGNED_IN,
            facts={"login": account.login},
        )
        uow.commit()
    return SignedIn(actor=actor, account=account, session=session, token=token)


def session_of(house: House, token: str) -> SignedIn | None:
    """Who holds this session; None when it is over, revoked or its account was disabled."""
    with house.reading() as uow:
        session = uow.sessions.get(token_hash(token))
        if session is None or session.revoked_at is not None:
            return None
        if session.expires_at <= house.clock.real_now():
            return None
        account = uow.accounts.account(session.login)
        if account is None or not account.active:
            return None
        actor = actor_of(uow, account, house.clock.now().date())
    return SignedIn(actor=actor, account=account, session=session)


def account_actor(house: House, login: str) -> SignedIn | None:
    """An API client whose password was checked; None when the account is gone or disabled."""
    with house.reading() as uow:
        account = uow.accounts.account(login)
        if account is None or not account.active:
            return None
        actor = actor_of(uow, account, house.clock.now().date())
    return SignedIn(actor=actor, account=account, session=None)


def is_service(house: House, login: str) -> bool:
    """Whether an account is a program's."""
    with house.reading() as uow:
        return uow.accounts.service(login) is not None


def close_session(house: House, signed_in: SignedIn) -> None:
    """End this session."""
    if signed_in.session is None:
        return
    with house.writing() as uow:
        uow.sessions.revoke(signed_in.session.token_hash, house.clock.real_now())
        note(
            house,
            uow,
            signed_in.actor,
            stream="account",
            act=audit_tags.ACCOUNT_SIGNED_OUT,
            facts={"login": signed_in.account.login},
        )
        uow.commit()


def set_locale(house: House, session: SessionRow, locale: str) -> SessionRow:
    """Remember the language of a session."""
    changed = replace(session, locale=locale)
    with house.writing() as uow:
        uow.sessions.put(changed)
        uow.commit()
    return changed


def change_password(
    house: House, hasher: Hasher, signed_in: SignedIn, *, old: str, new: str
) -> None:
    """Change one's own password; every session of the account ends."""
    account = check_password(house, hasher, signed_in.account.login, old)
    _check_new_password(new)
    with house.writing() as uow:
        uow.accounts.put(replace(account, password_hash=hasher.hash(new)))
        uow.sessions.revoke_all(account.login, house.clock.real_now())
        note(
            house,
            uow,
            signed_in.actor,
            stream="account",
            act=audit_tags.PASSWORD_CHANGED,
            facts={"login": account.login},
        )
        uow.commit()


def create_admin(
    house: House, hasher: Hasher, *, login: str, password: str, agency_id: str | None = None
) -> AccountRow:
    """The first administrator, from the command line of the machine; all groups of operation."""
    _check_new_password(password)
    row = AccountRow(
        login=login,
        person_id=None,
        password_hash=hasher.hash(password),
        agency_id=agency_id,
        display_name=login,
    )
    today = house.clock.real_now().date()
    with house.writing() as uow:
        uow.accounts.put(row)
        for group in ("admin", "process_owner", "perf_admin"):
            uow.accounts.grant(login, group, date(2000, 1, 1))
        note(
            house,
            uow,
            system(),
            stream="account",
            act=audit_tags.ACCOUNT_SAVED,
            facts={"login": login, "on": today.isoformat()},
        )
        uow.commit()
    return row


@repeated
def disable_account(house: House, actor: Actor, login: str) -> None:
    """Disable an account; all its sessions end now."""
    require(actor, "account:manage", login)
    with house.writing() as uow:
        row = _managed(uow, actor, login)
        uow.accounts.put(replace(row, active=False))
        uow.sessions.revoke_all(login, house.clock.real_now())
        note(
            house,
            uow,
            actor,
            stream="account",
            act=audit_tags.ACCOUNT_DISABLED,
            facts={"login": login},
        )
        uow.commit()


@repeated
def grant_group(house: House, actor: Actor, login: str, group: str, valid_from: date) -> None:
    """Give an account a group from a day on; nobody gives himself one."""
    require(actor, "account:manage", login)
    if group not in GROUPS:
        raise InputRefused(FieldFault(field="group", code="unknown_group", message="no such group"))
    with house.writing() as uow:
        _managed(uow, actor, login)
        uow.accounts.grant(login, group, valid_from)
        note(
            house,
            uow,
            actor,
            stream="account",
            act=audit_tags.GROUP_GRANTED,
            facts={"login": login, "group": group, "from": valid_from.isoformat()},
        )
        uow.commit()


@repeated
def withdraw_group(house: House, actor: Actor, login: str, group: str, today: date) -> None:
    """Take a group away from today on; `Conflict` when the account does not hold it."""
    require(actor, "account:manage", login)
    with house.writing() as uow:
        _managed(uow, actor, login)
        if not uow.accounts.withdraw(login, group, today):
            raise Conflict("group_not_held", group=group)
        note(
            house,
            uow,
            actor,
            stream="account",
            act=audit_tags.GROUP_WITHDRAWN,
            facts={"login": login, "group": group},
        )
        uow.commit()


@repeated
def give_password(house: House, actor: Actor, login: str, password_hash: str) -> None:
    """A new password for an account, whose sessions end; a person without one gets an account.

    `login` is a NIP or the account's name; an account that was disabled is active again.
    """
    require(actor, "account:manage", login)
    with house.writing() as uow:
        row = uow.accounts.account(login)
        if row is None:
            person = uow.agency.person_by_nip(login)
            if person is None or person.agency_id != actor.agency_id:
                raise NotFound("account", login)
            row = AccountRow(
                login=login,
                person_id=person.id,
                password_hash=password_hash,
                agency_id=person.agency_id,
                display_name=person.name,
            )
        else:
            row = _managed(uow, actor, login)
        uow.accounts.put(replace(row, password_hash=password_hash, active=True))
        uow.sessions.revoke_all(login, house.clock.real_now())
        note(
            house,
            uow,
            actor,
            stream="account",
            act=audit_tags.ACCOUNT_OPENED,
            facts={"login": login},
        )
        uow.commit()


def _managed(uow: UnitOfWork, actor: Actor, login: str) -> AccountRow:
    """An account of the actor's agency that is not his own."""
    row = uow.accounts.account(login)
    if row is None or row.agency_id != actor.agency_id:
        raise NotFound("account", login)
    if actor.name in (row.login, row.person_id):
        raise AccessRefused("account:manage", "own account")
    return row


def actor_of(uow: UnitOfWork, account: AccountRow, today: date) -> Actor:
    """The actor behind an account, with the groups held today."""
    person = account.person_id
    service = uow.accounts.service(account.login) if person is None else None
    return Actor(
        kind=ActorKind.PERSON if person else ActorKind.CLIENT,
        name=person or account.login,
        person_id=person,
        groups=uow.accounts.groups(account.login, today),
        agency_id=account.agency_id,
        job_types=service.job_types if service is not None else frozenset(),
    )


def token_hash(token: str) -> str:
    """What the store keeps of a session's secret."""
    return hashlib.sha256(token.encode()).hexdigest()


def _wait_seconds(uow: UnitOfWork, login: str, now: datetime) -> int:
    """Seconds until the next try; grows with each failure, up to `DELAY_SECONDS_MAX`."""
    failed = uow.accounts.failures(login, now - FAILURE_WINDOW)
    if failed < FAILURES_FREE:
        return 0
    delay = min(2 ** min(failed - FAILURES_FREE, 16), DELAY_SECONDS_MAX)
    return delay if uow.accounts.failures(login, now - timedelta(seconds=delay)) else 0


def _note_refused(house: House, login: str, now: datetime) -> None:
    with house.writing() as uow:
        uow.accounts.note_failure(login, now)
        uow.commit()


def _check_new_password(password: str) -> None:
    if len(password) < PASSWORD_CHARACTERS_MIN:
        raise InputRefused(
            FieldFault(
                field="password",
                code="too_short",
                message=f"at least {PASSWORD_CHARACTERS_MIN} characters",
            )
        )
