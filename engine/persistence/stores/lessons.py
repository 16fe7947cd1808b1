"""Lessons of squads on SQL: pages of the newest writings, what stands beside, uses."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa

from engine.domain.lessons import Lesson, LessonOutput, LessonTopic, LessonUse
from engine.persistence.stores.entities import Entities
from engine.persistence.tables import agency as a
from engine.persistence.tables import contributions as c
from engine.persistence.tables import lessons as t
from engine.persistence.tables import performance as p
from engine.persistence.types import UtcDateTime
from engine.usecases.ports.lessons import LessonBeside, LessonRow, UseRow

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from engine.usecases.ports.lessons import LessonEntity, LessonScope

TABLES: Final = {
    Lesson: t.lesson,
    LessonTopic: t.lesson_topic,
    LessonOutput: t.lesson_output,
    LessonUse: t.lesson_use,
}
_L, _U = t.lesson.c, t.lesson_use.c
_later: Final = t.lesson.alias("later")
#: nothing corrects it
_NEWEST: Final = ~sa.exists().where(_later.c.corrects_id == _L.id)


class SqlLessonStore:
    """`LessonStore` on a connection."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection
        self._rows = Entities(connection, TABLES)

    def add(self, rows: Sequence[LessonEntity]) -> None:
        """Insert rows, parents before children; `Conflict` names a broken constraint."""
        self._rows.add(rows)

    def page(
        self, scope: LessonScope, *, after: tuple[datetime, str] | None = None, limit: int
    ) -> Sequence[LessonRow]:
        """The newest writings, newest first, keyset paged by (at, id)."""
        query = _listed().where(*_inside(scope))
        if after is not None:
            key = sa.tuple_(sa.literal(after[0], UtcDateTime()), sa.literal(after[1]))
            query = query.where(sa.tuple_(_L.at, _L.id) < key)
        return self._listed(query.order_by(_L.at.desc(), _L.id.desc()).limit(limit))

    def newest(self, root_id: str) -> LessonRow | None:
        """The newest writing of one lesson."""
        found = self._listed(_listed().where(_L.root_id == root_id))
        return found[0] if found else None

    def of_squad(self, squad_id: str) -> LessonRow | None:
        """The newest writing of a squad's lesson."""
        found = self._listed(_listed().where(_L.squad_id == squad_id))
        return found[0] if found else None

    def writings(self, root_id: str) -> Sequence[Lesson]:
        """Every writing of a lesson, the first one first."""
        query = sa.select(t.lesson).where(_L.root_id == root_id)
        return self._rows.all(Lesson, query.order_by(_L.at, _L.id))

    def beside(self, lesson_ids: Sequence[str]) -> dict[str, LessonBeside]:
        """Topics and outputs of writings, in two statements."""
        topic, output = t.lesson_topic.c, t.lesson_output.c
        topics: dict[str, list[str]] = {one: [] for one in lesson_ids}
        outputs: dict[str, list[tuple[str, str]]] = {one: [] for one in lesson_ids}
        wanted = sa.select(topic.lesson_id, topic.topic).where(topic.lesson_id.in_(lesson_ids))
        for row in self._connection.execute(wanted.order_by(topic.topic)):
            topics[row.lesson_id].append(row.topic)
        named = (
            sa.select(output.lesson_id, c.output.c.id, c.output.c.title)
            .join(c.output, c.output.c.id == output.output_id)
            .where(output.lesson_id.in_(lesson_ids))
            .order_by(c.output.c.number)
        )
        for place in self._connection.execute(named):
            outputs[place.lesson_id].append((place.id, place.title))
        return {one: LessonBeside(topics=topics[one], outputs=outputs[one]) for one in lesson_ids}

    def topics(self, agency_id: str) -> Sequence[str]:
        """Topics of the newest writings of an agency, by name."""
        topic = t.lesson_topic.c
        query = (
            sa.select(topic.topic)
            .distinct()
            .join(t.lesson, _L.id == topic.lesson_id)
            .where(_L.agency_id == agency_id, _NEWEST)
        )
        return list(self._connection.scalars(query.order_by(topic.topic)))

    def years(self, agency_id: str) -> Sequence[int]:
        """Years with lessons, newest first."""
        query = sa.select(_L.year).distinct().where(_L.agency_id == agency_id)
        return list(self._connection.scalars(query.order_by(_L.year.desc())))

    def uses(self, *, root_id: str = "", squad_id: str = "", plan_id: str = "") -> Sequence[UseRow]:
        """Where a lesson was taken up, or what a squad or a plan took up, oldest first."""
        taker = c.squad.alias("taker")
        query = (
            sa.select(*_U, _L.advice, c.squad.c.name.label("squad"), a.unit.c.name.label("unit"))
            .select_from(t.lesson_use)
            .join(t.lesson, sa.and_(_L.root_id == _U.root_id, _NEWEST))
            .join(c.squad, c.squad.c.id == _L.squad_id)
            .outerjoin(taker, taker.c.id == _U.squad_id)
            .outerjoin(a.unit, a.unit.c.id == taker.c.host_unit_id)
            .order_by(_U.at, _U.id)
        )
        for column, wanted in ((_U.root_id, root_id), (_U.squad_id, squad_id)):
            query = query.where(column == wanted) if wanted else query
        if plan_id:
            query = query.where(_U.plan_id.in_(_versions(plan_id)))
        return [
            UseRow(
                use=LessonUse(**{field.name: row[field.name] for field in fields(LessonUse)}),
                advice=row["advice"],
                squad=row["squad"],
                unit=row["unit"] or "",
            )
            for row in self._connection.execute(query).mappings()
        ]

    def _listed(self, query: sa.Select[Any]) -> list[LessonRow]:
        return [
            LessonRow(
                lesson=Lesson(**{field.name: row[field.name] for field in fields(Lesson)}),
                squad=row["squad"],
                unit=row["unit"],
                writer=row["writer"],
                uses=row["uses"],
                corrections=row["writings"] - 1,
            )
            for row in self._connection.execute(query).mappings()
        ]


