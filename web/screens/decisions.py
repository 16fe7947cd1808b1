"""The decision editor: a table on its page, what is found in it, what it says, its versions."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from flask import Blueprint, current_app, redirect, render_template, request, url_for

from engine.usecases.decision_drafts import (
    ASKED_BY_OPERATIONS,
    READ,
    Asking,
    Examined,
    askers,
    decision_versions,
    examine,
    try_out,
)
from engine.usecases.drafting import RIGHT, DraftMoved, SaveDraft, save_draft
from engine.usecases.errors import NotFound
from engine.usecases.ports.drafts import DraftKind, Subject
from engine.usecases.rights import may, require
from web.blank_decision import blank_decision
from web.context import actor, house
from web.csp import drawing_page
from web.decision_words import words
from web.draft_answers import keep, keep_aside, throw_away
from web.language import agency_zone
from web.readings.decision import (
    STATUSES,
    Hint,
    Period,
    Table,
    Trial,
    answered,
    filled,
    hints,
    periods,
    tables,
    trial,
)
from web.readings.desk import Desk, desk_of
from web.wording import gettext as _

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flask import Response
    from werkzeug import Response as Answer

pages = Blueprint("decisions", __name__)

#: an id is a name in FEEL, too, and a part of addresses
_ID: Final = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,79}")
NAME_MAX: Final = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """What lies on the page of a decision."""

    decision_id: str
    name: str
    xml: str
    examined: Examined
    hints: Sequence[Hint]
    tables: Sequence[Table]
    trial: Trial
    periods: Sequence[Period] = ()
    askers: Sequence[Asking] = ()
    desk: Desk = field(default_factory=Desk)
    #: version that what is shown is, or was drawn from
    base_key: int | None = None
    #: who reads may change it, too
    editable: bool = False

    @property
    def asked_by_operations(self) -> bool:
        """Whether operations ask it by name."""
        return self.decision_id in ASKED_BY_OPERATIONS

    @property
    def resting(self) -> int:
        """Rows from memory that nobody confirmed."""
        return sum(row.rests for table in self.tables for row in table.rows)


@pages.get("/keputusan-baru")
def blank() -> str:
    """Ask for the name and the id of a new decision."""
    require(actor(), RIGHT)
    return render_template("pages/decision_new.html", name="", decision_id="", faults={})


@pages.post("/keputusan-baru")
def begin() -> Answer | tuple[str, int]:
    """Put an empty table on the table of a new decision."""
    require(actor(), RIGHT)
    name, wanted = request.form.get("name", "").strip(), request.form.get("id", "").strip()
    faults = _faults(name, wanted)
    if not faults:
        new = SaveDraft(subject=_subject(wanted), content=blank_decision(wanted, name))
        try:
            save_draft(house(), actor(), new)
        except DraftMoved:
            faults = {"id": _("There is a decision with this id already.")}
    if faults:
        page = render_template(
            "pages/decision_new.html", name=name, decision_id=wanted, faults=faults
        )
        return page, 422
    return redirect(url_for("decisions.table", decision_id=wanted), code=303)


def _faults(name: str, decision_id: str) -> dict[str, str]:
    """By field, what is wrong with the name and the id of a new decision."""
    found = {}
    if not name or len(name) > NAME_MAX:
        found["name"] = _("The name has 1 to %(most)s characters.", most=NAME_MAX)
    if not _ID.fullmatch(decision_id):
        found["id"] = _("The id begins with a letter and holds letters, digits and “_” alone.")
    elif decision_versions(house(), actor(), decision_id):
        found["id"] = _("There is a decision with this id already.")
    return found


@pages.get("/keputusan/<decision_id>")
def table(decision_id: str) -> Answer:
    """The draft on the table, one beside it, or a version; who may only read sees versions."""
    version, draft_id = request.args.get("versi", ""), request.args.get("draf", "")
    return _page(_sheet(decision_id, version, draft_id))


@pages.post("/keputusan/<decision_id>/periksa")
def check(decision_id: str) -> str:
    """What is found in the table as it stands on the page, its rules, and what to give to try."""
    require(actor(), RIGHT, decision_id)
    examined = examine(house(), actor(), decision_id, _posted())
    return render_template(
        "parts/decision_examined.html",
        findings=examined.findings,
        hints=hints(examined, decision_id),
        tables=tables(examined),
        trial=trial(examined.outlines, decision_id),
        editable=True,
        checked=True,
        row_statuses=STATUSES,
    )


@pages.post("/keputusan/<decision_id>/coba")
def attempt(decision_id: str) -> Answer | str:
    """What the table as it stands on the page says to these values."""
    require(actor(), RIGHT, decision_id)
    content = _posted()
    examined = examine(house(), actor(), decision_id, content)
    tried = _tried(decision_id, content, examined)
    if request.headers.get("X-Requested-With") == "tried":
        return render_template("parts/decision_try.html", trial=tried)
    sheet = _sheet(decision_id, "", "")
    shown = replace(
        sheet,
        xml=content.decode(errors="replace"),
        examined=examined,
        hints=hints(examined, decision_id),
        tables=tables(examined),
    )
    return _page(replace(shown, trial=tried), 422 if tried.refused else 200)


@pages.put("/keputusan/<decision_id>/draf")
def save(decision_id: str) -> Response | tuple[Response, int]:
    """Save what is on the page; 409 when another table is there."""
    return keep(_subject(decision_id))


@pages.post("/keputusan/<decision_id>/draf/sisih")
def aside(decision_id: str) -> Response:
    """Keep what is on the page beside the table."""
    return keep_aside(_subject(decision_id))


@pages.post("/keputusan/<decision_id>/draf/buang")
def discard(decision_id: str) -> Answer:
    """Forget a draft; of a decision that was never published nothing is left then."""
    throw_away(_subject(decision_id))
    with house().reading() as uow:
        left = uow.processes.decisions(decision_id) or uow.drafts.current(_subject(decision_id))
    if not left:
        return redirect(url_for("library.show"), code=303)
    return redirect(url_for("decisions.table", decision_id=decision_id), code=303)


def _subject(decision_id: str) -> Subject:
    return Subject(DraftKind.DECISION, decision_id)


def _posted() -> bytes:
    """The table that the form holds; a form sends every line end as CR LF."""
    return request.form.get("xml", "").replace("\r\n", "\n").encode()


def _tried(decision_id: str, content: bytes, examined: Examined) -> Trial:
    empty = trial(examined.outlines, decision_id)
    entries, scope = filled(
        empty.entries, request.form, lambda text: house().runner.evaluate(text, {})[0]
    )
    unconfirmed = request.form.get("unconfirmed") == "1"
    done = replace(empty, entries=entries, unconfirmed=unconfirmed)
    if done.refused:
        return done
    tried = try_out(house(), actor(), decision_id, content, scope, unconfirmed=unconfirmed)
    return replace(done, answer=answered(tried, tables(examined)))


def _sheet(decision_id: str, version: str, draft_id: str) -> Sheet:
    if not may(actor(), READ):
        raise NotFound("decision", decision_id)
    editable = may(actor(), RIGHT)
    desk = Desk()
    if editable:
        subject = _subject(decision_id)
        desk = desk_of(house(), actor(), subject, version=bool(version), draft_id=draft_id)
    rows = decision_versions(house(), actor(), decision_id)
    if desk.opened is None and not rows:
        raise NotFound("decision", decision_id)
    if desk.opened is not None:
        content, base_key = desk.opened.content, desk.opened.base_key
    else:
        chosen = next((row for row in rows if str(row.version) == version), rows[0])
        content, base_key = chosen.xml, chosen.key
    examined = examine(house(), actor(), decision_id, content)
    mine = next((one for one in examined.outlines if one.id == decision_id), None)
    today = house().clock.now().astimezone(agency_zone()).date()
    return Sheet(
        decision_id=decision_id,
        name=mine.title if mine else decision_id,
        xml=content.decode(errors="replace"),
        examined=examined,
        hints=hints(examined, decision_id),
        tables=tables(examined),
        trial=trial(examined.outlines, decision_id),
        periods=periods(rows, today, actor().agency_id),
        askers=askers(house(), actor(), decision_id),
        desk=desk,
        base_key=base_key,
        editable=editable,
    )


def _page(sheet: Sheet, status: int = 200) -> Answer:
    shown = {"words": words(), "proposed": _propose(sheet), "row_statuses": STATUSES}
    return drawing_page(render_template("pages/decision.html", sheet=sheet, **shown), status)


def _propose(sheet: Sheet) -> Sequence[tuple[str, str]]:
    """(address, name of the process or "") of pages that propose a release with this decision."""
    known = current_app.view_functions
    found = []
    if "releases.propose_decision" in known:
        found.append((url_for("releases.propose_decision", decision_id=sheet.decision_id), ""))
    elif "releases.propose" in known:
        found += [
            (url_for("releases.propose", process_id=one.process_id), one.name)
            for one in sheet.askers
        ]
    return found
