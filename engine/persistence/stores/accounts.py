"""Accounts, groups and failed sign-ins."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from engine.persistence.stores.rows import RowMapper
from engine.persistence.stores.transaction import Store
from engine.persistence.tables.accounts import (
    account,
    role_grant,
    service_account,
    service_job_type,
    sign_in_failure,
)
from engine.usecases.ports.accounts import AccountRow, ServiceAccount

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

ACCOUNT = RowMapper(AccountRow, account)

_G = role_grant.c
_BY_LOGIN = sa.select(*ACCOUNT.columns).where(account.c.login == sa.bindparam("login"))
_BY_PERSON = sa.select(*ACCOUNT.columns).where(account.c.person_id == sa.bindparam("person_id"))
_HOLDS_TODAY = (
    _G.valid_from <= sa.bindparam("today"),
    sa.or_(_G.valid_to.is_(None), _G.valid_to > sa.bindparam("today")),
)
_GROUPS = sa.select(_G.group_name).where(_G.login == sa.bindparam("login"), *_HOLDS_TODAY)


def upsert(table: sa.Table, is_postgresql: bool) -> Any:  # noqa: FBT001 - one of two dialects
    """INSERT that replaces every column of the row with the same primary key."""
    insert = (postgresql if is_postgresql else sqlite).insert(table)
    others = [column.name for column in table.c if not column.primary_key]
    return insert.on_conflict_do_update(
        index_elements=[column.name for column in table.primary_key],
        set_={name: insert.excluded[name] for name in others},
    )


_PUT = {
    (table, is_postgresql): upsert(table, is_postgresql)
    for table in (account, role_grant, service_account)
    for is_postgresql in (True, False)
}


class SqlAccountStore(Store):
    """`AccountStore` on SQL."""

    def account(self, login: str) -> AccountRow | None:
        """By login."""
        return ACCOUNT.one_of(self._tx.execute(_BY_LOGIN, {"login": login}))

    def account_of(self, person_id: str) -> AccountRow | None:
        """By person."""
        return ACCOUNT.one_of(self._tx.execute(_BY_PERSON, {"person_id": person_id}))

    def put(self, row: AccountRow) -> None:
        """Insert or replace."""
        self._tx.execute(_PUT[account, self._tx.is_postgresql], ACCOUNT.values(row))

    def groups(self, login: str, today: date) -> frozenset[str]:
        """Groups held today."""
        held = self._tx.execute(_GROUPS, {"login": login, "today": today})
        return frozenset(held.scalars())

    def grant(self, login: str, group: str, valid_from: date, valid_to: date | None = None) -> None:
        """Give a group from a day until before another; the same first day again replaces it."""
        row = {
            "login": login,
            "group_name": group,
            "valid_from": valid_from,
            "valid_to": valid_to,
        }
        self._tx.execute(_PUT[role_grant, self._tx.is_postgresql], row)

    def withdraw(self, login: str, group: str, today: date) -> bool:
        """Take a group away from today on; False when it was not held, nor to be held later."""
        which = (_G.login == login, _G.group_name == group)
        held = sa.or_(_G.valid_to.is_(None), _G.valid_to > today)
        ended = role_grant.update().where(*which, _G.valid_from < today, held)
        gone = role_grant.delete().where(*which, _G.valid_from >= today)
        first = self._tx.execute(ended.values(valid_to=today).returning(_G.login)).first()
        second = self._tx.execute(gone.returning(_G.login)).first()
        return first is not None or second is not None

    def members(self, group: str, today: date, agency_id: str | None) -> Sequence[str]:
        """Logins of active accounts in a group (of one agency), in order."""
        wanted = (
            sa.select(_G.login)
            .distinct()
            .join(account, account.c.login == _G.login)
            .where(_G.group_name == group, account.c.active, *_HOLDS_TODAY)
            .order_by(_G.login)
        )
        if agency_id is not None:
            wanted = wanted.where(account.c.agency_id == agency_id)
        return list(self._tx.execute(wanted, {"today": today}).scalars())

    def service(self, login: str) -> ServiceAccount | None:
        """What a program's account may do beside its groups; None for an account of people."""
        held = sa.outerjoin(service_account, service_job_type)
        wanted = sa.select(
            service_account.c.created_at, service_account.c.created_by, service_job_type.c.job_type
        )
        of_login = wanted.select_from(held).where(service_account.c.login == login)
        rows = list(self._tx.execute(of_login))
        if not rows:
            return None
        return ServiceAccount(
            login=login,
            created_at=rows[0].created_at,
            created_by=rows[0].created_by,
            job_types=frozenset(row.job_type for row in rows if row.job_type is not None),
        )

    def put_service(self, row: ServiceAccount) -> None:
        """Insert or replace, with its job types."""
        own = {"login": row.login, "created_at": row.created_at, "created_by": row.created_by}
        self._tx.execute(_PUT[service_account, self._tx.is_postgresql], own)
        gone = service_job_type.delete().where(service_job_type.c.login == row.login)
        self._tx.execute(gone)
        types = [{"login": row.login, "job_type": one} for one in sorted(row.job_types)]
        self._tx.execute_many(service_job_type.insert(), types)

    def failures(self, login: str, since: datetime) -> int:
        """Failed sign-ins since then."""
        found = sa.select(sa.func.count()).where(
            sign_in_failure.c.login == login, sign_in_failure.c.at >= since
        )
        return int(self._tx.execute(found).scalar() or 0)

    def failures_from(self, address: str, since: datetime) -> int:
        """Failed sign-ins from a network address since then."""
        found = sa.select(sa.func.count()).where(
            sign_in_failure.c.address == address, sign_in_failure.c.at >= since
        )
        return int(self._tx.execute(found).scalar() or 0)

    def note_failure(self, login: str, at: datetime, address: str = "") -> None:
        """Count a failed sign-in."""
        row = {"id": self._tx.ids.uuid(), "login": login, "at": at, "address": address}
        self._tx.execute(sign_in_failure.insert(), row)
