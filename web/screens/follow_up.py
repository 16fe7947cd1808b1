"""What follows a rating: award, development, improvement, coaching and what was learnt."""

from __future__ import annotations

from flask import Blueprint, abort, render_template, request

from engine.usecases.cases import follow_ups
from engine.usecases.portfolios import follow_up_uses, sees_portfolio
from web.context import actor, house
from web.readings import portfolio as used
from web.readings import talk_words as words

pages = Blueprint("follow_up", __name__)


@pages.get("/tindak-lanjut")
def mine() -> str:
    """What follows one's own rating."""
    person_id = actor().person_id
    if person_id is None:
        abort(404)
    return person(person_id)


@pages.get("/tindak-lanjut/<person_id>")
def person(person_id: str) -> str:
    """What follows a person's rating, as far as it is the reader's to see."""
    found = follow_ups(house(), actor(), person_id, request.args.get("siklus") or None)
    return render_template(
        "pages/follow_up.html",
        found=found,
        uses=follow_up_uses(house(), actor(), person_id, found.rows),
        used=used,
        may_portfolio=sees_portfolio(house(), actor(), person_id),
        own=actor().person_id == person_id,
        reader_id=actor().person_id,
        words=words,
        word=words.word,
    )
