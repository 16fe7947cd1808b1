"""Batch operations and their items."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa

from engine.persistence.stores.instances import INSTANCE
from engine.persistence.stores.rows import RowMapper
from engine.persistence.stores.transaction import Store
from engine.persistence.tables.batches import batch_item, batch_operation
from engine.persistence.tables.process import process_instance, user_task
from engine.persistence.tables.waiting import history, incident, subscription, worker_job
from engine.usecases.ports.batches import BatchItem, BatchRow, ItemState

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from engine.usecases.ports.batches import InstanceFilter
    from engine.usecases.ports.process import InstanceRow

BATCH = RowMapper(
    BatchRow,
    batch_operation,
    read={"groups": tuple},
    write={"groups": list},
)
ITEM = RowMapper(BatchItem, batch_item)

_I, _B, _M = process_instance.c, batch_operation.c, batch_item.c
_LIVE: Final = ("active", "suspended")
_CHANGING: Final = ("state", "done", "failed", "started_at", "ended_at")
_PUT_ITEM: Final = (
    batch_item.update()
    .where(_M.batch_key == sa.bindparam("at_batch"), _M.instance_key == sa.bindparam("at_instance"))
    .values(
        {
            name: sa.bindparam(f"new_{name}")
            for name in (
                "state",
                "code",
                "element_id",
                "message",
                "at",
                "before",
            )
        }
    )
)
_WITHOUT_BEFORE: Final = tuple(
    sa.null().label("before") if column.name == "before" else column for column in ITEM.columns
)


class SqlBatchStore(Store):
    """`BatchStore` on SQL."""

    def add(self, row: BatchRow, wanted: InstanceFilter) -> int:
        """Keep an operation with one item for each instance that is meant; how many."""
        return self._add(row, meant(wanted))

    def add_undo(self, row: BatchRow, of: int) -> int:
        """Keep an operation over the items of another that were done and can go back."""
        done = sa.select(_M.instance_key).where(
            _M.batch_key == of, _M.state == ItemState.DONE, _M.before.is_not(None)
        )
        return self._add(row, done)

    def _add(self, row: BatchRow, keys: sa.Select[Any]) -> int:
        self._tx.write_pending()
        self._tx.execute(batch_operation.insert(), BATCH.values(row))
        meant = keys.subquery()
        items = sa.select(
            sa.literal(row.key),
            meant.c[0],
            sa.literal(ItemState.WAITING.value),
            sa.literal(""),
            sa.literal(""),
            sa.literal(""),
        )
        names = ["batch_key", "instance_key", "state", "code", "element_id", "message"]
        self._tx.execute(batch_item.insert().from_select(names, items))
        counted = sa.select(sa.func.count()).where(_M.batch_key == row.key)
        made = int(self._tx.execute(counted).scalar_one())
        change = batch_operation.update().where(_B.key == row.key).values(total=made)
        self._tx.execute(change)
        return made

    def batch(self, key: int, *, lock: bool = False) -> BatchRow | None:
        """An operation by key."""
        wanted = sa.select(*BATCH.columns).where(_B.key == key)
        return BATCH.one_of(self._tx.execute(wanted.with_for_update() if lock else wanted))

    def put(self, row: BatchRow) -> None:
        """Write state, counts and times."""
        values = {name: getattr(row, name) for name in _CHANGING}
        self._tx.execute(batch_operation.update().where(_B.key == row.key).values(values))

    def batches(
        self,
        agency_id: str | None,
        *,
        kinds: Collection[str] = (),
        states: Collection[str] = (),
        before: int | None = None,
        limit: int = 50,
    ) -> Sequence[BatchRow]:
        """An agency's operations, newest first, keyset paged by key."""
        wanted = sa.select(*BATCH.columns).where(_B.agency_id.is_not_distinct_from(agency_id))
        if kinds:
            wanted = wanted.where(_B.kind.in_(sorted(kinds)))
        if states:
            wanted = wanted.where(_B.state.in_(sorted(states)))
        if before is not None:
            wanted = wanted.where(_B.key < before)
        return BATCH.all_of(self._tx.execute(wanted.order_by(_B.key.desc()).limit(limit)))

    def items(
        self,
        batch_key: int,
        *,
        states: Collection[str] = (),
        after: int | None = None,
        limit: int = 50,
    ) -> Sequence[BatchItem]:
        """Items by ascending instance key, without what an undo needs."""
        wanted = sa.select(*_WITHOUT_BEFORE).where(_M.batch_key == batch_key)
        if states:
            wanted = wanted.where(_M.state.in_(sorted(states)))
        if after is not None:
            wanted = wanted.where(_M.instance_key > after)
        return ITEM.all_of(self._tx.execute(wanted.order_by(_M.instance_key).limit(limit)))

    def item(self, batch_key: int, instance_key: int) -> BatchItem | None:
        """One item with what an undo needs."""
        wanted = sa.select(*ITEM.columns).where(
            _M.batch_key == batch_key, _M.instance_key == instance_key
        )
        return ITEM.one_of(self._tx.execute(wanted))

    def put_items(self, rows: Sequence[BatchItem]) -> None:
        """Write what became of items."""
        self._tx.execute_many(
            _PUT_ITEM,
            [
                {
                    "at_batch": row.batch_key,
                    "at_instance": row.instance_key,
                    "new_state": row.state.value,
                    "new_code": row.code,
                    "new_element_id": row.element_id,
                    "new_message": row.message,
                    "new_at": row.at,
                    "new_before": row.before,
                }
                for row in rows
            ],
        )

    def skip_waiting(self, batch_key: int) -> int:
        """Items that wait will not be done; how many."""
        change = batch_item.update().where(_M.batch_key == batch_key, _M.state == ItemState.WAITING)
        return self._tx.execute(change.values(state=ItemState.SKIPPED)).rowcount

    def failures(self, batch_key: int) -> Sequence[tuple[str, str, str, int]]:
        """Refusals summed up as (code, element id, message of one, how many), most first."""
        count = sa.func.count().label("n")
        wanted = (
            sa.select(_M.code, _M.element_id, sa.func.min(_M.message), count)
            .where(_M.batch_key == batch_key, _M.state == ItemState.FAILED)
            .group_by(_M.code, _M.element_id)
            .order_by(count.desc(), _M.code, _M.element_id)
        )
        return [tuple(row) for row in self._rows(wanted)]

    def instances(
        self, wanted: InstanceFilter, *, after: int | None = None, limit: int = 50
    ) -> Sequence[int]:
        """Keys of the instances that are meant, ascending."""
        self._tx.write_pending()
        page = meant(wanted)
        if after is not None:
            page = page.where(_I.key > after)
        return list(self._tx.execute(page.order_by(_I.key).limit(limit)).scalars())

    def found(
        self, wanted: InstanceFilter, *, after: int | None = None, limit: int = 50
    ) -> Sequence[InstanceRow]:
        """The instances that are meant, by ascending key; one statement."""
        self._tx.write_pending()
        page = meant(wanted).with_only_columns(*INSTANCE.columns)
        if after is not None:
            page = page.where(_I.key > after)
        return INSTANCE.all_of(self._tx.execute(page.order_by(_I.key).limit(limit)))

    def count_instances(self, wanted: InstanceFilter) -> int:
        """How many are meant."""
        self._tx.write_pending()
        counted = sa.select(sa.func.count()).select_from(meant(wanted).subquery())
        return int(self._tx.execute(counted).scalar_one())

    def standing_on(self, wanted: InstanceFilter) -> Mapping[str, int]:
        """Where they wait outside their state: element id -> open tasks, jobs and incidents."""
        self._tx.write_pending()
        page = meant(wanted)
        arms = [
            sa.select(table.c.element_id.label("element_id")).where(
                table.c.root_key.in_(sa.select(_I.root_key).where(_I.key.in_(page))), condition
            )
            for table, condition in _OPEN
        ]
        every = sa.union_all(*arms).subquery()
        counted = sa.select(every.c.element_id, sa.func.count()).group_by(every.c.element_id)
        return {str(row[0]): int(row[1]) for row in self._rows(counted)}

    def _rows(self, wanted: sa.Select[Any]) -> list[Any]:
        """Rows of as many columns as were asked for."""
        return list(self._tx.execute(wanted))


