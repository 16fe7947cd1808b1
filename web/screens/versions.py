"""Versions of a process: what changed, who takes them, and the move of what runs to another."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from flask import Blueprint, flash, redirect, render_template, request, url_for

from engine.usecases import batches, definition_acts
from engine.usecases.errors import Conflict, FieldFault, InputRefused, NotFound
from engine.usecases.ports.batches import BatchKind, InstanceFilter
from engine.usecases.ports.process import InstanceStatus
from engine.usecases.ports.versions import MigrationPlan, MigrationRefused
from engine.usecases.process_views import definition, definitions, running
from engine.usecases.rights import may
from web.context import actor, house
from web.readings import moves
from web.readings.instance_filter import read_sieve
from web.steering_words import conflict_words, fault_words
from web.wording import gettext as _

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from werkzeug import Response

    from engine.usecases.ports.versions import Obstacle, Proposed

pages = Blueprint("versions", __name__)

#: button -> what is begun in the background
_BATCHES: Final = {"run": BatchKind.MIGRATE, "check": BatchKind.MIGRATION_CHECK}


@pages.get("/kelola/proses/<process_id>")
def show(process_id: str) -> str:
    """All versions of a process, newest first, with what runs on each."""
    rows = definitions(house(), actor(), process_id=process_id, latest=False)
    if not rows:
        raise NotFound("process", process_id)
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
        flash(" ".join(fault_words(fault) for fault in refused.faults), "bad")
    except Conflict as refused:
        flash(conflict_words(refused), "bad")
    row = definition(house(), actor(), definition_key)
    return redirect(url_for("versions.show", process_id=row.process_id), code=303)


@pages.get("/kelola/pindah/<int:definition_key>/<int:resource_key>")
def move(definition_key: int, resource_key: int) -> str:
    """The plan as the engine proposes it, and what changed."""
    found = definition_acts.propose_plan(house(), actor(), definition_key, resource_key)
    return _page(found)


@pages.post("/kelola/pindah/<int:definition_key>/<int:resource_key>")
def begin(definition_key: int, resource_key: int) -> Response | tuple[str, int]:
    """Try the plan without moving anybody, at once or in the background, or move.

    All three mean what the filter of the page names of what runs on the old version.
    """
    found = definition_acts.propose_plan(house(), actor(), definition_key, resource_key)
    plan = _plan(found)
    try:
        wanted = _wanted()
        kind = _BATCHES.get(request.form.get("act", ""))
        if kind is None:
            tried = definition_acts.try_migration(house(), actor(), plan, wanted)
            return _page(found, plan=plan, tried=tried), 200
        command = batches.BeginBatch(
            kind=kind,
            wanted=wanted,
            plan=plan,
            reason=request.form.get("reason", ""),
            idempotency_key=request.form.get("once") or None,
        )
        key = batches.begin_batch(house(), actor(), command)["batchKey"]
    except MigrationRefused as refused:
        return _page(found, plan=plan, obstacles=refused.obstacles), 409
    except InputRefused as refused:
        faults = {fault.field: fault_words(fault) for fault in refused.faults}
        return _page(found, plan=plan, faults=faults), 422
    return redirect(url_for("batches.show", batch_key=int(key)), code=303)


def _wanted() -> InstanceFilter:
    """What the filter of the form names; `InputRefused` for an ended state too."""
    sieve = read_sieve(request.form)
    if sieve.state and not InstanceStatus(sieve.state).lives:
        raise InputRefused(FieldFault(field="keadaan", code="option", message="it has ended"))
    return sieve.wanted(actor().agency_id)


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
    rows = moves.pairs(found, plan, old.xml, new.xml)
    return render_template(
        "pages/migration.html",
        old=old,
        new=new,
        plan=plan,
        changes=moves.changed(told, old.xml, new.xml),
        asked=[row for row in rows if not row.sure],
        sure=[row for row in rows if row.sure],
        tried=tried,
        why=moves.summed(tried.instances, old.xml) if tried is not None else [],
        obstacles=moves.obstacles(obstacles, old.xml),
        faults=faults or {},
        typed=request.form,
        once=house().ids.uuid(),
    )
