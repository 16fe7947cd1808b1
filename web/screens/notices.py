"""What a person is told about inside Regu, newest first."""

from __future__ import annotations

from flask import Blueprint, abort, render_template

from web.context import actor, house

pages = Blueprint("notices", __name__)


@pages.get("/pemberitahuan")
def show() -> str:
    """His notices."""
    person_id = actor().person_id
    if person_id is None:
        abort(404)
    with house().reading() as uow:
        rows = uow.workplace.notices(person_id)
    return render_template("pages/notices.html", rows=rows)
