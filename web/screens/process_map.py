"""A process for those who improve it: the drawing with its warm places, times, event logs."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Final

from flask import Blueprint, render_template, request, send_file
from werkzeug import Response

from engine.usecases.element_boards import element_board
from engine.usecases.errors import FieldFault, InputRefused
from engine.usecases.mining import LogFormat, log_file
from engine.usecases.ports.mining import Window
from engine.usecases.rights import may
from web.context import actor, house
from web.csp import drawing_page
from web.language import agency_zone
from web.readings import process_map as reading
from web.tables import wanted

if TYPE_CHECKING:
    from engine.usecases.element_boards import ElementBoard

pages = Blueprint("process_map", __name__)

_VERSION_DIGITS_MAX: Final = 9


@pages.get("/proses/<process_id>/peta")
def show(process_id: str) -> Response:
    """Warm places, the narrowest first, and the times of all elements."""
    board = _board(process_id)
    measure = reading.of_query(request.args.get("ukuran", ""))
    table = reading.elements_table(board, measure)
    return wanted(table) or drawing_page(
        render_template(
            "pages/process_map.html",
            board=board,
            measure=measure,
            measures=reading.NAMES,
            marks=reading.marks(board, measure),
            narrowest=reading.narrowest(board, measure),
            table=table,
            behind=reading.BEHIND,
            may_draw=may(actor(), "definition:draft"),
            formats=list(LogFormat),
            may_export=may(actor(), "history:export"),
            may_identify=may(actor(), "history:identify"),
        )
    )


@pages.get("/proses/<process_id>/peta/gambar")
def drawing(process_id: str) -> Response:
    """The drawing of the version that is looked at."""
    return Response(_board(process_id).drawn.xml, mimetype="application/xml")


@pages.get("/proses/<process_id>/riwayat")
def log(process_id: str) -> Response:
    """The history between two days, both included, as an event log."""
    form = _format(request.args.get("bentuk") or LogFormat.XES)
    until = _day("sampai")
    window = Window(
        process_id=process_id,
        agency_id=actor().agency_id,
        since=_midnight(_day("sejak")),
        until=_midnight(None if until is None else until + timedelta(days=1)),
    )
    found = log_file(house(), actor(), window, form, names=request.args.get("nama") == "1")
    name = f"{process_id}{form.ending}"
    return send_file(found, mimetype=form.media, as_attachment=True, download_name=name)


def _board(process_id: str) -> ElementBoard:
    text = request.args.get("versi", "")
    known = text.isascii() and text.isdigit() and len(text) <= _VERSION_DIGITS_MAX
    return element_board(house(), actor(), process_id, version=int(text) if known else None)


def _format(text: str) -> LogFormat:
    try:
        return LogFormat(text)
    except ValueError:
        fault = FieldFault(field="bentuk", code="option", message="one of xes, ocel, csv")
        raise InputRefused(fault) from None


def _day(name: str) -> date | None:
    text = request.args.get(name, "")
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        fault = FieldFault(field=name, code="type", message="a day such as 2026-03-19")
        raise InputRefused(fault) from None


def _midnight(day: date | None) -> datetime | None:
    return None if day is None else datetime.combine(day, time(), agency_zone())
