"""Operations of monitoring: what a period is about, reminders, escalations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.domain.calendar import end_of_day
from engine.usecases.operations.documenting import roles_to_hear
from engine.usecases.operations.planning import prepared
from engine.usecases.operations.telling import tell_deadline

if TYPE_CHECKING:
    from collections.abc import Mapping

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
    period = step.period()
    last = max(step.standing.today(cycle.agency_id), period.ends_on)
    due = step.standing.add_working_days(last, _DUE_WORKING_DAYS, cycle.agency_id)
    return {
        "plan_id": plan.id,
        "period_name": period.name,
        "cycle_name": cycle.name,
        "items": [item.id for item in step.uow.performance.items(plan.id)],
        "roles": roles_to_hear(step, person_id, period),
        "due_at": end_of_day(due, step.standing.zone(cycle.agency_id)).isoformat(),
    }


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
    if isinstance(to.get("recipient_id"), str):
        tell_deadline(step, str(to["recipient_id"]), key, step.maybe("subject"))
    return {}
