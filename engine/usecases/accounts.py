"""Local accounts: whose password it is, who acts, and who looks after accounts."""

from __future__ import annotations

import re
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
from engine.usecases.ports.accounts import AccountRow
from engine.usecases.rights import GROUPS, require

if TYPE_CHECKING:
    from collections.abc import Sequence

    from engine.usecases.ports.accounts import SessionRow
    from engine.usecases.ports.work import House, UnitOfWork

#: wrong passwords of one account within `FAILURE_WINDOW` before each further try must wait
FAILURES_FREE = 5
FAILURE_WINDOW = timedelta(hours=1)
#: the longest wait between two tries, so that nobody can lock another out for good
DELAY_SECONDS_MAX = 300

#: the same for a network address, behind which a whole office may sit
ADDRESS_FREE = 60
ADDRESS_WINDOW = timedelta(minutes=10)
ADDRESS_DELAY_SECONDS_MAX = 60

#: the longest login that is looked up or noted
LOGIN_CHARACTERS_MAX = 120
#: logins of people
NIP_LOGIN = re.compile(r"\d{18}")


class Hasher(Protocol):
    """Passwords; `verify` takes None for an unknown account and costs the same."""

    def hash(self, password: str) -> str:
        """Encoded hash."""
        ...

    def verify(self, encoded: str | None, password: str) -> bool:
        """Whether the password fits."""
        ...

    def outdated(self, encoded: str) -> bool:
        """Whether the hash should be made anew."""
        ...

    def faults(self, password: str, *about: str) -> Sequence[FieldFault]:
        """Why this cannot be a new password; `about` are words that it must not rest on."""
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
    #: whether the account has a second factor; known of an API client only
    has_factor: bool = False


def check_password(
    house: House, hasher: Hasher, login: str, password: str, address: str = ""
) -> AccountRow:
    """The account that fits; `SignInRefused`, or `TooManyTries` while tries must wait."""
    login = login[:LOGIN_CHARACTERS_MAX]
    check_tries(house, login, address)
    with house.reading() as uow:
        account = uow.accounts.account(login)
    encoded = account.password_hash if account and account.active else None
    if not hasher.verify(encoded, password) or account is None:
        note_refused(house, login, address)
        raise SignInRefused(login)
    if hasher.outdated(account.password_hash):
        account = replace(account, password_hash=hasher.hash(password))
        with house.writing() as uow:
            uow.accounts.put(account)
            uow.commit()
    return account


def check_tries(house: House, login: str, address: str = "") -> None:
    """`TooManyTries` while an account, or a network address, must wait after wrong tries."""
    now = house.clock.real_now()
    with house.reading() as uow:
        wait = max(_wait_seconds(uow, login, now), _address_wait(uow, address, now))
    if wait:
        raise TooManyTries(wait)


def note_refused(house: House, login: str, address: str = "") -> None:
    """Count a wrong password or code."""
    with house.writing() as uow:
        uow.accounts.note_failure(login, house.clock.real_now(), address)
        uow.commit()


def account_actor(house: House, login: str) -> SignedIn | None:
    """An API client whose password was checked; None when the account is gone or disabled."""
    with house.reading() as uow:
        account = uow.accounts.account(login)
        if account is None or not account.active:
            return None
        actor = actor_of(uow, account, house.clock.now().date())
        factor = uow.factors.get(login)
    has_factor = factor is not None and factor.confirmed_at is not None
    return SignedIn(actor=actor, account=account, session=None, has_factor=has_factor)


def is_service(house: House, login: str) -> bool:
    """Whether an account is a program's."""
    with house.reading() as uow:
        return uow.accounts.service(login) is not None


def change_password(
    house: House, hasher: Hasher, signed_in: SignedIn, *, old: str, new: str
) -> None:
    """Change one's own password; every other session of the account ends.

    `SignInRefused` for another old one, `InputRefused` for a new one that breaks the rule.
    """
    account = check_password(house, hasher, signed_in.account.login, old)
    _check_new_password(hasher, new, account.login, account.display_name)
    with house.writing() as uow:
        here = signed_in.session.token_hash if signed_in.session else ""
        uow.accounts.put(replace(account, password_hash=hasher.hash(new)))
        uow.sessions.revoke_all(account.login, house.clock.real_now(), but=here)
        note(
            house,
            uow,
            signed_in.actor,
            stream="account",
            act=audit_tags.PASSWORD_CHANGED,
            facts={"account": account.known_as},
        )
        uow.commit()


