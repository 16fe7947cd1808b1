"""Readings of lessons: the library of one's agency, and one lesson with its uses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from marshmallow import Schema, fields, validate

from api.door import actor, house
from api.shapes import NAME, moment, text
from api.smorest import Paths
from engine.usecases import lessons

if TYPE_CHECKING:
    from datetime import datetime

    from engine.usecases.ports.lessons import LessonBeside, LessonRow, UseRow

# ruff: noqa: N815

paths = Paths("learning", "/api", "Lessons of squads and where they are taken up.")

ROWS: Final = 50


class LessonQuery(Schema):
    """Which lessons: all words, a topic, a unit, a year; `after` is where a page ended."""

    words = fields.String(validate=validate.Length(max=200), load_default="")
    topic = fields.String(validate=validate.Length(max=40), load_default="")
    unit = fields.String(validate=NAME)
    year = fields.Integer(load_default=None, validate=validate.Range(1900, 9999))
    afterAt = fields.AwareDateTime(load_default=None)
    afterId = fields.String(validate=NAME)


class LessonShape(Schema):
    """The newest writing of a lesson."""

    lessonId = text()
    writingId = text()
    squadId = text()
    squad = text()
    unitId = text()
    unit = text()
    year = fields.Integer()
    worked = text()
    failed = text()
    advice = text()
    audience = text()
    topics = fields.List(fields.String())
    outputIds = fields.List(fields.String())
    uses = fields.Integer()
    corrections = fields.Integer()
    writtenAt = moment()


class LessonsShape(Schema):
    """A page of the library, newest first; what to ask for next, empty on the last page."""

    lessons = fields.List(fields.Nested(LessonShape))
    afterAt = moment()
    afterId = text(null=True)


class UseShape(Schema):
    """Where a lesson was taken up; a result is named to its owner only."""

    squadId = text()
    itemId = text()
    title = text()
    at = moment()


class LessonWholeShape(Schema):
    """One lesson with its uses."""

    lesson = fields.Nested(LessonShape)
    uses = fields.List(fields.Nested(UseShape))


@paths.operation("GET", "/lessons", answer=LessonsShape, query=LessonQuery)
def get_lessons(query: dict[str, Any]) -> dict[str, Any]:
    """Lessons of one's agency, newest first, fifty a page."""
    asked = lessons.Wanted(
        words=query["words"],
        topic=query["topic"],
        unit_id=query.get("unit", ""),
        year=query["year"],
    )
    at: datetime | None = query["afterAt"]
    after = (at, query["afterId"]) if at is not None and "afterId" in query else None
    found = lessons.library(house(), actor(), asked, after=after, limit=ROWS + 1)
    shown = found.rows[:ROWS]
    last = shown[-1].lesson if len(found.rows) > ROWS else None
    return {
        "lessons": [_card(row, found.beside[row.lesson.id]) for row in shown],
        "afterAt": last.at if last else None,
        "afterId": last.id if last else None,
    }


@paths.operation("GET", "/lessons/<lesson_id>", answer=LessonWholeShape, errors=(404,))
def get_lesson(lesson_id: str) -> dict[str, Any]:
    """One lesson by the id of its first writing."""
    found = lessons.lesson(house(), actor(), lesson_id)
    reader = actor().person_id
    return {
        "lesson": _card(found.row, found.beside),
        "uses": [_use(one, reader) for one in found.uses],
    }


def _card(row: LessonRow, beside: LessonBeside) -> dict[str, Any]:
    held = row.lesson
    return {
        "lessonId": held.root_id,
        "writingId": held.id,
        "squadId": held.squad_id,
        "squad": row.squad,
        "unitId": held.unit_id,
        "unit": row.unit,
        "year": held.year,
        "worked": held.worked,
        "failed": held.failed,
        "advice": held.advice,
        "audience": held.audience.value,
        "topics": list(beside.topics),
        "outputIds": [one for one, _ in beside.outputs],
        "uses": row.uses,
        "corrections": row.corrections,
        "writtenAt": held.at,
    }


def _use(row: UseRow, reader: str | None) -> dict[str, Any]:
    own = row.use.used_by == reader
    return {
        "squadId": row.use.squad_id,
        "itemId": row.use.item_id if own else None,
        "title": row.use.title if own or row.use.squad_id else None,
        "at": row.use.at,
    }
