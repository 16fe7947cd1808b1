"""The inbox: what must I do, by when; what waits for others; what changed and why."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from flask import Blueprint, flash, redirect, render_template, request, url_for

from engine.usecases import habits, inbox
from engine.usecases.as_planned import document_as_planned
from engine.usecases.bulk_tasks import may_together
from engine.usecases.errors import InputRefused
from engine.usecases.notices import Kind
from engine.usecases.rights import may
from engine.usecases.task_views import NEVER_DUE
from web.context import actor, house, key_of
from web.language import agency_zone
from web.readings.administration import GROUPS
from web.readings.inbox import days_words, groups_of, query_of, sieve_of
from web.readings.notices import from_to, reason_words, sentence
from web.wording import gettext as _

if TYPE_CHECKING:
    from collections.abc import Mapping

    from werkzeug import Response

    from engine.usecases.ports.process import UserTaskRow

pages = Blueprint("inbox", __name__)

PAGE = 50
_MONDAY = 7


@pages.get("/tugas")
def show() -> str:
    """Open tasks by due date, those past it first; the strip and the lists beside them."""
    now, zone = house().clock.now(), agency_zone()
    sieve = sieve_of(request.args, now, zone)
    seen = inbox.first_screen(house(), actor(), sieve, after=_after(request.args), limit=PAGE)
    feedback = [one for one in seen.changes if one.notice.kind == Kind.FEEDBACK_WRITTEN]
    return render_template(
        "pages/inbox.html",
        groups=groups_of(seen, actor().person_id, now, zone),
        seen=seen,
        strip=inbox.strip(house(), actor()),
        feedback=feedback,
        changes=[one for one in seen.changes if one not in feedback],
        filtered=query_of(request.args),
        put_off=bool(sieve.put_off),
        together=may_together(house(), [row.form_key for row in seen.rows if row.form_key]),
        assigns=may(actor(), "task:assign"),
        shares=may(actor(), habits.SHARE) and actor().person_id is not None,
        group_words=GROUPS,
        once=house().ids.uuid(),
        undo=_keys(request.args.getlist("ditunda")),
        next_after=_cursor(seen.rows[-1]) if seen.more else None,
        tomorrow=(now.astimezone(zone) + dt.timedelta(days=1)).date(),
        days_words=days_words,
        sentence=sentence,
        from_to=from_to,
        reason_words=reason_words,
        parse_query=lambda text: dict(parse_qsl(text)),
    )


@pages.post("/tugas/tunda")
def put_off() -> Response:
    """Hide the ticked tasks until a day; one press brings them back."""
    keys = _keys(request.form.getlist("task"))
    try:
        rows = inbox.put_off(house(), actor(), keys, _until(request.form))
    except InputRefused:
        words = _("Choose at least one task, and a day that is still to come within three months.")
        flash(words, "bad")
        return _back()
    flash(_("Put off: %(count)s", count=len(rows)), "good")
    return _back(ditunda=[str(row.key) for row in rows])


@pages.post("/tugas/kembalikan")
def bring_back() -> Response:
    """Show tasks again that were put off."""
    try:
        inbox.bring_back(house(), actor(), _keys(request.form.getlist("task")))
    except InputRefused:
        flash(_("Choose at least one task."), "bad")
        return _back()
    flash(_("They are back in your list."), "good")
    return _back()


@pages.post("/tugas/sesuai-rencana")
def document() -> Response:
    """Say of the ticked months that all went as planned."""
    keys = _keys(request.form.getlist("task"))[: inbox.TOGETHER_MAX]
    found = document_as_planned(house(), actor(), keys)
    for task in found.done:
        flash(_("Documented as planned: %(name)s", name=task.subject or task.name), "good")
    if found.left or not keys:
        flash(
            _("These ask for more than a tick; open them: %(count)s", count=len(found.left)), "wait"
        )
    return _back()


@pages.post("/tugas/perubahan")
def read_changes() -> Response:
    """What changed was read."""
    ids = request.form.getlist("notice")
    inbox.say_seen(house(), actor(), ids or None)
    return _back()


@pages.post("/tugas/saringan")
def keep_filter() -> Response:
    """Keep the filter of this page under a name."""
    query = query_of(dict(parse_qsl(request.form.get("query", ""))))
    try:
        habits.keep_filter(house(), actor(), inbox.SCREEN, request.form.get("name", ""), query)
        flash(_("Filter kept."), "good")
    except InputRefused:
        words = _("Give the filter a short name; twelve filters can be kept.")
        flash(words, "bad")
    return _back()


@pages.post("/tugas/saringan/<filter_id>/hapus")
def drop_filter(filter_id: str) -> Response:
    """Forget a kept filter."""
    habits.drop_filter(house(), actor(), filter_id)
    flash(_("Filter dropped."), "good")
    return _back()


def _back(**more: Any) -> Response:
    """To the list as it was filtered."""
    kept: dict[str, Any] = dict(parse_qsl(query_of(dict(parse_qsl(request.form.get("query", ""))))))
    return redirect(url_for("inbox.show", **{**kept, **more}), code=303)


def _keys(texts: list[str]) -> list[int]:
    return [key for text in texts if (key := key_of(text)) is not None]


def _until(form: Mapping[str, str]) -> dt.datetime:
    """The beginning of the wanted day by the agency's clock; now for nonsense, which is refused."""
    now, zone = house().clock.now(), agency_zone()
    today = now.astimezone(zone).date()
    wanted = form.get("until", "")
    days = {"besok": 1, "senin": _MONDAY - today.weekday()}.get(wanted)
    if days is not None:
        day = today + dt.timedelta(days=days)
    else:
        try:
            day = dt.date.fromisoformat(form.get("day", ""))
        except ValueError:
            return now
    return dt.datetime.combine(day, dt.time(), zone).astimezone(dt.UTC)


def _cursor(row: UserTaskRow) -> str:
    """Where the next page begins; rows without due date sort last."""
    return f"{(row.due_at or NEVER_DUE).isoformat()}|{row.key}"


def _after(args: Mapping[str, str]) -> tuple[dt.datetime, int] | None:
    due, _bar, text = args.get("after", "").partition("|")
    key = key_of(text)
    try:
        at = dt.datetime.fromisoformat(due).astimezone(dt.UTC)
    except (ValueError, OverflowError):
        return None
    return None if key is None else (at, key)
