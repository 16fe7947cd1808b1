"""An instance with its diagram: where the tokens are, what happened, what went wrong."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug import Response

from engine.usecases.outlook import drawing_of
from engine.usecases.process_views import (
    definitions,
    instance_history,
    instance_view,
    search_incidents,
    search_instances,
)
from engine.usecases.processes import retry_incident
from engine.usecases.rights import may
from web.context import actor, house, key_of, safe_target
from web.csp import drawing_page
from web.paging import leaf
from web.readings.instance import instance_sheet
from web.readings.names import matters
from web.wording import gettext as _

if TYPE_CHECKING:
    from web.readings.instance import InstanceSheet

pages = Blueprint("process", __name__)

PAGE = 50
#: lines of what happened on one page
HISTORY_ROWS = 200


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
    shown = rows[:PAGE]
    known = definitions(house(), actor())
    with house().reading() as uow:
        about = matters(uow, shown)
    return render_template(
        "pages/processes.html",
        rows=shown,
        definitions=known,
        names={one.process_id: one.name or one.process_id for one in known},
        about=about,
        more=rows[PAGE - 1].key if len(rows) > PAGE else None,
    )


@pages.get("/proses/<int:key>")
def show(key: int) -> Response:
    """One instance."""
    view = instance_view(house(), actor(), key)
    behind = key_of(request.args.get("after", ""))
    told = instance_history(house(), actor(), key, after=behind, limit=HISTORY_ROWS + 1)
    passed = leaf(told, lambda row: (str(row["key"]),), HISTORY_ROWS)
    sheet = instance_sheet(house(), view, passed.rows)
    page = render_template(
        "pages/process.html",
        sheet=sheet,
        passed=passed,
        view=view,
        marks=_marks(sheet),
        shows_variables=may(actor(), "instance:read"),
        may_retry=may(actor(), "incident:retry"),
    )
    return drawing_page(page)


@pages.get("/proses/<int:key>/gambar")
def drawing(key: int) -> Response:
    """The drawing of an instance's version, as it was deployed."""
    return Response(drawing_of(house(), actor(), key).xml, mimetype="application/xml")


@pages.post("/gangguan/<int:incident_key>")
def retry(incident_key: int) -> Response:
    """Run the failed step of an incident again."""
    tried = retry_incident(house(), actor(), incident_key)
    failed = search_incidents(house(), actor(), root_key=tried.root_key)
    if any((row.instance_key, row.token) == (tried.instance_key, tried.token) for row in failed):
        flash(_("The step was tried again and failed again."), "wait")
    else:
        flash(_("The step was tried again and goes on."), "good")
    place = url_for("process.show", key=tried.root_key)
    return redirect(safe_target(request.form.get("_next"), place), code=303)


def _marks(sheet: InstanceSheet) -> str:
    """What the diagram shows on its elements, as JSON for the viewer."""
    return json.dumps(
        {
            "tokens": dict(sheet.tokens),
            "incidents": sorted({incident.element_id for incident in sheet.incidents}),
        }
    )
