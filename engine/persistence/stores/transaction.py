"""The open transaction that all stores of one unit of work share."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any, Protocol

import sqlalchemy as sa

from engine.persistence.gate.postgresql import setting
from engine.persistence.stores.prepared import prepared
from engine.usecases import reach

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from engine.persistence.stores.prepared import Writing
    from engine.usecases.ports.time import Clock, Ids


class Pending(Protocol):
    """A store that keeps writes back until they are needed, to write them in bulk."""

    def mark(self) -> Any:
        """What is kept back now."""
        ...

    def rewind(self, mark: Any) -> None:
        """Forget what was kept back since the mark: its savepoint is undone."""
        ...

    def write(self) -> None:
        """Write what is kept back."""
        ...


class Transaction:
    """A connection inside BEGIN, and what stores need beside it."""

    def __init__(self, connection: sa.Connection, *, writes: bool, clock: Clock, ids: Ids) -> None:
        self.connection = connection
        self.writes = writes
        self.clock = clock
        self.ids = ids
        self.is_postgresql = connection.dialect.name == "postgresql"
        #: grows with each INSERT, UPDATE or DELETE of the stores that work through here
        self.writes_sent = 0
        #: agencies whose rows it may touch, on PostgreSQL; None: nobody said
        self.reach = reach.current() if self.is_postgresql else None
        self._pending: list[Pending] = []

    @property
    def is_bounded(self) -> bool:
        """Whether rows of some agencies are out of reach here."""
        return self.reach not in (None, reach.EVERYWHERE)

    def reach_also(self, agency_id: str | None) -> None:
        """Go on in the name of this agency too: the row that names it may be seen.

        A guest's task goes on in the agency of its squad; costs a statement, and only there.
        """
        if self.reach is None or agency_id is None:
            return
        if self.reach == reach.EVERYWHERE or agency_id in self.reach.split(","):
            return
        self.reach = f"{self.reach},{agency_id}"
        self.connection.exec_driver_sql(setting(self.reach))

    def keep(self, store: Pending) -> None:
        """Write this store's pending changes before the commit, in the order of registration."""
        self._pending.append(store)

    def write_pending(self) -> None:
        """Write all that is kept back."""
        for store in self._pending:
            store.write()

    def marks(self) -> list[tuple[Pending, Any]]:
        """Marks of all pending stores, for a savepoint."""
        return [(store, store.mark()) for store in self._pending]

    def execute(
        self, statement: sa.Executable, values: Mapping[str, Any] | None = None
    ) -> sa.CursorResult[Any]:
        """Run one statement."""
        if statement.is_dml:
            self.writes_sent += 1
        return self.connection.execute(statement, values)

    def execute_many(self, statement: Writing, rows: Sequence[Mapping[str, Any]]) -> int:
        """Run a statement for all rows at once; how many rows were touched in all."""
        if not rows:
            return 0
        self.writes_sent += 1
        return prepared(statement).run(self.connection, rows)

    def lock_name(self, *name: str) -> None:
        """Lock something without a row until the end; SQLite's one writer holds all already."""
        if not (self.is_postgresql and self.writes):
            return
        digest = hashlib.sha256("\x00".join(name).encode()).digest()
        number = int.from_bytes(digest[:8], "big", signed=True)
        self.connection.execute(sa.select(sa.func.pg_advisory_xact_lock(number)))


class Store:
    """A store speaks through the transaction of its unit of work."""

    def __init__(self, transaction: Transaction) -> None:
        self._tx = transaction
