"""Operations of monitoring: progress per period, feedback, reminders."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

from engine.domain.calendar import end_of_day
from engine.domain.cycles import Period
from engine.domain.errors import Malformed
from engine.domain.indicators import Direction, Target, attainment, capped
from engine.domain.plans import Feedback, FeedbackRole, Progress, RoleKind
from engine.usecases import audit_tags
from engine.usecases.decisions import ATTAINMENT_CAP
from engine.usecases.errors import NotFound
from engine.usecases.operations.planning import plan_of, prepared
from engine.usecases.operations.step import as_decimal, fault

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.domain.plans import Indicator
    from engine.usecases.operations.step import Step
    from engine.usecases.ports.process import Json

#: working days to document a period; the drawing's own clock is the decision `clocks`
_DUE_WORKING_DAYS = 7


def open_monitoring(step: Step) -> Mapping[str, Json]:
    """`regu.monitoring.open`: the plan's results and when they are due.

    Who has no plan, having come in the middle of the year, works on what the house proposes.
    """
    person_id, cycle = step.ref("person_id"), step.cycle()
    plan, _ = prepared(step, person_id, cycle)
    period = _period(step)
    last = max(step.standing.today(cycle.agency_id), period.ends_on)
    due = step.standing.add_working_days(last, _DUE_WORKING_DAYS, cycle.agency_id)
    return {
        "plan_id": plan.id,
        "period_name": period.name,
        "cycle_name": cycle.name,
        "items": [item.id for item in step.uow.performance.items(plan.id)],
        "due_at": end_of_day(due, step.standing.zone(cycle.agency_id)).isoformat(),
    }


def record_progress(step: Step) -> Mapping[str, Json]:
    """`regu.plan.record_progress` (form: results[item_id, actual, note], obstacles)."""
    plan = plan_of(step)
    step.require_person(plan.person_id)
    period = _period(step)
    items = {
        item.id: item
        for item in step.uow.performance.items(plan.id)
        if item.role_kind is RoleKind.HOME
    }
    measures: dict[str, Indicator] = {}
    for row in step.uow.performance.indicators(plan.id):
        if row.item_id not in measures or measures[row.item_id].target is None:
            measures[row.item_id] = row
    for n, given in enumerate(step.rows("results")):
        item_id = str(given.get("item_id") or "")
        if item_id not in items:
            raise fault(f"results.{n}.item_id", "unknown_item", "no home result of this plan")
        actual = as_decimal(given.get("actual"), f"results.{n}.actual")
        if actual is not None:
            note = str(given.get("note") or "").strip()
            reached = _attainment(measures[item_id], actual, f"results.{n}.actual")
            _write(step, item_id, period, (actual, reached, note))
    step.note(f"plan:{plan.id}", audit_tags.PROGRESS_RECORDED, plan=plan.id, period=period.id)
    return {}


def note_missing(step: Step) -> Mapping[str, Json]:
    """`regu.monitoring.note_missing`: a period went by without documentation."""
    plan_id = step.ref("plan_id")
    step.note(
        f"plan:{plan_id}", audit_tags.SILENCE_NOTED, plan=plan_id, period=step.ref("period_id")
    )
    return {}


def give_feedback(step: Step) -> Mapping[str, Json]:
    """`regu.plan.give_feedback` (form: feedback, behaviour_feedback): by the rater."""
    plan = plan_of(step)
    rater = step.require_office_or_admin(step.standing.rater(plan.person_id), plan.person_id)
    if not step.text("feedback"):
        raise fault("feedback", "required", "feedback has no words")
    period = _period(step)
    step.uow.performance.add(
        [
            Feedback(
                id=step.means.ids.uuid(),
                plan_id=plan.id,
                giver_id=rater.person_id,
                role=FeedbackRole.RATER,
                text=text,
                period_id=period.id,
                at=step.now,
            )
            for text in (step.text("feedback"), step.text("behaviour_feedback"))
            if text
        ]
    )
    step.note(f"plan:{plan.id}", audit_tags.FEEDBACK_GIVEN, plan=plan.id, period=period.id)
    return {}


def remind(step: Step) -> Mapping[str, Json]:
    """`regu.notify.remind` (inputs recipient_id, subject, reference_id): leaves after commit."""
    return _notify(step, "reminder", recipient_id=step.maybe("recipient_id"))


def escalate(step: Step) -> Mapping[str, Json]:
    """`regu.notify.escalate` (inputs group, subject, reference_id): leaves after commit."""
    return _notify(step, "escalation", group=step.maybe("group"))


def _notify(step: Step, kind: str, **to: Json) -> Mapping[str, Json]:
    key = f"{step.call.instance_key}:{step.call.element_id}:{step.means.ids.key()}"
    payload = {
        **to,
        "subject": step.maybe("subject"),
        "reference_id": step.maybe("reference_id"),
        "instance_key": str(step.call.instance_key),
        "at": step.now.isoformat(),
    }
    step.uow.outbox.put(kind, key, payload)
    return {}


def _period(step: Step) -> Period:
    found = step.uow.performance.get(Period, step.ref("period_id"))
    if found is None:
        raise NotFound("period", step.ref("period_id"))
    return found


def _attainment(measure: Indicator, actual: Decimal, field: str) -> Decimal:
    if measure.target is None:
        return capped(actual, ATTAINMENT_CAP)
    upper = _upper_end(measure)
    target = Target(
        direction=measure.direction, value=measure.target, upper=upper, cap=ATTAINMENT_CAP
    )
    try:
        return attainment(target, actual)
    except Malformed as error:
        raise fault(field, "malformed", error.reason) from error


def _upper_end(measure: Indicator) -> Decimal | None:
    if measure.direction is not Direction.RANGE:
        return None
    try:
        return Decimal(measure.target_text.removeprefix(".."))
    except InvalidOperation:
        return None


def _write(step: Step, item_id: str, period: Period, reached: tuple[Decimal, Decimal, str]) -> None:
    old = step.uow.performance.progress_on(item_id, period.id)
    row = Progress(
        id=old.id if old else step.means.ids.uuid(),
        item_id=item_id,
        period_id=period.id,
        actual=reached[0],
        attainment=reached[1],
        note=reached[2],
        evidence_id=old.evidence_id if old else None,
        recorded_by=step.person,
        at=step.now,
    )
    if old is None:
        step.uow.performance.add([row])
    else:
        step.uow.performance.put(row)
