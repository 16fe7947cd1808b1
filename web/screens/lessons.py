"""The library of lessons: what squads have learnt, one lesson, where it was taken up."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Final

from flask import Blueprint, render_template, request

from engine.usecases.lessons import Wanted, lesson, library
from web import paging
from web.context import actor, house
from web.readings.lessons import audience_words, lesson_table, use_table
from web.tables import wanted

if TYPE_CHECKING:
    from werkzeug import Response

pages = Blueprint("lessons", __name__)

#: rows of a file
FILE_ROWS: Final = 20_000
_YEAR_DIGITS: Final = 4


@pages.get("/pelajaran")
def everything() -> Response | str:
    """Lessons by words, topic, unit and year, newest first, page by page."""
    as_file = "bentuk" in request.args
    asked = _asked()
    rows = FILE_ROWS if as_file else paging.ROWS
    found = library(house(), actor(), asked, after=None if as_file else _after(), limit=rows + 1)
    leaf = paging.leaf(
        found.rows, lambda row: (row.lesson.at.isoformat(), row.lesson.id), rows=rows
    )
    table = lesson_table(found, leaf.rows)
    return wanted(table) or render_template(
        "pages/lessons.html",
        found=found,
        asked=asked,
        leaf=leaf,
        table=table,
        audiences=audience_words(),
    )


@pages.get("/pelajaran/<lesson_id>")
def one(lesson_id: str) -> Response | str:
    """One lesson with every writing, its outputs, and where it was taken up."""
    found = lesson(house(), actor(), lesson_id)
    table = use_table(found, actor().person_id)
    return wanted(table) or render_template(
        "pages/lesson.html",
        found=found,
        table=table,
        audiences=audience_words(),
    )


def _asked() -> Wanted:
    year = request.args.get("tahun", "")
    return Wanted(
        words=request.args.get("kata", "")[:200],
        topic=request.args.get("topik", ""),
        unit_id=request.args.get("unit", ""),
        year=int(year)
        if year.isascii() and year.isdecimal() and len(year) == _YEAR_DIGITS
        else None,
    )


def _after() -> tuple[datetime, str] | None:
    found = paging.after(2)
    if found is None:
        return None
    try:
        at = datetime.fromisoformat(found[0])
    except ValueError:
        return None
    return (at, found[1]) if at.tzinfo is not None else None
