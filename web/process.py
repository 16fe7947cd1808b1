"""An instance with its diagram: where the tokens are, what happened, what went wrong."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from flask import Blueprint, render_template, request
from werkzeug import Response

from engine.usecases.process_views import (
    definitions,
    instance_history,
    instance_view,
    search_instances,
)
from engine.usecases.rights import may
from web.context import actor, house, key_of
from web.csp import drawing_page
from web.drawings import element_names
from web.readings.names import person_names

if TYPE_CHECKING:
    from engine.usecases.ports.process import InstanceView

pages = Blueprint("process", __name__)

PAGE = 50


@pages.get("/proses")
def everything() -> str:
    """Instances of the actor's agency, by process and state."""
    rows = search_instances(
        house(),
        actor(),
        process_id=request.args.get("proses") or None,
        status=request.args.get("keadaan") or None,
        after=key_of(request.args.get("after", "")),
        limit=PAGE + 1,
    )
    return render_template(
        "pages/processes.html",
        rows=rows[:PAGE],
        definitions=definitions(house(), actor()),
        more=rows[PAGE - 1].key if len(rows) > PAGE else None,
    )


@pages.get("/proses/<int:key>")
def show(key: int) -> Response:
    """One instance."""
    view = instance_view(house(), actor(), key)
    history = instance_history(house(), actor(), key)
    page = render_template(
        "pages/process.html",
        view=view,
        history=history,
        names=element_names(view.definition.xml),
        people=person_names(house(), (row.get("actor") for row in history)),
        marks=_marks(view),
        shows_variables=may(actor(), "instance:read"),
    )
    return drawing_page(page)


@pages.get("/proses/<int:key>/gambar")
def drawing(key: int) -> Response:
    """The drawing of an instance's version, as it was deployed."""
    view = instance_view(house(), actor(), key)
    return Response(view.definition.xml, mimetype="application/xml")


def _marks(view: InstanceView) -> str:
    """What the diagram shows on its elements, as JSON for the viewer."""
    return json.dumps(
        {
            "tokens": dict(view.tokens),
            "incidents": sorted({incident.element_id for incident in view.incidents}),
        }
    )
