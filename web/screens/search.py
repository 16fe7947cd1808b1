"""One search for people, tasks, squads and outputs that the reader may see."""

from __future__ import annotations

from flask import Blueprint, render_template, request

pages = Blueprint("search", __name__)


@pages.get("/cari")
def show() -> str:
    """What is found for the words of `q`."""
    return render_template("pages/search.html", words=request.args.get("q", ""))
