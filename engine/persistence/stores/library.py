"""What was published, on SQL."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from engine.persistence.stores.transaction import Store
from engine.persistence.tables.process import (
    decision_definition,
    form_definition,
    process_definition,
)
from engine.usecases.ports.drafts import DraftKind, Subject
from engine.usecases.ports.library import Published

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_F, _D, _P = form_definition.c, decision_definition.c, process_definition.c


class SqlLibraryStore(Store):
    """`LibraryStore` on a connection."""

    def published(self) -> Sequence[Published]:
        """Everything, by kind and id; three statements."""
        return [
            *self._newest(DraftKind.DECISION, decision_definition, _D.decision_id, _D.name, None),
            *self._newest(DraftKind.FORM, form_definition, _F.form_id, None, None),
            *self._newest(
                DraftKind.PROCESS, process_definition, _P.process_id, _P.name, _P.deployed_by
            ),
        ]

    def _newest(
        self,
        kind: DraftKind,
        table: sa.Table,
        named: sa.ColumnElement[str],
        title: sa.ColumnElement[str] | None,
        by: sa.ColumnElement[str] | None,
    ) -> Iterator[Published]:
        """Keys grow with time: the greatest of an id is its newest version."""
        counted = sa.select(
            sa.func.max(table.c.key).label("key"), sa.func.count().label("versions")
        ).group_by(named)
        held = counted.subquery()
        none = sa.literal("")
        wanted: sa.Select[Any] = (
            sa.select(
                named,
                none if title is None else title,
                table.c.version,
                held.c.versions,
                table.c.deployed_at,
                none if by is None else by,
            )
            .join(held, held.c.key == table.c.key)
            .order_by(named)
        )
        rows: Any = self._tx.execute(wanted)
        for row in rows:
            yield Published(
                subject=Subject(kind, str(row[0])),
                name=str(row[1] or ""),
                version=int(row[2]),
                versions=int(row[3]),
                deployed_at=row[4],
                deployed_by=str(row[5] or ""),
            )
