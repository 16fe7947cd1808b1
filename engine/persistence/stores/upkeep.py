"""Rows of the runtime rewritten from outside a step: migration, suspension, pilots."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa

from engine.persistence.stores.instances import INSTANCE
from engine.persistence.stores.transaction import Store
from engine.persistence.stores.user_tasks import IS_OPEN, TASK
from engine.persistence.stores.waiting import INCIDENT, SUBSCRIPTION, WORKER_JOB
from engine.persistence.tables.process import process_definition, process_instance, user_task
from engine.persistence.tables.waiting import incident, subscription, worker_job
from engine.usecases.ports.batches import Waits

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime
    from typing import TypeAlias

    from engine.persistence.stores.instances import InstanceStore
    from engine.persistence.stores.rows import RowMapper
    from engine.persistence.stores.transaction import Transaction
    from engine.usecases.ports.process import InstanceRow, InstanceStatus

    _Asked: TypeAlias = tuple[RowMapper[Any], sa.Select[Any]]

_I = process_instance.c
_TREE: Final = (
    sa.select(*INSTANCE.columns)
    .where(_I.root_key == sa.bindparam("root_key"), _I.status.in_(["active", "suspended"]))
    .order_by(_I.key)
)


def _at(table: sa.Table, mapper: RowMapper[Any], *conditions: sa.ColumnElement[bool]) -> _Asked:
    """Rows at some execution roots, by key."""
    keys: sa.BindParameter[Any] = sa.bindparam("keys", expanding=True)
    wanted = sa.select(*mapper.columns).where(table.c.instance_key.in_(keys), *conditions)
    return mapper, wanted.order_by(table.c.key)


_WAITS: Final = {
    "tasks": _at(user_task, TASK, IS_OPEN),
    "subscriptions": _at(subscription, SUBSCRIPTION),
    "jobs": _at(worker_job, WORKER_JOB),
    "incidents": _at(incident, INCIDENT, incident.c.resolved_at.is_(None)),
}
_PLACE: Final = ("process_id", "definition_key", "element_id")


def _rewriting(table: sa.Table, *names: str) -> sa.Update:
    columns: dict[str, Any] = {name: sa.bindparam(f"new_{name}") for name in (*_PLACE, *names)}
    return table.update().where(table.c.key == sa.bindparam("at_key")).values(columns)


#: what people see of a task changed: a page that shows the old form is stale
_TASK: Final = _rewriting(user_task, "name", "form_key", "form_id").values(
    version=user_task.c.version + 1
)
_SUBSCRIPTION: Final = _rewriting(subscription)
_JOB: Final = _rewriting(worker_job)
_INCIDENT: Final = _rewriting(incident)


class SqlUpkeepStore(Store):
    """`UpkeepStore` on SQL."""

    def __init__(self, transaction: Transaction, instances: InstanceStore) -> None:
        super().__init__(transaction)
        self._instances = instances

    def tree(self, root_key: int) -> Sequence[InstanceRow]:
        """Live rows of a tree by key; a parent is older than its children."""
        self._tx.write_pending()
        return INSTANCE.all_of(self._tx.execute(_TREE, {"root_key": root_key}))

    def waits(self, instance_keys: Collection[int], *, only: Collection[str] = ()) -> Waits:
        """What is open at these execution roots, by key; open incidents only."""
        keys = sorted(instance_keys)
        wanted = only or ("tasks", "subscriptions", "jobs", "incidents")
        found: dict[str, Sequence[Any]] = {}
        for name, (mapper, statement) in _WAITS.items() if keys else ():
            if name in wanted:
                found[name] = mapper.all_of(self._tx.execute(statement, {"keys": keys}))
        return Waits(**found)

    def rewrite(self, waits: Waits) -> None:
        """Write process, version, element, name and form of rows that are there already."""
        tx = self._tx
        tasks = [
            _place(t) | {"new_name": t.name, "new_form_key": t.form_key, "new_form_id": t.form_id}
            for t in waits.tasks
        ]
        tx.execute_many(_TASK, tasks)
        tx.execute_many(_SUBSCRIPTION, [_place(row) for row in waits.subscriptions])
        tx.execute_many(_JOB, [_place(row) for row in waits.jobs])
        tx.execute_many(_INCIDENT, [_place(row) for row in waits.incidents])

    def drop_subscriptions(self, keys: Collection[int]) -> None:
        """End single subscriptions."""
        if keys:
            gone = subscription.delete().where(subscription.c.key.in_(sorted(keys)))
            self._tx.execute(gone)

    def set_status(self, root_key: int, old: InstanceStatus, new: InstanceStatus) -> int:
        """Change the status of all rows of a tree that have the old one; how many."""
        self._instances.forget()
        change = (
            process_instance.update()
            .where(_I.root_key == root_key, _I.status == old.value)
            .values(status=new.value, version=_I.version + 1)
        )
        return self._tx.execute(change).rowcount

    def put_standing(
        self,
        definition_key: int,
        *,
        suspended_at: datetime | None,
        pilot_units: tuple[str, ...] | None,
    ) -> None:
        """Say whether a version may be started, and in which units only."""
        change = process_definition.update().where(process_definition.c.key == definition_key)
        units = None if pilot_units is None else list(pilot_units)
        self._tx.execute(change.values(suspended_at=suspended_at, pilot_units=units))


def _place(row: Any) -> dict[str, Any]:
    return {"at_key": row.key, **{f"new_{name}": getattr(row, name) for name in _PLACE}}
