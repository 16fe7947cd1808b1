"""Delete what is spent, a chunk at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from engine.persistence.stores.transaction import Store
from engine.persistence.tables.accounts import session, sign_in_failure
from engine.persistence.tables.waiting import message, message_delivery
from engine.persistence.tables.work import idempotency, outbox
from engine.usecases.ports.retention import Spent

if TYPE_CHECKING:
    from datetime import datetime

_BEFORE: sa.BindParameter[Any] = sa.bindparam("before")

#: table -> what is over before a moment; a row without that moment is not over
_OVER: dict[Spent, tuple[sa.Table, sa.ColumnElement[bool]]] = {
    Spent.ANSWERS: (idempotency, idempotency.c.at < _BEFORE),
    Spent.MESSAGES: (message, message.c.expires_at < _BEFORE),
    Spent.LETTERS: (outbox, outbox.c.sent_at < _BEFORE),
    Spent.SESSIONS: (
        session,
        sa.or_(session.c.expires_at < _BEFORE, session.c.revoked_at < _BEFORE),
    ),
    Spent.FAILURES: (sign_in_failure, sign_in_failure.c.at < _BEFORE),
}


class SqlRetentionStore(Store):
    """`RetentionStore` on SQL."""

    def forget(self, spent: Spent, before: datetime, limit: int) -> int:
        """Delete up to `limit` rows that were done before then; how many there were."""
        table, over = _OVER[spent]
        primary = list(table.primary_key)
        wanted = sa.select(*primary).where(over).limit(limit)
        if self._tx.is_postgresql:  # another worker's chunk is left to it
            wanted = wanted.with_for_update(skip_locked=True)
        found = [tuple(row) for row in self._tx.execute(wanted, {"before": before})]
        if not found:
            return 0
        if table is message:
            keys = [key for (key,) in found]
            self._tx.execute(
                message_delivery.delete().where(message_delivery.c.message_key.in_(keys))
            )
        self._tx.execute(table.delete().where(sa.tuple_(*primary).in_(found)))
        return len(found)
