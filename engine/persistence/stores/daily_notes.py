"""Notes of a day on SQL: the writings that stand, page by page."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa

from engine.domain.daily_notes import DailyNote, NoteAct
from engine.persistence.tables import contributions as c
from engine.persistence.tables import performance as p
from engine.persistence.tables.daily_notes import daily_note
from engine.usecases.ports.daily_notes import NoteRow

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from engine.usecases.ports.daily_notes import NoteScope

TABLES: Final[dict[type[Any], sa.Table]] = {DailyNote: daily_note}
_N: Final = daily_note.c
_later: Final = daily_note.alias("later")
#: nothing replaces it, and it was not withdrawn
STANDS: Final = sa.and_(
    _N.act != NoteAct.WITHDRAWN, ~sa.exists().where(_later.c.replaces_id == _N.id)
)


class SqlDailyNotes:
    """The part of `DialogueStore` that keeps notes of a day."""

    _connection: sa.Connection

    def daily_note(self, note_id: str) -> NoteRow | None:
        """A note that stands, by the id of its newest writing."""
        found = self._found(_listed().where(_N.id == note_id))
        return found[0] if found else None

    def daily_notes(
        self, scope: NoteScope, *, after: tuple[date, str] | None = None, limit: int | None = None
    ) -> Sequence[NoteRow]:
        """Notes that stand, newest day first, keyset paged by (day, id)."""
        query = _listed().where(
            _N.person_id == scope.person_id, p.plan.c.cycle_id == scope.cycle_id
        )
        if scope.squads is not None:
            query = query.where(c.membership.c.squad_id.in_(sorted(scope.squads)))
        if scope.days is not None:
            query = query.where(_N.on_day.between(*scope.days))
        if after is not None:
            key = sa.tuple_(sa.literal(after[0], sa.Date), sa.literal(after[1]))
            query = query.where(sa.tuple_(_N.on_day, _N.id) < key)
        return self._found(query.order_by(_N.on_day.desc(), _N.id.desc()).limit(limit))

    def _found(self, query: sa.Select[Any]) -> list[NoteRow]:
        return [
            NoteRow(
                note=DailyNote(**{field.name: row[field.name] for field in fields(DailyNote)}),
                cycle_id=row["cycle_id"],
                result=row["title"],
            )
            for row in self._connection.execute(query).mappings()
        ]


def _listed() -> sa.Select[Any]:
    item = p.plan_item.c
    return (
        sa.select(daily_note, item.title, p.plan.c.cycle_id)
        .join(p.plan_item, item.id == _N.item_id)
        .join(p.plan, p.plan.c.id == item.plan_id)
        .outerjoin(c.membership, c.membership.c.id == item.membership_id)
        .where(STANDS)
    )
