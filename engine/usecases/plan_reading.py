"""Reading every version of a person's plan, with what was measured, hinted and agreed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.domain.access import Resource
from engine.domain.smart import plan_hints
from engine.usecases.books import readable
from engine.usecases.organisation import Standing

if TYPE_CHECKING:
    from collections.abc import Sequence

    from engine.domain.cycles import Cycle
    from engine.domain.plans import Indicator, Measurement, Plan, PlanItem, Progress
    from engine.domain.revisions import PlanRevision
    from engine.domain.smart import Hint
    from engine.usecases.actor import Actor
    from engine.usecases.ports.performance import PlanContents
    from engine.usecases.ports.work import House, UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanVersion:
    """One version of a plan as it stands in the store."""

    plan: Plan
    items: Sequence[PlanItem]
    indicators: Sequence[Indicator]
    progress: Sequence[Progress]
    measurements: Sequence[Measurement]
    #: none any more once the version is fixed
    hints: Sequence[Hint]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanVersions:
    """Every version of a person's plan in a cycle, newest first."""

    person_id: str
    cycle: Cycle
    versions: Sequence[PlanVersion]
    revisions: Sequence[PlanRevision]


def plan_versions(
    house: House, actor: Actor, person_id: str, wanted: str | None = None
) -> PlanVersions:
    """Every version of a person's plan; `NotFound` for whom the matrix does not let read it."""
    with house.reading() as uow:
        standing = Standing(uow, house.clock.now())
        cycle = readable(standing, actor, person_id, Resource.PLAN, wanted)
        plans = uow.performance.plan_versions(person_id, cycle.id)
        contents = uow.performance.contents([plan.id for plan in plans])
        return versions_of(uow, person_id, cycle, [(plan, contents[plan.id]) for plan in plans])


def versions_of(
    uow: UnitOfWork, person_id: str, cycle: Cycle, plans: Sequence[tuple[Plan, PlanContents]]
) -> PlanVersions:
    """The same for who may read the plan, from versions that are read already, newest first."""
    return PlanVersions(
        person_id=person_id,
        cycle=cycle,
        versions=[_version(plan, held) for plan, held in plans],
        revisions=uow.performance.revisions(person_id, cycle.id),
    )


def _version(plan: Plan, held: PlanContents) -> PlanVersion:
    return PlanVersion(
        plan=plan,
        items=held.items,
        indicators=held.indicators,
        progress=held.progress,
        measurements=held.measurements,
        hints=() if plan.fixed_at else plan_hints(held.items, held.indicators),
    )
