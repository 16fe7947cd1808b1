"""The dialogue about a plan (klarifikasi ekspektasi): who said what and when, for which squad."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.domain.access import Resource
from engine.domain.plans import FeedbackRole, PlanStatus
from engine.domain.squads import SquadRole
from engine.usecases.books import readable
from engine.usecases.errors import NotFound
from engine.usecases.organisation import Standing

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from engine.domain.cycles import Cycle
    from engine.domain.plans import Feedback, Plan
    from engine.usecases.actor import Actor
    from engine.usecases.ports.contributions import Companion
    from engine.usecases.ports.process import Json
    from engine.usecases.ports.work import House, UnitOfWork

#: in the words of plans; what peers and subordinates say belongs to feedback
_SPEAKERS = frozenset({FeedbackRole.SELF, FeedbackRole.LEAD, FeedbackRole.RATER})


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One word in the dialogue."""

    at: datetime
    giver_id: str
    name: str
    role: FeedbackRole
    #: squads in whose name a lead speaks
    squads: tuple[str, ...]
    text: str
    #: version of the plan it was said about
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanTalk:
    """The dialogue about a person's plan, oldest first."""

    cycle: Cycle
    said: Sequence[Said]
    #: leads of the person's squads who have not spoken while the plan is not fixed
    silent: Sequence[str]


def plan_talk(house: House, actor: Actor, person_id: str, wanted: str | None = None) -> PlanTalk:
    """What was said until each version was fixed; `NotFound` for whom the plan is closed.

    Who may read a plan reads what was expected in it; feedback given later is not in here.
    """
    with house.reading() as uow:
        standing = Standing(uow, house.clock.now())
        cycle = readable(standing, actor, person_id, Resource.PLAN, wanted)
        plans = uow.performance.plan_versions(person_id, cycle.id)
        around = uow.contributions.companions([person_id], cycle.starts_on, cycle.ends_on)
        return talk_of(uow, person_id, cycle, plans, around)


def talk_of(
    uow: UnitOfWork,
    person_id: str,
    cycle: Cycle,
    plans: Sequence[Plan],
    companions: Sequence[Companion],
) -> PlanTalk:
    """The same for who may read the plan, from its versions and who is in his squads."""
    led = _led(person_id, companions)
    by_id = {plan.id: plan for plan in plans}
    said = ((by_id[row.plan_id], row) for row in uow.performance.feedback_on(list(by_id)))
    rows = [(plan, row) for plan, row in said if _belongs(plan, row)]
    names = uow.agency.names(sorted({row.giver_id for _, row in rows} | set(led)))
    spoken = {row.giver_id for _, row in rows}
    waits = any(plan.status is PlanStatus.SUBMITTED for plan in plans)
    return PlanTalk(
        cycle=cycle,
        said=sorted((_said(plan, row, names, led) for plan, row in rows), key=lambda s: s.at),
        silent=sorted(names.get(one, one) for one in set(led) - spoken) if waits else (),
    )


def talk_beside(house: House, actor: Actor, variables: Mapping[str, Json]) -> PlanTalk | None:
    """The same beside a task that is about a plan, by what the task sees; None beside others."""
    person_id, cycle_id = variables.get("person_id"), variables.get("cycle_id")
    if not isinstance(person_id, str) or not variables.get("plan_id"):
        return None
    try:
        return plan_talk(house, actor, person_id, cycle_id if isinstance(cycle_id, str) else None)
    except NotFound:
        return None


def _belongs(plan: Plan, row: Feedback) -> bool:
    before = plan.fixed_at is None or row.at <= plan.fixed_at
    return before and row.item_id is None and row.role in _SPEAKERS


def _led(person_id: str, rows: Sequence[Companion]) -> Mapping[str, tuple[str, ...]]:
    """Squads of the person by the id of who leads them."""
    found: dict[str, tuple[str, ...]] = {}
    for row in sorted(rows, key=lambda row: row.squad_name):
        if row.role is SquadRole.KETUA and row.companion_id != person_id:
            found[row.companion_id] = (*found.get(row.companion_id, ()), row.squad_name)
    return found


def _said(
    plan: Plan, row: Feedback, names: Mapping[str, str], led: Mapping[str, tuple[str, ...]]
) -> Said:
    return Said(
        at=row.at,
        giver_id=row.giver_id,
        name=names.get(row.giver_id, row.giver_id),
        role=row.role,
        squads=led.get(row.giver_id, ()) if row.role is FeedbackRole.LEAD else (),
        text=row.text,
        version=plan.version,
    )
