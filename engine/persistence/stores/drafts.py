"""Drawings that are not published yet, on SQL."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from engine.persistence.stores.entities import Entities
from engine.persistence.tables.drafting import studio_draft
from engine.persistence.tables.process import (
    decision_definition,
    form_definition,
    process_definition,
)
from engine.persistence.tables.releases import studio_draft_author
from engine.usecases.ports.drafts import DraftKind, Nameable, StudioDraft, Subject

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_D, _A = studio_draft.c, studio_draft_author.c
_F, _T, _P = form_definition.c, decision_definition.c, process_definition.c


class SqlDraftStore:
    """`DraftStore` on a connection."""

    def __init__(self, connection: sa.Connection) -> None:
        self._rows = Entities(connection, {StudioDraft: studio_draft})

    def current(self, subject: Subject) -> StudioDraft | None:
        """The draft on the table."""
        wanted = sa.select(studio_draft).where(*_of(subject), ~_D.aside)
        return self._rows.first(StudioDraft, wanted)

    def standing(self) -> Sequence[StudioDraft]:
        """Every draft on a table, by kind and subject, without its content."""
        told = [sa.literal(b"").label(c.name) if c.name == "content" else c for c in _D]
        wanted = sa.select(*told).where(~_D.aside).order_by(_D.kind, _D.subject_id)
        return self._rows.all(StudioDraft, wanted)

    def draft(self, draft_id: str) -> StudioDraft | None:
        """One by id, on the table or beside it."""
        return self._rows.get(StudioDraft, draft_id)

    def beside(self, subject: Subject) -> Sequence[StudioDraft]:
        """Drafts that were put aside, newest first."""
        wanted = sa.select(studio_draft).where(*_of(subject), _D.aside)
        return self._rows.all(StudioDraft, wanted.order_by(_D.saved_at.desc(), _D.id.desc()))

    def add(self, row: StudioDraft) -> None:
        """Keep a new draft; `Conflict` when another one is on the table."""
        self._rows.add([row])
        self._note_author(row)

    def put(self, row: StudioDraft) -> None:
        """Write a draft again; `Conflict` when it is gone."""
        self._rows.put(row)
        self._note_author(row)

    def _note_author(self, row: StudioDraft) -> None:
        """Who saved it may not be the second person who lets it be published."""
        told = sa.select(sa.literal(row.id), sa.literal(row.saved_by)).where(
            ~sa.exists().where(_A.draft_id == row.id, _A.account == row.saved_by)
        )
        into = studio_draft_author.insert().from_select(["draft_id", "account"], told)
        self._rows.connection.execute(into)

    def drop(self, draft_id: str) -> None:
        """Forget a draft."""
        authors = studio_draft_author.delete().where(_A.draft_id == draft_id)
        self._rows.connection.execute(authors)
        self._rows.connection.execute(studio_draft.delete().where(_D.id == draft_id))

    def nameable(self) -> Sequence[Nameable]:
        """All that is deployed and may be named, by kind and id; three statements."""
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

    def texts(self) -> Mapping[Subject, bytes]:
        """What every draft on a table holds; one statement."""
        wanted = sa.select(_D.kind, _D.subject_id, _D.content).where(~_D.aside)
        rows = self._rows.connection.execute(wanted)
        return {Subject(DraftKind(kind), str(name)): bytes(text) for kind, name, text in rows}

    def drafted(self) -> Sequence[Nameable]:
        """The same of drafts on a table; one statement."""
        schema = sa.case((_D.kind == DraftKind.FORM, _D.content))
        named = (DraftKind.DECISION, DraftKind.FORM, DraftKind.PROCESS)
        wanted = sa.select(_D.kind, _D.subject_id, schema).where(_D.kind.in_(named), ~_D.aside)
        return [
            Nameable(kind=str(kind), id=subject_id, name="", schema=bytes(content or b""))
            for kind, subject_id, content in self._rows.connection.execute(wanted)
        ]


def _of(subject: Subject) -> tuple[sa.ColumnElement[bool], ...]:
    return _D.kind == subject.kind, _D.subject_id == subject.id


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
