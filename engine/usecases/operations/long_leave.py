"""A leave that is long but leaves the plan standing: a changed expectation is offered."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from engine.domain.plans import PlanStatus
from engine.domain.revisions import PlanRevision, Side
from engine.domain.segments import ChangeKind, RoleChange
from engine.usecases import audit_tags
from engine.usecases.errors import Conflict, NotFound
from engine.usecases.operations.revisions import begin, draft_version

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from engine.usecases.operations.step import Step
    from engine.usecases.ports.process import Json

#: message to whoever changes plans, keyed by person and cycle
LEAVE_LONG: Final = "leave_long"
_NONE: Final[Mapping[str, Json]] = {"opened": False}


def announce_leave(step: Step) -> Mapping[str, Json]:
    """`regu.role.offer_revision` (change_id): a long leave is told to `plan_revision`."""
    change = _leave(step)
    step.means.announce(
        step.uow,
        step.actor,
        LEAVE_LONG,
        f"{change.person_id}:{change.cycle_id}",
        person_id=change.person_id,
        cycle_id=change.cycle_id,
        change_id=change.id,
    )
    return {}


def offer(step: Step) -> Mapping[str, Json]:
    """`regu.revision.offer` (change_id, cycle_id; input summary): a change may be written.

    The employee writes it while he is still there, his rater once the leave has begun; either may
    give it up. Returns `opened` False where no plan is fixed, a change is being written or signed
    already, nobody rates him, or the leave does not reach into the cycle any more.
    """
    change, cycle = _leave(step), step.cycle()
    store, today = step.uow.performance, step.standing.today(cycle.agency_id)
    base = store.plan_of(change.person_id, cycle.id)
    running = store.open_revision(change.person_id, cycle.id) is not None
    valid_from = max(today, change.starts_on)
    within = cycle.starts_on <= valid_from <= cycle.ends_on
    away = today >= change.starts_on
    author = _rater(step, change.person_id) if away else change.person_id
    fixed = base is not None and base.status is PlanStatus.FIXED
    if base is None or not fixed or running or not within or author is None:
        return _NONE
    plan = draft_version(step, base, cycle)
    words = step.ref("summary")
    revision = PlanRevision(
        id=step.means.ids.uuid(),
        person_id=change.person_id,
        cycle_id=cycle.id,
        base_plan_id=base.id,
        plan_id=plan.id,
        side=Side.RATER if away else Side.EMPLOYEE,
        proposed_by=author,
        summary=words,
        reason=f"{words}: {change.letter_no}",
        valid_from=valid_from,
        at=step.now,
    )
    return {"opened": True, **begin(step, revision, cycle, audit_tags.REVISION_OFFERED)}


def _leave(step: Step) -> RoleChange:
    found = step.uow.segments.get(RoleChange, step.ref("change_id"))
    if found is None:
        raise NotFound("role_change", step.ref("change_id"))
    if found.kind is not ChangeKind.CUTI:
        raise Conflict("no_leave", change=found.id)
    return found


def _rater(step: Step, person_id: str) -> str | None:
    """Who acts as rater; his substitute while he is away himself."""
    found = step.standing.rater(person_id)
    return found.person_id if found else None


OPERATIONS: Final[Mapping[str, Callable[[Step], Mapping[str, Json]]]] = {
    "regu.role.offer_revision": announce_leave,
    "regu.revision.offer": offer,
}
