"""A person's plan by role, with the index line by line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, abort, render_template, request

from engine.usecases.daily_notes import sees_daily_notes
from engine.usecases.lessons import taken_up
from web.context import actor, house
from web.readings.plan_page import plan_page
from web.tables import wanted

if TYPE_CHECKING:
    from flask import Response

pages = Blueprint("plan", __name__)


@pages.get("/skp")
def mine() -> Response | str:
    """One's own plan."""
    person_id = actor().person_id
    if person_id is None:
        abort(404)
    return show(person_id)


@pages.get("/skp/<person_id>")
def show(person_id: str) -> Response | str:
    """The plan of a person, for those who may read it."""
    page = plan_page(house(), actor(), person_id, request.args.get("siklus") or None)
    return wanted(page.table) or render_template(
        "pages/plan.html",
        page=page,
        sheet=page.sheet,
        next_step=page.next_step,
        lessons=taken_up(house(), page.sheet.plan.id) if page.sheet.plan else (),
        may_dispute=actor().person_id == person_id,
        reads_notes=sees_daily_notes(house(), actor(), person_id, page.sheet.cycle),
    )
