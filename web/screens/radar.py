"""Human resources' first screen: where the cycle is stuck, because of whom; reminders in batch."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Final

from flask import Blueprint, flash, redirect, render_template, request, url_for

from engine.domain.participation import FIELD_DAYS, FIELD_DAYS_BEFORE, FIELD_SHARE_BP
from engine.usecases.asking import TASKS_MAX
from engine.usecases.errors import InputRefused
from engine.usecases.radar import Narrowed, participation_report, radar, stuck_tasks
from engine.usecases.reminders import (
    RIGHT,
    RemindHolders,
    remind_holders,
    reminders_of_day,
)
from engine.usecases.rights import may
from web import paging
from web.context import actor, house, key_of, safe_target
from web.readings import radar as shown
from web.tables import wanted
from web.wording import gettext as _

if TYPE_CHECKING:
    from werkzeug import Response


pages = Blueprint("radar", __name__)

#: rows of the list on the first screen
FIRST_ROWS: Final = 12


@pages.get("/radar")
def show() -> Response | str:
    """The whole agency at a glance, and the worst of what holds it up."""
    found = radar(house(), actor(), _cycle())
    tables = (
        shown.funnel_table(found),
        shown.holder_table(found),
        shown.placeless_table(found),
    )
    file = wanted(*tables)
    if file is not None:
        return file
    listed = stuck_tasks(house(), actor(), _cycle(), narrowed=Narrowed(), limit=FIRST_ROWS + 1)
    lines = shown.stuck_lines(listed)
    return render_template(
        "pages/radar.html",
        found=found,
        funnel=shown.whole_funnel(found.funnel),
        cards=shown.unit_cards(found),
        tables=tables,
        lines=lines[:FIRST_ROWS],
        more=len(lines) > FIRST_ROWS,
        may_remind=may(actor(), RIGHT),
        unsigned=sum(row.people - row.signed for row in found.funnel),
    )


@pages.get("/radar/hambatan")
def stuck() -> Response | str:
    """All tasks that hold the cycle up, narrowed and page by page."""
    narrowed = Narrowed(
        at_risk=request.args.get("keadaan") != "semua",
        unit_id=request.args.get("unit") or None,
        holder_id=request.args.get("pemegang") or None,
    )
    listed = stuck_tasks(
        house(), actor(), _cycle(), narrowed=narrowed, after=_after(), limit=paging.ROWS + 1
    )
    lines = shown.stuck_lines(listed)
    leaf = paging.leaf(lines, lambda line: (line.row.sort_at.isoformat(), str(line.row.key)))
    table = shown.stuck_table(leaf.rows)
    file = wanted(table)
    if file is not None:
        return file
    return render_template(
        "pages/stuck.html",
        found=listed,
        leaf=leaf,
        table=table,
        narrowed=narrowed,
        may_remind=may(actor(), RIGHT),
    )


@pages.post("/radar/ingatkan")
def remind() -> Response:
    """Remind whoever holds the tasks that were ticked."""
    keys = [key_of(text) for text in request.form.getlist("task")]
    command = RemindHolders(task_keys=tuple(key for key in keys if key is not None))
    try:
        found = remind_holders(house(), actor(), command)
    except InputRefused:
        flash(_("Choose between 1 and %(most)s tasks first.", most=TASKS_MAX), "bad")
        return redirect(safe_target(request.form.get("_next"), url_for("radar.show")), code=303)
    words = [_("Reminders put on their way: %(count)s.", count=found.reminded)]
    if found.already:
        words.append(_("Reminded before today: %(count)s.", count=found.already))
    if found.passed_over:
        words.append(_("Done meanwhile or held by nobody: %(count)s.", count=found.passed_over))
    flash(" ".join(words), "good" if found.reminded else "wait")
    return redirect(url_for("radar.reminders"), code=303)


@pages.get("/radar/pengingat")
def reminders() -> str:
    """What was reminded on a day."""
    after = paging.after(1)
    found = reminders_of_day(
        house(), actor(), _day(), after=after[0] if after else None, limit=paging.ROWS + 1
    )
    leaf = paging.leaf(found.lines, lambda line: (line.row.key,))
    return render_template("pages/reminders.html", found=found, leaf=leaf)


@pages.get("/radar/partisipasi")
def participation() -> Response | str:
    """Who has a fixed plan, and how many days it took, against what the field reached."""
    found = participation_report(house(), actor(), _cycle())
    table = shown.participation_table(found)
    file = wanted(table)
    if file is not None:
        return file
    return render_template(
        "pages/participation.html",
        found=found,
        table=table,
        field_days=FIELD_DAYS,
        field_before=FIELD_DAYS_BEFORE,
        field_share_bp=FIELD_SHARE_BP,
    )


def _cycle() -> str | None:
    return request.args.get("siklus") or None


def _after() -> tuple[datetime, int] | None:
    found = paging.after(2)
    key = key_of(found[1]) if found else None
    if found is None or key is None:
        return None
    try:
        at = datetime.fromisoformat(found[0])
    except ValueError:
        return None
    return (at, key) if at.tzinfo is not None else None


def _day() -> date | None:
    try:
        return date.fromisoformat(request.args.get("hari", ""))
    except ValueError:
        return None
