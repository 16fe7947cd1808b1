"""Delete what is spent, a chunk at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from engine.persistence.partitions import SLACK, make_ahead_on
from engine.persistence.stores.transaction import Store
from engine.persistence.tables.accounts import session, sign_in_failure
from engine.persistence.tables.process import (
    process_definition,
    process_instance,
    task_draft,
    user_task,
    user_task_candidate,
)
from engine.persistence.tables.remarks import remark, watch
from engine.persistence.tables.sign_in import spent_ticket
from engine.persistence.tables.waiting import history, incident, message, message_delivery
from engine.persistence.tables.work import idempotency, outbox
from engine.usecases.ports.retention import Spent

if TYPE_CHECKING:
    from collections.abc import Sequence
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
    Spent.TICKETS: (spent_ticket, spent_ticket.c.at < _BEFORE),
}


class SqlRetentionStore(Store):
    """`RetentionStore` on SQL."""

    def keeping(self) -> Sequence[tuple[int, int]]:
        """(definition key, days) of versions whose history is not kept for ever."""
        wanted = sa.select(process_definition.c.key, process_definition.c.keep_days).where(
            process_definition.c.keep_days.is_not(None)
        )
        return [(row.key, row.keep_days) for row in self._tx.execute(wanted)]

    def forget_history(
        self, definition_key: int, before: datetime, now: datetime, limit: int
    ) -> int:
        """Delete history, tasks, incidents and variables of up to `limit` root instances."""
        found = process_instance.c
        wanted = (
            sa.select(found.key)
            .where(
                found.definition_key == definition_key,
                found.parent_key.is_(None),
                found.ended_at < before,
                found.spent_at.is_(None),
            )
            .order_by(found.ended_at)
            .limit(limit)
        )
        if self._tx.is_postgresql:
            wanted = wanted.with_for_update(skip_locked=True)
        roots = list(self._tx.execute(wanted).scalars())
        if not roots:
            return 0
        whole = process_instance.update().where(found.root_key.in_(roots))
        self._tx.execute(whole.values(spent_at=now, state=b""))
        tasks = sa.select(user_task.c.key).where(user_task.c.root_key.in_(roots))
        for table in (task_draft, user_task_candidate):
            self._tx.execute(table.delete().where(table.c.task_key.in_(tasks)))
        tree = sa.select(found.key).where(found.root_key.in_(roots))
        for table in (remark, watch):
            self._tx.execute(table.delete().where(table.c.instance_key.in_(tree)))
        for table in (user_task, incident):
            self._tx.execute(table.delete().where(table.c.root_key.in_(roots)))
        # earlier years hold no rows of these trees
        told = history.c.root_key.in_(roots), history.c.key >= min(roots) - SLACK
        self._tx.execute(history.delete().where(*told))
        return len(roots)

    def make_years_ahead(self) -> int:
        """Partitions of this year and the next, where they are missing; none on SQLite."""
        return make_ahead_on(self._tx.connection) if self._tx.is_postgresql else 0

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
