"""Objections: one's own with its clock, and those that the reader's line has to deal with."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from flask import Blueprint, render_template, request

from engine.usecases.cases import objections as read
from web.context import actor, house
from web.paging import ROWS, after, leaf
from web.readings import talk_words as words
from web.tables import Column, Kind, Table, wanted
from web.wording import gettext as _

if TYPE_CHECKING:
    from werkzeug import Response

    from engine.usecases.cases import Objections

pages = Blueprint("objections", __name__)


@pages.get("/keberatan")
def everything() -> str | Response:
    """What the reader may see of objections, newest first."""
    place = _place()
    cycle = request.args.get("siklus") or None
    found = read(house(), actor(), cycle, after=place, limit=ROWS + 1)
    table = _table(found)
    file = wanted(table)
    if file is not None:
        return file
    page = leaf(found.cards, lambda one: (one.objection.raised_at.isoformat(), one.objection.id))
    return render_template(
        "pages/objections.html",
        found=found,
        cards=page.rows,
        after=page.after,
        table=table,
        now=house().clock.now(),
        words=words,
        word=words.word,
    )


def _place() -> tuple[datetime, str] | None:
    parts = after(2)
    if parts is None:
        return None
    try:
        at = datetime.fromisoformat(parts[0])
        return (at.astimezone(UTC), parts[1]) if at.tzinfo is not None else None
    except (ValueError, OverflowError):
        return None


def _table(found: Objections) -> Table:
    columns = (
        Column(_("Employee")),
        Column(_("Raised"), Kind.MOMENT),
        Column(_("Ground")),
        Column(_("State")),
        Column(_("Waits with")),
        Column(_("Due"), Kind.MOMENT),
        Column(_("Decision")),
        Column(_("Decided"), Kind.MOMENT),
    )
    rows = [
        (
            one.person_name,
            one.objection.raised_at,
            one.objection.ground,
            words.word(words.OBJECTIONS, one.objection.state),
            found.names.get(one.assignee or "", ""),
            one.due_at,
            one.objection.decision,
            one.objection.decided_at,
        )
        for one in found.cards
    ]
    return Table("keberatan", _("Objections"), columns, rows)
