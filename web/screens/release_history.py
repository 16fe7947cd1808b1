"""Versions: who proposed and reviewed each, two drawings compared, and the way back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import render_template, request

from engine.usecases import definition_acts, release_views
from engine.usecases.errors import NotFound
from engine.usecases.file_versions import file_versions
from engine.usecases.ports.drafts import DraftKind, Subject
from engine.usecases.process_views import definitions
from engine.usecases.rights import may
from web.context import actor, house
from web.csp import drawing_page
from web.readings import release as reading
from web.readings.names import person_names
from web.screens.releases import pages

if TYPE_CHECKING:
    from collections.abc import Sequence

    from werkzeug import Response

    from engine.usecases.ports.process import DefinitionRow

__all__ = ["history", "pages"]


@pages.get("/studio/<process_id>/versi")
def history(process_id: str) -> Response:
    """All versions, newest first, with their reviews; two of them side by side when asked for."""
    rows = definitions(house(), actor(), process_id=process_id, latest=False)
    if not rows:
        raise NotFound("process", process_id)
    subject = Subject(DraftKind.PROCESS, process_id)
    made = release_views.published_releases(house(), actor(), subject)
    people = {row.deployed_by for row in rows}
    people |= {one for row in made.values() for one in (row.proposed_by, row.decided_by) if one}
    with house().reading() as uow:
        units = {unit.id: unit.name for unit in uow.agency.units(actor().agency_id or "")}
    old, new = _asked(rows, "lama", 1), _asked(rows, "baru", 0)
    page = render_template(
        "pages/release_history.html",
        process_id=process_id,
        rows=rows,
        made=made,
        names=person_names(house(), people),
        units=units,
        old=old,
        new=new,
        compared=_compared(old, new) if "lama" in request.args else None,
        may_propose=may(actor(), "definition:draft"),
        may_move=may(actor(), "batch:run"),
    )
    return drawing_page(page)


@pages.get("/keputusan/<decision_id>/versi")
def decision_history(decision_id: str) -> str:
    """All versions of a decision, newest first, with their reviews and the way back."""
    return _file_history(Subject(DraftKind.DECISION, decision_id))


@pages.get("/formulir/<form_id>/versi")
def form_history(form_id: str) -> str:
    """The same of a form."""
    return _file_history(Subject(DraftKind.FORM, form_id))


def _file_history(subject: Subject) -> str:
    rows = file_versions(house(), actor(), subject)
    made = release_views.published_releases(house(), actor(), subject)
    people = {one for row in made.values() for one in (row.proposed_by, row.decided_by) if one}
    return render_template(
        "pages/file_history.html",
        subject=subject,
        rows=rows,
        made=made,
        names=person_names(house(), people),
        may_propose=may(actor(), "definition:draft"),
    )


def _asked(rows: Sequence[DefinitionRow], name: str, otherwise: int) -> DefinitionRow:
    wanted = request.args.get(name, "")
    given = next((row for row in rows if str(row.version) == wanted), None)
    return given or rows[min(otherwise, len(rows) - 1)]


def _compared(old: DefinitionRow, new: DefinitionRow) -> reading.Compared:
    difference = definition_acts.difference(house(), actor(), old.key, new.key)
    with house().reading() as uow:
        both = [uow.processes.definition(row.key) or row for row in (old, new)]
    return reading.compared(difference, both[0].xml, both[1].xml)
