"""Progress and dialogue: what was done, said and promised in a year, newest first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, abort, render_template, request

from engine.domain.behaviour import value_name
from engine.usecases.moments import told as read
from web.context import actor, house, locale
from web.paging import leaf
from web.readings import dialogue as shapes
from web.readings import talk_words as words
from web.tables import wanted

if TYPE_CHECKING:
    from werkzeug import Response

pages = Blueprint("dialog", __name__)


@pages.get("/dialog")
def mine() -> str | Response:
    """One's own year."""
    person_id = actor().person_id
    if person_id is None:
        abort(404)
    return person(person_id)


@pages.get("/dialog/<person_id>")
def person(person_id: str) -> str | Response:
    """A person's year, as far as each entry is the reader's to see."""
    asked, question = shapes.asked_of(request.args)
    told = read(house(), actor(), person_id, question, request.args.get("siklus") or None)
    table = shapes.curves_table(told)
    file = wanted(table)
    if file is not None:
        return file
    page = leaf(told.moments, lambda pair: (pair[0].at.isoformat(), pair[0].id))
    return render_template(
        "pages/dialogue.html",
        told=told,
        asked=asked,
        groups=shapes.grouped(page.rows, asked.per),
        after=page.after,
        curves=shapes.curve_rows(told),
        table=table,
        own=actor().person_id == person_id,
        reader_id=actor().person_id,
        kind_choices=shapes.kind_choices(),
        per_choices=shapes.GROUPS,
        words=words,
        word=words.word,
        value_name=lambda value: value_name(value, english=locale() == "en"),
    )
