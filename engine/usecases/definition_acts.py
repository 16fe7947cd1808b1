"""What a process owner decides about a version: nobody starts it, or some units only; and plans."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from engine.domain.units import Unit
from engine.usecases import audit_tags
from engine.usecases.audit import note
from engine.usecases.batches import BeginBatch, begin_batch
from engine.usecases.errors import Conflict, FieldFault, InputRefused, NotFound
from engine.usecases.once import repeated
from engine.usecases.ports.batches import BatchKind, InstanceFilter
from engine.usecases.ports.versions import MigrationRefused
from engine.usecases.reasons import given
from engine.usecases.rights import require, same_agency

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from engine.usecases.actor import Actor
    from engine.usecases.ports.process import DefinitionRow, Json
    from engine.usecases.ports.versions import Difference, MigrationPlan, Obstacle, Proposed
    from engine.usecases.ports.work import House, UnitOfWork

#: instances that a dry run looks at while somebody waits; more are a batch operation
TRY_MAX = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldVersion:
    """Suspend or release a version; with its instances, these become a batch operation."""

    key: int
    reason: str
    with_instances: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PilotVersion:
    """Which units alone take a version; None: everybody does again; (): nobody new does."""

    key: int
    unit_ids: tuple[str, ...] | None
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """A dry run over some instances."""

    #: instance key -> why it cannot move; empty: it would
    instances: Mapping[int, Sequence[Obstacle]]
    #: the last key looked at when there are more; None: these were all
    after: int | None

    @property
    def moving(self) -> int:
        """How many would move."""
        return sum(not obstacles for obstacles in self.instances.values())


# ---- versions and plans


def difference(house: House, actor: Actor, source_key: int, target_key: int) -> Difference:
    """What changed between two versions; `NotFound`."""
    require(actor, "definition:read", source_key)
    with house.reading() as uow:
        _both(uow, source_key, target_key)
        return house.runner.difference(uow, source_key, target_key)


def propose_plan(house: House, actor: Actor, source_key: int, target_key: int) -> Proposed:
    """A migration plan as the engine would make it; to be edited and checked."""
    require(actor, "definition:read", source_key)
    with house.reading() as uow:
        _both(uow, source_key, target_key)
        return house.runner.propose(uow, source_key, target_key)


def check_plan(house: House, actor: Actor, plan: MigrationPlan) -> Sequence[Obstacle]:
    """Every fault of a plan."""
    require(actor, "definition:read", plan.source_key)
    with house.reading() as uow:
        _both(uow, plan.source_key, plan.target_key)
        return house.runner.check_plan(uow, plan)


def try_migration(
    house: House,
    actor: Actor,
    plan: MigrationPlan,
    wanted: InstanceFilter,
    *,
    after: int | None = None,
    limit: int = TRY_MAX,
) -> Tried:
    """Dry run over instances of the actor's agency: which would move, which cannot and why.

    `MigrationRefused` for a plan with faults. Changes nothing.
    """
    require(actor, "batch:run", plan.source_key)
    limit = min(limit, TRY_MAX)
    meant = replace(
        wanted, agency_id=actor.agency_id, definition_key=plan.source_key, process_id=None
    )
    with house.reading() as uow:
        _both(uow, plan.source_key, plan.target_key)
        faults = house.runner.check_plan(uow, plan)
        if faults:
            raise MigrationRefused(tuple(faults))
        keys = uow.batches.instances(meant, after=after, limit=limit + 1)
        found = {key: house.runner.check_migration(uow, key, plan) for key in keys[:limit]}
    return Tried(instances=found, after=keys[limit - 1] if len(keys) > limit else None)


# ---- who may start


@repeated
def hold_version(house: House, actor: Actor, command: HoldVersion) -> None:
    """Nobody starts this version any more (409); what calls it waits with an incident."""
    _stand(house, actor, command, audit_tags.DEFINITION_HELD, held=True)


@repeated
def release_version(house: House, actor: Actor, command: HoldVersion) -> None:
    """It may be started again."""
    _stand(house, actor, command, audit_tags.DEFINITION_RELEASED, held=False)


def _stand(house: House, actor: Actor, command: HoldVersion, tag: str, *, held: bool) -> None:
    require(actor, "definition:hold", command.key)
    reason = given(command.reason)
    with house.writing() as uow:
        row = _one(uow, command.key)
        if (row.suspended_at is not None) is held:
            state = "suspended" if held else "active"
            raise Conflict(f"the version is {state} already", state=state)
        uow.upkeep.put_standing(
            row.key,
            suspended_at=house.clock.now() if held else None,
            pilot_units=row.pilot_units,
        )
        _note(house, uow, actor, row, tag, {"reason": reason})
        uow.commit()
    if command.with_instances:
        kind = BatchKind.SUSPEND if held else BatchKind.RESUME
        wanted = InstanceFilter(agency_id=actor.agency_id, definition_key=command.key)
        begin_batch(house, actor, BeginBatch(kind=kind, wanted=wanted, reason=reason))


@repeated
def pilot_version(house: House, actor: Actor, command: PilotVersion) -> None:
    """Let only some units' new undertakings take a version, or everybody's again.

    Messages and signals start it for the units that they name, as people do, where it waits for
    them; timers start the newest version that is no pilot. `Conflict` when no such version would
    be left, `InputRefused` for units that are not of the actor's agency.
    """
    require(actor, "definition:pilot", command.key)
    reason = given(command.reason)
    with house.writing() as uow:
        pilot_within(house, uow, actor, replace(command, reason=reason))
        uow.commit()


def pilot_within(house: House, uow: UnitOfWork, actor: Actor, command: PilotVersion) -> None:
    """The same inside an open unit of work; the reason is already checked."""
    require(actor, "definition:pilot", command.key)
    row = _one(uow, command.key)
    check_units(uow, actor, command.unit_ids or ())
    others = uow.processes.definition_versions(row.process_id)
    if command.unit_ids is not None and not any(
        one.pilot_units is None and one.key != row.key for one in others
    ):
        raise Conflict("a pilot needs another version that all the others take")
    uow.upkeep.put_standing(row.key, suspended_at=row.suspended_at, pilot_units=command.unit_ids)
    house.runner.replan_starts(uow, row.process_id, actor)
    units = None if command.unit_ids is None else list(command.unit_ids)
    facts = {"units": units, "reason": command.reason}
    _note(house, uow, actor, row, audit_tags.DEFINITION_PILOTED, facts)


def check_units(uow: UnitOfWork, actor: Actor, unit_ids: Sequence[str]) -> None:
    """`InputRefused` for a unit that is not of the actor's agency."""
    for unit_id in unit_ids:
        unit = uow.agency.get(Unit, unit_id)
        if unit is None or not same_agency(actor, unit.agency_id):
            text = f"there is no unit '{unit_id}'"
            raise InputRefused(FieldFault(field="units", code="unknown", message=text))


def _one(uow: UnitOfWork, key: int) -> DefinitionRow:
    row = uow.processes.definition(key)
    if row is None:
        raise NotFound("process definition", key)
    return row


def _both(uow: UnitOfWork, source_key: int, target_key: int) -> None:
    _one(uow, source_key)
    _one(uow, target_key)


def _note(
    house: House,
    uow: UnitOfWork,
    actor: Actor,
    row: DefinitionRow,
    tag: str,
    facts: Mapping[str, Json],
) -> None:
    told = {"process": row.process_id, "definition": str(row.key), **facts}
    note(house, uow, actor, stream="definitions", act=tag, facts=told)
