"""Squads of the reader: those he leads, sponsors or works in, and what waits in them."""

from __future__ import annotations

from flask import Blueprint, render_template

from web.context import actor, house
from web.readings.attestation import my_squads
from web.readings.memberships import waiting_answers

pages = Blueprint("squads", __name__)


@pages.get("/tim")
def mine() -> str:
    """Squads that the actor leads, sponsors or works in."""
    return render_template(
        "pages/squads.html",
        squads=my_squads(house(), actor()),
        answers=waiting_answers(house(), actor()),
    )
