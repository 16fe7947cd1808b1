"""Operations of check-ins: asking for one, what was agreed, both words, promises made."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from engine.domain import dialogue
from engine.domain.dialogue import AgendaItem, CheckIn, Commitment, CommitmentState, PrivateNote
from engine.usecases import audit_tags
from engine.usecases.errors import AccessRefused, NotFound
from engine.usecases.operations.promises import promise_row, promised
from engine.usecases.operations.step import as_date, fault, refuse, refused
from engine.usecases.voices import leads_talk

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import date

    from engine.usecases.operations.step import Step
    from engine.usecases.ports.process import Json


def call_check_in(step: Step) -> Mapping[str, Json]:
    """`regu.check_in.call` (start form: partner_id, meets_at, topics[topic], private_note).

    Returns check_in_id, leader_id, person_id, inviter_id, invited_id and meets_at.
    """
    me, partner = step.person, step.text("partner_id")
    cycle = step.cycle()
    if leads_talk(step.standing, me, partner):
        leader_id, person_id = me, partner
    elif leads_talk(step.standing, partner, me):
        leader_id, person_id = partner, me
    else:
        raise fault("partner_id", "no_dialogue", "a check-in is between somebody and his rater")
    made = CheckIn(
        id=step.means.ids.uuid(),
        leader_id=leader_id,
        person_id=person_id,
        cycle_id=cycle.id,
        asked_by=me,
        meets_at=moment_of(step, "meets_at"),
        at=step.now,
    )
    topics = _topics(step)
    wrong = dialogue.check_invitation(made, topics, step.now)
    refuse(wrong, past="meets_at", agenda="topics", other="partner_id")
    step.uow.dialogues.add([made, *_agenda(step, made, topics, 0)])
    keep_note(step, about_id=made.invited_id, check_in_id=made.id)
    _note(step, made, audit_tags.CHECK_IN_CALLED)
    return {
        "check_in_id": made.id,
        "leader_id": leader_id,
        "person_id": person_id,
        "inviter_id": me,
        "invited_id": made.invited_id,
        "meets_at": made.meets_at.isoformat(),
    }


def answer_invitation(step: Step) -> Mapping[str, Json]:
    """`regu.check_in.answer` (form: answer accept|move, other_at, topics, private_note)."""
    found = check_in_of(step)
    moves = step.text("answer") == "move"
    other = moment_of(step, "other_at") if moves else None
    if other is not None and other <= step.now:
        raise fault("other_at", "past", "the moment has passed")
    with refused():
        answered = dialogue.answer(found, step.require_person(found.invited_id), other)
    step.uow.dialogues.put(answered)
    known = step.uow.dialogues.agenda(found.id)
    topics = _topics(step)
    if len(known) + len(topics) > dialogue.AGENDA_MAX:
        raise fault("topics", "agenda", f"at most {dialogue.AGENDA_MAX} topics")
    step.uow.dialogues.add(_agenda(step, found, topics, len(known)))
    keep_note(step, about_id=found.asked_by, check_in_id=found.id)
    _note(step, found, audit_tags.CHECK_IN_ANSWERED)
    return {"decision": "move" if moves else "accept"}


def settle_moment(step: Step) -> Mapping[str, Json]:
    """`regu.check_in.settle` (form: answer take|call_off) -> decision, meets_at."""
    found = check_in_of(step)
    step.require_person(found.asked_by)
    takes = step.text("answer") == "take"
    with refused():
        settled = dialogue.settle(found, takes_proposal=takes)
    step.uow.dialogues.put(settled)
    _note(step, found, audit_tags.CHECK_IN_ANSWERED)
    return {"decision": "take" if takes else "call_off", "meets_at": settled.meets_at.isoformat()}


def let_stand(step: Step) -> Mapping[str, Json]:
    """`regu.check_in.stand`: nobody answered; the moment came as it was asked for."""
    found = check_in_of(step)
    step.uow.dialogues.put(dialogue.stand(found))
    _note(step, found, audit_tags.SILENCE_NOTED)
    return {}


def record_check_in(step: Step) -> Mapping[str, Json]:
    """`regu.check_in.record`, by the leader or who stands in for him -> held.

    Form: held yes|no, held_on, agreed_text, their_promises[commitment_id, state],
    promises[owner leader|person, text, due_on], private_note.
    """
    found = check_in_of(step)
    _require_leader(step, found)
    keep_note(step, about_id=found.person_id, check_in_id=found.id)
    if step.text("held") == "no":
        with refused():
            step.uow.dialogues.put(dialogue.not_held(found))
        _note(step, found, audit_tags.CHECK_IN_MISSED)
        return {"held": False}
    words, today = step.text("agreed_text"), _today(step, found)
    held_on = as_date(step.text("held_on"), "held_on") or min(
        found.meets_at.astimezone(_zone(step, found)).date(), today
    )
    if not words:
        raise fault("agreed_text", "required", "say what was agreed")
    if held_on > today:
        raise fault("held_on", "future", "has not come yet")
    with refused():
        kept = dialogue.record(found, step.person, words, held_on=held_on, at=step.now)
    step.uow.dialogues.put(kept)
    review(step, found, "their_promises", of=found.person_id)
    step.uow.dialogues.add(_promised(step, found))
    _note(step, found, audit_tags.CHECK_IN_RECORDED)
    return {"held": True}


def confirm_check_in(step: Step) -> Mapping[str, Json]:
    """`regu.check_in.confirm`, by the employee -> decision agree|correct.

    Form: answer agree|correct, remark, leader_promises[commitment_id, state], private_note.
    """
    found = check_in_of(step)
    agrees = step.text("answer") == "agree"
    if not agrees and not step.text("remark"):
        raise fault("remark", "required", "say what has to be put right")
    with refused():
        heard = dialogue.confirm(
            found,
            step.require_person(found.person_id),
            agrees=agrees,
            remark=step.text("remark"),
            at=step.now,
        )
    step.uow.dialogues.put(heard)
    if agrees:
        review(step, found, "leader_promises", of=found.leader_id)
    keep_note(step, about_id=found.leader_id, check_in_id=found.id)
    _note(step, found, audit_tags.CHECK_IN_CONFIRMED if agrees else audit_tags.CHECK_IN_ANSWERED)
    return {"decision": "agree" if agrees else "correct"}


def note_unconfirmed(step: Step) -> Mapping[str, Json]:
    """`regu.check_in.note_silence`: the employee did not answer; nobody's word stands for his."""
    found = check_in_of(step)
    with refused():
        step.uow.dialogues.put(dialogue.leave_unconfirmed(found))
    _note(step, found, audit_tags.SILENCE_NOTED)
    return {}


