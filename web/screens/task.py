"""One task: its form, what stands beside it, and what comes back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for

from engine.domain.errors import RuleBroken
from engine.usecases.as_planned import tappable
from engine.usecases.books import sees_plan
from engine.usecases.errors import Conflict, InputRefused
from engine.usecases.plan_talk import talk_beside
from engine.usecases.rights import may
from engine.usecases.tasks import (
    complete_task,
    draft_mark,
    drop_draft,
    save_draft,
)
from web.context import actor, house, safe_target
from web.faults import faults_of
from web.language import agency_zone
from web.readings.attestation import beside
from web.readings.names import Named
from web.readings.next_step import of_task
from web.readings.squad_side import squad_side
from web.readings.task import matter_of
from web.readings.together import panel_of
from web.taskform import TaskForm, completion, open_form, stale_page
from web.uploads import with_files
from web.wording import gettext as _

if TYPE_CHECKING:
    from werkzeug import Response

    from engine.usecases.ports.inbox import Face


pages = Blueprint("task", __name__)

Answer = "Response | str | tuple[str, int]"


@pages.get("/tugas/<int:key>")
def show(key: int) -> str:
    """The task with its form as it was left."""
    return _page(open_form(house(), actor(), key))


@pages.post("/tugas/<int:key>")
def complete(key: int) -> Response | tuple[str, int]:
    """Complete the task; on any refusal what was typed stays on the page."""
    form = open_form(house(), actor(), key).typed(request.form)
    if (changed := form.pressed(request.form)) is not None:
        return _page(changed), 200
    try:
        values = with_files(form, request.files)
        complete_task(house(), actor(), completion(key, values))
    except (InputRefused, RuleBroken) as error:
        return _page(form.refused(faults_of(error))), 422
    except Conflict as error:
        return stale_page(form, error), 409
    flash(_("Done: %(name)s", name=form.view.task.name), "good")
    target = safe_target(request.form.get("_next"), url_for("inbox.show"))
    return redirect(target, code=303)


@pages.post("/tugas/<int:key>/draf")
def draft(key: int) -> Response | tuple[str, int]:
    """Keep what was typed; a script gets a line, a person comes back to the page.

    Two windows never merge: what the other one kept meanwhile answers 409, and nothing is kept.
    """
    form = open_form(house(), actor(), key).typed(request.form)
    by_script = request.headers.get("X-Requested-With") == "autosave"
    try:
        mark = save_draft(
            house(), actor(), key, form.draft_values(), seen=request.form.get("_draft")
        )
    except Conflict as error:
        if by_script:
            return render_template(
                "parts/unsaved.html", task=form.view.task, facts=error.facts
            ), 409
        return stale_page(form, error), 409
    if by_script:
        answer = make_response(render_template("parts/saved.html", at=house().clock.now()))
        answer.set_etag(mark)
        return answer
    flash(_("Draft saved."), "good")
    return redirect(url_for("task.show", key=key), code=303)


@pages.post("/tugas/<int:key>/draf/buang")
def discard(key: int) -> Response:
    """Forget what was typed; the form is as it came."""
    drop_draft(house(), actor(), key)
    flash(_("Your draft is gone; the form is as it came."), "good")
    return redirect(url_for("task.show", key=key), code=303)


@pages.post("/tugas/<int:key>/syarat")
def conditions(key: int) -> dict[str, bool]:
    """Whether each field hides with what is typed now, by its name; rows counted from 0."""
    return open_form(house(), actor(), key).typed(request.form).hiding()


def _page(form: TaskForm) -> str:
    task = form.view.task
    card, line = beside(house(), actor(), form.view.variables)
    matter = matter_of(house(), actor(), task, form.view.variables)
    whom = _whom(matter.face) if form.view.may_complete else None
    return render_template(
        "pages/task.html",
        form=form,
        card=card,
        line=line,
        matter=matter,
        process_name=matter.face.process if matter.face else task.process_id,
        draft_mark=request.form.get("_draft", draft_mark(form.view.draft)),
        may_see_process=may(actor(), "instance:read"),
        task=task,
        whom=whom,
        may_see_plan=whom is not None and sees_plan(house(), actor(), whom.id),
        next_step=of_task(house(), actor(), task),
        panel=panel_of(house(), actor(), form.view, agency_zone()),
        talk=talk_beside(house(), actor(), form.view.variables),
        squad_side=squad_side(house(), actor(), form) if form.view.may_complete else None,
        fields=form.fields(),
        faults=form.summary(),
        tap=form.view.may_complete and tappable(task) and not form.values,
        next=request.values.get("_next", ""),
        idempotency_key=request.form.get("idempotency_key") or house().ids.uuid(),
    )


def _whom(face: Face | None) -> Named | None:
    """The person that a task is about, where that is somebody else."""
    if face is None or not face.about_id or not face.about or face.about_id == actor().person_id:
        return None
    return Named(face.about_id, face.about)
