"""One search for people, tasks, squads and outputs that the reader may see."""

from __future__ import annotations

from flask import Blueprint, render_template, request

from engine.usecases.finding import LETTERS_MAX, LETTERS_MIN
from web.context import actor, house
from web.readings.finding import results

pages = Blueprint("search", __name__)


@pages.get("/cari")
def show() -> str:
    """What is found for the words of `q`."""
    words = " ".join(request.args.get("q", "").split())[:LETTERS_MAX]
    return render_template(
        "pages/search.html",
        words=words,
        short=0 < len(words) < LETTERS_MIN,
        found=results(house(), actor(), words),
    )