_TROUBLE: Final = ((incident, incident.c.resolved_at.is_(None)),)
_OPEN: Final = (
    (user_task, user_task.c.state == sa.literal_column("'created'")),
    (worker_job, sa.true()),
    *_TROUBLE,
)


def meant(wanted: InstanceFilter) -> sa.Select[Any]:
    """Keys of the process instances of a filter; multi-instance bodies go with their process."""
    found = sa.select(_I.key).where(
        _I.body.is_(None),
        _I.agency_id.is_not_distinct_from(wanted.agency_id),
        _I.status.in_(wanted.statuses or _LIVE),
    )
    for column, value in (
        (_I.process_id, wanted.process_id),
        (_I.definition_key, wanted.definition_key),
        (_I.business_key, wanted.business_key),
        (_I.parent_key, wanted.parent_key),
    ):
        if value is not None:
            found = found.where(column == value)
    if wanted.keys:
        found = found.where(_I.key.in_(sorted(set(wanted.keys))))
    if wanted.roots_only:
        found = found.where(_I.parent_key.is_(None))
    return _narrowed(found, wanted)


def _narrowed(found: sa.Select[Any], wanted: InstanceFilter) -> sa.Select[Any]:
    if wanted.started_from is not None:
        found = found.where(_I.started_at >= wanted.started_from)
    if wanted.started_before is not None:
        found = found.where(_I.started_at < wanted.started_before)
    if wanted.has_incident is not None:
        troubled = (
            sa.exists()
            .where(incident.c.root_key == _I.root_key, incident.c.resolved_at.is_(None))
            .correlate(process_instance)
        )
        found = found.where(troubled if wanted.has_incident else ~troubled)
    if wanted.element_id is not None:
        arms = _TROUBLE if wanted.has_incident else (*_OPEN, (subscription, sa.true()))
        found = found.where(_stands_on(wanted.element_id, arms))
    return found


def _stands_on(
    element_id: str, kinds: Sequence[tuple[sa.Table, sa.ColumnElement[bool]]]
) -> sa.ColumnElement[bool]:
    """Something waits on that element in the instance itself or a multi-instance of it.

    What is called there waits too, unless trouble alone is asked for.
    """
    body = process_instance.alias("inner_row")
    below = sa.select(body.c.key).where(
        body.c.root_key == _I.root_key, body.c.definition_key == _I.definition_key
    )
    arms = [
        sa.exists().where(table.c.instance_key.in_(below), table.c.element_id == element_id, cond)
        for table, cond in kinds
    ]
    if kinds is not _TROUBLE:
        arms.append(_calls(element_id, below))
    return sa.or_(*(arm.correlate(process_instance) for arm in arms))


def _calls(element_id: str, callers: sa.Select[Any]) -> sa.Exists:
    """Something lives that was called there; which element called it, history tells."""
    called, told = process_instance.alias("called"), history.alias("told")
    return sa.exists().where(
        called.c.parent_key.in_(callers),
        called.c.body.is_(None),
        called.c.status.in_(_LIVE),
        told.c.instance_key == called.c.parent_key,
        told.c.token == called.c.parent_token,
        told.c.element_id == element_id,
    )
