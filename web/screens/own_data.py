"""What Regu keeps about the reader, who read what of it, and all of it as one file."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from flask import Blueprint, Response, abort, render_template

from engine.usecases.data_readings import readings_of
from engine.usecases.subject_export import export_own
from web import paging
from web.context import actor, house
from web.readings import data_readings as words
from web.tables import wanted

if TYPE_CHECKING:
    from werkzeug import Response as Answer

pages = Blueprint("own_data", __name__)


@pages.get("/data-saya")
def show() -> Answer | str:
    """Who read what of the reader, newest first, and what is kept about him."""
    person_id = actor().person_id
    if person_id is None:
        abort(404)
    found = readings_of(house(), actor(), person_id, after=words.after(), limit=words.rows_wanted())
    leaf = paging.leaf(found, words.place, words.shown_rows())
    table = words.own_table(leaf.rows)
    return wanted(table) or render_template(
        "pages/own_data.html", table=table, leaf=leaf, kinds=words.KINDS
    )


@pages.post("/data-saya/unduh")
def download() -> Response:
    """All that is kept about the reader as JSON; noted in the audit."""
    found = export_own(house(), actor())
    answer = Response(
        json.dumps(found, ensure_ascii=False, indent=1) + "\n", mimetype="application/json"
    )
    answer.headers["Content-Disposition"] = 'attachment; filename="data-saya.json"'
    return answer
