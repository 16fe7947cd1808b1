"""A target that a risk which came true opened again: its change is written, then signed by both."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from engine.domain.cycles import Cycle
from engine.domain.plans import PlanStatus
from engine.domain.revisions import PlanRevision, Side
from engine.domain.risks import Risk, TargetReopening
from engine.usecases import audit_tags
from engine.usecases.errors import NotFound
from engine.usecases.operations.revisions import begin, draft_version

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from engine.usecases.operations.step import Step
    from engine.usecases.ports.process import Json

_NONE: Final[Mapping[str, Json]] = {"opened": False}


def reopen(step: Step) -> Mapping[str, Json]:
    """`regu.revision.reopen` (variables reopening_id, item_id): the employee writes the change.

    His rater decided with a reason, which stands in the revision. Returns `opened` False when a
    change of this plan is being written or signed already (the target is changed in it), when no
    plan is fixed, and outside the cycle; else what a proposed change returns.
    """
    row = _decided(step)
    cycle = _cycle(step, row)
    store = step.uow.performance
    base = store.plan_of(row.person_id, cycle.id)
    today = step.standing.today(cycle.agency_id)
    running = store.open_revision(row.person_id, cycle.id) is not None
    fixed = base is not None and base.status is PlanStatus.FIXED
    if base is None or not fixed or running or not cycle.starts_on <= today <= cycle.ends_on:
        return _NONE
    risk = step.uow.goals.get(Risk, row.risk_id)
    plan = draft_version(step, base, cycle)
    revision = PlanRevision(
        id=step.means.ids.uuid(),
        person_id=row.person_id,
        cycle_id=cycle.id,
        base_plan_id=base.id,
        plan_id=plan.id,
        side=Side.EMPLOYEE,
        proposed_by=row.person_id,
        summary=risk.title if risk else row.reason,
        reason=row.reason,
        valid_from=today,
        at=step.now,
    )
    return {"opened": True, **begin(step, revision, cycle, audit_tags.REVISION_REOPENED)}


def _decided(step: Step) -> TargetReopening:
    reopening_id = step.ref("reopening_id")
    rows = step.uow.goals.reopenings([step.ref("item_id")])
    found = next((row for row in rows if row.id == reopening_id and row.reopened), None)
    if found is None:
        raise NotFound("reopening", reopening_id)
    return found


def _cycle(step: Step, row: TargetReopening) -> Cycle:
    cards = step.uow.goals.cards([row.item_id])
    found = step.uow.performance.get(Cycle, cards[0].cycle_id) if cards else None
    if found is None:
        raise NotFound("result", row.item_id)
    return found


OPERATIONS: Final[Mapping[str, Callable[[Step], Mapping[str, Json]]]] = {
    "regu.revision.reopen": reopen,
}
