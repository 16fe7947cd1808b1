"""Readings of goals: the tree of a unit, a leader's matrix, what is not cascaded."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.domain.cycles import Cycle
from engine.domain.units import Unit
from engine.usecases import rights
from engine.usecases.books import cycle_of
from engine.usecases.errors import NotFound
from engine.usecases.operations.matrix import columns
from engine.usecases.organisation import Standing
from engine.usecases.relations import require_unit

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from engine.domain.goals import Objective, ObjectiveIndicator
    from engine.domain.matrix import MatrixCell
    from engine.domain.risks import Risk
    from engine.usecases.actor import Actor
    from engine.usecases.ports.goals import ResultCard
    from engine.usecases.ports.work import House


@dataclass(frozen=True, slots=True, kw_only=True)
class GoalTree:
    """Objectives of a unit and its sub-units, what they lead to, measures and risks."""

    cycle: Cycle
    objectives: Sequence[Objective]
    #: objectives above the unit's own
    above: Sequence[Objective]
    measures: Sequence[ObjectiveIndicator]
    risks: Sequence[Risk]


@dataclass(frozen=True, slots=True, kw_only=True)
class Matrix:
    """The matrix of a unit's head: columns with their words, cells, names of the rows."""

    cycle: Cycle
    leader_id: str | None
    columns: Mapping[str, str]
    cells: Sequence[MatrixCell]
    names: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cascading:
    """What is not cascaded: main results that reach no objective, objectives nothing serves."""

    cycle: Cycle
    orphans: Sequence[ResultCard]
    uncovered: Sequence[Objective]


def unit_goals(house: House, actor: Actor, unit_id: str, wanted: str | None = None) -> GoalTree:
    """The goal tree of a unit and what lies below it; `NotFound` for who may not read it."""
    with house.reading() as uow:
        unit = _unit(Standing(uow, house.clock.now()), actor, unit_id)
        cycle = cycle_of(uow, unit.agency_id, wanted)
        parents = {row.id: row.parent_id for row in uow.agency.units(unit.agency_id)}
        own = uow.goals.objectives(cycle.id, _below(unit_id, parents))
        ids = {one.id for one in own}
        lead = uow.goals.objectives_above({one.parent_id for one in own if one.parent_id} - ids)
        return GoalTree(
            cycle=cycle,
            objectives=own,
            above=[one for one in lead if one.id not in ids],
            measures=uow.goals.measures(ids),
            risks=[risk for risk in uow.goals.risks(cycle.id) if risk.objective_id in ids],
        )


def unit_matrix(house: House, actor: Actor, unit_id: str, wanted: str | None = None) -> Matrix:
    """The Matriks Peran Hasil of a unit's head; `NotFound` for who may not read the unit's."""
    with house.reading() as uow:
        standing = Standing(uow, house.clock.now())
        unit = _unit(standing, actor, unit_id)
        cycle = cycle_of(uow, unit.agency_id, wanted)
        head = standing.head(unit_id)
        leader = (head.on_behalf_of or head.person_id) if head else None
        cells = uow.goals.matrix(leader, cycle.id) if leader else []
        return Matrix(
            cycle=cycle,
            leader_id=leader,
            columns=columns(standing, leader, cycle.id) if leader else {},
            cells=cells,
            names=uow.agency.names(sorted({cell.person_id for cell in cells})),
        )


def cascading(house: House, actor: Actor, cycle_id: str) -> Cascading:
    """Orphan results and uncovered objectives of a cycle, for the groups of `report:read`."""
    rights.require(actor, "report:read", cycle_id)
    with house.reading() as uow:
        cycle = uow.performance.get(Cycle, cycle_id)
        if cycle is None or not rights.same_agency(actor, cycle.agency_id):
            raise NotFound("cycle", cycle_id)
        return Cascading(
            cycle=cycle,
            orphans=uow.goals.orphans(cycle_id),
            uncovered=uow.goals.uncovered(cycle_id),
        )


def _unit(standing: Standing, actor: Actor, unit_id: str) -> Unit:
    unit = standing.uow.agency.get(Unit, unit_id)
    if unit is None:
        raise NotFound("unit", unit_id)
    require_unit(standing, actor, unit)
    return unit


def _below(unit_id: str, parents: Mapping[str, str | None]) -> list[str]:
    found = [unit_id]
    for one in found:
        found += [child for child, parent in parents.items() if parent == one]
    return found
