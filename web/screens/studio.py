"""The studio: a process owner opens a drawing, changes it, checks it, publishes it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from flask import Blueprint, flash, redirect, render_template, request, url_for

from engine.usecases.drafting import draft_published
from engine.usecases.errors import DrawingRefused, Finding, InputRefused, NotFound
from engine.usecases.ports.process import Resource
from engine.usecases.process_views import definition, definitions
from engine.usecases.processes import deploy
from engine.usecases.rehearsing import rehearse, stories
from engine.usecases.rights import require
from engine.usecases.scenario_gate import REASON_MAX, REASON_MIN
from web.context import actor, house
from web.csp import drawing_page
from web.drawings import BLANK
from web.findings import told
from web.readings.desk import Desk, desk_of
from web.wording import gettext as _

if TYPE_CHECKING:
    from collections.abc import Sequence

    from werkzeug import Response

    from engine.usecases.ports.process import DefinitionRow
    from engine.usecases.ports.runner import Deployed
    from engine.usecases.ports.scenarios import Rehearsed, Story

pages = Blueprint("studio", __name__)

RIGHT = "definition:deploy"
#: a drawing that begins empty
NEW = "proses_baru"
#: code of the findings that a reason passes over
SCENARIO_FAILED = "scenario-failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """What lies on the drawing table."""

    process_id: str
    name: str
    xml: str
    #: published versions, newest first
    versions: tuple[DefinitionRow, ...] = ()
    findings: tuple[Finding, ...] = ()
    #: the findings are those of a publication that was refused
    refused: bool = False
    #: scenarios that travel with the process
    stories: Sequence[Story] = ()
    #: how they went against the drawing, when they were played
    rehearsed: Rehearsed | None = None
    #: why failing scenarios are passed over, as it was written; and whether that says too little
    reason: str = ""
    reason_refused: bool = False
    #: the draft shown, and those beside it
    desk: Desk = field(default_factory=Desk)
    #: version that what is shown was drawn from
    base_key: int | None = None

    @property
    def may_override(self) -> bool:
        """Whether nothing but scenarios stands in the way of publishing."""
        grave = {one.code for one in self.findings if one.severity == "error"}
        return self.reason_refused or (self.refused and grave == {SCENARIO_FAILED})


@pages.get("/studio")
def shelf() -> str:
    """All processes with their newest version."""
    require(actor(), RIGHT)
    return render_template("pages/studio.html", definitions=definitions(house(), actor()))


@pages.get("/studio-baru")
def blank() -> Response:
    """An empty drawing."""
    require(actor(), RIGHT)
    desk = desk_of(house(), actor(), NEW, version=True)
    return _table(Sheet(process_id=NEW, name=_("New process"), xml=BLANK, desk=desk))


@pages.get("/studio/<process_id>")
def table(process_id: str) -> Response:
    """The draft on the table, one beside it, or a version, open for change."""
    require(actor(), RIGHT, process_id)
    version, draft_id = request.args.get("versi", ""), request.args.get("draf", "")
    desk = desk_of(house(), actor(), process_id, version=bool(version), draft_id=draft_id)
    return _table(_sheet(process_id, version, desk))


@pages.post("/studio/<process_id>/periksa")
def check(process_id: str) -> str:
    """What the server finds in the drawing as it stands on the page."""
    require(actor(), RIGHT, process_id)
    with house().reading() as uow:
        findings = house().runner.check((_posted(process_id),), uow)
    return render_template("parts/findings.html", findings=findings, checked=True)


@pages.post("/studio/<process_id>/skenario")
def play(process_id: str) -> Response | str:
    """How the scenarios of the process go with the drawing as it stands on the page."""
    require(actor(), RIGHT, process_id)
    posted = _posted(process_id)
    by_script = request.headers.get("X-Requested-With") == "rehearsed"
    try:
        found = rehearse(house(), actor(), process_id, posted)
    except DrawingRefused as error:
        if by_script:
            return render_template("parts/findings.html", findings=error.findings)
        return _table(replace(_kept(process_id, posted), findings=error.findings))
    if by_script:
        return render_template("parts/rehearsed.html", rehearsed=found)
    return _table(replace(_kept(process_id, posted), rehearsed=found))


@pages.post("/studio/<process_id>")
def publish(process_id: str) -> Response:
    """Publish a version that new instances take; refused, the drawing stays on the page."""
    require(actor(), RIGHT, process_id)
    posted = _posted(process_id)
    reason = request.form.get("reason", "").strip()
    try:
        done = deploy(house(), actor(), (posted,), reason=reason or None)
    except DrawingRefused as error:
        sheet = replace(_kept(process_id, posted), findings=error.findings, refused=True)
        return _table(replace(sheet, reason=reason), 422)
    except InputRefused:
        sheet = replace(_kept(process_id, posted), reason=reason, reason_refused=True)
        return _table(sheet, 422)
    draft_published(house(), actor(), process_id, request.form.get("draft_mark", ""))
    published = _tell(done)
    return redirect(url_for("studio.table", process_id=published or process_id), code=303)


def _sheet(process_id: str, wanted: str, desk: Desk) -> Sheet:
    versions = tuple(definitions(house(), actor(), process_id=process_id, latest=False))
    if not versions and desk.opened is None:
        raise NotFound("process", process_id)
    sheet = Sheet(
        process_id=process_id,
        name=(versions[0].name if versions else None) or process_id,
        xml="",
        versions=versions,
        stories=stories(house(), actor(), process_id),
        desk=desk,
    )
    if desk.opened is not None:
        drawn = desk.opened.content.decode(errors="replace")
        return replace(sheet, xml=drawn, base_key=desk.opened.base_key)
    chosen = next((row for row in versions if str(row.version) == wanted), versions[0])
    opened = definition(house(), actor(), chosen.key)
    return replace(sheet, xml=opened.xml.decode(), base_key=opened.key)


def _kept(process_id: str, posted: Resource) -> Sheet:
    """The drawing as it was sent, so that nothing drawn is lost."""
    versions = tuple(definitions(house(), actor(), process_id=process_id, latest=False))
    return Sheet(
        process_id=process_id,
        name=versions[0].name or process_id if versions else process_id,
        xml=posted.content.decode(errors="replace"),
        versions=versions,
        stories=stories(house(), actor(), process_id),
        desk=Desk(mark=request.form.get("draft_mark", "")),
        base_key=versions[0].key if versions else None,
    )


def _posted(process_id: str) -> Resource:
    """The drawing of the form: a file that was chosen, else what the editor holds."""
    file = request.files.get("file")
    if file is not None and file.filename:
        return Resource(name=f"{process_id}.bpmn", content=file.read())
    # a form sends every line end as CR LF
    drawn = request.form.get("xml", "").replace("\r\n", "\n")
    return Resource(name=f"{process_id}.bpmn", content=drawn.encode())


def _tell(done: Deployed) -> str | None:
    published = None
    for process_id, version, _key, new in done.processes:
        published = process_id
        if new:
            text = _("“%(id)s” version %(version)s is published.", id=process_id, version=version)
            flash(text, "good")
        else:
            flash(_("Nothing changed: version %(version)s stays.", version=version), "wait")
    for warning in done.warnings:
        flash(told(warning)[0], "wait")
    return published


def _table(sheet: Sheet, status: int = 200) -> Response:
    page = render_template(
        "pages/editor.html", sheet=sheet, reason_min=REASON_MIN, reason_max=REASON_MAX
    )
    return drawing_page(page, status)
