"""The inbox: what must I do, by when."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from flask import Blueprint, render_template, request

from engine.usecases.task_views import my_tasks
from web.context import actor, house, key_of
from web.language import agency_zone
from web.readings.names import about_whom, process_names

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from engine.usecases.ports.process import UserTaskRow

pages = Blueprint("inbox", __name__)

PAGE = 50
#: the work list's place for rows without due date
LAST = dt.datetime.max.replace(tzinfo=dt.UTC)


@pages.get("/tugas")
def show() -> str:
    """Open tasks by due date, those past it first."""
    process_id = request.args.get("proses") or None
    rows = my_tasks(
        house(), actor(), process_id=process_id, after=_after(request.args), limit=PAGE + 1
    )
    shown = rows[:PAGE]
    return render_template(
        "pages/inbox.html",
        groups=_by_due(shown, house().clock.now()),
        names=process_names(house(), shown),
        whom=about_whom(house(), actor(), shown),
        process_id=process_id,
        next_after=_cursor(shown[-1]) if len(rows) > PAGE else None,
    )


def _by_due(
    rows: Sequence[UserTaskRow], now: dt.datetime
) -> list[tuple[str, Sequence[UserTaskRow]]]:
    """Overdue, due within seven days, later, without date; empty ones left out."""
    zone = agency_zone()
    week = now.astimezone(zone).date() + dt.timedelta(days=7)
    groups: dict[str, list[UserTaskRow]] = {"overdue": [], "soon": [], "later": [], "open": []}
    for row in rows:
        if row.due_at is None:
            groups["open"].append(row)
        elif row.due_at < now:
            groups["overdue"].append(row)
        else:
            soon = row.due_at.astimezone(zone).date() <= week
            groups["soon" if soon else "later"].append(row)
    return [(name, tasks) for name, tasks in groups.items() if tasks]


def _cursor(row: UserTaskRow) -> str:
    """Where the next page begins; rows without due date sort last."""
    return f"{(row.due_at or LAST).isoformat()}|{row.key}"


def _after(args: Mapping[str, str]) -> tuple[dt.datetime, int] | None:
    due, _, text = args.get("after", "").partition("|")
    key = key_of(text)
    try:
        at = dt.datetime.fromisoformat(due).astimezone(dt.UTC)
    except (ValueError, OverflowError):
        return None
    return None if key is None else (at, key)