def lapse_check_in(step: Step) -> Mapping[str, Json]:
    """`regu.check_in.lapse`: the leader never wrote it down; it counts as not held."""
    found = check_in_of(step)
    if found.state is dialogue.CheckInState.AGREED:
        step.uow.dialogues.put(dialogue.not_held(found))
    elif found.state is dialogue.CheckInState.RECORDED:  # he let a remark lie
        step.uow.dialogues.put(dialogue.leave_unconfirmed(found))
    _note(step, found, audit_tags.CHECK_IN_MISSED)
    return {}


def close_check_in(step: Step) -> Mapping[str, Json]:
    """`regu.check_in.close` -> promises [{commitment_id, owner_id, counterpart_id, due_at}].

    Older promises that both left open are carried into the next check-in.
    """
    found = check_in_of(step)
    for older in step.uow.dialogues.open_between(found.leader_id, found.person_id):
        if older.check_in_id != found.id:
            step.uow.dialogues.put(dialogue.carry(older))
    made = step.uow.dialogues.promises_in(found.id)
    return {"promises": [promise_row(step, one) for one in made if _is_open(one)]}


def check_in_of(step: Step) -> CheckIn:
    """The check-in that the process speaks of."""
    found = step.uow.dialogues.get(CheckIn, step.ref("check_in_id"))
    if found is None:
        raise NotFound("check_in", step.ref("check_in_id"))
    return found


