"""What stands at an element, on SQL."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from engine.persistence.stores.batches import meant
from engine.persistence.stores.instances import INSTANCE
from engine.persistence.stores.transaction import Store
from engine.persistence.stores.user_tasks import IS_OPEN, TASK
from engine.persistence.stores.waiting import INCIDENT
from engine.persistence.tables.process import process_instance, user_task
from engine.persistence.tables.waiting import incident
from engine.usecases.ports.standing import Standing

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from engine.persistence.stores.rows import RowMapper
    from engine.usecases.ports.batches import InstanceFilter

_I = process_instance.c


class SqlStandingStore(Store):
    """`StandingStore` on a connection."""

    def standing(
        self, wanted: InstanceFilter, *, after: int | None = None, limit: int = 50
    ) -> Sequence[Standing]:
        """Instances of a filter by ascending key; three statements."""
        self._tx.write_pending()
        page = meant(wanted)
        if after is not None:
            page = page.where(_I.key > after)
        keys = page.order_by(_I.key).limit(limit).subquery()
        found = sa.select(*INSTANCE.columns).where(_I.key.in_(sa.select(keys.c.key)))
        rows = INSTANCE.all_of(self._tx.execute(found.order_by(_I.key)))
        tasks = self._open(rows, wanted, TASK, user_task, IS_OPEN)
        troubles = self._open(rows, wanted, INCIDENT, incident, incident.c.resolved_at.is_(None))
        return [
            Standing(row=row, tasks=tasks[row.key], incidents=troubles[row.key]) for row in rows
        ]

    def _open(
        self,
        rows: Sequence[Any],
        wanted: InstanceFilter,
        mapper: RowMapper[Any],
        table: sa.Table,
        is_open: sa.ColumnElement[bool],
    ) -> Mapping[int, list[Any]]:
        """By instance; what waits in the body of a multi-instance is its process's."""
        roots = {row.root_key for row in rows}
        found = sa.select(*mapper.columns).where(table.c.root_key.in_(roots), is_open)
        if wanted.element_id is not None:
            found = found.where(table.c.element_id == wanted.element_id)
        by_process: dict[tuple[int, int], list[Any]] = defaultdict(list)
        for one in mapper.all_of(self._tx.execute(found.order_by(table.c.key))):
            by_process[one.root_key, one.definition_key].append(one)
        return {row.key: by_process[row.root_key, row.definition_key] for row in rows}
