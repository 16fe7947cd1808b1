"""The sandbox: a process of the studio played by hand, and a run kept as a scenario.

Nothing is stored between two pages: a field of the page holds the run, which is played anew.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Final

from flask import Blueprint, render_template, request
from werkzeug import Response

from engine.usecases import sandbox as play
from engine.usecases.errors import DrawingRefused, InputRefused
from web.context import actor, house
from web.csp import drawing_page
from web.faults import text_of
from web.language import agency_zone
from web.readings.sandbox import choices_of, sheet_of, starters_of
from web.readings.sandbox_run import pack, unpack
from web.readings.sandbox_table import FIRST_DAY, form_of, played, pressed, table_of
from web.refusals import REFUSALS
from web.wording import gettext as _
from web.wording import lazy_gettext as _l

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.usecases.errors import FieldFault, Finding
    from web.readings.sandbox_table import Table

pages = Blueprint("sandbox", __name__)

#: what is kept of a run unless somebody says otherwise; decisions too
TICKED: Final = frozenset({"path", "state", "sees"})
#: as many characters as a moment has in a field
_MINUTES: Final = 16
#: why what was typed is refused
_WORDS: Final[Mapping[str, object]] = {
    **REFUSALS,
    "run_too_large": _l("The run has grown too large. Go back some steps, or begin anew."),
    "values_lines": _l("Write one value a line: name: value"),
    "length_number": _l("Write a whole number; ten years at most."),
    "time_back": _l("Choose a moment ahead, within ten years."),
    "moment_unreadable": _l("Choose a day and a time."),
    "field_empty": _l("This is needed."),
    "name_long": _l("This name is too long."),
}


@pages.get("/studio/<process_id>/mainkan")
def show(process_id: str) -> Response:
    """Where a run begins; `seperti` takes people and answers from a scenario, or all its steps."""
    table = table_of(process_id)
    wanted = request.args.get("seperti", "")
    found = next((seed for seed in table.seeds if seed.name == wanted), None)
    if found is None:
        return _start_page(table)
    run = dict(found.told)
    if request.args.get("langkah") == "semua":
        return _page(replace(table, run=run))
    return _start_page(replace(table, run=run, typed={"_seed": found.name}))


@pages.post("/studio/<process_id>/mainkan")
def press(process_id: str) -> Response:
    """One press: the next run is played from its start and shown."""
    table = table_of(process_id)
    try:
        run = unpack(request.form.get("_run", ""), process_id)
    except InputRefused as refused:
        return _start_page(replace(table, faults=_told(refused), status=422))
    told = replace(table, run=run, typed=request.form.to_dict())
    try:
        return _page(pressed(told, request.form.get("_act", "")))
    except DrawingRefused:
        return _start_page(told)
    except InputRefused as refused:
        return _page(replace(told, faults=_told(refused), status=422))


@pages.post("/studio/<process_id>/mainkan/syarat")
def conditions(process_id: str) -> dict[str, bool]:
    """Whether each field of the open form hides with what is typed now, by its name."""
    table = table_of(process_id)
    run = unpack(request.form.get("_run", ""), process_id)
    table = played(replace(table, run=run, opened=request.form.get("_opened", "")))
    form = form_of(table.scene) if table.scene is not None else None
    return form.typed(request.form).hiding() if form is not None else {}


@pages.get("/studio/<process_id>/mainkan/gambar")
def drawing(process_id: str) -> Response:
    """The drawing that is played."""
    found = play.drawing_on_table(house(), actor(), process_id)
    return Response(found.content, mimetype="application/xml")


def _page(table: Table) -> Response:
    if not table.begun and not table.starting:
        return _start_page(table)
    try:
        told = table if table.scene is not None else played(table)
    except DrawingRefused:
        return _start_page(table)
    except InputRefused as refused:
        anew = table_of(table.process_id)
        return _start_page(replace(anew, faults=_told(refused), status=422))
    if told.scene is None or (told.starting and told.scene.opened is None):
        words = _("This person may not start it: choose another one.")
        return _start_page(replace(told, faults={"_other": words}, status=422))
    form = told.form or form_of(told.scene)
    sheet = sheet_of(told.scene, table.process_id, table.names, table.seeds)
    page = render_template(
        "pages/sandbox.html",
        table=told,
        sheet=sheet,
        packed=pack(told.run),
        form=form,
        fields=form.fields() if form else (),
        faults=form.summary() if form else (),
        choices={
            line.at: choices_of(task, told.run.get("people") or {})
            for task, line in zip(told.scene.tasks, sheet.tasks, strict=True)
        },
        ticked=_ticked(told),
    )
    return drawing_page(page, told.status)


def _start_page(table: Table) -> Response:
    run = {key: value for key, value in table.run.items() if key not in {"start", "business_key"}}
    scene = None
    findings: tuple[Finding, ...] = ()
    try:
        scene = played(replace(table, run={**run, "steps": []}, opened="")).scene
    except DrawingRefused as refused:
        findings = refused.findings
    people = run.get("people") or {}
    page = render_template(
        "pages/sandbox_start.html",
        table=table,
        scene=scene,
        findings=findings,
        packed=pack({**run, "steps": []}),
        at=table.typed.get("at") or _local(str(run.get("at") or FIRST_DAY)),
        values=_start_values(table),
        key=table.typed.get("business_key", table.run.get("business_key") or ""),
        starters={
            one.element_id: starters_of(one.starters, people)
            for one in (scene.beginnings if scene else ())
        },
    )
    return drawing_page(page, table.status)


def _local(text: str) -> str:
    """A moment as a field holds it, in the zone of who reads."""
    try:
        at = datetime.fromisoformat(text).astimezone(agency_zone())
    except (ValueError, OverflowError):
        return ""
    return at.isoformat()[:_MINUTES]


def _start_values(table: Table) -> str:
    if "values" in table.typed:
        return table.typed["values"]
    start = table.run.get("start")
    return play.shown_value(house(), start) if start else ""


def _ticked(table: Table) -> frozenset[str]:
    """What the part that keeps a run has ticked."""
    if table.typed.get("_act") == "record":
        return frozenset(request.form.getlist("keep"))
    found = table.scene.decisions if table.scene else ()
    return TICKED | {f"decision:{one.decision_id}" for one in found}


def _told(refused: InputRefused) -> dict[str, str]:
    return {fault.field: _words(fault) for fault in refused.faults}


def _words(fault: FieldFault) -> str:
    known = _WORDS.get(fault.code)
    return str(known) if known is not None else text_of(None, fault)
