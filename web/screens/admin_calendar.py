"""The calendar of an agency: national holidays, its own days off, and who changed them why."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from flask import Blueprint, flash, redirect, render_template, request, url_for

from engine.usecases import administration as readings
from engine.usecases.calendars import KEEP, ChangeDay, add_day, withdraw_day, year_off
from engine.usecases.errors import Conflict, InputRefused
from engine.usecases.rights import may
from web.context import actor, house
from web.faults import text_of
from web.readings.names import person_names
from web.tables import Column, Kind, Table, wanted
from web.wording import gettext as _

if TYPE_CHECKING:
    from werkzeug import Response

    from engine.usecases.calendars import YearOff

pages = Blueprint("admin_calendar", __name__)

YEARS = range(2000, 2200)


@pages.get("/kelola/kalender")
def show() -> str | Response:
    """Days off of a year."""
    found = year_off(house(), actor(), _year())
    return wanted(_table(found)) or _page(found)


@pages.post("/kelola/kalender")
def add() -> Response | tuple[str, int]:
    """Add a day off of the agency's own."""
    try:
        add_day(house(), actor(), _command())
    except InputRefused as error:
        return _refused(error), 422
    flash(_("The day is added; deadlines count with it from now on."), "good")
    return _back()


@pages.post("/kelola/kalender/cabut")
def withdraw() -> Response | tuple[str, int]:
    """Make one of the agency's own days off a working day again."""
    try:
        withdraw_day(house(), actor(), _command())
    except InputRefused as error:
        return _refused(error, prefix="off-"), 422
    except Conflict:
        flash(_("This is not a day of the agency's own; nothing was saved."), "bad")
    else:
        flash(_("The day is a working day again."), "good")
    return _back()


def _command() -> ChangeDay:
    form = request.form
    return ChangeDay(
        day=_day(form.get("day", "")),
        name=form.get("name", ""),
        letter_no=form.get("letter_no", ""),
        reason=form.get("reason", ""),
    )


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _year() -> int | None:
    text = request.args.get("tahun", "")
    return int(text) if text.isascii() and text.isdecimal() and int(text) in YEARS else None


def _refused(error: InputRefused, prefix: str = "") -> str:
    day = _day(request.form.get("day", ""))
    found = year_off(house(), actor(), day.year if day else None)
    return _page(found, {prefix + fault.field: text_of(None, fault) for fault in error.faults})


def _page(found: YearOff, faults: dict[str, str] | None = None) -> str:
    today = readings.today_of(house(), actor())
    return render_template(
        "pages/admin_calendar.html",
        found=found,
        table=_table(found),
        own=[row for row in found.days if not row.national and row.day >= today],
        names=person_names(house(), (row.made_by for row in found.changes)),
        keeps=may(actor(), KEEP),
        today=today,
        faults=faults or {},
        typed=request.form,
    )


def _table(found: YearOff) -> Table:
    return Table(
        "kalender",
        _("Days off in %(year)s", year=found.year),
        (Column(_("Day"), Kind.DAY), Column(_("Name")), Column(_("Counts for"))),
        [
            (row.day, row.name, _("everybody") if row.national else _("this agency"))
            for row in found.days
        ],
    )


def _back() -> Response:
    day = _day(request.form.get("day", ""))
    return redirect(url_for("admin_calendar.show", tahun=day.year if day else None), code=303)
