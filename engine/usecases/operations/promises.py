"""Promises: made in a form, up on their day; the owner reports, the other confirms."""

from __future__ import annotations

from datetime import datetime, time
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from engine.domain import dialogue
from engine.domain.dialogue import Commitment, CommitmentState
from engine.usecases import audit_tags
from engine.usecases.errors import NotFound
from engine.usecases.operations.step import date_of, fault, refuse, refused

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date

    from engine.usecases.operations.step import Step
    from engine.usecases.ports.process import Json

#: the hour at which a promise comes up on its day
_MORNING: Final = time(8)


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


def promised(
    step: Step,
    field: str,
    sides: Mapping[str, str],
    make: Callable[..., Commitment],
    today: date,
) -> list[Commitment]:
    """Commitments of the form's rows `field` [owner, text, due_on].

    `sides` names the two people by the form's words for them; `make` knows where they met.
    Raises InputRefused at the row's field.
    """
    made: list[Commitment] = []
    for n, row in enumerate(step.rows(field)):
        owner = str(row.get("owner"))
        if owner not in sides:
            raise fault(f"{field}.{n}.owner", "unknown_word", " or ".join(sides))
        due = date_of(row.get("due_on"), f"{field}.{n}.due_on")
        one = make(
            id=step.means.ids.uuid(),
            owner_id=sides[owner],
            counterpart_id=next(who for word, who in sides.items() if word != owner),
            text=str(row.get("text") or "").strip(),
            due_on=due,
            first_due_on=due,
        )
        wrong = dialogue.check_commitment(one, today)
        refuse(wrong, due=f"{field}.{n}.due_on", other=f"{field}.{n}.text")
        made.append(one)
    return made


def promise_row(step: Step, one: Commitment) -> dict[str, Json]:
    """A promise as a process follows it: ids, and the morning of its day."""
    person = step.standing.person(one.owner_id)
    zone = ZoneInfo(step.standing.zone(person.agency_id if person else None))
    due = datetime.combine(one.due_on, _MORNING, zone)
    return {
        "commitment_id": one.id,
        "owner_id": one.owner_id,
        "counterpart_id": one.counterpart_id,
        "due_at": due.isoformat(),
    }


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
