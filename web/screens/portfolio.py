"""Career portfolio: what a person's results are used for, and what each use stands on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, abort, redirect, render_template, request, url_for

from engine.usecases.portfolios import portfolio
from web.context import actor, house
from web.readings import portfolio as words
from web.readings.talk_words import word
from web.tables import wanted

if TYPE_CHECKING:
    from werkzeug import Response

pages = Blueprint("portfolio", __name__)


@pages.get("/portofolio")
def mine() -> Response:
    """One's own portfolio."""
    person_id = actor().person_id
    if person_id is None:
        abort(404)
    return redirect(url_for("portfolio.person", person_id=person_id), code=303)


@pages.get("/portofolio/<person_id>")
def person(person_id: str) -> Response | str:
    """Recognitions by their ledger rows, IP ASN part by part, the talent box with its status."""
    found = portfolio(house(), actor(), person_id, request.args.get("siklus") or None)
    table = words.lines_table(found)
    return wanted(table) or render_template(
        "pages/portfolio.html",
        found=found,
        table=table,
        own=actor().person_id == person_id,
        words=words,
        word=word,
    )
