"""Operations of coaching: who coaches, sessions, forms B.1.8 and B.1.9, actions.

Counselling is a safe space: its words are read by the two and nobody else, its notes by their
author alone, and none of them is in a variable, the history or the audit.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from engine.domain import coaching as rules
from engine.domain import dialogue
from engine.domain.coaching import (
    SESSION_STATEMENTS,
    Coaching,
    CoachingKind,
    CoachingSession,
    CoachingSource,
    CoachingState,
    Competency,
    CompetencyScore,
    SessionAnswer,
)
from engine.domain.dialogue import Commitment
from engine.usecases import audit_tags
from engine.usecases.errors import AccessRefused, NotFound
from engine.usecases.operations.check_ins import keep_note
from engine.usecases.operations.promises import promise_row, promised
from engine.usecases.operations.step import date_of, fault, refuse, refused

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date

    from engine.usecases.operations.step import Step
    from engine.usecases.ports.process import Json

#: a coaching is needed; key: person_id:cycle_id, variables person_id, cycle_id, coaching_source
COACHING_NEEDED: Final = "coaching_needed"


def request_coaching(step: Step) -> Mapping[str, Json]:
    """`regu.coaching.request` (start form: about_id, kind, reason, coach_id) -> coaching_id.

    The employee asks for himself; his rater asks for guidance at work, never for counselling.
    """
    me, cycle = step.person, step.cycle()
    about = step.text("about_id") or me
    kind = step.word("kind", CoachingKind)
    rater = step.standing.rater(about)
    raters = [rater.person_id] if rater else []
    if not rules.may_ask(about, me, raters, kind):
        raise fault("about_id", "not_yours", "ask for yourself, or for somebody you rate")
    made = _made(step, about, cycle.id, (kind, CoachingSource.REQUEST))
    return {"person_id": about, "coaching_id": made.id}


def open_coaching(step: Step) -> Mapping[str, Json]:
    """`regu.coaching.open` -> coaching_id, kind, chooser_id.

    Without a coaching_id (a message or a call brought person_id, cycle_id and coaching_source)
    it begins guidance at work. Who chooses the coach: for guidance the rater, for counselling
    the employee himself.
    """
    known = step.maybe("coaching_id")
    if known is not None:
        found = coaching_of(step)
    else:
        source = CoachingSource(step.maybe("coaching_source") or CoachingSource.FOLLOW_UP)
        kinds = (CoachingKind.BIMBINGAN, source)
        found = _made(step, step.ref("person_id"), step.cycle().id, kinds)
    rater = step.standing.rater(found.person_id)
    chooser = found.person_id
    if found.kind is CoachingKind.BIMBINGAN:
        chooser = rater.person_id if rater else ""
    return {"coaching_id": found.id, "kind": found.kind.value, "chooser_id": chooser}


def choose_coach(step: Step) -> Mapping[str, Json]:
    """`regu.coaching.choose` (form: chosen self|other, coach_id, letter_no): coach_id, offered."""
    found = coaching_of(step)
    rater = step.standing.rater(found.person_id)
    if found.kind is CoachingKind.KONSELING:
        step.require_person(found.person_id)
    else:
        step.require_office_or_admin(rater, found.person_id)
    mine = step.text("chosen") == "self" and found.kind is CoachingKind.BIMBINGAN
    coach = step.person if mine else step.text("coach_id")
    if step.standing.person(coach) is None:
        raise fault("coach_id", "required", "name the coach")
    if coach == found.person_id:
        raise fault("coach_id", "own", "nobody coaches himself")
    special = rater is None or coach not in (rater.person_id, rater.on_behalf_of)
    letter = step.text("letter_no")
    if special and found.kind is CoachingKind.BIMBINGAN and not letter:
        raise fault("letter_no", "required", "another coach needs an assignment letter")
    with refused():
        offered = rules.offer(found, coach, letter, special=special)
        if coach == step.person:
            offered = rules.take_on(offered, coach, accepts=True)
    step.uow.dialogues.put(offered)
    _note(step, found, audit_tags.COACH_NAMED)
    return {"coach_id": coach, "offered": coach != step.person}


def accept_coaching(step: Step) -> Mapping[str, Json]:
    """`regu.coaching.accept` (form: answer accept|decline), by whom it was offered -> accepted."""
    found = coaching_of(step)
    accepts = step.text("answer") == "accept"
    with refused():
        step.uow.dialogues.put(rules.take_on(found, step.person, accepts=accepts))
    _note(step, found, audit_tags.COACHING_TAKEN if accepts else audit_tags.COACHING_DECLINED)
    return {"accepted": accepts}


def leave_offer(step: Step) -> Mapping[str, Json]:
    """`regu.coaching.lapse_offer`: whom it was offered said nothing; another is looked for."""
    found = coaching_of(step)
    if found.state is CoachingState.OFFERED:
        declined = rules.take_on(found, str(found.coach_id), accepts=False)
        step.uow.dialogues.put(declined)
        _note(step, found, audit_tags.SILENCE_NOTED)
    return {}


def record_session(step: Step) -> Mapping[str, Json]:
    """`regu.coaching.record`, by the coach -> session_id.

    Form: held_on, summary, actions[owner coach|person, text, due_on], private_note.
    """
    found = coaching_of(step)
    _require_coach(step, found)
    held_on, today = date_of(step.call.form.get("held_on"), "held_on"), _today(step, found)
    if held_on > today:
        raise fault("held_on", "future", "has not come yet")
    session = CoachingSession(
        id=step.means.ids.uuid(),
        coaching_id=found.id,
        number=len(step.uow.dialogues.sessions(found.id)) + 1,
        held_on=held_on,
        summary=step.text("summary"),
        at=step.now,
    )
    step.uow.dialogues.add([session, *_actions(step, found)])
    keep_note(step, about_id=found.person_id, coaching_id=found.id)
    _note(step, found, audit_tags.COACHING_SESSION)
    return {"session_id": session.id}


def rate_session(step: Step) -> Mapping[str, Json]:
    """`regu.coaching.rate_session`, by the employee (form B.1.8: nine statements, note)."""
    found = coaching_of(step)
    step.require_person(found.person_id)
    given = {
        row.code: int(str(step.call.form.get(row.code)))
        for row in SESSION_STATEMENTS
        if step.call.form.get(row.code) is not None
    }
    wrong = rules.check_answers(given)
    refuse(wrong, **{"other": wrong[0].subject} if wrong else {})
    session_id = step.ref("session_id")
    step.uow.dialogues.add(
        [
            SessionAnswer(
                id=step.means.ids.uuid(), session_id=session_id, statement=code, score=score
            )
            for code, score in given.items()
        ]
    )
    if found.coach_id is not None:
        keep_note(step, about_id=found.coach_id, coaching_id=found.id)
    _note(step, found, audit_tags.COACHING_ANSWERED)
    return {}


def rate_competencies(step: Step) -> Mapping[str, Json]:
    """`regu.coaching.rate_competencies`, by the coach -> another (whether they meet again).

    Form B.1.9: competencies[competency, score, reason], again. Never out of counselling.
    """
    found = coaching_of(step)
    _require_coach(step, found)
    session_id = step.ref("session_id")
    scores = [
        CompetencyScore(
            id=step.means.ids.uuid(),
            session_id=session_id,
            competency=Competency(str(row.get("competency"))),
            score=int(str(row.get("score"))),
            reason=str(row.get("reason") or "").strip(),
        )
        for row in step.rows("competencies")
        if row.get("score")
    ]
    refuse(rules.check_scores(scores), other="competencies")
    step.uow.dialogues.add(scores)
    _note(step, found, audit_tags.COACHING_ANSWERED)
    return {"another": step.text("again") == "yes"}


def meet_again(step: Step) -> Mapping[str, Json]:
    """`regu.coaching.again`, by the coach after counselling (form: again yes|no) -> another."""
    _require_coach(step, coaching_of(step))
    return {"another": step.text("again") == "yes"}


def close_coaching(step: Step) -> Mapping[str, Json]:
    """`regu.coaching.close` -> promises: the actions that are still to be done."""
    found = coaching_of(step)
    step.uow.dialogues.put(rules.end(found, step.now))
    mine = step.uow.dialogues.promises_of(found.person_id, found.cycle_id)
    left = [
        one
        for one in mine
        if one.coaching_id == found.id and one.state is dialogue.CommitmentState.OPEN
    ]
    _note(step, found, audit_tags.COACHING_CLOSED)
    return {"promises": [promise_row(step, one) for one in left]}


def coaching_of(step: Step) -> Coaching:
    """The coaching that the process speaks of."""
    found = step.uow.dialogues.get(Coaching, step.ref("coaching_id"))
    if found is None:
        raise NotFound("coaching", step.ref("coaching_id"))
    return found


def _made(
    step: Step, person_id: str, cycle_id: str, kinds: tuple[CoachingKind, CoachingSource]
) -> Coaching:
    kind, source = kinds
    asked_by = step.actor.person_id if source is CoachingSource.REQUEST else None
    made = Coaching(
        id=step.means.ids.uuid(),
        person_id=person_id,
        cycle_id=cycle_id,
        kind=kind,
        source=source,
        asked_by=asked_by,
        reason=step.text("reason"),
        at=step.now,
    )
    step.uow.dialogues.add([made])
    _note(step, made, audit_tags.COACHING_OPENED)
    return made


def _actions(step: Step, found: Coaching) -> list[Commitment]:
    sides = {"coach": str(found.coach_id), "person": found.person_id}
    make = partial(
        Commitment,
        coaching_id=found.id,
        cycle_id=found.cycle_id,
        confidential=found.kind is CoachingKind.KONSELING,
        at=step.now,
    )
    return promised(step, "actions", sides, make, _today(step, found))


def _require_coach(step: Step, found: Coaching) -> None:
    """Nobody stands in for a coach: what is said is said to him."""
    if step.person != found.coach_id:
        raise AccessRefused(step.call.element_id, found.person_id)


def _today(step: Step, found: Coaching) -> date:
    person = step.standing.person(found.person_id)
    return step.standing.today(person.agency_id if person else None)


def _note(step: Step, found: Coaching, act: str) -> None:
    step.note(f"coaching:{found.id}", act, coaching=found.id)


OPERATIONS: Final[Mapping[str, Callable[[Step], Mapping[str, Json]]]] = {
    "regu.coaching.request": request_coaching,
    "regu.coaching.open": open_coaching,
    "regu.coaching.choose": choose_coach,
    "regu.coaching.accept": accept_coaching,
    "regu.coaching.lapse_offer": leave_offer,
    "regu.coaching.record": record_session,
    "regu.coaching.rate_session": rate_session,
    "regu.coaching.rate_competencies": rate_competencies,
    "regu.coaching.again": meet_again,
    "regu.coaching.close": close_coaching,
}
