"""Processes that a person starts himself: the list, and each one's form."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, flash, redirect, render_template, request, url_for

from engine.domain.errors import RuleBroken
from engine.usecases.errors import InputRefused
from engine.usecases.starting import StartByForm, start_by_form, start_view, startable
from web.context import actor, house, safe_target
from web.faults import faults_of
from web.taskform import FilledForm, compiled
from web.uploads import with_files
from web.wording import gettext as _

if TYPE_CHECKING:
    from werkzeug import Response

    from engine.usecases.starting import StartView

pages = Blueprint("start", __name__)


@pages.get("/mulai")
def everything() -> str:
    """What one may start."""
    return render_template("pages/starts.html", entrances=startable(house(), actor()))


@pages.get("/mulai/<process_id>")
def form(process_id: str) -> str:
    """The form of one process; a link may fill in plain fields by their names."""
    found = start_view(house(), actor(), process_id)
    return _page(found, _filled(found).begun_with(request.args))


@pages.post("/mulai/<process_id>")
def begin(process_id: str) -> Response | tuple[str, int]:
    """Start it; on any refusal what was typed stays on the page."""
    found = start_view(house(), actor(), process_id)
    filled = _filled(found).typed(request.form)
    if (changed := filled.pressed(request.form)) is not None:
        return _page(found, changed), 200
    try:
        values = with_files(filled, request.files)
        start_by_form(house(), actor(), _command(process_id, values))
    except (InputRefused, RuleBroken) as error:
        return _page(found, filled.refused(faults_of(error))), 422
    flash(_("Started: %(name)s", name=found.entrance.name), "good")
    return redirect(safe_target(request.form.get("_next"), url_for("inbox.show")), code=303)


@pages.post("/mulai/<process_id>/syarat")
def conditions(process_id: str) -> dict[str, bool]:
    """Whether each field hides with what is typed now, by its name."""
    return _filled(start_view(house(), actor(), process_id)).typed(request.form).hiding()


def _command(process_id: str, values: dict[str, Any]) -> StartByForm:
    key = request.form.get("idempotency_key") or None
    return StartByForm(process_id=process_id, values=values, idempotency_key=key)


def _filled(found: StartView) -> FilledForm:
    return FilledForm(form=compiled(house(), found.form), variables=found.variables)


def _page(found: StartView, filled: FilledForm) -> str:
    return render_template(
        "pages/start.html",
        entrance=found.entrance,
        form=filled,
        fields=filled.fields(),
        faults=filled.summary(),
        next=request.values.get("_next", ""),
        idempotency_key=request.form.get("idempotency_key") or house().ids.uuid(),
    )
