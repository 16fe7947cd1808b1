"""Keeping a survey: single links handed out once, odd answers set aside with a reason."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from engine.domain.surveys import (
    REASON_LEAST,
    Ruling,
    SinglePass,
    Standing,
    SurveyState,
    secret_hash,
)
from engine.usecases import audit_tags
from engine.usecases.audit import note
from engine.usecases.errors import AccessRefused, Conflict, FieldFault, InputRefused, NotFound
from engine.usecases.rights import require, same_agency
from engine.usecases.survey_doors import new_link, today_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from engine.domain.surveys import Survey
    from engine.usecases.actor import Actor
    from engine.usecases.ports.work import House, UnitOfWork

#: who may do this
RIGHT: Final = "survey:keep"
#: single links made at once, and characters of a reason
LINKS_MAX: Final = 1_000
REASON_MAX: Final = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleAnswer:
    """Set an answer aside, or count it again."""

    answer_id: str
    standing: Standing
    reason: str


def make_links(house: House, actor: Actor, survey_id: str, count: int) -> Sequence[str]:
    """Promise: tokens of new single links, told this once and kept as hashes.

    `AccessRefused` without the right, `NotFound` for a survey of another agency, `InputRefused`
    for a count out of bounds, `Conflict("survey_over")` after the window.
    """
    require(actor, RIGHT)
    if not 1 <= count <= LINKS_MAX:
        raise InputRefused(FieldFault(field="count", code="range", message=f"1 to {LINKS_MAX}"))
    with house.writing() as uow:
        survey = _own(uow, actor, survey_id)
        if survey.state not in (SurveyState.PLANNED, SurveyState.OPEN):
            raise Conflict("survey_over", survey=survey.id)
        day = today_of(uow, survey.agency_id, house.clock.now())
        links = [new_link() for _ in range(count)]
        uow.surveys.add(
            [
                SinglePass(
                    id=house.ids.uuid(),
                    survey_id=survey.id,
                    selector=link.selector,
                    secret_hash=secret_hash(link.secret),
                    made_on=day,
                )
                for link in links
            ]
        )
        _note(house, uow, actor, survey, audit_tags.SURVEY_LINKS_MADE, count=count)
        uow.commit()
    return [link.token for link in links]


def rule_answer(house: House, actor: Actor, command: RuleAnswer) -> str:
    """Promise: the answer is set aside or counts again, with its reason; the survey's unit.

    Nothing is deleted: the newest ruling holds. `AccessRefused` without the right or a person,
    `NotFound` for another agency's answer, `InputRefused` without a reason.
    """
    require(actor, RIGHT)
    reason = command.reason.strip()
    if not REASON_LEAST <= len(reason) <= REASON_MAX:
        message = f"{REASON_LEAST} to {REASON_MAX} characters"
        raise InputRefused(FieldFault(field="reason", code="reason", message=message))
    with house.writing() as uow:
        answer = uow.surveys.answer(command.answer_id)
        if answer is None:
            raise NotFound("survey_answer", command.answer_id)
        survey = _own(uow, actor, answer.survey_id)
        if actor.person_id is None:
            raise AccessRefused(RIGHT, actor.name)
        ruling = Ruling(
            id=house.ids.uuid(),
            answer_id=answer.id,
            standing=command.standing,
            reason=reason,
            by=actor.person_id,
            at=house.clock.now(),
        )
        uow.surveys.add([ruling])
        act = audit_tags.SURVEY_ANSWER_RULED
        _note(house, uow, actor, survey, act, ruling=ruling.id, standing=ruling.standing.value)
        uow.commit()
        return survey.unit_id


def _own(uow: UnitOfWork, actor: Actor, survey_id: str) -> Survey:
    found = uow.surveys.survey(survey_id)
    if found is None or not same_agency(actor, found.agency_id):
        raise NotFound("survey", survey_id)
    return found


def _note(
    house: House, uow: UnitOfWork, actor: Actor, survey: Survey, act: str, **facts: str | int
) -> None:
    note(house, uow, actor, stream=f"survey:{survey.id}", act=act, facts=facts)
