"""The contribution ledger of a person and of a unit, as home and as host."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, abort, redirect, render_template, request, url_for

from engine.domain.certificates import shown_code
from engine.usecases.certificates import certificates_of
from web.context import actor, house
from web.readings.ledger import person_book, unit_book

if TYPE_CHECKING:
    from werkzeug import Response

pages = Blueprint("ledger", __name__)


@pages.get("/buku")
def mine() -> Response:
    """One's own ledger."""
    person_id = actor().person_id
    if person_id is None:
        abort(404)
    return redirect(url_for("ledger.person", person_id=person_id), code=303)


@pages.get("/buku/<person_id>")
def person(person_id: str) -> str:
    """Every line credited to a person, reversals too."""
    book = person_book(house(), actor(), person_id, request.args.get("siklus") or None)
    issued = certificates_of(house(), actor(), person_id)
    return render_template(
        "pages/ledger_person.html",
        book=book,
        own=actor().person_id == person_id,
        certificates=[(shown_code(row.certificate.code), row.certificate) for row in issued],
    )


@pages.get("/buku/unit/<unit_id>")
def unit(unit_id: str) -> str:
    """A unit's people elsewhere and its own squads: two views of the same rows."""
    book = unit_book(house(), actor(), unit_id, request.args.get("siklus") or None)
    return render_template("pages/ledger_unit.html", book=book)
