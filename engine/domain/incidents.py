"""Critical incidents: what somebody saw another do that bears on a value, and his answer."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from engine.domain.errors import NotEntitled, TransitionRefused, Violation

if TYPE_CHECKING:
    from datetime import date, datetime

    from engine.domain.behaviour import Value
    from engine.domain.feedback import Voice

#: letters from which a negative incident can be answered
_DESCRIBED: Final = 20


class IncidentKind(StrEnum):
    """Which way an incident speaks."""

    #: an example to follow
    POSITIVE = "positive"
    #: conduct that should change
    NEGATIVE = "negative"


class IncidentState(StrEnum):
    """How far an incident came."""

    #: recorded; the person has been told
    TOLD = "told"
    #: the person answered
    ANSWERED = "answered"
    #: the person let the time go by
    UNANSWERED = "unanswered"


@dataclass(frozen=True, slots=True, kw_only=True)
class Incident:
    """What somebody saw another do that bears on a value (critical incident)."""

    #: UUIDv7 text
    id: str
    #: whose conduct
    person_id: str
    #: the cycle it counts in
    cycle_id: str
    #: who saw it and says so by name
    recorded_by: str
    #: the official for whom a substitute recorded it
    on_behalf_of: str | None = None
    #: how he stands to the person
    voice: Voice
    #: which value
    value: Value
    #: which way
    kind: IncidentKind
    #: the day it happened
    happened_on: date
    #: what happened, in words
    text: str
    #: proof: an address, "" when there is none
    link: str = ""
    #: how far
    state: IncidentState = IncidentState.TOLD
    #: the person's own words about it
    answer: str = ""
    #: when it was recorded
    at: datetime
    #: when the person answered
    answered_at: datetime | None = None


def check_incident(incident: Incident, today: date) -> tuple[Violation, ...]:
    """Promise: every fault of an incident before it is kept.

    Nobody records his own; it has happened; it says what; a negative one is proven or described
    well enough to be answered (20 letters).
    """
    found: list[Violation] = []
    if incident.recorded_by == incident.person_id:
        found.append(_fault("own", incident, "nobody records his own conduct"))
    if incident.on_behalf_of == incident.person_id:
        found.append(_fault("own", incident, "nobody's conduct is recorded in his own name"))
    if incident.happened_on > today:
        found.append(_fault("future", incident, "has not happened yet"))
    if not incident.text.strip():
        found.append(_fault("text", incident, "does not say what happened"))
    elif incident.kind is IncidentKind.NEGATIVE and len(incident.text.strip()) < _DESCRIBED:
        found.append(_fault("text", incident, f"needs {_DESCRIBED} letters to be answerable"))
    return tuple(found)


def answer_incident(incident: Incident, person_id: str, words: str, at: datetime) -> Incident:
    """Promise: the incident with the person's own words beside it, once.

    Raises NotEntitled for anybody else, TransitionRefused when it was answered or has lapsed.
    """
    if person_id != incident.person_id:
        raise NotEntitled("answer_incident", person_id, "only the person it is about answers")
    if incident.state is not IncidentState.TOLD:
        raise TransitionRefused("incident", incident.state, IncidentState.ANSWERED)
    return replace(incident, state=IncidentState.ANSWERED, answer=words.strip(), answered_at=at)


def lapse_incident(incident: Incident) -> Incident:
    """Promise: the incident as one the person let stand without words; an answer stays."""
    if incident.state is not IncidentState.TOLD:
        return incident
    return replace(incident, state=IncidentState.UNANSWERED)


def _fault(code: str, incident: Incident, message: str) -> Violation:
    return Violation(code=code, subject=incident.id, message=message)
