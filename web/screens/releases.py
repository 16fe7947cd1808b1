"""Publishing in the studio: what is proposed, whom it touches, and the choices."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, flash, redirect, render_template, request, url_for

from engine.domain.errors import RuleBroken
from engine.domain.releases import WORDS_MAX, WORDS_MIN, Running
from engine.usecases import releases
from engine.usecases.errors import Conflict, DrawingRefused, InputRefused, NotFound
from engine.usecases.file_versions import file_versions
from engine.usecases.ports.drafts import DraftKind, Subject
from engine.usecases.ports.versions import MigrationRefused
from engine.usecases.release_outlook import TASKS_MAX, TASKS_SHOWN, Ask, Choice
from engine.usecases.rights import may
from engine.usecases.tabling import published
from web.context import actor, house
from web.csp import drawing_page
from web.readings import release as reading
from web.readings.names import person_names
from web.release_words import KINDS, refusal_words
from web.tables import wanted
from web.wording import gettext as _

if TYPE_CHECKING:
    from collections.abc import Mapping

    from werkzeug import Response

    from engine.usecases.releases import Proposal

pages = Blueprint("releases", __name__)

_REFUSALS = (RuleBroken, InputRefused, Conflict)


@pages.get("/studio/<process_id>/terbitkan")
def propose(process_id: str) -> Response:
    """What would be published, whom it touches, and the choices."""
    return _look(Subject(DraftKind.PROCESS, process_id))


@pages.post("/studio/<process_id>/terbitkan")
def offer(process_id: str) -> Response:
    """Look again with other choices, try the move, propose, or bring back at once."""
    return _act(Subject(DraftKind.PROCESS, process_id))


@pages.get("/keputusan/<decision_id>/terbitkan")
def propose_decision(decision_id: str) -> Response:
    """The same for the tables of a decision alone."""
    return _look(Subject(DraftKind.DECISION, decision_id))


@pages.post("/keputusan/<decision_id>/terbitkan")
def offer_decision(decision_id: str) -> Response:
    """Propose the tables of a decision."""
    return _act(Subject(DraftKind.DECISION, decision_id))


@pages.get("/formulir/<form_id>/terbitkan")
def propose_form(form_id: str) -> Response:
    """The same for a form alone."""
    return _look(Subject(DraftKind.FORM, form_id))


@pages.post("/formulir/<form_id>/terbitkan")
def offer_form(form_id: str) -> Response:
    """Propose a form."""
    return _act(Subject(DraftKind.FORM, form_id))


def _look(subject: Subject) -> Response:
    command = _command(subject, request.args)
    whole = bool(request.args.get("bentuk"))
    ask = Ask(play=not whole, tasks=TASKS_MAX if whole else TASKS_SHOWN)
    found = releases.prepare(house(), actor(), command, ask)
    if not whole:
        return _table(subject, command, found)
    return _file(found) or _table(subject, command, found)


def _act(subject: Subject) -> Response:
    command, act = _command(subject, request.form), request.form.get("act")
    if act not in ("propose", "urgent"):
        if request.args.get("bentuk"):
            found = releases.prepare(house(), actor(), command, Ask(play=False, tasks=TASKS_MAX))
            return _file(found) or _table(subject, command, found)
        return _again(subject, command, {})
    try:
        done = releases.bring_back if act == "urgent" else releases.propose
        made = done(house(), actor(), command)
    except (DrawingRefused, MigrationRefused):
        return _again(subject, command, {"": _("It cannot be published so; read below why.")})
    except _REFUSALS as refused:
        return _again(subject, command, refusal_words(refused))
    if act == "urgent":
        flash(_("The earlier version is in force again; the others were told."), "good")
    else:
        flash(_("It waits for a second person; those who may review it were told."), "good")
    return redirect(url_for("releases.review", release_id=made.id), code=303)


def _file(found: Proposal) -> Response | None:
    """The table that is asked for as a file: all of its rows."""
    return wanted(*reading.tables(house(), actor(), found.outlook))


def _again(
    subject: Subject, command: releases.ProposeRelease, faults: Mapping[str, str]
) -> Response:
    """The page with what was typed; drafts that moved are looked at as they are now."""
    try:
        found = releases.prepare(house(), actor(), command)
    except Conflict as moved:
        faults = {**refusal_words(moved), **faults}
        command = releases.ProposeRelease(
            subject=subject, reason=command.reason, choice=command.choice, back_to=command.back_to
        )
        found = releases.prepare(house(), actor(), command)
    return _table(subject, command, found, faults)


def _command(subject: Subject, form: Mapping[str, str]) -> releases.ProposeRelease:
    values = request.form if request.method == "POST" else request.args
    back = str(form.get("kembali", ""))
    return releases.ProposeRelease(
        subject=subject,
        items=tuple(values.getlist("items")),
        reason=form.get("reason", ""),
        choice=_choice(),
        override_reason=form.get("override_reason") or None,
        back_to=_version_key(subject, back) if back else None,
    )


def _choice() -> Choice:
    form = request.form
    pairs = {
        name.removeprefix("to."): value
        for name, value in form.items()
        if name.startswith("to.") and value
    }
    return Choice(
        running=Running.MIGRATE if form.get("running") == "migrate" else Running.STAY,
        elements=pairs or None,
        anew=frozenset(form.getlist("anew")),
        ask_people=form.get("people") == "1",
        units=tuple(form.getlist("units")) if form.get("who") == "some" else None,
    )


def _version_key(subject: Subject, text: str) -> int:
    """The key of an earlier version by its number."""
    rows = file_versions(house(), actor(), subject)
    row = next((one for one in rows if str(one.version) == text), None)
    if row is None:
        raise NotFound(f"{subject.kind.value} version", text)
    return row.key


def _table(
    subject: Subject,
    command: releases.ProposeRelease,
    found: Proposal,
    faults: Mapping[str, str] | None = None,
) -> Response:
    with house().reading() as uow:
        units = uow.agency.units(actor().agency_id or "")
        drawn = subject.kind is DraftKind.PROCESS
        newest = uow.processes.latest_definition(subject.id) if drawn else None
        known = published(uow, subject) is not None
    page = render_template(
        "pages/release_propose.html",
        subject=subject,
        newest=known,
        name=newest.name if newest else subject.id,
        found=found,
        shown=reading.shown(house(), actor(), found.outlook),
        taken={one.name for one in found.taken},
        command=command,
        choice=command.choice,
        kinds=KINDS,
        units=units,
        names=person_names(house(), [one.saved_by for one in found.candidates]),
        faults=faults or {},
        may_urgent=found.back_to is not None and may(actor(), "definition:review"),
        least=WORDS_MIN,
        most=WORDS_MAX,
    )
    return drawing_page(page, 422 if faults else 200)
