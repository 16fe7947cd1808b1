"""A citizen answers a survey: by a link, without a name, once where the link serves once."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from engine.domain.ballots import SECONDS_LEAST, flags
from engine.domain.surveys import COMMENT_MAX, Answer, Score, check_scores, takes_answers
from engine.domain.units import Agency, Unit
from engine.usecases.errors import Conflict, FieldFault, InputRefused
from engine.usecases.survey_doors import bound, count_place, find_door, today_of
from engine.usecases.survey_rules import survey_rules

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from engine.domain.surveys import Question, Survey
    from engine.usecases.ports.work import House
    from engine.usecases.survey_doors import Door

#: why nobody answers at a door now
EARLY: Final = "survey_early"
OVER: Final = "survey_over"
USED: Final = "survey_link_used"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A survey as who holds its link sees it."""

    survey: Survey
    questions: Sequence[Question]
    unit: str
    agency: str
    #: "" while it may be answered, else EARLY, OVER or USED
    shut: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """What came from the page."""

    #: question number -> score
    scores: Mapping[int, int]
    comment: str
    #: what stands in the field that people do not see
    trap: str
    #: seconds since the page was handed out, None when the page does not say so believably
    seconds: int | None
    #: where it came from; read once, kept nowhere
    place: str


def survey_sheet(house: House, token: str) -> Sheet:
    """The survey that a link opens; `NotFound` for no link of ours."""
    with house.reading() as uow:
        door = find_door(uow, token)
        survey = door.survey
        unit, agency = (
            uow.agency.get(Unit, survey.unit_id),
            uow.agency.get(Agency, survey.agency_id),
        )
        return Sheet(
            survey=survey,
            questions=uow.surveys.questions([survey.id])[survey.id],
            unit=unit.name if unit else "",
            agency=agency.name if agency else "",
            shut=_shut(house, door),
        )


def answer_survey(house: House, token: str, sent: Sent) -> None:
    """Take an answer.

    `NotFound` for no link of ours; `Conflict` EARLY, OVER or USED, or "too_often" for a flood;
    `InputRefused` with every question left open, or for a page answered sooner than it is read.
    """
    with house.writing() as uow:
        door = find_door(uow, token)
        survey = door.survey
        shut = _shut(house, door)
        if shut:
            raise Conflict(shut, survey=survey.id)
        _require_whole(uow.surveys.questions([survey.id])[survey.id], sent)
        rules = survey_rules(house, uow, survey.agency_id)
        day = today_of(uow, survey.agency_id, house.clock.now())
        came = count_place(uow, survey, day, sent.place)
        here = (came, rules.place_per_day)
        bound(uow, survey, day, here=here, most=rules.survey_per_day)
        if door.single is not None and not uow.surveys.spend(door.single.id):
            raise Conflict(USED, survey=survey.id)
        answer = Answer(
            id=_timeless(house.ids.uuid()),
            survey_id=survey.id,
            single=door.single is not None,
            given_on=day,
            comment=sent.comment.strip(),
            flags=flags(
                trap=bool(sent.trap.strip()),
                seconds=sent.seconds or 0,
                from_place=came if door.single is None else 0,
                rules=rules,
            ),
        )
        uow.surveys.add([answer])
        uow.surveys.add(
            [
                Score(answer_id=answer.id, survey_id=survey.id, number=number, score=score)
                for number, score in sorted(sent.scores.items())
            ]
        )
        uow.commit()


def _shut(house: House, door: Door) -> str:
    if door.single is not None and door.single.spent:
        return USED
    if takes_answers(door.survey, house.clock.now()):
        return ""
    return EARLY if house.clock.now() < door.survey.opens_at else OVER


def _require_whole(questions: Sequence[Question], sent: Sent) -> None:
    faults = [
        FieldFault(field=f"q{fault.subject}", code=fault.code, message=fault.message)
        for fault in check_scores(questions, sent.scores)
    ]
    if len(sent.comment.strip()) > COMMENT_MAX:
        faults.append(FieldFault(field="comment", code="too_long", message="1000 characters"))
    if sent.seconds is None or sent.seconds < SECONDS_LEAST:
        faults.append(FieldFault(field="", code="too_soon", message="look again, then send"))
    known = {row.number for row in questions}
    if not faults and not known >= sent.scores.keys():
        faults.append(FieldFault(field="", code="unknown_question", message="not asked"))
    if faults:
        raise InputRefused(*faults)


def _timeless(identity: str) -> str:
    """An id that does not tell when it was made."""
    return hashlib.sha256(identity.encode()).hexdigest()[:36]
