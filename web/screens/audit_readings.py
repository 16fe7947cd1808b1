"""For internal audit: who read what about whom in the agency."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING

from flask import Blueprint, render_template, request

from engine.usecases.data_readings import people_named, readings_here
from engine.usecases.ports.readings import ReadingScope
from web import paging
from web.context import actor, house
from web.language import agency_zone
from web.readings import data_readings as words
from web.tables import wanted

if TYPE_CHECKING:
    from werkzeug import Response

pages = Blueprint("audit_readings", __name__)

_WORDS_MAX = 120


@pages.get("/audit/pembacaan")
def show() -> Response | str:
    """Readings of a time, newest first, narrowed by whom they are about and who read."""
    since, until = _day("dari"), _day("sampai")
    scope = ReadingScope(
        people=_named("pegawai"),
        readers=_readers(),
        since=_begins(since) if since else None,
        until=_begins(until + timedelta(1)) if until else None,
    )
    found = readings_here(house(), actor(), scope, after=words.after(), limit=words.rows_wanted())
    leaf = paging.leaf(found, words.place, words.shown_rows())
    table = words.agency_table(leaf.rows)
    return wanted(table) or render_template(
        "pages/audit_readings.html", table=table, leaf=leaf, since=since, until=until
    )


def _typed(name: str) -> str:
    return request.args.get(name, "").strip()[:_WORDS_MAX]


def _named(name: str) -> frozenset[str] | None:
    """Ids of the people that were typed; None when nothing was."""
    typed = _typed(name)
    return frozenset(people_named(house(), actor(), typed)) if typed else None


def _readers() -> frozenset[str] | None:
    """The same for readers, who may be accounts of programs."""
    found = _named("pembaca")
    return None if found is None else found | {_typed("pembaca")}


def _day(name: str) -> date | None:
    try:
        found = date.fromisoformat(request.args.get(name, ""))
    except ValueError:
        return None
    return found if date(1, 1, 3) < found < date(9999, 12, 30) else None


def _begins(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=agency_zone()).astimezone(UTC)
