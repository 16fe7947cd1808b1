"""A person's plan by role, with the index line by line."""

from __future__ import annotations

from flask import Blueprint, abort, render_template, request

from web.context import actor, house
from web.readings.plan import plan_sheet

pages = Blueprint("plan", __name__)


@pages.get("/skp")
def mine() -> str:
    """One's own plan."""
    person_id = actor().person_id
    if person_id is None:
        abort(404)
    return show(person_id)


@pages.get("/skp/<person_id>")
def show(person_id: str) -> str:
    """The plan of a person, for those who may read it."""
    sheet = plan_sheet(house(), actor(), person_id, request.args.get("siklus") or None)
    return render_template(
        "pages/plan.html", sheet=sheet, may_dispute=actor().person_id == person_id
    )
