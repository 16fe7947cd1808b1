"""Operations of one promise: it comes up on its day, its owner reports, the other confirms."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from engine.domain import dialogue
from engine.domain.dialogue import Commitment, CommitmentState
from engine.usecases import audit_tags
from engine.usecases.errors import NotFound
from engine.usecases.operations.check_ins import date_of, promise_row
from engine.usecases.operations.step import fault, refused

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date

    from engine.usecases.operations.step import Step
    from engine.usecases.ports.process import Json


def check_promise(step: Step) -> Mapping[str, Json]:
    """`regu.commitment.check` -> promise_state open|later|closed, due_at."""
    found = _promise(step)
    state = "closed" if found.state is not CommitmentState.OPEN else "open"
    if state == "open" and found.due_on > _today(step, found):
        state = "later"
    return {"promise_state": state, "due_at": promise_row(step, found)["due_at"]}


def report_promise(step: Step) -> Mapping[str, Json]:
    """`regu.commitment.report` (form: answer done|later, due_on), by its owner."""
    found = _promise(step)
    step.require_person(found.owner_id)
    if found.state is not CommitmentState.OPEN:  # a check-in was faster
        return {"promise_state": "closed"}
    if step.text("answer") != "later":
        return {"promise_state": "done", "reported_on": _today(step, found).isoformat()}
    with refused():
        due_on = date_of(step.call.form.get("due_on"), "due_on")
        if due_on <= _today(step, found):
            raise fault("due_on", "past", "name a day to come")
        later = dialogue.postpone(found, due_on)
    step.uow.dialogues.put(later)
    return {"promise_state": "later", "due_at": promise_row(step, later)["due_at"]}


def confirm_promise(step: Step) -> Mapping[str, Json]:
    """`regu.commitment.confirm` (form: answer yes|no), by whom it was promised.

    Who says no leaves it open: the two speak of it in their next check-in.
    """
    found = _promise(step)
    step.require_person(found.counterpart_id)
    if found.state is CommitmentState.OPEN and step.text("answer") == "yes":
        closed = dialogue.close(found, CommitmentState.KEPT, _reported_on(step, found))
        step.uow.dialogues.put(closed)
        step.note(f"dialogue:{found.owner_id}", audit_tags.COMMITMENT_KEPT, commitment=found.id)
    return {}


def _reported_on(step: Step, found: Commitment) -> date:
    """The day on which the owner said that it was done: waiting for the other costs him nothing."""
    said = step.maybe("reported_on")
    return date_of(said, "reported_on") if said else _today(step, found)


def _promise(step: Step) -> Commitment:
    found = step.uow.dialogues.get(Commitment, step.ref("commitment_id"))
    if found is None:
        raise NotFound("commitment", step.ref("commitment_id"))
    return found


def _today(step: Step, found: Commitment) -> date:
    person = step.standing.person(found.owner_id)
    return step.standing.today(person.agency_id if person else None)


OPERATIONS: Final[Mapping[str, Callable[[Step], Mapping[str, Json]]]] = {
    "regu.commitment.check": check_promise,
    "regu.commitment.report": report_promise,
    "regu.commitment.confirm": confirm_promise,
}
