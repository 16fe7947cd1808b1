"""The publication itself: files, pilot, move of what runs and audit in the open unit of work."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from engine.domain.releases import ReleaseState, Running
from engine.usecases import audit_tags
from engine.usecases.audit import note
from engine.usecases.batches import BeginBatch, begin_within
from engine.usecases.definition_acts import PilotVersion, pilot_within
from engine.usecases.errors import Conflict
from engine.usecases.ports.batches import BatchKind, InstanceFilter
from engine.usecases.ports.process import Resource
from engine.usecases.ports.versions import MigrationPlan
from engine.usecases.processes import check_files, deploy_within

if TYPE_CHECKING:
    from collections.abc import Sequence

    from engine.usecases.actor import Actor
    from engine.usecases.ports.releases import Release, ReleaseFile
    from engine.usecases.ports.runner import Deployed
    from engine.usecases.ports.work import House, UnitOfWork


def publish_within(
    house: House,
    uow: UnitOfWork,
    actor: Actor,
    row: Release,
    files: Sequence[ReleaseFile],
    *,
    words: str | None,
) -> Release:
    """Deploy the files, let the units pilot, begin the move, end the release, clear the tables.

    `DrawingRefused`, `MigrationRefused`, `Conflict`.
    """
    resources = tuple(Resource(name=one.resource_name, content=one.content) for one in files)
    check_files(resources)
    done = deploy_within(house, uow, actor, resources, reason=row.override_reason)
    key = next((one[2] for one in done.processes if one[0] == row.subject_id), None)
    if row.pilot_units is not None and key is not None:
        pilot = PilotVersion(key=key, unit_ids=row.pilot_units, reason=row.reason)
        pilot_within(house, uow, actor, pilot)
    row = replace(
        row,
        state=ReleaseState.PUBLISHED,
        decided_by=actor.name,
        decided_at=house.clock.now(),
        words=words,
        deployment_key=done.key,
        batch_key=_moved(house, uow, actor, row, key),
    )
    uow.releases.put(row)
    _clear(uow, files)
    _note(house, uow, actor, row, done)
    return row


def _moved(
    house: House, uow: UnitOfWork, actor: Actor, row: Release, key: int | None
) -> int | None:
    """The operation that moves what runs; it does its work after the commit."""
    if row.running is not Running.MIGRATE or row.plan is None:
        return None
    if key is None:
        raise Conflict("release_nothing_new")
    plan = MigrationPlan(
        source_key=int(row.plan["source"]),
        target_key=key,
        elements=dict(row.plan["elements"]),
        anew=frozenset(row.plan["anew"]),
        ask_people=bool(row.plan["ask_people"]),
    )
    command = BeginBatch(
        kind=BatchKind.MIGRATE,
        wanted=InstanceFilter(agency_id=actor.agency_id),
        reason=row.reason,
        plan=plan,
    )
    return begin_within(house, uow, actor, command).key


def _clear(uow: UnitOfWork, files: Sequence[ReleaseFile]) -> None:
    """Drafts in the state that is published leave the table; a later state stays there."""
    for one in files:
        standing = uow.drafts.current(one.subject) if one.mark else None
        if standing is not None and standing.mark == one.mark:
            uow.drafts.drop(standing.id)


def _note(house: House, uow: UnitOfWork, actor: Actor, row: Release, done: Deployed) -> None:
    facts = {
        "release": row.id,
        "kind": row.kind.value,
        "subject": row.subject_id,
        "deployment": str(done.key),
        "proposed_by": row.proposed_by,
        "reason": row.reason,
        "urgent": row.urgent,
    }
    act = audit_tags.RELEASE_PUBLISHED
    note(house, uow, actor, stream=f"release:{row.id}", act=act, facts=facts)
