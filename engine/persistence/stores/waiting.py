"""What tokens wait for, and what happened: subscriptions, messages, jobs, incidents, history."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from engine.persistence.stores.rows import RowMapper
from engine.persistence.stores.transaction import Store
from engine.persistence.tables.waiting import (
    history,
    incident,
    message,
    message_delivery,
    subscription,
    worker_job,
)
from engine.usecases.ports.process import (
    HistoryRow,
    IncidentRow,
    MessageRow,
    SubscriptionKind,
    SubscriptionRow,
    WorkerJobRow,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

SUBSCRIPTION = RowMapper(
    SubscriptionRow,
    subscription,
    read={"kind": SubscriptionKind},
    write={"kind": lambda kind: SubscriptionKind(kind).value},
)
WORKER_JOB = RowMapper(WorkerJobRow, worker_job)
INCIDENT = RowMapper(IncidentRow, incident)
HISTORY = RowMapper(HistoryRow, history)
MESSAGE = RowMapper(MessageRow, message)

_S = subscription.c
_SUBSCRIPTIONS: sa.Select[Any] = sa.select(*SUBSCRIPTION.columns)
_DUE_STARTS = (
    _SUBSCRIPTIONS.where(
        _S.kind == sa.literal_column("'timer'"),
        _S.instance_key.is_(None),
        _S.due_at <= sa.bindparam("now"),
    )
    .order_by(_S.due_at, _S.key)
    .limit(sa.bindparam("up_to"))
)
_DUE_STARTS_HELD = _DUE_STARTS.with_for_update()
_REPLAN = (
    subscription.update()
    .where(_S.key == sa.bindparam("at_key"), _S.due_at == sa.bindparam("was_due_at"))
    .values(due_at=sa.bindparam("due_at"), detail=sa.bindparam("detail"))
    .returning(_S.key)
)
_WAITING_MESSAGES = (
    sa.select(*MESSAGE.columns)
    .where(
        message.c.name == sa.bindparam("name"),
        message.c.correlation_key == sa.bindparam("correlation_key"),
        message.c.expires_at > sa.bindparam("now"),
    )
    .order_by(message.c.key)
)
_INCIDENTS = (
    sa.select(*INCIDENT.columns)
    .where(incident.c.root_key == sa.bindparam("root_key"), incident.c.resolved_at.is_(None))
    .order_by(incident.c.key)
)
_WORKER_JOB = sa.select(*WORKER_JOB.columns).where(worker_job.c.key == sa.bindparam("key"))


def _of_token(table: sa.Table) -> tuple[sa.ColumnElement[bool], ...]:
    return (
        table.c.instance_key == sa.bindparam("at_instance"),
        table.c.token == sa.bindparam("at_token"),
    )


_CLOSE_SUBSCRIPTION = subscription.delete().where(*_of_token(subscription))
_CLOSE_WORKER_JOB = worker_job.delete().where(*_of_token(worker_job))
_RESOLVE_INCIDENT = (
    incident.update()
    .where(*_of_token(incident), incident.c.resolved_at.is_(None))
    .values(resolved_at=sa.bindparam("now"))
)
_INSERTS = {
    "subscription": subscription.insert(),
    "worker_job": worker_job.insert(),
    "incident": incident.insert(),
    "history": history.insert(),
    "message": message.insert(),
}
_DELIVERED = {
    True: postgresql.insert(message_delivery).on_conflict_do_nothing(),
    False: sqlite.insert(message_delivery).on_conflict_do_nothing(),
}


class WaitingStore(Store):
    """The part of the process store that keeps what waits for events, and history."""

    def replace_start_subscriptions(self, process_id: str, rows: Sequence[SubscriptionRow]) -> None:
        """The start events of the newest version take the place of those of older ones."""
        self._tx.execute(
            subscription.delete().where(_S.process_id == process_id, _S.instance_key.is_(None))
        )
        self.add_subscriptions(rows)

    def replan_start(
        self, row: SubscriptionRow, due_at: datetime | None, detail: str | None
    ) -> bool:
        """Plan the next firing of a timer start event (None: it never fires again).

        False when another transaction was faster: that one fired it.
        """
        values = {"at_key": row.key, "was_due_at": row.due_at, "due_at": due_at, "detail": detail}
        return self._tx.execute(_REPLAN, values).first() is not None

    def subscriptions(
        self, kind: SubscriptionKind, name: str, correlation_key: str | None = None
    ) -> Sequence[SubscriptionRow]:
        """Who waits for that message or signal, oldest first, start events included."""
        wanted = _SUBSCRIPTIONS.where(_S.kind == SubscriptionKind(kind).value, _S.name == name)
        if correlation_key is not None:
            wanted = wanted.where(
                (_S.correlation_key == correlation_key) | _S.instance_key.is_(None)
            )
        return SUBSCRIPTION.all_of(self._tx.execute(wanted.order_by(_S.key)))

    def due_starts(self, now: datetime, limit: int) -> Sequence[SubscriptionRow]:
        """Timer start events that are due, earliest first.

        A unit that writes holds them until its end: nobody else fires them meanwhile.
        """
        wanted = _DUE_STARTS_HELD if self._tx.writes else _DUE_STARTS
        return SUBSCRIPTION.all_of(self._tx.execute(wanted, {"now": now, "up_to": limit}))

    def waiting_messages(
        self, name: str, correlation_key: str, now: datetime
    ) -> Sequence[MessageRow]:
        """Published messages not yet expired, oldest first.

        A unit that writes holds the answer until its end: nobody publishes another meanwhile.
        """
        self._tx.lock_name("message", name, correlation_key)
        values = {"name": name, "correlation_key": correlation_key, "now": now}
        return MESSAGE.all_of(self._tx.execute(_WAITING_MESSAGES, values))

    def mark_delivered(self, message_key: int, process_id: str) -> bool:
        """Record that a message went to a process; False when it already had."""
        wanted = _DELIVERED[self._tx.is_postgresql].returning(message_delivery.c.message_key)
        values = {"message_key": message_key, "process_id": process_id}
        return self._tx.execute(wanted, values).first() is not None

    def incidents(self, root_key: int) -> Sequence[IncidentRow]:
        """Open incidents of an instance tree, oldest first."""
        return INCIDENT.all_of(self._tx.execute(_INCIDENTS, {"root_key": root_key}))

    def worker_job(self, key: int) -> WorkerJobRow | None:
        """A job for external workers."""
        return WORKER_JOB.one_of(self._tx.execute(_WORKER_JOB, {"key": key}))

    # -- writing in bulk ------------------------------------------------------------------

    def close_tokens(
        self,
        *,
        subscriptions: Sequence[tuple[int, int]],
        worker_jobs: Sequence[tuple[int, int]],
        incidents: Sequence[tuple[int, int]],
    ) -> None:
        """End everything that these (instance key, token) pairs waited for."""
        self._tx.execute_many(_CLOSE_SUBSCRIPTION, _tokens(subscriptions))
        self._tx.execute_many(_CLOSE_WORKER_JOB, _tokens(worker_jobs))
        if incidents:
            now = self._tx.clock.now()
            resolved = [token | {"now": now} for token in _tokens(incidents)]
            self._tx.execute_many(_RESOLVE_INCIDENT, resolved)

    def add_subscriptions(self, rows: Sequence[SubscriptionRow]) -> None:
        """Insert subscriptions."""
        self._add("subscription", [SUBSCRIPTION.values(row) for row in rows])

    def add_worker_jobs(self, rows: Sequence[WorkerJobRow]) -> None:
        """Insert jobs for external workers."""
        self._add("worker_job", [WORKER_JOB.values(row) for row in rows])

    def add_incidents(self, rows: Sequence[IncidentRow]) -> None:
        """Insert incidents."""
        self._add("incident", [INCIDENT.values(row) for row in rows])

    def add_history(self, rows: Sequence[HistoryRow]) -> None:
        """Append history."""
        self._add("history", [HISTORY.values(row) for row in rows])

    def add_messages(self, rows: Sequence[MessageRow]) -> None:
        """Insert published messages."""
        self._add("message", [MESSAGE.values(row) for row in rows])

    def _add(self, table: str, rows: Sequence[dict[str, Any]]) -> None:
        self._tx.execute_many(_INSERTS[table], rows)


def _tokens(pairs: Sequence[tuple[int, int]]) -> list[dict[str, Any]]:
    return [{"at_instance": instance, "at_token": token} for instance, token in pairs]
