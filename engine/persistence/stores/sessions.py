"""Sessions, tickets that count once, identities of single sign-on and second factors."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from engine.persistence.stores.accounts import upsert
from engine.persistence.stores.rows import RowMapper
from engine.persistence.stores.transaction import Store
from engine.persistence.tables.accounts import session
from engine.persistence.tables.sign_in import (
    login_identity,
    recovery_code,
    second_factor,
    spent_ticket,
)
from engine.usecases.ports.accounts import FactorRow, IdentityRow, SessionRow

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

SESSION = RowMapper(SessionRow, session)
IDENTITY = RowMapper(IdentityRow, login_identity)
FACTOR = RowMapper(FactorRow, second_factor)

_SESSION = sa.select(*SESSION.columns).where(session.c.token_hash == sa.bindparam("token_hash"))
_FACTOR = sa.select(*FACTOR.columns).where(second_factor.c.login == sa.bindparam("login"))
_PUT = {
    (table, is_postgresql): upsert(table, is_postgresql)
    for table in (session, second_factor)
    for is_postgresql in (True, False)
}


class SqlSessionStore(Store):
    """`SessionStore` on SQL."""

    def put(self, row: SessionRow) -> None:
        """Open a session, or write its changed locale."""
        self._tx.execute(_PUT[session, self._tx.is_postgresql], SESSION.values(row))

    def get(self, token_hash: str) -> SessionRow | None:
        """A session by the hash of its token."""
        return SESSION.one_of(self._tx.execute(_SESSION, {"token_hash": token_hash}))

    def of(self, login: str, now: datetime) -> Sequence[SessionRow]:
        """Sessions of an account that have not ended, the newest first."""
        alive = (session.c.revoked_at.is_(None), session.c.expires_at > now)
        wanted = sa.select(*SESSION.columns).where(session.c.login == login, *alive)
        return SESSION.all_of(self._tx.execute(wanted.order_by(session.c.created_at.desc())))

    def seen(self, token_hash: str, at: datetime) -> None:
        """A session was used."""
        used = session.update().where(session.c.token_hash == token_hash)
        self._tx.execute(used.values(seen_at=at))

    def revoke(self, token_hash: str, at: datetime) -> None:
        """End one session; a session that has ended keeps its end."""
        self._end(session.c.token_hash == token_hash, at)

    def revoke_all(self, login: str, at: datetime, *, but: str = "") -> None:
        """End all sessions of an account; `but`: the hash of one that stays."""
        self._end(sa.and_(session.c.login == login, session.c.token_hash != but), at)

    def spend(self, ticket: str, at: datetime) -> bool:
        """Note a ticket that counts once; False when it was shown before."""
        insert = (postgresql if self._tx.is_postgresql else sqlite).insert(spent_ticket)
        made = insert.values(ticket_hash=ticket, at=at).on_conflict_do_nothing()
        return self._tx.execute(made.returning(spent_ticket.c.at)).first() is not None

    def _end(self, which: sa.ColumnElement[bool], at: datetime) -> None:
        alive = session.update().where(which, session.c.revoked_at.is_(None))
        self._tx.execute(alive.values(revoked_at=at))


class SqlIdentityStore(Store):
    """`IdentityStore` on SQL."""

    def find(self, issuer: str, subject: str) -> IdentityRow | None:
        """By what the provider calls him."""
        return self._one(login_identity.c.issuer == issuer, login_identity.c.subject == subject)

    def of(self, issuer: str, login: str) -> IdentityRow | None:
        """By account."""
        return self._one(login_identity.c.issuer == issuer, login_identity.c.login == login)

    def tied(self, login: str) -> bool:
        """Whether an account has any."""
        return self._one(login_identity.c.login == login) is not None

    def bind(self, row: IdentityRow) -> None:
        """Keep it; once per account and provider."""
        self._tx.execute(login_identity.insert(), IDENTITY.values(row))

    def release(self, login: str) -> int:
        """Forget all identities of an account; how many."""
        gone = login_identity.delete().where(login_identity.c.login == login)
        return len(list(self._tx.execute(gone.returning(login_identity.c.subject))))

    def _one(self, *which: sa.ColumnElement[bool]) -> IdentityRow | None:
        return IDENTITY.one_of(self._tx.execute(sa.select(*IDENTITY.columns).where(*which)))


class SqlFactorStore(Store):
    """`FactorStore` on SQL."""

    def get(self, login: str) -> FactorRow | None:
        """Of an account, confirmed or not."""
        return FACTOR.one_of(self._tx.execute(_FACTOR, {"login": login}))

    def put(self, row: FactorRow) -> None:
        """Insert or replace."""
        self._tx.execute(_PUT[second_factor, self._tx.is_postgresql], FACTOR.values(row))

    def take_step(self, login: str, step: int) -> bool:
        """Use up a time step; False when it, or a later one, was used before."""
        own, before = second_factor.c.login == login, second_factor.c.last_step
        free = sa.or_(before.is_(None), before < step)
        taken = second_factor.update().where(own, free).values(last_step=step)
        return self._tx.execute(taken.returning(second_factor.c.login)).first() is not None

    def remove(self, login: str) -> bool:
        """Take it away with its recovery codes; False when there was none."""
        self._tx.execute(recovery_code.delete().where(recovery_code.c.login == login))
        gone = second_factor.delete().where(second_factor.c.login == login)
        return self._tx.execute(gone.returning(second_factor.c.login)).first() is not None

    def put_codes(self, login: str, hashes: Sequence[str]) -> None:
        """Replace the recovery codes."""
        self._tx.execute(recovery_code.delete().where(recovery_code.c.login == login))
        rows = [{"login": login, "code_hash": one, "used_at": None} for one in hashes]
        self._tx.execute_many(recovery_code.insert(), rows)

    def take_code(self, login: str, code_hash: str, at: datetime) -> bool:
        """Use up a recovery code; False when there is none, or not any more."""
        found = recovery_code.c
        which = (found.login == login, found.code_hash == code_hash, found.used_at.is_(None))
        taken = recovery_code.update().where(*which).values(used_at=at)
        return self._tx.execute(taken.returning(found.login)).first() is not None

    def codes_left(self, login: str) -> int:
        """Recovery codes that were not used."""
        found = recovery_code.c
        left = sa.select(sa.func.count()).where(found.login == login, found.used_at.is_(None))
        return int(self._tx.execute(left).scalar() or 0)

    def all(self) -> Sequence[FactorRow]:
        """Of every account."""
        wanted = sa.select(*FACTOR.columns).order_by(second_factor.c.login)
        return FACTOR.all_of(self._tx.execute(wanted))
