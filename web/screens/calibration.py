"""Calibration as a board: drag, keys and plain links all lead to one form with a reason."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from flask import Blueprint, flash, redirect, render_template, request, url_for

from engine.domain.ratings import Level
from engine.usecases.calibration_boards import (
    PlanMove,
    board,
    drafted_rows,
    plan_move,
    sessions,
)
from engine.usecases.errors import InputRefused
from web.context import actor, house
from web.paging import ROWS, after, leaf
from web.readings import calibration as shown
from web.tables import wanted
from web.taskform import open_form
from web.wording import gettext as _

if TYPE_CHECKING:
    from werkzeug import Response

    from web.taskform import TaskForm

pages = Blueprint("calibration", __name__)

#: rows of a file
FILE_ROWS: Final = 20_000


@pages.get("/kalibrasi")
def everything() -> Response | str:
    """Sessions that the reader may open."""
    cycle, place = request.args.get("siklus") or None, after(1)
    if "bentuk" in request.args:
        found = sessions(house(), actor(), cycle, limit=FILE_ROWS)
    else:
        behind = place[0] if place else ""
        found = sessions(house(), actor(), cycle, after=behind, limit=ROWS + 1)
    page = leaf(found.lines, lambda line: (found.units[line.unit_id].code,))
    table = shown.session_table(found)
    return wanted(table) or render_template(
        "pages/calibrations.html", found=found, page=page, table=table
    )


@pages.get("/kalibrasi/<unit_id>")
def show(unit_id: str) -> Response | str:
    """The board of a unit."""
    return _page(unit_id, request.args.get("pegawai", ""), request.args.get("ke"))


@pages.post("/kalibrasi/<unit_id>")
def plan(unit_id: str) -> Response | tuple[Response | str, int]:
    """Keep a move in the draft of the reader's task; without a reason the form comes back."""
    typed = request.form
    result, behaviour = _level("hasil"), _level("perilaku")
    if result is None or behaviour is None:
        return _page(unit_id, typed.get("pegawai", ""), None), 422
    command = PlanMove(
        unit_id=unit_id,
        person_id=typed.get("pegawai", ""),
        result=result,
        behaviour=behaviour,
        reason=typed.get("alasan", ""),
    )
    try:
        plan_move(house(), actor(), command)
    except InputRefused:
        return _page(unit_id, command.person_id, None, refused=command), 422
    flash(_("Kept on the board; nothing is sent yet."), "good")
    place = url_for("calibration.show", unit_id=unit_id, _anchor=f"kartu-{command.person_id}")
    return redirect(place, code=303)


def _page(
    unit_id: str, person_id: str, to: str | None, *, refused: PlanMove | None = None
) -> Response | str:
    found = board(house(), actor(), unit_id, request.args.get("siklus") or None)
    form = open_form(house(), actor(), found.task.key) if found.task else None
    made = shown.cards(found, form)
    tables = (
        shown.distribution_table(found, made),
        shown.moves_table(found),
        shown.rater_table(found),
    )
    file = wanted(*tables)
    if file is not None:
        return file
    return render_template(
        "pages/calibration.html",
        found=found,
        form=form,
        rows=drafted_rows(form.view.variables, form.view.draft) if form else [],
        planned=[card for card in made if card.planned is not None],
        piles=shown.piles(found, made),
        picture=shown.picture(found, made),
        missed=shown.missed(found, made),
        panel=shown.panel(found, made, person_id, to),
        refused=refused,
        tables=tables,
        pool_names=[found.units[one].name for one in found.found.pool.unit_ids],
        levels=shown.level_names(),
        short=shown.short_names(),
        override=_override(form),
    )


def _override(form: TaskForm | None) -> str:
    """The reason for the distribution that was drafted on the task's page."""
    return str((form.view.draft or {}).get("override_reason") or "") if form else ""


def _level(name: str) -> Level | None:
    text = request.form.get(name, "")
    return Level(text) if text in set(Level) else None
