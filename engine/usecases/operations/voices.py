"""Operations of 360: invite early, count answers, close once."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from engine.domain.behaviour import Value
from engine.domain.calendar import end_of_day
from engine.domain.ratings import Level
from engine.domain.voices import (
    Invitation,
    RoundState,
    VoiceAnswer,
    VoiceRound,
    check_answer,
    close,
    invited,
    words_key,
)
from engine.usecases import audit_tags
from engine.usecases.errors import AccessRefused, NotFound
from engine.usecases.evaluation_tables import dates
from engine.usecases.operations.step import refuse

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from engine.usecases.operations.step import Step
    from engine.usecases.ports.process import Json


def invite(step: Step) -> Mapping[str, Json]:
    """`regu.voices.invite`: whom to ask, chosen by neither the person nor his rater.

    A circle too small to be shown is not asked. `close_at` ends the round whoever is silent.
    """
    person_id, cycle = step.ref("person_id"), step.cycle()
    today = step.standing.today(cycle.agency_id)
    rules = dates(step.tables(cycle.agency_id), today.month)
    last = step.standing.add_working_days(today, rules.input_days, cycle.agency_id)
    found = step.uow.judging.round_of(person_id, cycle.id)
    if found is None:
        found = VoiceRound(
            id=step.means.ids.uuid(), person_id=person_id, cycle_id=cycle.id, opened_at=step.now
        )
        circles = step.uow.judging.circles(person_id, cycle.id, today)
        rows = [
            Invitation(id=step.means.ids.uuid(), round_id=found.id, giver_id=giver, source=source)
            for giver, source in invited(person_id, circles, rules.most)
        ]
        step.uow.judging.add([found, *rows])
        step.note(f"voices:{found.id}", audit_tags.VOICES_INVITED, asked=len(rows))
        givers = [row.giver_id for row in rows]
    else:
        givers = []
    return {
        "round_id": found.id,
        "givers": givers,
        "voices_close_at": end_of_day(last, step.standing.zone(cycle.agency_id)).isoformat(),
    }


def give(step: Step) -> Mapping[str, Json]:
    """`regu.voices.give` (form: answers[value, level], words): added to counters, by its giver.

    The answer itself stays nowhere: not in variables, history or audit.
    """
    found = _round(step)
    invitation = step.uow.judging.invitation(found.id, step.person)
    if invitation is None:
        raise AccessRefused("voices:give", found.id)
    answer = VoiceAnswer(
        levels={
            Value(str(row["value"])): Level(str(row["level"]))
            for row in step.rows("answers")
            if row.get("value") in set(Value) and row.get("level") in set(Level)
        },
        words=step.text("words"),
    )
    refuse(check_answer(found, invitation, answer), empty="answers")
    key = words_key(found.id, step.person, step.means.ids.uuid())
    step.uow.judging.put(replace(invitation, answered=True))
    step.uow.judging.count_answer(invitation, answer, key)
    return {}


def close_round(step: Step) -> Mapping[str, Json]:
    """`regu.voices.close`: closed and released, once."""
    found = _round(step)
    if found.state is RoundState.OPEN:
        step.uow.judging.put(close(found, step.now))
        step.note(f"voices:{found.id}", audit_tags.VOICES_CLOSED)
    return {}


def _round(step: Step) -> VoiceRound:
    found = step.uow.judging.get(VoiceRound, step.ref("round_id"))
    if found is None:
        raise NotFound("voice_round", step.ref("round_id"))
    return found


OPERATIONS: Final[Mapping[str, Callable[[Step], Mapping[str, Json]]]] = {
    "regu.voices.invite": invite,
    "regu.voices.give": give,
    "regu.voices.close": close_round,
}
