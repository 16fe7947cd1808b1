"""Workbooks: send one, read what is wrong with it, import what is right; take the agency out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, Response, redirect, render_template, request, url_for

from engine.usecases.agencies import IMPORT_ACT
from engine.usecases.errors import InputRefused
from engine.usecases.exports import EXPORT_ACT
from engine.usecases.imports.cells import Severity
from engine.usecases.imports.sample import sample_workbook
from engine.usecases.ports.workplace import Pace
from engine.usecases.rights import require
from engine.usecases.undertakings import Work, undertaking, undertakings
from engine.usecases.workbooks import (
    begin_check,
    begin_export,
    begin_import,
    check_result,
    exported,
)
from web.context import actor, house, work_files
from web.flaw_words import end_words, flaw_words
from web.readings.undertakings import cards_of
from web.tables import XLSX, Column, Table, wanted
from web.wording import gettext as _

if TYPE_CHECKING:
    import werkzeug

    from engine.usecases.ports.workplace import Undertaking
    from engine.usecases.workbooks import CheckResult

pages = Blueprint("imports", __name__)

KINDS = frozenset({Work.IMPORT_CHECK, Work.IMPORT})
#: flaws that a page shows; the files have them all
FLAWS_SHOWN = 200


@pages.get("/kelola/impor")
def show() -> str:
    """Send a workbook; what was sent before."""
    return _page({})


@pages.post("/kelola/impor")
def send() -> werkzeug.Response | tuple[str, int]:
    """Keep the workbook and check it; nothing is imported yet."""
    sent = request.files.get("workbook")
    try:
        row = begin_check(
            house(),
            work_files(),
            actor(),
            sent.stream.read() if sent else b"",
            (sent.filename if sent else "") or "",
        )
    except InputRefused as error:
        return _page({"workbook": end_words(error.faults[0].code)}), 422
    return redirect(url_for("imports.one", undertaking_id=row.id), code=303)


@pages.get("/kelola/impor/contoh")
def sample() -> Response:
    """A small workbook with every sheet and heading."""
    require(actor(), IMPORT_ACT)
    return _workbook(sample_workbook(), "contoh-impor.xlsx")


@pages.get("/kelola/impor/<undertaking_id>")
def one(undertaking_id: str) -> str | Response:
    """How far a check or an import has come, and what it found."""
    row = undertaking(house(), actor(), undertaking_id, act=IMPORT_ACT, kinds=KINDS)
    ended = row.kind == Work.IMPORT_CHECK and row.state is Pace.DONE
    result = check_result(work_files(), row) if ended else None
    table = _flaws(result)
    return (wanted(table) if table else None) or render_template(
        "pages/import.html",
        row=row,
        work=cards_of(house(), [row])[0],
        result=result,
        table=table,
        more=max(len(result.flaws) - FLAWS_SHOWN, 0) if result else 0,
        obstacle=end_words(result.obstacle) if result and result.obstacle else "",
        ready=bool(result and not result.obstacle),
        earlier=_earlier(row),
    )


@pages.post("/kelola/impor/<undertaking_id>")
def commit(undertaking_id: str) -> werkzeug.Response:
    """Import the rows without an error."""
    row = begin_import(house(), actor(), undertaking_id)
    return redirect(url_for("imports.one", undertaking_id=row.id), code=303)


@pages.post("/kelola/ekspor")
def export() -> werkzeug.Response:
    """Write the agency as a workbook in the background."""
    row = begin_export(house(), actor())
    return redirect(url_for("undertakings.one", undertaking_id=row.id), code=303)


@pages.get("/kelola/ekspor/<undertaking_id>")
def export_file(undertaking_id: str) -> Response:
    """The workbook of an export that is done."""
    require(actor(), EXPORT_ACT)
    return _workbook(exported(house(), work_files(), actor(), undertaking_id), "instansi.xlsx")


def _page(faults: dict[str, str]) -> str:
    require(actor(), IMPORT_ACT)
    rows = undertakings(house(), actor(), kinds=KINDS, limit=20)
    return render_template("pages/imports.html", works=cards_of(house(), rows), faults=faults)


def _earlier(row: Undertaking) -> str:
    """The import that this check was followed by, "" when there is none or it failed."""
    work_id = str(row.facts.get("import", ""))
    if not work_id:
        return ""
    with house().reading() as uow:
        found = uow.workplace.undertaking(work_id)
    return work_id if found and found.state is not Pace.FAILED else ""


def _flaws(result: CheckResult | None) -> Table | None:
    if result is None:
        return None
    limit = None if request.args.get("bentuk") else FLAWS_SHOWN
    words = {Severity.ERROR: _("error"), Severity.WARNING: _("warning")}
    return Table(
        "temuan",
        _("What was found"),
        (
            Column(_("Where")),
            Column(_("Severity")),
            Column(_("What is wrong")),
            Column(_("In the cell")),
        ),
        [
            (_place(flaw.sheet, flaw.cell), words[flaw.severity], flaw_words(flaw), flaw.value)
            for flaw in result.flaws[:limit]
        ],
    )


def _place(sheet: str, cell: str) -> str:
    return f"{sheet} {cell}" if cell else sheet


def _workbook(content: bytes, name: str) -> Response:
    answer = Response(content, mimetype=XLSX)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
