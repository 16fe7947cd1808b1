"""The inputs behind the numbers of a plan: time of each role, measurements, evidence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.domain.access import Resource
from engine.usecases.books import readable
from engine.usecases.index import weighed_roles
from engine.usecases.organisation import Standing
from engine.usecases.relations import around, may_read

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from engine.domain.index import RoleTime
    from engine.domain.plans import Indicator, Measurement, Progress
    from engine.usecases.actor import Actor
    from engine.usecases.ports.goals import ProvingEvidence
    from engine.usecases.ports.work import House


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleShare:
    """A role's time and what it weighs."""

    #: "home", "home:<id>" or a membership id
    role: str
    #: the squad; "" for the home post
    squad: str
    effort_bp: int
    days: int
    weight_bp: int

    @property
    def product(self) -> int:
        """Effort times days: what the weights are in proportion to."""
        return self.effort_bp * self.days


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemProof:
    """What the newest attainment of a result comes from."""

    period: str
    at: datetime
    #: each indicator with what was measured; None: not measured in that period
    lines: Sequence[tuple[Indicator, Measurement | None]]
    progress: Progress


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanProof:
    """Everything that the numbers of a plan are worked out from."""

    shares: Sequence[RoleShare]
    #: by result
    items: Mapping[str, ItemProof]
    #: by result; empty for who may not read evidence
    evidence: Mapping[str, Sequence[ProvingEvidence]]


def plan_proof(house: House, actor: Actor, person_id: str, wanted: str | None = None) -> PlanProof:
    """Inputs of a person's plan; `NotFound` for whom the matrix does not let read the plan."""
    with house.reading() as uow:
        standing = Standing(uow, house.clock.now())
        cycle = readable(standing, actor, person_id, Resource.PLAN, wanted)
        held = uow.contributions.memberships_of(person_id, cycle.starts_on, cycle.ends_on)
        plan = uow.performance.plan_of(person_id, cycle.id)
        shares = weighed_roles(standing, person_id, cycle, held)
        squads = {row.id: squad.name for row, squad in held}
        found = [_share(time, weight, squads.get(time.role, "")) for time, weight in shares]
        if plan is None:
            return PlanProof(shares=found, items={}, evidence={})
        store = uow.performance
        newest = {row.item_id: row for row in store.progress(plan.id)}
        periods = {row.id: row.name for row in store.periods(cycle.id)}
        measured = {(m.progress_id, m.indicator_id): m for m in store.measurements(plan.id)}
        indicators = store.indicators(plan.id)
        items = {
            item_id: ItemProof(
                period=periods.get(row.period_id, ""),
                at=row.at,
                lines=[
                    (one, measured.get((row.id, one.id)))
                    for one in indicators
                    if one.item_id == item_id
                ],
                progress=row,
            )
            for item_id, row in newest.items()
        }
        proofs: dict[str, list[ProvingEvidence]] = {}
        if may_read(around(uow, standing, person_id, cycle), actor, Resource.EVIDENCE):
            for one in uow.goals.evidence_of([item.id for item in store.items(plan.id)]):
                proofs.setdefault(one.item_id, []).append(one)
        return PlanProof(shares=found, items=items, evidence=proofs)


def _share(time: RoleTime, weight_bp: int, squad: str) -> RoleShare:
    return RoleShare(
        role=time.role,
        squad=squad,
        effort_bp=time.effort_bp,
        days=time.duration,
        weight_bp=weight_bp,
    )
