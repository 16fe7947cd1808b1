"""Versions of a process: what changed, who takes them, and the move of what runs to another."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, flash, redirect, render_template, request, url_for

from engine.usecases import batches, definition_acts
from engine.usecases.errors import Conflict, InputRefused
from engine.usecases.ports.batches import BatchKind, InstanceFilter
from engine.usecases.ports.versions import MigrationPlan, MigrationRefused
from engine.usecases.process_views import definition, definitions, running
from engine.usecases.rights import may
from web.context import actor, house
from web.drawings import element_kinds, element_names
from web.faults import text_of
from web.wording import gettext as _

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from werkzeug import Response

    from engine.usecases.ports.versions import Obstacle, Proposed

pages = Blueprint("versions", __name__)


@pages.get("/kelola/proses/<process_id>")
def show(process_id: str) -> str:
    """All versions of a process, newest first, with what runs on each."""
    rows = definitions(house(), actor(), process_id=process_id, latest=False)
    counts = running(house(), actor()).instances
    with house().reading() as uow:
        units = uow.agency.units(actor().agency_id or "")
    return render_template(
        "pages/versions.html",
        process_id=process_id,
        rows=rows,
        counts={row.key: counts.get((process_id, row.key), 0) for row in rows},
        units=units,
        unit_names={unit.id: unit.name for unit in units},
        may_hold=may(actor(), "definition:hold"),
    )


@pages.post("/kelola/versi/<int:definition_key>")
def stand(definition_key: int) -> Response:
    """Hold or release a version, or let it be a pilot for some units."""
    form, act = request.form, request.form.get("act")
    reason = form.get("reason", "")
    try:
        if act == "pilot":
            units = tuple(form.getlist("units"))
            command = definition_acts.PilotVersion(
                key=definition_key, unit_ids=units or None, reason=reason
            )
            definition_acts.pilot_version(house(), actor(), command)
        else:
            held = definition_acts.HoldVersion(
                key=definition_key, reason=reason, with_instances=form.get("with") == "1"
            )
            done = (
                definition_acts.hold_version if act == "hold" else definition_acts.release_version
            )
            done(house(), actor(), held)
        flash(_("It is done; the reason is kept in the audit."), "good")
    except InputRefused as refused:
        flash(" ".join(text_of(None, fault) for fault in refused.faults), "bad")
    except Conflict:
        flash(_("This is not possible as things stand; nothing was changed."), "bad")
    row = definition(house(), actor(), definition_key)
    return redirect(url_for("versions.show", process_id=row.process_id), code=303)


@pages.get("/kelola/pindah/<int:definition_key>/<int:resource_key>")
def move(definition_key: int, resource_key: int) -> str:
    """The plan as the engine proposes it, and what changed."""
    found = definition_acts.propose_plan(house(), actor(), definition_key, resource_key)
    return _page(found)


@pages.post("/kelola/pindah/<int:definition_key>/<int:resource_key>")
def begin(definition_key: int, resource_key: int) -> Response | tuple[str, int]:
    """Try the plan without moving anybody, or move all that runs on the old version."""
    found = definition_acts.propose_plan(house(), actor(), definition_key, resource_key)
    plan = _plan(found)
    wanted = InstanceFilter(agency_id=actor().agency_id)
    try:
        if request.form.get("act") != "run":
            tried = definition_acts.try_migration(house(), actor(), plan, wanted)
            return _page(found, plan=plan, tried=tried), 200
        command = batches.BeginBatch(
            kind=BatchKind.MIGRATE,
            wanted=wanted,
            plan=plan,
            reason=request.form.get("reason", ""),
            idempotency_key=request.form.get("once") or None,
        )
        key = batches.begin_batch(house(), actor(), command)["batchKey"]
    except MigrationRefused as refused:
        return _page(found, plan=plan, obstacles=refused.obstacles), 409
    except InputRefused as refused:
        faults = {fault.field: text_of(None, fault) for fault in refused.faults}
        return _page(found, plan=plan, faults=faults), 422
    return redirect(url_for("batches.show", batch_key=int(key)), code=303)


def _plan(found: Proposed) -> MigrationPlan:
    """The plan as it was typed: one field for each element of the old version."""
    pairs = {
        name.removeprefix("to."): value
        for name, value in request.form.items()
        if name.startswith("to.") and value
    }
    return MigrationPlan(
        source_key=found.plan.source_key,
        target_key=found.plan.target_key,
        elements=pairs,
        anew=frozenset(request.form.getlist("anew")),
        ask_people=request.form.get("people") == "1",
    )


def _page(
    found: Proposed,
    *,
    plan: MigrationPlan | None = None,
    tried: definition_acts.Tried | None = None,
    obstacles: Sequence[Obstacle] = (),
    faults: Mapping[str, str] | None = None,
) -> str:
    plan = plan or found.plan
    old = definition(house(), actor(), plan.source_key)
    new = definition(house(), actor(), plan.target_key)
    told = definition_acts.difference(house(), actor(), old.key, new.key)
    return render_template(
        "pages/migration.html",
        old=old,
        new=new,
        plan=plan,
        because=found.because,
        difference=told,
        rows=_rows(old.xml, set(plan.elements) | set(found.open)),
        targets=_elements(new.xml),
        tried=tried,
        why=_why(tried),
        obstacles=obstacles,
        faults=faults or {},
        typed=request.form,
        once=house().ids.uuid(),
    )


def _rows(xml: bytes, ids: set[str]) -> list[tuple[str, str, str]]:
    return [row for row in _elements(xml) if row[0] in ids]


def _elements(xml: bytes) -> list[tuple[str, str, str]]:
    """(id, name, kind) of the elements of a drawing."""
    names, kinds = element_names(xml), element_kinds(xml)
    ends = ("Task", "Event", "Gateway", "Process", "Activity", "task", "transaction")
    return [
        (one, names.get(one) or one, kind) for one, kind in kinds.items() if kind.endswith(ends)
    ]


def _why(tried: definition_acts.Tried | None) -> list[tuple[Any, int]]:
    """Obstacles of a dry run with how many instances meet them, most first."""
    if tried is None:
        return []
    found: dict[tuple[str, str], tuple[Any, int]] = {}
    for obstacles in tried.instances.values():
        for one in obstacles[:1]:
            first, count = found.get((one.code, one.element_id), (one, 0))
            found[one.code, one.element_id] = (first, count + 1)
    return sorted(found.values(), key=lambda pair: -pair[1])
