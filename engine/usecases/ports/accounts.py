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

    @property
    def known_as(self) -> str:
        """What acts and audit call it: its person's id; the login only where it is nobody's NIP."""
        return self.person_id or self.login


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
    #: when it was last used, to within a few minutes; None: never since it was opened
    seen_at: datetime | None = None
    #: what the browser called itself
    agent: str = ""
    #: "password", "second_factor", "recovery_code" or "sso"
    entered_by: str = "password"
    #: groups held when its token was made, sorted; with others it gets a new token
    held_groups: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentityRow:
    """Who somebody is at a provider of single sign-on."""

    issuer: str
    subject: str
    login: str
    bound_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class FactorRow:
    """A second factor; its secret is sealed."""

    login: str
    sealed: bytes
    #: which key sealed it
    key_id: str
    made_at: datetime
    #: None until a first code was right: it does not count before
    confirmed_at: datetime | None = None
    #: the newest time step whose code was used
    last_step: int | None = None


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

    def failures_from(self, address: str, since: datetime) -> int:
        """Failed sign-ins from a network address since then."""
        ...

    def note_failure(self, login: str, at: datetime, address: str = "") -> None:
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

    def revoke_all(self, login: str, at: datetime, *, but: str = "") -> None:
        """End all sessions of an account; `but`: the hash of one that stays."""
        ...

    def of(self, login: str, now: datetime) -> Sequence[SessionRow]:
        """Sessions of an account that have not ended, the newest first."""
        ...

    def seen(self, token_hash: str, at: datetime) -> None:
        """A session was used."""
        ...

    def spend(self, ticket: str, at: datetime) -> bool:
        """Note a ticket that counts once; False when it was shown before."""
        ...


class IdentityStore(Protocol):
    """Who is who at providers of single sign-on."""

    def find(self, issuer: str, subject: str) -> IdentityRow | None:
        """By what the provider calls him."""
        ...

    def of(self, issuer: str, login: str) -> IdentityRow | None:
        """By account."""
        ...

    def tied(self, login: str) -> bool:
        """Whether an account has any."""
        ...

    def bind(self, row: IdentityRow) -> None:
        """Keep it; once per account and provider."""
        ...

    def release(self, login: str) -> int:
        """Forget all identities of an account; how many."""
        ...


class FactorStore(Protocol):
    """Second factors and their recovery codes."""

    def get(self, login: str) -> FactorRow | None:
        """Of an account, confirmed or not."""
        ...

    def put(self, row: FactorRow) -> None:
        """Insert or replace."""
        ...

    def take_step(self, login: str, step: int) -> bool:
        """Use up a time step; False when it, or a later one, was used before."""
        ...

    def remove(self, login: str) -> bool:
        """Take it away with its recovery codes; False when there was none."""
        ...

    def put_codes(self, login: str, hashes: Sequence[str]) -> None:
        """Replace the recovery codes."""
        ...

    def take_code(self, login: str, code_hash: str, at: datetime) -> bool:
        """Use up a recovery code; False when there is none, or not any more."""
        ...

    def codes_left(self, login: str) -> int:
        """Recovery codes that were not used."""
        ...

    def all(self) -> Sequence[FactorRow]:
        """Of every account."""
        ...
