"""Accounts and sessions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountRow:
    """A local account."""

    #: what is typed at sign-in: the NIP, or a name such as "admin"
    login: str
    person_id: str | None
    password_hash: str
    agency_id: str | None
    display_name: str
    active: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionRow:
    """A server-side session; only the hash of its token is stored."""

    token_hash: str
    login: str
    created_at: datetime
    expires_at: datetime
    csrf: str
    locale: str
    revoked_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceAccount:
    """What makes an account a program's: it signs in by its secret only."""

    login: str
    created_at: datetime
    created_by: str
    #: types of external jobs that it may do; "*" is all
    job_types: frozenset[str]


class AccountStore(Protocol):
    """Accounts, their groups and failed sign-ins."""

    def account(self, login: str) -> AccountRow | None:
        """By login."""
        ...

    def account_of(self, person_id: str) -> AccountRow | None:
        """By person."""
        ...

    def put(self, row: AccountRow) -> None:
        """Insert or replace."""
        ...

    def groups(self, login: str, today: date) -> frozenset[str]:
        """Groups held today."""
        ...

    def grant(self, login: str, group: str, valid_from: date, valid_to: date | None = None) -> None:
        """Give a group for a time."""
        ...

    def withdraw(self, login: str, group: str, today: date) -> bool:
        """Take a group away from today on; False when it was not held, nor to be held later."""
        ...

    def members(self, group: str, today: date, agency_id: str | None) -> Sequence[str]:
        """Logins in a group."""
        ...

    def service(self, login: str) -> ServiceAccount | None:
        """What a program's account may do beside its groups; None for an account of people."""
        ...

    def put_service(self, row: ServiceAccount) -> None:
        """Insert or replace, with its job types."""
        ...

    def failures(self, login: str, since: datetime) -> int:
        """Failed sign-ins since then."""
        ...

    def note_failure(self, login: str, at: datetime) -> None:
        """Count a failed sign-in."""
        ...


class SessionStore(Protocol):
    """Server-side sessions that can be revoked."""

    def put(self, row: SessionRow) -> None:
        """Open a session, or write its changed locale."""
        ...

    def get(self, token_hash: str) -> SessionRow | None:
        """A session by the hash of its token."""
        ...

    def revoke(self, token_hash: str, at: datetime) -> None:
        """End one session."""
        ...

    def revoke_all(self, login: str, at: datetime) -> None:
        """End all sessions of an account."""
        ...