def _versions(plan_id: str) -> sa.Select[Any]:
    """Every version of a plan: a lesson stays with the person's year."""
    held, other = p.plan.alias("held"), p.plan.alias("other")
    same = sa.and_(other.c.person_id == held.c.person_id, other.c.cycle_id == held.c.cycle_id)
    return sa.select(other.c.id).join(held, same).where(held.c.id == plan_id)


def _listed() -> sa.Select[Any]:
    """Newest writings with names and counts, in one statement."""
    again = t.lesson.alias("again")
    uses = sa.select(sa.func.count()).where(_U.root_id == _L.root_id).scalar_subquery()
    writings = sa.select(sa.func.count()).where(again.c.root_id == _L.root_id).scalar_subquery()
    return (
        sa.select(
            *_L,
            c.squad.c.name.label("squad"),
            a.unit.c.name.label("unit"),
            a.person.c.name.label("writer"),
            uses.label("uses"),
            writings.label("writings"),
        )
        .join(c.squad, c.squad.c.id == _L.squad_id)
        .join(a.unit, a.unit.c.id == _L.unit_id)
        .join(a.person, a.person.c.id == _L.written_by)
        .where(_NEWEST)
    )


def _inside(scope: LessonScope) -> list[sa.ColumnElement[bool]]:
    wanted = [_L.agency_id == scope.agency_id]
    wanted += [_L.words.contains(term, autoescape=True) for term in scope.terms]
    if scope.unit_id:
        wanted.append(_L.unit_id == scope.unit_id)
    if scope.year is not None:
        wanted.append(_L.year == scope.year)
    if scope.topic:
        topic = t.lesson_topic.c
        held = sa.select(topic.lesson_id).where(topic.topic == scope.topic)
        wanted.append(_L.id.in_(held))
    return wanted
