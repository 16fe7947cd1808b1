"""Tasks as people handle them together: taken, lent out, dated, talked about, many at once."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import parse_qsl

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for

from engine.domain.errors import RuleBroken
from engine.usecases import bulk_tasks, habits, remarks, tasks
from engine.usecases.delegating import DelegateTask, ResolveTask, delegate_task, resolve_task
from engine.usecases.errors import Conflict, FieldFault, InputRefused
from engine.usecases.evidence import keep_file
from engine.usecases.ports.inbox import Sieve
from engine.usecases.scheduling import PRIORITY_MAX, ScheduleTask, schedule_task
from web import paging
from web.context import actor, evidence_files, house, key_of, safe_target
from web.faults import faults_of, text_of
from web.language import agency_zone
from web.readings.inbox import query_of
from web.readings.together import talk_of
from web.screens.evidence import POLICY
from web.taskform import open_form
from web.uploads import with_files
from web.wording import gettext as _

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import BinaryIO

    from werkzeug import Response as Answer

pages = Blueprint("together", __name__)


@pages.post("/tugas/<int:key>/ambil")
def claim(key: int) -> Answer:
    """Take a task that one's group may take."""
    return _done(key, lambda: tasks.claim_task(house(), actor(), key), _("The task is yours now."))


@pages.post("/tugas/<int:key>/lepas")
def give_back(key: int) -> Answer:
    """Give a task back to the group."""
    words = _("The task is back with its group.")
    return _done(key, lambda: tasks.unclaim_task(house(), actor(), key), words)


@pages.post("/tugas/<int:key>/titip")
def delegate(key: int) -> Answer:
    """Ask somebody to work on a task; it comes back before it is sent."""
    command = DelegateTask(
        task_key=key,
        delegate="".join(request.form.get("delegate", "").split()),
        idempotency_key=request.form.get("idempotency_key") or None,
    )
    words = _("Asked. The task comes back to you before it is sent.")
    return _done(key, lambda: delegate_task(house(), actor(), command), words, away="inbox.show")


@pages.post("/tugas/<int:key>/kembali")
def hand_back(key: int) -> Answer:
    """Hand a task back to its owner with what was typed, or take one's own back."""
    form = open_form(house(), actor(), key)
    data = None
    if form.view.may_complete and form.form is not None and "_draft" in request.form:
        try:
            typed = form.typed(request.form)
            data = replace(typed, values=with_files(typed, request.files)).draft_values()
        except InputRefused as error:
            flash(_told(error), "bad")
            return redirect(url_for("task.show", key=key), code=303)
    command = ResolveTask(
        task_key=key, data=data, idempotency_key=request.form.get("idempotency_key") or None
    )
    owns = form.view.task.owner == actor().person_id
    words = _("The task is with you again.") if owns else _("Handed back to its owner.")
    away = "task.show" if owns else "inbox.show"
    return _done(key, lambda: resolve_task(house(), actor(), command), words, away=away)


@pages.post("/tugas/<int:key>/jadwal")
def schedule(key: int) -> Answer:
    """Change when it is looked at again; who may assign, also due date and priority."""
    try:
        command = ScheduleTask(
            task_key=key, changes=_changes(), reason=request.form.get("reason", "").strip()
        )
    except ValueError:
        flash(_("Choose a day and a time."), "bad")
        return redirect(url_for("task.show", key=key), code=303)
    return _done(key, lambda: schedule_task(house(), actor(), command), _("Dates kept."))


@pages.post("/tugas/<int:key>/catatan")
def say_beside_task(key: int) -> Answer:
    """Say something, or lay a file, beside a task."""
    place = remarks.Place(task_key=key)
    return _say(place, url_for("task.show", key=key, _anchor="catatan"))


@pages.post("/tugas/<int:key>/ikuti")
def follow_task(key: int) -> Answer:
    """Be told when a task ends, or no longer."""
    return _follow(remarks.Place(task_key=key), url_for("task.show", key=key))


@pages.get("/proses/<int:key>/catatan")
def talk(key: int) -> str:
    """What was said beside a process and its tasks."""
    place = remarks.Place(instance_key=key)
    after = paging.after(1)
    found = remarks.beside(house(), actor(), place, after=after[0] if after else None)
    with house().reading() as uow:
        row = uow.processes.instance(found.instance_key)
        drawn = uow.processes.definition(row.definition_key) if row else None
    return render_template(
        "pages/remarks.html",
        key=key,
        title=(drawn.name or drawn.process_id) if drawn else "",
        talk=talk_of(found, actor(), follows=found.follows_process),
        next_after=found.remarks[-1].remark.id if found.more else None,
    )


@pages.post("/proses/<int:key>/catatan")
def say_beside_process(key: int) -> Answer:
    """Say something, or lay a file, beside a process."""
    place = remarks.Place(instance_key=key)
    return _say(place, url_for("together.talk", key=key, _anchor="catatan"))


@pages.post("/proses/<int:key>/ikuti")
def follow_process(key: int) -> Answer:
    """Be told when a process ends, or no longer."""
    return _follow(remarks.Place(instance_key=key), url_for("together.talk", key=key))


@pages.get("/lampiran/<remark_id>")
def attachment(remark_id: str) -> Response:
    """A file laid beside the work; it can run nothing."""
    row, content = remarks.open_attachment(house(), evidence_files(), actor(), remark_id)
    answer = Response(content, mimetype=row.media_type)
    answer.headers.set("Content-Disposition", "attachment", filename=row.filename)
    answer.headers["Content-Security-Policy"] = POLICY
    return answer


