"""The library of lessons: a page of what squads of one's agency have learnt, and one of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from engine.domain.lessons import terms
from engine.usecases.errors import NotFound
from engine.usecases.ports.lessons import LessonBeside, LessonScope

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from engine.domain.lessons import Lesson
    from engine.domain.units import Unit
    from engine.usecases.actor import Actor
    from engine.usecases.ports.lessons import LessonRow, UseRow
    from engine.usecases.ports.work import House, UnitOfWork

_NOTHING: Final = LessonBeside(topics=(), outputs=())


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a page of the library asks for."""

    words: str = ""
    topic: str = ""
    unit_id: str = ""
    year: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Library:
    """A page of lessons, and what they may be narrowed by."""

    rows: Sequence[LessonRow]
    #: by the id of the writing
    beside: Mapping[str, LessonBeside]
    topics: Sequence[str]
    units: Sequence[Unit]
    years: Sequence[int]


@dataclass(frozen=True, slots=True, kw_only=True)
class LessonWhole:
    """One lesson with every writing and where it was taken up."""

    row: LessonRow
    beside: LessonBeside
    writings: Sequence[Lesson]
    uses: Sequence[UseRow]
    #: whether the reader may correct it
    mine: bool


def library(
    house: House,
    actor: Actor,
    wanted: Wanted,
    *,
    after: tuple[datetime, str] | None = None,
    limit: int = 51,
) -> Library:
    """Lessons of the actor's agency, newest first, keyset paged by (at, id); none without one."""
    if actor.agency_id is None:
        return Library(rows=(), beside={}, topics=(), units=(), years=())
    scope = LessonScope(
        agency_id=actor.agency_id,
        terms=terms(wanted.words),
        topic=wanted.topic.strip().lower(),
        unit_id=wanted.unit_id,
        year=wanted.year,
    )
    with house.reading() as uow:
        rows = uow.lessons.page(scope, after=after, limit=limit)
        return Library(
            rows=rows,
            beside=uow.lessons.beside([row.lesson.id for row in rows]),
            topics=uow.lessons.topics(actor.agency_id),
            units=uow.agency.units(actor.agency_id),
            years=uow.lessons.years(actor.agency_id),
        )


def lesson(house: House, actor: Actor, lesson_id: str) -> LessonWhole:
    """One lesson by the id of its first writing; `NotFound` outside the actor's agency.

    Where it was taken up in a plan, the result's words are its owner's alone.
    """
    with house.reading() as uow:
        row = _seen(uow, actor, lesson_id)
        return LessonWhole(
            row=row,
            beside=uow.lessons.beside([row.lesson.id]).get(row.lesson.id, _NOTHING),
            writings=uow.lessons.writings(lesson_id),
            uses=uow.lessons.uses(root_id=lesson_id),
            mine=actor.person_id == row.lesson.written_by,
        )


def taken_up(house: House, plan_id: str) -> Sequence[UseRow]:
    """What a plan took up, for a page that may show the plan."""
    with house.reading() as uow:
        return uow.lessons.uses(plan_id=plan_id)


def _seen(uow: UnitOfWork, actor: Actor, lesson_id: str) -> LessonRow:
    row = uow.lessons.newest(lesson_id)
    if row is None or actor.agency_id is None or row.lesson.agency_id != actor.agency_id:
        raise NotFound("lesson", lesson_id)
    return row
