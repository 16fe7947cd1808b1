"""What a person is told about inside Regu, newest first, and when letters leave."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from flask import Blueprint, flash, redirect, render_template, request, url_for

from engine.usecases import habits
from engine.usecases.errors import InputRefused
from engine.usecases.ports.workplace import Calls, Digest
from web import paging
from web.context import actor, house
from web.readings.notices import matter, sentence
from web.wording import gettext as _

if TYPE_CHECKING:
    from werkzeug import Response

pages = Blueprint("notices", __name__)

_MINUTES = 60


@pages.get("/pemberitahuan")
def show() -> str:
    """His notices, a page at a time."""
    found, titles = habits.notices(house(), actor(), after=_after(), limit=paging.ROWS + 1)
    return render_template(
        "pages/notices.html",
        leaf=paging.leaf(found, lambda row: (row.at.isoformat(), row.id)),
        titles=titles,
        matter=matter,
        sentence=sentence,
    )


@pages.post("/pemberitahuan/dibaca")
def read() -> Response:
    """He has read one of them, or all; a link that he follows counts as read."""
    ids = request.form.getlist("notice")
    habits.read_notices(house(), actor(), ids or None)
    return redirect(url_for("notices.show"), code=303)


@pages.get("/pemberitahuan/pilihan")
def choices() -> str:
    """When letters leave."""
    return _choices(habits.preference(house(), actor()))


@pages.post("/pemberitahuan/pilihan")
def choose() -> Response | tuple[str, int]:
    """Keep when letters leave."""
    quiet = _minute("quiet_from"), _minute("quiet_to")
    word, calls = request.form.get("digest", ""), request.form.get("calls")
    if word not in set(Digest) or calls not in {None, *Calls} or None in quiet:
        flash(_("Choose when letters leave, and times such as 21.00."), "bad")
        return _choices(habits.preference(house(), actor())), 422
    if not request.form.get("quiet"):
        quiet = 0, 0
    try:
        told = Calls(calls) if calls else None
        habits.prefer(house(), actor(), Digest(word), (quiet[0] or 0, quiet[1] or 0), told)
    except InputRefused:
        flash(_("Choose when letters leave, and times such as 21.00."), "bad")
        return _choices(habits.preference(house(), actor())), 422
    flash(_("Kept. Letters follow your choice from now on."), "good")
    return redirect(url_for("notices.choices"), code=303)


def _choices(chosen: object) -> str:
    return render_template("pages/notice_choices.html", chosen=chosen, clock_of=_clock)


def _clock(minute: int) -> str:
    return f"{minute // _MINUTES:02d}:{minute % _MINUTES:02d}"


def _minute(name: str) -> int | None:
    try:
        time = dt.time.fromisoformat(request.form.get(name, "").replace(".", ":") or "00:00")
    except ValueError:
        return None
    return time.hour * _MINUTES + time.minute


def _after() -> tuple[dt.datetime, str] | None:
    found = paging.after(2)
    if found is None:
        return None
    try:
        return dt.datetime.fromisoformat(found[0]).astimezone(dt.UTC), found[1]
    except (ValueError, OverflowError):
        return None
