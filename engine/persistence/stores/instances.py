"""Process instances: locked by their root, guarded by a version, written once per command."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

import sqlalchemy as sa

from engine.persistence.stores.rows import RowMapper
from engine.persistence.stores.transaction import Store, Transaction
from engine.persistence.tables.process import process_instance
from engine.usecases.errors import StaleWrite
from engine.usecases.ports.process import InstanceRow, InstanceStatus

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

INSTANCE = RowMapper(
    InstanceRow,
    process_instance,
    read={"status": InstanceStatus},
    write={"status": lambda status: InstanceStatus(status).value},
)
_I = process_instance.c
#: literal, so that SQLite recognises the condition of its partial indexes
IS_ACTIVE = _I.status == sa.literal_column("'active'")
#: alias under which the root is joined and locked first
ROOT = process_instance.alias("root")

_INSERT = process_instance.insert()
_BY_KEY = sa.select(*INSTANCE.columns).where(_I.key == sa.bindparam("key"))
#: the root is locked before the instance, so that all who work on one tree queue at one row
_LOCK = (
    sa.select(*INSTANCE.columns)
    .join(ROOT, ROOT.c.key == _I.root_key)
    .where(_I.key == sa.bindparam("key"))
    .with_for_update(of=[ROOT, process_instance])
)
_GUARD = frozenset({"at_key", "at_version"})
#: columns that every change writes
_ALWAYS = ("state", "version")
#: columns that a command may change; those it leaves alone are not named in the UPDATE, because
#: SQLite rewrites every index with a column that is
_CHANGING = (
    "process_id",
    "definition_key",
    "body",
    "status",
    "business_key",
    "due_at",
    "incidents",
    "ended_at",
    "agency_id",
)
_GUARDED = process_instance.update().where(
    _I.key == sa.bindparam("at_key"), _I.version == sa.bindparam("at_version")
)
_UPDATE_HEAD = (
    process_instance.update()
    .where(_I.key == sa.bindparam("at_key"))
    .values(audit_seq=sa.bindparam("audit_seq"), audit_head=sa.bindparam("audit_head"))
)
_DUE = (
    sa.select(_I.key)
    .where(IS_ACTIVE, _I.due_at.is_not(None), _I.due_at <= sa.bindparam("now"))
    .order_by(_I.due_at, _I.key)
    .limit(sa.bindparam("up_to"))
)
_STARTED_BY = (
    _I.process_id == sa.bindparam("process_id"),
    _I.business_key == sa.bindparam("business_key"),
    _I.business_key.is_not(None),
)
#: one arm for each partial index
_LIVE_START = sa.union_all(
    sa.select(_I.key).where(IS_ACTIVE, *_STARTED_BY),
    sa.select(_I.key).where(_I.status == sa.literal_column("'suspended'"), *_STARTED_BY),
).order_by(sa.literal_column("key"))


@cache
def _update(columns: frozenset[str]) -> sa.Update:
    """The guarded UPDATE of these columns."""
    return _GUARDED.values({name: sa.bindparam(name) for name in sorted(columns)})


class _Known(NamedTuple):
    """What the table will hold of a row when all that waits is written."""

    version: int
    values: dict[str, Any]


class InstanceStore(Store):
    """The part of the process store that keeps instances.

    The new state of a row that this unit has locked waits in memory until the commit, or until
    somebody asks: then state and audit head are one UPDATE.
    """

    def __init__(self, transaction: Transaction) -> None:
        super().__init__(transaction)
        #: every row that this unit locked or inserted, as it is after its changes
        self._known: dict[int, _Known] = {}
        self._heads: dict[int, tuple[int, bytes]] = {}
        #: values to write, by key; `at_version` is the version that the table still has
        self._behind: dict[int, dict[str, Any]] = {}

    # -- reading --------------------------------------------------------------------------

    def lock(self, instance_key: int) -> InstanceRow | None:
        """Lock the root of that instance for this transaction; return the instance, fresh."""
        self.write()
        row = INSTANCE.one_of(self._tx.execute(_LOCK, {"key": instance_key}))
        if row is not None:
            self.locked(row)
        return row

    def locked(self, row: InstanceRow) -> None:
        """Remember that this row is locked and fresh."""
        self._tx.reach_also(row.agency_id)
        values = INSTANCE.values(row)
        self._known[row.key] = _Known(row.version, {name: values[name] for name in _CHANGING})
        self._heads[row.key] = (row.audit_seq, row.audit_head)

    def instance(self, key: int) -> InstanceRow | None:
        """Read without locking."""
        self.write()
        row = INSTANCE.one_of(self._tx.execute(_BY_KEY, {"key": key}))
        if row is not None:
            self._tx.reach_also(row.agency_id)
        return row

    def children(self, parent_key: int, parent_token: int | None = None) -> Sequence[InstanceRow]:
        """Live children of an instance (of one token), by item index and key."""
        alive = _I.status.in_(["active", "suspended"])
        return self._below(parent_key, parent_token, alive)

    def finished_children(self, parent_key: int, parent_token: int) -> Sequence[InstanceRow]:
        """Completed children of one token, by item index."""
        return self._below(parent_key, parent_token, _I.status == "completed")

    def due_instances(self, now: datetime, limit: int) -> Sequence[int]:
        """Keys of active instances with a timer due, earliest first."""
        self.write()
        return list(self._tx.execute(_DUE, {"now": now, "up_to": limit}).scalars())

    def live_start(self, process_id: str, business_key: str) -> int | None:
        """Key of the live instance started by a message with that key, if any.

        A unit that writes holds the answer until its end: nobody else starts one meanwhile.
        """
        self.write()
        self._tx.lock_name("start", process_id, business_key)
        values = {"process_id": process_id, "business_key": business_key}
        return self._tx.execute(_LIVE_START, values).scalar()

    def forget(self) -> None:
        """Rows are about to change by a statement that knows more of them: write, then forget."""
        self.write()
        self._known.clear()

    def _below(
        self, parent_key: int, token: int | None, status: sa.ColumnElement[bool]
    ) -> Sequence[InstanceRow]:
        self.write()
        wanted = sa.select(*INSTANCE.columns).where(_I.parent_key == parent_key, status)
        if token is not None:
            wanted = wanted.where(_I.parent_token == token)
        return INSTANCE.all_of(self._tx.execute(wanted.order_by(_I.item_index, _I.key)))

    # -- writing --------------------------------------------------------------------------

    def add_instances(self, rows: Sequence[InstanceRow]) -> None:
        """Insert new instances, parents and children in any order."""
        self._tx.execute_many(_INSERT, [INSTANCE.values(row) for row in rows])
        for row in rows:
            self.locked(row)

    def change_instances(self, rows: Sequence[InstanceRow]) -> None:
        """Write changed instances; `StaleWrite` when somebody else did since they were read."""
        at_once = []
        for row in rows:
            values = INSTANCE.values(row)
            change = {name: values[name] for name in _CHANGING}
            guard = {"at_key": row.key, "at_version": row.version - 1}
            guard |= {name: values[name] for name in _ALWAYS}
            known = self._known.get(row.key)
            if known is None:
                at_once.append(guard | change)
                continue
            if known.version != row.version - 1:
                raise StaleWrite("the instance changed meanwhile", instance=row.key)
            new = {name: value for name, value in change.items() if value != known.values[name]}
            waiting = self._behind.get(row.key, {})
            if waiting:
                guard["at_version"] = waiting["at_version"]
            self._behind[row.key] = waiting | guard | new
            self._known[row.key] = _Known(row.version, change)
        self._write_rows(at_once)

    def head(self, key: int) -> tuple[int, bytes] | None:
        """Last audit entry of an instance's stream, its row locked; None without such a row."""
        if key not in self._heads and self.lock(key) is None:
            return None
        return self._heads[key]

    def put_head(self, key: int, seq: int, last: bytes) -> None:
        """Move the head of an instance's stream, with its pending state if there is one."""
        self._heads[key] = (seq, last)
        head = {"audit_seq": seq, "audit_head": last}
        waiting = self._behind.pop(key, None)
        if waiting is None:
            self._tx.execute(_UPDATE_HEAD, {"at_key": key, **head})
        else:
            self._write_rows([waiting | head])

    def mark(self) -> tuple[dict[int, _Known], dict[int, tuple[int, bytes]]]:
        """Savepoints begin with everything written; what is known comes back with an undo."""
        self.write()
        return dict(self._known), dict(self._heads)

    def rewind(self, mark: tuple[dict[int, _Known], dict[int, tuple[int, bytes]]]) -> None:
        """Forget what was read and changed since the mark."""
        self._behind.clear()
        self._known, self._heads = dict(mark[0]), dict(mark[1])

    def write(self) -> None:
        """Write the states that wait."""
        if not self._behind:
            return
        waiting, self._behind = self._behind, {}
        self._write_rows(list(waiting.values()))

    def _write_rows(self, rows: Sequence[dict[str, Any]]) -> None:
        """One UPDATE per set of columns."""
        by_columns: dict[frozenset[str], list[dict[str, Any]]] = {}
        for row in rows:
            by_columns.setdefault(frozenset(row) - _GUARD, []).append(row)
        for columns, alike in by_columns.items():
            if self._tx.execute_many(_update(columns), alike) != len(alike):
                keys = [row["at_key"] for row in alike]
                raise StaleWrite("an instance changed meanwhile", instances=keys)
