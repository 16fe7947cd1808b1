"""Functional credit (angka kredit): one's own, a person's, and its papers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, abort, render_template, request

from engine.domain.certificates import shown_code
from engine.usecases.functional_credit import credit_book, paper_of
from engine.usecases.rights import HR, PERF_ADMIN
from web.context import actor, house
from web.printing import printed
from web.readings import functional_credit as shown
from web.tables import wanted

if TYPE_CHECKING:
    from werkzeug import Response

pages = Blueprint("functional_credit", __name__)


@pages.get("/angka-kredit")
def mine() -> Response | str:
    """One's own functional credit."""
    person_id = actor().person_id
    if person_id is None:
        abort(404)
    return person(person_id)


@pages.get("/angka-kredit/<person_id>")
def person(person_id: str) -> Response | str:
    """A person's months, sums and papers."""
    book = credit_book(house(), actor(), person_id)
    table = shown.month_table(book)
    return wanted(table) or render_template(
        "pages/functional_credit.html",
        book=book,
        table=table,
        own=actor().person_id == person_id,
        keeps=keeps() and actor().person_id != person_id,
        shown=shown,
        shown_code=shown_code,
    )


@pages.get("/dokumen/angka-kredit/<person_id>")
def document(person_id: str) -> Response:
    """A paper (`?surat=`), else the accumulation of today; `?bentuk=pdf` for PDF."""
    now = house().clock.now()
    paper_id = request.args.get("surat")
    if paper_id:
        view = paper_of(house(), actor(), person_id, paper_id)
        paper = shown.document(view, now)
        name = f"{view.paper.kind.value}-{paper.code}"
    else:
        book = credit_book(house(), actor(), person_id)
        paper = shown.accumulation(book, now)
        name = f"akumulasi-{book.person.nip}"
    return printed("documents/functional_credit.html", name, paper)


def keeps() -> bool:
    """Whether the reader records levels and papers."""
    return bool(actor().groups & {HR, PERF_ADMIN})
