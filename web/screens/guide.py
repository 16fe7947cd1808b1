"""Help in one place: the guide of each role, in Indonesian, as docs/panduan tells it."""

from __future__ import annotations

from flask import Blueprint, render_template

from web.context import public

pages = Blueprint("guide", __name__)


@pages.get("/bantuan")
@public
def show() -> str:
    """Which guides there are."""
    return render_template("pages/guide.html")
