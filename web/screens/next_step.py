"""The course of a process for whom it concerns: what happens next, who, by when, on its drawing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, render_template

from web.context import actor, house
from web.csp import drawing_page
from web.readings.next_step import of_instance

if TYPE_CHECKING:
    from werkzeug import Response

pages = Blueprint("next_step", __name__)


@pages.get("/proses/<int:key>/langkah")
def show(key: int) -> Response:
    """The drawing with the current step, and the steps that follow."""
    seen = of_instance(house(), actor(), key)
    return drawing_page(render_template("pages/next_step.html", next_step=seen))
