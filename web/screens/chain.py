"""The chain of a person's result: up to the agency's objectives, down to outputs and evidence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, abort, render_template, request

from web.context import actor, house
from web.pictures.chain import shortened
from web.readings.chain import chain_page
from web.tables import wanted

if TYPE_CHECKING:
    from flask import Response

pages = Blueprint("chain", __name__)


@pages.get("/rantai")
def mine() -> Response | str:
    """The chain of one's own result."""
    person_id = actor().person_id
    if person_id is None:
        abort(404)
    return show(person_id)


@pages.get("/rantai/<person_id>")
def show(person_id: str) -> Response | str:
    """The chain of a person's result (`hasil`), for those who may read his plan."""
    named, cycle = request.args.get("hasil") or None, request.args.get("siklus") or None
    page = chain_page(house(), actor(), person_id, named, cycle)
    return wanted(page.table) or render_template(
        "pages/chain.html", page=page, chain=page.chain, person_id=person_id, shortened=shortened
    )
