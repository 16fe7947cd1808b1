"""Long work: what goes on in the background, who started it, how far it has come."""

from __future__ import annotations

from flask import Blueprint, render_template

from engine.usecases.undertakings import undertaking
from web.context import actor, house
from web.paging import ROWS, after, leaf
from web.readings.undertakings import work_card, work_cards

pages = Blueprint("undertakings", __name__)


@pages.get("/kemajuan")
def show() -> str:
    """Long work of the agency, newest first."""
    seen = after(1)
    rows = work_cards(house(), actor(), after=seen[0] if seen else None, limit=ROWS + 1)
    return render_template("pages/undertakings.html", leaf=leaf(rows, lambda row: (row.id,)))


@pages.get("/kemajuan/<undertaking_id>")
def one(undertaking_id: str) -> str:
    """One piece of long work, with its bar."""
    row = undertaking(house(), actor(), undertaking_id)
    return render_template("pages/undertaking.html", work=work_card(house(), actor(), row))