def keep_note(
    step: Step, *, about_id: str, check_in_id: str | None = None, coaching_id: str | None = None
) -> None:
    """Keep the form's private note for its author; it is in no variable, history or audit."""
    words = step.text("private_note")
    if not words:
        return
    row = PrivateNote(
        id=step.means.ids.uuid(),
        author_id=step.person,
        about_id=about_id,
        check_in_id=check_in_id,
        coaching_id=coaching_id,
        text=words,
        at=step.now,
    )
    step.uow.dialogues.add([row])


def review(step: Step, found: CheckIn, field: str, *, of: str) -> None:
    """What the other says became of somebody's open promises; nobody judges his own."""
    held = {
        one.id: one for one in step.uow.dialogues.open_between(found.leader_id, found.person_id)
    }
    for n, row in enumerate(step.rows(field)):
        one = held.get(str(row.get("commitment_id") or ""))
        if one is None or one.owner_id != of:
            raise fault(f"{field}.{n}.commitment_id", "unknown_promise", "no open promise of his")
        state = CommitmentState(str(row.get("state") or CommitmentState.OPEN))
        if state is not CommitmentState.OPEN:
            step.uow.dialogues.put(dialogue.close(one, state, _today(step, found)))


def moment_of(step: Step, key: str) -> datetime:
    """A moment of the form; `InputRefused` without one."""
    try:
        return datetime.fromisoformat(step.text(key))
    except ValueError as error:
        raise fault(key, "required", "name the day and hour") from error


def _promised(step: Step, found: CheckIn) -> list[Commitment]:
    sides = {"leader": found.leader_id, "person": found.person_id}
    make = partial(Commitment, check_in_id=found.id, cycle_id=found.cycle_id, at=step.now)
    return promised(step, "promises", sides, make, _today(step, found))


def _topics(step: Step) -> list[str]:
    found = (str(row.get("topic") or "").strip() for row in step.rows("topics"))
    return [topic for topic in found if topic]


def _agenda(step: Step, found: CheckIn, topics: Sequence[str], known: int) -> list[AgendaItem]:
    return [
        AgendaItem(
            id=step.means.ids.uuid(),
            check_in_id=found.id,
            number=known + n,
            topic=topic,
            raised_by=step.person,
        )
        for n, topic in enumerate(topics, start=1)
    ]


def _require_leader(step: Step, found: CheckIn) -> None:
    if step.person in (found.leader_id, step.standing.substitute(found.leader_id)):
        return
    raise AccessRefused(step.call.element_id, found.person_id)


def _zone(step: Step, found: CheckIn) -> ZoneInfo:
    person = step.standing.person(found.person_id)
    return ZoneInfo(step.standing.zone(person.agency_id if person else None))


def _today(step: Step, found: CheckIn) -> date:
    return step.now.astimezone(_zone(step, found)).date()


def _is_open(one: Commitment) -> bool:
    return one.state is CommitmentState.OPEN


def _note(step: Step, found: CheckIn, act: str) -> None:
    step.note(f"dialogue:{found.person_id}", act, check_in=found.id)


OPERATIONS: Final[Mapping[str, Callable[[Step], Mapping[str, Json]]]] = {
    "regu.check_in.call": call_check_in,
    "regu.check_in.answer": answer_invitation,
    "regu.check_in.settle": settle_moment,
    "regu.check_in.stand": let_stand,
    "regu.check_in.record": record_check_in,
    "regu.check_in.confirm": confirm_check_in,
    "regu.check_in.note_silence": note_unconfirmed,
    "regu.check_in.lapse": lapse_check_in,
    "regu.check_in.close": close_check_in,
}
