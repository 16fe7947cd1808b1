"""The form editor: a form is written, looked at in both languages, checked, kept as a draft."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qsl

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for

from engine.usecases.book_names import form_name
from engine.usecases.drafting import (
    RIGHT,
    DraftMoved,
    SaveDraft,
    drafts,
    put_aside,
    save_draft,
)
from engine.usecases.errors import NotFound
from engine.usecases.form_uses import form_uses
from engine.usecases.ports.drafts import DraftKind, Subject
from engine.usecases.rights import may, require
from web.context import actor, house, key_of
from web.csp import still_page, viewer_page
from web.draft_answers import keep, keep_aside, throw_away
from web.form_words import screen_words
from web.readings.desk import Desk, desk_of
from web.readings.form_preview import LANGUAGES, Shown, invented, preview
from web.readings.form_table import findings
from web.wording import gettext as _

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from werkzeug import Response

    from engine.usecases.form_uses import FormUse
    from engine.usecases.ports.process import FormRow

pages = Blueprint("form_editor", __name__)

_ID: Final = re.compile(r"[a-z][a-z0-9_]{0,63}")
READ: Final = "definition:read"
NAME_MAX: Final = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """What lies on the table."""

    form_id: str
    schema: str
    published: FormRow | None
    may_draft: bool
    desk: Desk = field(default_factory=Desk)
    #: version that what is shown was written from
    base_key: int | None = None
    uses: Sequence[FormUse] = ()
    #: what the text was asked for and refused, for the plain form
    faults: Mapping[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """As its author calls it, else as the first step with it is called, else its id."""
        step = self.uses[0].element_name if self.uses else ""
        return form_name(self.schema) or step or self.form_id

    @property
    def publishers(self) -> list[tuple[str, str]]:
        """Processes with which it may be published: id and name."""
        return list({use.process_id: use.process_name for use in self.uses}.items())


@pages.get("/formulir-baru")
def blank() -> str:
    """Ask for a name and an id."""
    require(actor(), RIGHT)
    return render_template("pages/form_new.html", typed={}, faults={}, name_max=NAME_MAX)


@pages.post("/formulir-baru")
def begin() -> Response | tuple[str, int]:
    """Put an empty form on the table."""
    require(actor(), RIGHT)
    name, form_id = (request.form.get(one, "").strip() for one in ("name", "form_id"))
    if faults := _name_faults(name, form_id):
        typed = {"name": name, "form_id": form_id}
        page = render_template("pages/form_new.html", typed=typed, faults=faults, name_max=NAME_MAX)
        return page, 422
    content = json.dumps(_empty(form_id, name), ensure_ascii=False, indent=2).encode()
    save_draft(house(), actor(), SaveDraft(subject=_drawn(form_id), content=content))
    return redirect(url_for("form_editor.table", form_id=form_id), code=303)


@pages.get("/formulir/<form_id>")
def table(form_id: str) -> Response:
    """The draft on the table, one beside it, or the version in force; readers see the last."""
    return _table(_sheet(form_id))


@pages.post("/formulir/<form_id>")
def write(form_id: str) -> Response:
    """Keep the text of the form as a draft; without scripts, and for what no editor knows."""
    require(actor(), RIGHT, form_id)
    sent = request.form.get("schema", "").replace("\r\n", "\n")
    command = SaveDraft(
        subject=_drawn(form_id),
        content=sent.encode(),
        base_key=key_of(request.form.get("base", "")),
        expected=request.form.get("draft_mark", ""),
    )
    try:
        save_draft(house(), actor(), command)
        flash(_("The draft is saved."), "good")
    except DraftMoved:
        kept = put_aside(house(), actor(), command)
        flash(_("Somebody else saved meanwhile; your text is kept beside it."), "wait")
        return redirect(url_for("form_editor.table", form_id=form_id, draf=kept.id), code=303)
    return redirect(url_for("form_editor.table", form_id=form_id), code=303)


@pages.put("/formulir/<form_id>/draf")
def save(form_id: str) -> Response | tuple[Response, int]:
    """Save what is written; 409 when another draft is on the table."""
    return keep(_drawn(form_id))


@pages.post("/formulir/<form_id>/draf/sisih")
def aside(form_id: str) -> Response:
    """Keep what is written beside the table."""
    return keep_aside(_drawn(form_id))


@pages.post("/formulir/<form_id>/draf/buang")
def discard(form_id: str) -> Response:
    """Forget a draft."""
    throw_away(_drawn(form_id))
    known = _published(form_id) is not None or any(drafts(house(), actor(), _drawn(form_id)))
    place = url_for("form_editor.table", form_id=form_id) if known else url_for("library.show")
    return redirect(place, code=303)


@pages.post("/formulir/<form_id>/periksa")
def check(form_id: str) -> str:
    """What the server finds in the form as it stands on the page."""
    require(actor(), RIGHT, form_id)
    return _findings(form_id, _sent_schema())


@pages.get("/formulir/<form_id>/pratinjau")
def look(form_id: str) -> Response:
    """The form as people will see it; `bahasa`, `keadaan=kosong` for one sent with nothing."""
    sheet = _sheet(form_id)
    sent = request.args.get("keadaan") == "kosong"
    shown = Shown(schema=sheet.schema.encode(), language=_language(request.args), sent=sent)
    return still_page(preview(house(), shown))


@pages.post("/formulir/<form_id>/pratinjau")
def look_typed(form_id: str) -> Response:
    """The same of the form as it stands on the page, with what was typed into it."""
    require(actor(), RIGHT, form_id)
    typed = request.form.get("typed")
    pairs = None if typed is None else parse_qsl(typed, keep_blank_values=True)
    shown = Shown(
        schema=_sent_schema(),
        language=_language(request.form),
        brought=request.form.get("brought", ""),
        typed=pairs,
        sent=request.form.get("sent") == "1",
    )
    return still_page(preview(house(), shown))


def _drawn(form_id: str) -> Subject:
    return Subject(DraftKind.FORM, form_id)


def _published(form_id: str) -> FormRow | None:
    with house().reading() as uow:
        return uow.processes.latest_form(form_id)


def _sheet(form_id: str) -> Sheet:
    if not may(actor(), READ):
        raise NotFound("form", form_id)
    published, may_draft = _published(form_id), may(actor(), RIGHT)
    desk = Desk()
    if may_draft:
        draft_id, version = request.args.get("draf", ""), request.args.get("versi", "")
        desk = desk_of(house(), actor(), _drawn(form_id), version=bool(version), draft_id=draft_id)
    sheet = Sheet(form_id=form_id, schema="", published=published, may_draft=may_draft, desk=desk)
    if desk.opened is not None:
        text = desk.opened.content.decode(errors="replace")
        return replace(sheet, schema=text, base_key=desk.opened.base_key)
    if published is None:
        raise NotFound("form", form_id)
    return replace(sheet, schema=published.schema.decode(), base_key=published.key)


def _table(sheet: Sheet) -> Response:
    schema = sheet.schema.encode()
    page = render_template(
        "pages/form_editor.html",
        sheet=replace(sheet, uses=form_uses(house(), actor(), sheet.form_id)),
        findings=findings(house(), sheet.form_id, schema, sheet.published),
        invented=invented(house(), schema),
        words=screen_words(),
        publish_page="releases.propose" in current_app.view_functions,
    )
    return viewer_page(page)


def _findings(form_id: str, schema: bytes) -> str:
    found = findings(house(), form_id, schema, _published(form_id))
    return render_template("parts/form_findings.html", findings=found, checked=True)


def _sent_schema() -> bytes:
    return request.form.get("schema", "").replace("\r\n", "\n").encode()


def _language(asked: Mapping[str, str]) -> str:
    wanted = asked.get("bahasa", "id")
    return wanted if wanted in LANGUAGES else "id"


def _name_faults(name: str, form_id: str) -> dict[str, str]:
    faults = {}
    if not 0 < len(name) <= NAME_MAX:
        faults["name"] = _("Give the form a name of at most %(most)s characters.", most=NAME_MAX)
    if not _ID.fullmatch(form_id):
        faults["form_id"] = _("The id is of small letters, digits and _, and begins with a letter.")
    elif _published(form_id) is not None or any(drafts(house(), actor(), _drawn(form_id))):
        faults["form_id"] = _("A form with this id is there already.")
    return faults


def _empty(form_id: str, name: str) -> dict[str, Any]:
    return {
        "type": "default",
        "id": form_id,
        "schemaVersion": 18,
        "executionPlatform": "Camunda Cloud",
        "executionPlatformVersion": "8.8.0",
        "properties": {"regu:name": name},
        "components": [],
    }
