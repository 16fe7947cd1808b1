"""An instance with its diagram: where the tokens are, what happened, what went wrong."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug import Response

from engine.usecases.errors import InputRefused
from engine.usecases.outlook import drawing_of
from engine.usecases.process_views import (
    definitions,
    instance_history,
    instance_view,
    list_instances,
    search_incidents,
)
from engine.usecases.processes import retry_incident
from engine.usecases.rights import may
from web.context import actor, house, key_of, safe_target
from web.csp import drawing_page
from web.paging import leaf
from web.readings.instance import instance_sheet
from web.readings.instance_filter import read_sieve
from web.readings.names import matters
from web.steering_words import fault_words
from web.wording import gettext as _

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from engine.usecases.ports.process import DefinitionRow
    from web.readings.instance import InstanceSheet
    from web.readings.instance_filter import Sieve

pages = Blueprint("process", __name__)

PAGE = 50
#: lines of what happened on one page
HISTORY_ROWS = 200


@pages.get("/proses")
def everything() -> str:
    """Instances of the actor's agency, by process, version, state, business key and start."""
    sieve = read_sieve(request.args)
    versions = _versions(sieve.process_id)
    rows = list_instances(
        house(),
        actor(),
        sieve.wanted(actor().agency_id, _version_key(sieve, versions)),
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
        sieve=sieve,
        versions=[row.version for row in versions],
        definitions=known,
        names={one.process_id: one.name or one.process_id for one in known},
        about=about,
        more=rows[PAGE - 1].key if len(rows) > PAGE else None,
    )


def _versions(process_id: str) -> Sequence[DefinitionRow]:
    """Versions of the process that is chosen, newest first."""
    if not process_id:
        return ()
    return definitions(house(), actor(), process_id=process_id, latest=False)


def _version_key(sieve: Sieve, versions: Sequence[DefinitionRow]) -> int | None:
    """Key of the version that is asked for; 0, of which there is nothing, for one unknown."""
    if sieve.version is None:
        return None
    return next((row.key for row in versions if row.version == sieve.version), 0)


@pages.get("/proses/<int:key>")
def show(key: int) -> Response:
    """One instance."""
    return _page(key)


def _page(
    key: int, faults: Mapping[str, str] | None = None, typed: Mapping[str, str] | None = None
) -> Response:
    view = instance_view(house(), actor(), key)
    behind = key_of(request.args.get("after", ""))
    told = instance_history(house(), actor(), key, after=behind, limit=HISTORY_ROWS + 1)
    passed = leaf(told, lambda row: (str(row["key"]),), HISTORY_ROWS)
    if faults:  # an answer to what was sent has no next page
        passed = replace(passed, after=None)
    sheet = instance_sheet(house(), view, passed.rows)
    page = render_template(
        "pages/process.html",
        sheet=sheet,
        passed=passed,
        view=view,
        marks=_marks(sheet),
        shows_variables=may(actor(), "instance:read"),
        may_retry=may(actor(), "incident:retry"),
        faults=faults or {},
        typed=typed or {},
    )
    return drawing_page(page)


@pages.get("/proses/<int:key>/gambar")
def drawing(key: int) -> Response:
    """The drawing of an instance's version, as it was deployed."""
    return Response(drawing_of(house(), actor(), key).xml, mimetype="application/xml")


@pages.post("/gangguan/<int:incident_key>")
def retry(incident_key: int) -> Response | tuple[Response, int]:
    """Run the failed step of an incident again, for a reason."""
    try:
        tried = retry_incident(house(), actor(), incident_key, request.form.get("reason", ""))
    except InputRefused as refused:
        faults = {fault.field: fault_words(fault) for fault in refused.faults}
        (trouble,) = search_incidents(house(), actor(), key=incident_key)
        typed = {**request.form, "act": str(incident_key)}
        return _page(trouble.root_key, faults, typed), 422
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
