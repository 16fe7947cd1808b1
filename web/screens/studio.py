"""The studio: a process owner opens a drawing, changes it, checks it, has it proposed."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug import Response

from engine.usecases.beginning import ID_MAX, NAME_MAX, begin_process, proposed_id
from engine.usecases.drafting import DraftMoved, SaveDraft, drafts, put_aside, save_draft
from engine.usecases.errors import DrawingRefused, Finding, InputRefused, NotFound
from engine.usecases.ports.drafts import DraftKind, Subject
from engine.usecases.ports.process import Resource
from engine.usecases.process_views import definition, definitions
from engine.usecases.rehearsing import rehearse, stories
from engine.usecases.rights import may, require
from engine.usecases.tabling import beside_drawing
from web.context import actor, house
from web.csp import drawing_page
from web.drawings import blank_drawing, copied_drawing, element_labels, process_name
from web.faults import text_of
from web.readings.desk import Desk, desk_of
from web.screens.drawing_view import looked_at, published
from web.wording import gettext as _

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from engine.usecases.ports.process import DefinitionRow
    from engine.usecases.ports.scenarios import Rehearsed, Story

pages = Blueprint("studio", __name__)

RIGHT = "definition:draft"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """What lies on the drawing table."""

    process_id: str
    name: str
    xml: str
    #: published versions, newest first
    versions: tuple[DefinitionRow, ...] = ()
    findings: tuple[Finding, ...] = ()
    #: scenarios that travel with the process
    stories: Sequence[Story] = ()
    #: how they went against the drawing, when they were played
    rehearsed: Rehearsed | None = None
    #: names of the elements of that drawing
    labels: Mapping[str, str] = field(default_factory=dict)
    #: the draft shown, and those beside it
    desk: Desk = field(default_factory=Desk)
    #: version that what is shown was drawn from
    base_key: int | None = None


@pages.get("/studio-baru")
def blank() -> str:
    """What a new process is called."""
    require(actor(), RIGHT)
    return _naming({})


@pages.post("/studio-baru")
def begin() -> Response | tuple[str, int]:
    """Begin a process under a name and an id of its own; refused, what was typed stays."""
    require(actor(), RIGHT)
    name = request.form.get("name", "").strip()
    process_id = request.form.get("process_id", "").strip() or proposed_id(name)
    drawing = _first_drawing(process_id, name, request.form.get("template", ""))
    try:
        begin_process(house(), actor(), process_id=process_id, name=name, drawing=drawing)
    except InputRefused as error:
        faults = {fault.field: text_of(None, fault) for fault in error.faults}
        return _naming(faults, name=name, process_id=process_id), 422
    return redirect(url_for("studio.table", process_id=process_id), code=303)


def _first_drawing(process_id: str, name: str, template: str) -> bytes:
    """A copy of a published process, else an empty drawing."""
    known = definitions(house(), actor(), process_id=template) if template else ()
    if not known:
        return blank_drawing(process_id, name, _("Begin")).encode()
    held = definition(house(), actor(), known[0].key)
    return copied_drawing(held.xml, template, process_id, name)


def _naming(faults: Mapping[str, str], *, name: str = "", process_id: str = "") -> str:
    asked = request.form.get("template") or request.args.get("contoh", "")
    typed = {"name": name, "process_id": process_id, "template": asked}
    known = sorted(definitions(house(), actor()), key=lambda row: (row.name or "").casefold())
    limits = {"name": NAME_MAX, "process_id": ID_MAX}
    return render_template(
        "pages/new_process.html", faults=faults, typed=typed, limits=limits, templates=known
    )


@pages.get("/studio/<process_id>")
def table(process_id: str) -> Response:
    """The draft on the table, one beside it, or a version, open for change or to be looked at."""
    if not may(actor(), RIGHT):
        return looked_at(process_id)
    version, draft_id = request.args.get("versi", ""), request.args.get("draf", "")
    desk = desk_of(house(), actor(), _drawn(process_id), version=bool(version), draft_id=draft_id)
    return _table(_sheet(process_id, version, desk))


@pages.get("/studio/<process_id>/gambar")
def drawing(process_id: str) -> Response:
    """A published version of the drawing, for those who may only read."""
    return Response(published(process_id).xml, mimetype="application/xml")


@pages.post("/studio/<process_id>/periksa")
def check(process_id: str) -> str:
    """What the server finds in the drawing as it stands on the page."""
    require(actor(), RIGHT, process_id)
    posted = _posted(process_id)
    with house().reading() as uow:
        named, _told = beside_drawing(uow, process_id, posted)
        found = house().runner.check((posted, *named), uow)
    # of the drafts that it names, their own pages tell
    findings = [one for one in found if one.resource in ("", posted.name)]
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
    labels = element_labels(posted.content)
    if by_script:
        return render_template("parts/rehearsed.html", rehearsed=found, labels=labels)
    return _table(replace(_kept(process_id, posted), rehearsed=found, labels=labels))


@pages.post("/studio/<process_id>")
def publish(process_id: str) -> Response:
    """Put the drawing as it stands on the table, and go where it is proposed for review."""
    require(actor(), RIGHT, process_id)
    posted = _posted(process_id)
    try:
        _lay(process_id, posted.content)
    except DraftMoved:
        command = SaveDraft(subject=_drawn(process_id), content=posted.content)
        kept = put_aside(house(), actor(), command)
        flash(_("Somebody else saved this process meanwhile; your drawing is kept beside."), "bad")
        return redirect(url_for("studio.table", process_id=process_id, draf=kept.id), code=303)
    except InputRefused:
        flash(_("There is no drawing in it, or it is too large."), "bad")
        return redirect(url_for("studio.table", process_id=process_id), code=303)
    return redirect(url_for("releases.propose", process_id=process_id), code=303)


def _lay(process_id: str, content: bytes) -> None:
    """Save what differs from the draft on the table, or from the version in force."""
    subject = _drawn(process_id)
    standing, _beside = drafts(house(), actor(), subject)
    with house().reading() as uow:
        newest = uow.processes.latest_definition(process_id)
    known = standing.content if standing else newest.xml if newest else None
    if content == known:
        return
    base = standing.base_key if standing else newest.key if newest else None
    mark = request.form.get("draft_mark", "")
    command = SaveDraft(subject=subject, content=content, base_key=base, expected=mark)
    save_draft(house(), actor(), command)


def _drawn(process_id: str) -> Subject:
    return Subject(DraftKind.PROCESS, process_id)


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
        drawn = desk.opened.content
        name = process_name(drawn, process_id) or sheet.name
        xml = drawn.decode(errors="replace")
        return replace(sheet, name=name, xml=xml, base_key=desk.opened.base_key)
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


def _table(sheet: Sheet) -> Response:
    return drawing_page(render_template("pages/editor.html", sheet=sheet))
