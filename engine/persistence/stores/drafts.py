"""Drawings that are not published yet, on SQL."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import sqlalchemy as sa

from engine.persistence.stores.entities import Entities
from engine.persistence.tables.drafting import process_draft
from engine.persistence.tables.process import (
    decision_definition,
    form_definition,
    process_definition,
)
from engine.usecases.ports.drafts import Nameable, ProcessDraft

if TYPE_CHECKING:
    from collections.abc import Sequence

_D: Final = process_draft.c
_F, _T, _P = form_definition.c, decision_definition.c, process_definition.c


class SqlDraftStore:
    """`DraftStore` on a connection."""

    def __init__(self, connection: sa.Connection) -> None:
        self._rows = Entities(connection, {ProcessDraft: process_draft})

    def current(self, process_id: str) -> ProcessDraft | None:
        """The draft on the table."""
        wanted = sa.select(process_draft).where(_D.process_id == process_id, ~_D.aside)
        return self._rows.first(ProcessDraft, wanted)

    def draft(self, draft_id: str) -> ProcessDraft | None:
        """One by id, on the table or beside it."""
        return self._rows.get(ProcessDraft, draft_id)

    def beside(self, process_id: str) -> Sequence[ProcessDraft]:
        """Drafts that were put aside, newest first."""
        wanted = sa.select(process_draft).where(_D.process_id == process_id, _D.aside)
        return self._rows.all(ProcessDraft, wanted.order_by(_D.saved_at.desc(), _D.id.desc()))

    def add(self, row: ProcessDraft) -> None:
        """Keep a new draft; `Conflict` when another one is on the table."""
        self._rows.add([row])

    def put(self, row: ProcessDraft) -> None:
        """Write a draft again; `Conflict` when it is gone."""
        self._rows.put(row)

    def drop(self, draft_id: str) -> None:
        """Forget a draft."""
        self._rows.connection.execute(process_draft.delete().where(_D.id == draft_id))

    def nameable(self) -> Sequence[Nameable]:
        """All that a drawing may name, by kind and id; three statements."""
        asked = (
            ("decision", _newest(decision_definition, _T.decision_id, _T.name)),
            ("form", _newest(form_definition, _F.form_id, sa.literal(""), _F.schema)),
            ("process", _newest(process_definition, _P.process_id, _P.name)),
        )
        return [
            Nameable(kind=kind, id=row[0], name=row[1] or "", schema=bytes(row[2] or b""))
            for kind, wanted in asked
            for row in self._rows.connection.execute(wanted)
        ]


def _newest(
    table: sa.Table,
    name: sa.ColumnElement[str],
    title: sa.ColumnElement[str],
    content: sa.ColumnElement[bytes] | None = None,
) -> sa.Select[str, str, bytes | None]:
    """Id, title and content of the newest version of each thing; keys grow with time."""
    last = sa.select(sa.func.max(table.c.key)).group_by(name)
    held = sa.null() if content is None else content
    return sa.select(name, title, held).where(table.c.key.in_(last)).order_by(name)
