"""The inputs behind the numbers of a plan: time of each role, measurements, evidence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.domain.access import Resource
from engine.usecases.books import cycle_of
from engine.usecases.errors import NotFound
from engine.usecases.index import weighed_roles
from engine.usecases.organisation import Standing
from engine.usecases.plan_reading import versions_of
from engine.usecases.plan_talk import talk_of
from engine.usecases.relations import around, may_read

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from engine.domain.cycles import Cycle
    from engine.domain.index import RoleTime
    from engine.domain.plans import Indicator, Measurement, Plan, Progress
    from engine.usecases.actor import Actor
    from engine.usecases.plan_reading import PlanVersions
    from engine.usecases.plan_talk import PlanTalk
    from engine.usecases.ports.goals import ProvingEvidence
    from engine.usecases.ports.work import House, UnitOfWork


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


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanBehind:
    """What stands behind a plan, read in one go."""

    proof: PlanProof
    talk: PlanTalk
    versions: PlanVersions


def plan_behind(
    house: House, actor: Actor, person_id: str, wanted: str | None = None
) -> PlanBehind:
    """Inputs, dialogue and versions of a plan; `NotFound` for whom the matrix closes the plan."""
    with house.reading() as uow:
        standing = Standing(uow, house.clock.now())
        person = standing.person(person_id)
        if person is None:
            raise NotFound("person", person_id)
        cycle = cycle_of(uow, person.agency_id, wanted)
        circle = around(uow, standing, person_id, cycle)
        if not may_read(circle, actor, Resource.PLAN):
            raise NotFound(Resource.PLAN.value, person_id)
        return PlanBehind(
            proof=_proof(
                standing, person_id, cycle, sees=may_read(circle, actor, Resource.EVIDENCE)
            ),
            talk=talk_of(uow, person_id, cycle),
            versions=versions_of(uow, person_id, cycle),
        )


def _proof(standing: Standing, person_id: str, cycle: Cycle, *, sees: bool) -> PlanProof:
    uow = standing.uow
    held = uow.contributions.memberships_of(person_id, cycle.starts_on, cycle.ends_on)
    squads = {row.id: squad.name for row, squad in held}
    times = weighed_roles(standing, person_id, cycle, held)
    plan = uow.performance.plan_of(person_id, cycle.id)
    proofs: dict[str, list[ProvingEvidence]] = {}
    if plan is not None and sees:
        items = [item.id for item in uow.performance.items(plan.id)]
        for one in uow.goals.evidence_of(items):
            proofs.setdefault(one.item_id, []).append(one)
    return PlanProof(
        shares=[_share(time, weight, squads.get(time.role, "")) for time, weight in times],
        items=_items(uow, plan, cycle) if plan else {},
        evidence=proofs,
    )


def _items(uow: UnitOfWork, plan: Plan, cycle: Cycle) -> Mapping[str, ItemProof]:
    """The newest progress of each result with what each indicator came to in it."""
    store = uow.performance
    newest = {row.item_id: row for row in store.progress(plan.id)}
    periods = {row.id: row.name for row in store.periods(cycle.id)}
    measured = {(m.progress_id, m.indicator_id): m for m in store.measurements(plan.id)}
    indicators = store.indicators(plan.id)
    return {
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


def _share(time: RoleTime, weight_bp: int, squad: str) -> RoleShare:
    return RoleShare(
        role=time.role,
        squad=squad,
        effort_bp=time.effort_bp,
        days=time.duration,
        weight_bp=weight_bp,
    )
