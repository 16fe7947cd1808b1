"""The Matriks Peran Hasil: one's own row in all matrices, and the boards of units."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, render_template, request

from engine.usecases.matrix_board import expected_of_me, matrix_board
from web.context import actor, house
from web.readings.matrix import matrix_page
from web.tables import wanted

if TYPE_CHECKING:
    from flask import Response

pages = Blueprint("matrix", __name__)


@pages.get("/matriks")
def mine() -> str:
    """What leaders expect of the reader, and the boards he may open."""
    found = expected_of_me(house(), actor(), request.args.get("siklus") or None)
    return render_template("pages/matrix_mine.html", found=found)


@pages.get("/matriks/<unit_id>")
def show(unit_id: str) -> Response | str:
    """The board of a unit, for those who may read the unit's."""
    board = matrix_board(house(), actor(), unit_id, request.args.get("siklus") or None)
    page = matrix_page(board)
    return wanted(page.table) or render_template(
        "pages/matrix.html", page=page, board=board, may_write=actor().person_id == board.leader_id
    )
