"""Effects that leave after the commit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from engine.persistence.stores.transaction import Store, Transaction
from engine.persistence.tables.work import outbox
from engine.usecases.ports.mail import Outcome

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from engine.usecases.ports.process import Json

_ERROR_CHARACTERS_MAX = 500

_C = outbox.c
_PUT = {
    True: postgresql.insert(outbox).on_conflict_do_nothing(index_elements=["key"]),
    False: sqlite.insert(outbox).on_conflict_do_nothing(index_elements=["key"]),
}


class SqlOutboxStore(Store):
    """`OutboxStore` on SQL: messages wait until the commit, and are sent from a job."""

    def __init__(self, transaction: Transaction) -> None:
        super().__init__(transaction)
        self._waiting: list[dict[str, Any]] = []

    def put(self, kind: str, key: str, payload: Mapping[str, Json]) -> None:
        """One message per key; a second one is ignored."""
        self._waiting.append(
            {
                "id": self._tx.ids.key(),
                "kind": kind,
                "key": key,
                "payload": dict(payload),
                "put_at": self._tx.clock.real_now(),
                "attempts": 0,
                "recipient_id": payload.get("recipient_id"),
            }
        )

    def waiting(
        self,
        kind: str,
        limit: int = 100,
        *,
        free_at: datetime | None = None,
        now: datetime | None = None,
    ) -> Sequence[tuple[int, str, Mapping[str, Json]]]:
        """Messages of a kind not yet sent as (id, key, payload), oldest first.

        With `free_at` (real time) only those that no sender holds or backs off from then; with
        `now` (business time) only those whose hour has come.
        """
        self.write()
        wanted = (
            sa.select(_C.id, _C.key, _C.payload)
            .where(_C.kind == kind, _C.sent_at.is_(None))
            .order_by(_C.id)
            .limit(limit)
        )
        if free_at is not None:
            wanted = wanted.where(sa.or_(_C.free_at.is_(None), _C.free_at <= free_at))
        if now is not None:
            wanted = wanted.where(sa.or_(_C.due_at.is_(None), _C.due_at <= now))
        return [(row.id, row.key, row.payload) for row in self._tx.execute(wanted)]

    def recipient(self, message_id: int) -> tuple[str | None, datetime | None]:
        """The one person a message is for (None: a group), and the hour it was put off to."""
        asked = sa.select(_C.recipient_id, _C.due_at).where(_C.id == message_id)
        row = self._tx.execute(asked).one()
        return row.recipient_id, row.due_at

    def hold(self, message_id: int, until: datetime) -> None:
        """Let a message wait for its hour (business time): a digest, the end of quiet hours."""
        change = outbox.update().where(_C.id == message_id, _C.sent_at.is_(None))
        self._tx.execute(change.values(due_at=until))

    def beside(
        self, recipient_id: str, kinds: Sequence[str], *, now: datetime, limit: int
    ) -> Sequence[tuple[int, str, str, Mapping[str, Json]]]:
        """A person's waiting messages of these kinds whose hour has come (id, kind, key, payload).

        Oldest first; only those that were put off before.
        """
        wanted = (
            sa.select(_C.id, _C.kind, _C.key, _C.payload)
            .where(_C.recipient_id == recipient_id, _C.sent_at.is_(None))
            .where(_C.kind.in_(kinds), _C.due_at <= now)
            .order_by(_C.id)
            .limit(limit)
        )
        return [(row.id, row.kind, row.key, row.payload) for row in self._tx.execute(wanted)]

    def claim(self, message_id: int, now: datetime, until: datetime) -> int | None:
        """Hold a waiting message until then (real time).

        How often it was held, this time included; None when it is another's or has left.
        """
        taken = (
            outbox.update()
            .where(_C.id == message_id, _C.sent_at.is_(None))
            .where(sa.or_(_C.free_at.is_(None), _C.free_at <= now))
            .values(attempts=_C.attempts + 1, free_at=until)
            .returning(_C.attempts)
        )
        row = self._tx.execute(taken).first()
        return None if row is None else int(row.attempts)

    def failed(self, message_id: int, error: str, free_at: datetime) -> None:
        """Note why an attempt failed, and from when it may be tried again (real time)."""
        change = outbox.update().where(_C.id == message_id, _C.sent_at.is_(None))
        self._tx.execute(change.values(error=error[:_ERROR_CHARACTERS_MAX], free_at=free_at))

    def sent(
        self,
        message_id: int,
        at: datetime,
        outcome: Outcome = Outcome.SENT,
        error: str | None = None,
    ) -> bool:
        """Note how a message ended; False when another sender already did."""
        told = None if error is None else error[:_ERROR_CHARACTERS_MAX]
        change = outbox.update().where(_C.id == message_id, _C.sent_at.is_(None))
        ended = change.values(sent_at=at, outcome=outcome.value, error=told, free_at=None)
        return self._tx.execute(ended.returning(_C.id)).first() is not None

    def mark(self) -> int:
        """How many messages wait for the commit."""
        return len(self._waiting)

    def rewind(self, mark: int) -> None:
        """Forget those put since then."""
        del self._waiting[mark:]

    def write(self) -> None:
        """Insert what waits, by key, so that two writers never cross."""
        if self._waiting:
            waiting, self._waiting = self._waiting, []
            rows = {row["key"]: row for row in reversed(waiting)}
            ordered = [rows[key] for key in sorted(rows)]
            self._tx.execute_many(_PUT[self._tx.is_postgresql], ordered)
