"""Enqueue background work in the transaction that causes it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from engine.persistence.stores.transaction import Store, Transaction
from engine.persistence.tables.work import background_job
from engine.usecases import references

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.usecases.ports.process import Json

#: due and available since ever: at once
AT_ONCE = datetime(1970, 1, 1, tzinfo=UTC)


def _enqueue(insert: Any) -> Any:
    """INSERT that asks a twin to run once more; one that only waits forgets it at its lease."""
    return insert.on_conflict_do_update(
        index_elements=["kind", "key"],
        index_where=sa.text("state = 'waiting'"),
        set_={
            "again": sa.true(),
            "again_args": insert.excluded.args,
            "again_due_at": insert.excluded.due_at,
        },
    )


_ENQUEUE = {
    True: _enqueue(postgresql.insert(background_job)),
    False: _enqueue(sqlite.insert(background_job)),
}


class SqlJobs(Store):
    """`Jobs` on a table; what is enqueued waits for the commit and is written at once."""

    def __init__(self, transaction: Transaction) -> None:
        super().__init__(transaction)
        self._waiting: list[dict[str, Any]] = []

    def enqueue(
        self, kind: str, key: str, args: Mapping[str, Json], *, due_at: datetime | None = None
    ) -> None:
        """One job per (kind, key); `due_at` is business time, None: at once.

        A second enqueue of a waiting job is ignored; of one that is running, it makes the job
        run once more with the new arguments, so that no wake-up is lost.
        """
        self._waiting.append(
            {
                "id": self._tx.ids.key(),
                "kind": kind,
                "key": key,
                "args": dict(args),
                "state": "waiting",
                "due_at": due_at or AT_ONCE,
                "available_at": AT_ONCE,
                "fence": 0,
                "attempts": 0,
                "again": False,
                "enqueued_at": self._tx.clock.real_now(),
                "reference": references.current(),
            }
        )

    def mark(self) -> int:
        """How many jobs wait for the commit."""
        return len(self._waiting)

    def rewind(self, mark: int) -> None:
        """Forget those enqueued since then."""
        del self._waiting[mark:]

    def write(self) -> None:
        """Insert what waits, by kind and key, so that two writers never cross."""
        if self._waiting:
            waiting, self._waiting = self._waiting, []
            rows = {(row["kind"], row["key"]): row for row in reversed(waiting)}
            ordered = [rows[name] for name in sorted(rows)]
            self._tx.execute_many(_ENQUEUE[self._tx.is_postgresql], ordered)
