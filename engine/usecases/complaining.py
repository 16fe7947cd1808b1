"""A citizen complains about a service and reads the answer, without a name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from engine.domain.ballots import SECONDS_LEAST
from engine.domain.complaints import Complaint
from engine.domain.surveys import COMPLAINT_MAX, SurveyState, secret_hash
from engine.domain.units import Unit
from engine.usecases import audit_tags
from engine.usecases.actor import Actor, ActorKind
from engine.usecases.audit import note
from engine.usecases.errors import Conflict, FieldFault, InputRefused
from engine.usecases.survey_doors import (
    bound,
    count_place,
    find_complaint,
    find_door,
    new_link,
    today_of,
)
from engine.usecases.survey_rules import survey_rules

if TYPE_CHECKING:
    from engine.usecases.ports.work import House

#: the drawing that brings a complaint to its unit
PROCESS: Final = "public_complaint"
#: who acts where nobody is known
PUBLIC: Final = "public"


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What came from the page."""

    text: str
    trap: str
    seconds: int | None
    place: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """A complaint as who holds its code sees it."""

    complaint: Complaint
    #: what the service is called
    title: str
    unit: str


def complain(house: House, token: str, said: Said) -> str:
    """Take a complaint by the link of a survey, and begin its process; the code to read on.

    `NotFound` for no link of ours, `InputRefused` for no words or haste, `Conflict("too_often")`
    for a flood. What a machine put into the hidden field is not taken at all.
    """
    text = said.text.strip()
    _require_words(text, said)
    with house.writing() as uow:
        survey = find_door(uow, token).survey
        if survey.state is SurveyState.PLANNED:
            raise Conflict("survey_early", survey=survey.id)
        rules = survey_rules(house, uow, survey.agency_id)
        day = today_of(uow, survey.agency_id, house.clock.now())
        came = count_place(uow, survey, day, said.place, act="complaint")
        here = (came, rules.complaints_per_day)
        bound(uow, survey, day, here=here, most=rules.survey_per_day)
        link = new_link()
        row = Complaint(
            id=house.ids.uuid(),
            agency_id=survey.agency_id,
            survey_id=survey.id,
            unit_id=survey.unit_id,
            item_id=survey.item_id,
            text=text,
            selector=link.selector,
            secret_hash=secret_hash(link.secret),
            received_on=day,
        )
        uow.surveys.add([row])
        actor = Actor(kind=ActorKind.SYSTEM, name=PUBLIC, agency_id=survey.agency_id)
        variables = {
            "complaint_id": row.id,
            "unit_id": row.unit_id,
            "agency_id": row.agency_id,
            "service": survey.title,
        }
        house.runner.start(uow, PROCESS, variables, actor)
        act, facts = audit_tags.COMPLAINT_RECEIVED, {"complaint": row.id}
        note(house, uow, actor, stream=f"survey:{survey.id}", act=act, facts=facts)
        uow.commit()
    return link.token


def read_complaint(house: House, code: str) -> Heard:
    """What became of a complaint; `NotFound` for no code of ours."""
    with house.reading() as uow:
        found = find_complaint(uow, code)
        survey = uow.surveys.survey(found.survey_id)
        unit = uow.agency.get(Unit, found.unit_id)
        title = survey.title if survey else ""
        return Heard(complaint=found, title=title, unit=unit.name if unit else "")


def _require_words(text: str, said: Said) -> None:
    faults = []
    if not text:
        faults.append(FieldFault(field="text", code="required", message="say what happened"))
    if len(text) > COMPLAINT_MAX:
        faults.append(FieldFault(field="text", code="too_long", message="4000 characters"))
    if said.trap.strip() or said.seconds is None or said.seconds < SECONDS_LEAST:
        faults.append(FieldFault(field="", code="too_soon", message="look again, then send"))
    if faults:
        raise InputRefused(*faults)
