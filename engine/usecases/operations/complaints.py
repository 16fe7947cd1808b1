"""Operations of public complaints: passed on when the unit is silent, answered once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from engine.domain import complaints
from engine.domain.complaints import Complaint, ComplaintState
from engine.usecases import audit_tags
from engine.usecases.errors import AccessRefused, NotFound
from engine.usecases.operations.step import fault, refused
from engine.usecases.rights import PERF_ADMIN, same_agency

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from engine.usecases.operations.step import Step
    from engine.usecases.ports.process import Json


def answer_complaint(step: Step) -> Mapping[str, Json]:
    """`regu.complaint.answer` (form: answer): by the unit's head, or perf_admin once passed on.

    The words are kept with the complaint; who holds its code reads them.
    """
    found = _complaint(step)
    _require_answerer(step, found)
    words = step.text("answer")
    if not words:
        raise fault("answer", "required", "answer who complained")
    with refused():
        heard = complaints.answer(found, words, step.person, step.now)
    step.uow.surveys.put(heard)
    _note(step, found, audit_tags.COMPLAINT_ANSWERED)
    return {}


def escalate_complaint(step: Step) -> Mapping[str, Json]:
    """`regu.complaint.escalate`: the unit let its time pass."""
    found = _complaint(step)
    if found.state is ComplaintState.RECEIVED:
        step.uow.surveys.put(complaints.escalate(found))
        _note(step, found, audit_tags.COMPLAINT_ESCALATED)
    return {}


def _require_answerer(step: Step, found: Complaint) -> None:
    keeps = PERF_ADMIN in step.actor.groups and same_agency(step.actor, found.agency_id)
    if found.state is ComplaintState.ESCALATED and keeps:
        return
    head = step.standing.head(found.unit_id)
    if head is None and not keeps:
        raise AccessRefused(step.call.element_id, found.id)
    if head is not None:
        step.require_office(head, subject_id="")


def _complaint(step: Step) -> Complaint:
    found = step.uow.surveys.complaint(step.ref("complaint_id"))
    if found is None:
        raise NotFound("complaint", step.ref("complaint_id"))
    return found


def _note(step: Step, found: Complaint, act: str) -> None:
    step.note(f"survey:{found.survey_id}", act, complaint=found.id)


OPERATIONS: Final[Mapping[str, Callable[[Step], Mapping[str, Json]]]] = {
    "regu.complaint.answer": answer_complaint,
    "regu.complaint.escalate": escalate_complaint,
}