def create_admin(
    house: House, hasher: Hasher, *, login: str, password: str, agency_id: str | None = None
) -> AccountRow:
    """The first administrator, from the command line of the machine; all groups of operation.

    `InputRefused` for a NIP: it is a person's, and what acts under it could not be erased.
    """
    if NIP_LOGIN.fullmatch(login):
        fault = FieldFault(field="login", code="nip", message="a person's login; choose a name")
        raise InputRefused(fault)
    _check_new_password(hasher, password, login)
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
            facts={"account": row.known_as, "on": today.isoformat()},
        )
        uow.commit()
    return row


@repeated
def disable_account(house: House, actor: Actor, login: str) -> None:
    """Disable an account; all its sessions end now."""
    require(actor, "account:manage", login)
    with house.writing() as uow:
        row = managed_account(uow, actor, login)
        uow.accounts.put(replace(row, active=False))
        uow.sessions.revoke_all(login, house.clock.real_now())
        note(
            house,
            uow,
            actor,
            stream="account",
            act=audit_tags.ACCOUNT_DISABLED,
            facts={"account": row.known_as},
        )
        uow.commit()


@repeated
def grant_group(house: House, actor: Actor, login: str, group: str, valid_from: date) -> None:
    """Give an account a group from a day on; nobody gives himself one."""
    require(actor, "account:manage", login)
    if group not in GROUPS:
        raise InputRefused(FieldFault(field="group", code="unknown_group", message="no such group"))
    with house.writing() as uow:
        row = managed_account(uow, actor, login)
        uow.accounts.grant(login, group, valid_from)
        note(
            house,
            uow,
            actor,
            stream="account",
            act=audit_tags.GROUP_GRANTED,
            facts={"account": row.known_as, "group": group, "from": valid_from.isoformat()},
        )
        uow.commit()


@repeated
def withdraw_group(house: House, actor: Actor, login: str, group: str, today: date) -> None:
    """Take a group away from today on; `Conflict` when the account does not hold it."""
    require(actor, "account:manage", login)
    with house.writing() as uow:
        row = managed_account(uow, actor, login)
        if not uow.accounts.withdraw(login, group, today):
            raise Conflict("group_not_held", group=group)
        note(
            house,
            uow,
            actor,
            stream="account",
            act=audit_tags.GROUP_WITHDRAWN,
            facts={"account": row.known_as, "group": group},
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
            row = managed_account(uow, actor, login)
        uow.accounts.put(replace(row, password_hash=password_hash, active=True))
        uow.sessions.revoke_all(login, house.clock.real_now())
        note(
            house,
            uow,
            actor,
            stream="account",
            act=audit_tags.ACCOUNT_OPENED,
            facts={"account": row.known_as},
        )
        uow.commit()


def managed_account(uow: UnitOfWork, actor: Actor, login: str) -> AccountRow:
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
        name=account.known_as,
        person_id=person,
        groups=uow.accounts.groups(account.login, today),
        agency_id=account.agency_id,
        job_types=service.job_types if service is not None else frozenset(),
    )


def _wait_seconds(uow: UnitOfWork, login: str, now: datetime) -> int:
    """Seconds until the next try; grows with each failure, up to `DELAY_SECONDS_MAX`."""
    failed = uow.accounts.failures(login, now - FAILURE_WINDOW)
    if failed < FAILURES_FREE:
        return 0
    delay = min(2 ** min(failed - FAILURES_FREE, 16), DELAY_SECONDS_MAX)
    return delay if uow.accounts.failures(login, now - timedelta(seconds=delay)) else 0


def _address_wait(uow: UnitOfWork, address: str, now: datetime) -> int:
    """The same for an address, over all logins and processes."""
    if not address:
        return 0
    failed = uow.accounts.failures_from(address, now - ADDRESS_WINDOW)
    if failed < ADDRESS_FREE:
        return 0
    delay = min(2 ** min(failed - ADDRESS_FREE, 16), ADDRESS_DELAY_SECONDS_MAX)
    return delay if uow.accounts.failures_from(address, now - timedelta(seconds=delay)) else 0


def _check_new_password(hasher: Hasher, password: str, *about: str) -> None:
    faults = hasher.faults(password, *about)
    if faults:
        raise InputRefused(*faults)