@pages.post("/tugas/bersama")
def many() -> Answer | str | tuple[str, int]:
    """Claim, assign or complete the ticked tasks, each alone; what stayed says why."""
    found_keys = [key for text in request.form.getlist("task") if (key := key_of(text)) is not None]
    word, back = request.form.get("act", ""), _to_inbox()
    try:
        command = bulk_tasks.Together(
            act=bulk_tasks.Act(word),
            task_keys=tuple(found_keys),
            assignee="".join(request.form.get("nip", "").split()) or None,
            idempotency_key=request.form.get("idempotency_key") or None,
        )
        with house().reading() as uow:
            sieve = Sieve(keys=tuple(sorted(set(found_keys)))[: bulk_tasks.AT_ONCE], put_off=None)
            rows = uow.inbox.tasks(actor(), sieve, now=house().clock.now())
        outcome = bulk_tasks.do_together(house(), actor(), command)
    except (InputRefused, ValueError) as error:
        words = _told(error) if isinstance(error, InputRefused) else _("Choose at least one task.")
        flash(words, "bad")
        return redirect(back, code=303)
    if outcome.undertaking_id is not None:
        return redirect(
            url_for("undertakings.one", undertaking_id=outcome.undertaking_id), code=303
        )
    if not outcome.refused:
        flash(_("Done: %(count)s tasks", count=len(outcome.done)), "good")
        return redirect(back, code=303)
    return render_template(
        "pages/many.html",
        outcome=outcome,
        names={row.key: (row.name, row.subject or "") for row in rows},
        why={one.task_key: _why(one) for one in outcome.refused},
        back=back,
    )


@pages.post("/tugas/saringan/<filter_id>/bagikan")
def share_filter(filter_id: str) -> Answer:
    """Let a group or the agency use a kept filter, or nobody any more."""
    try:
        habits.share_filter(house(), actor(), filter_id, request.form.get("shared", ""))
        flash(_("Kept who may use this filter."), "good")
    except InputRefused as error:
        flash(_told(error), "bad")
    return redirect(_to_inbox(), code=303)


def _done(key: int, act: Callable[[], object], words: str, *, away: str = "task.show") -> Answer:
    """Do it and say so; what stands against it is said on the task's page."""
    try:
        act()
    except (InputRefused, RuleBroken) as error:
        flash(_told(error), "bad")
    except Conflict as error:
        flash(_conflict(error), "bad")
    else:
        flash(words, "good")
        target = url_for(away) if away == "inbox.show" else url_for(away, key=key)
        return redirect(safe_target(request.form.get("_next"), target), code=303)
    return redirect(url_for("task.show", key=key), code=303)


def _say(place: remarks.Place, target: str) -> Answer:
    remarks.beside(house(), actor(), place, limit=1)  # nothing is kept for who may not see it
    command = remarks.Say(
        at=place,
        text=request.form.get("text", ""),
        mentions=tuple(request.form.getlist("call")),
        idempotency_key=request.form.get("idempotency_key") or None,
    )
    try:
        remarks.say(house(), actor(), replace(command, evidence_id=_kept_file()))
        flash(_("Your remark stands here."), "good")
    except InputRefused as error:
        flash(_told(error), "bad")
    return redirect(target, code=303)


def _kept_file() -> str | None:
    file = request.files.get("file")
    if file is None or not file.filename:
        return None
    stream = cast("BinaryIO", file.stream)
    return str(keep_file(house(), evidence_files(), actor(), stream, file.filename)["id"])


def _follow(place: remarks.Place, target: str) -> Answer:
    wanted = request.form.get("follow", "1") == "1"
    try:
        remarks.follow(house(), actor(), place, wanted=wanted)
        flash(
            _("You will be told when it ends.") if wanted else _("You follow it no more."), "good"
        )
    except Conflict:
        flash(_("It has ended."), "wait")
    return redirect(target, code=303)


def _changes() -> dict[str, Any]:
    """What the form names; `ValueError` for what is no day, time or number."""
    form, zone = request.form, agency_zone()
    changes: dict[str, Any] = {}
    for name in ("follow_up_at", "due_at"):
        if name in form:
            text = form[name].strip()
            at = dt.datetime.fromisoformat(text).replace(tzinfo=zone) if text else None
            changes[name] = at.astimezone(dt.UTC) if at else None
    if form.get("priority"):
        priority = int(form["priority"])
        if not 0 <= priority <= PRIORITY_MAX:
            raise ValueError(priority)
        changes["priority"] = priority
    return changes


def _to_inbox() -> str:
    kept: dict[str, Any] = dict(parse_qsl(query_of(dict(parse_qsl(request.form.get("query", ""))))))
    return url_for("inbox.show", **kept)


def _told(error: InputRefused | RuleBroken) -> str:
    return " ".join(dict.fromkeys(text_of(None, fault) for fault in faults_of(error)))


def _why(one: bulk_tasks.Refused) -> str:
    return text_of(None, FieldFault(field="", code=one.code, message=one.message))


def _conflict(error: Conflict) -> str:
    if error.facts.get("state") == "delegated":
        return _("%(name)s owns this task: hand it back first.", name=error.facts.get("ownerName"))
    return text_of(None, FieldFault(field="", code="conflict", message=error.reason))
