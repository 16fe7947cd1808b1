"""Umpan balik berkelanjutan: attributed, on a result or a value, given freely or on request."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from engine.domain.errors import NotEntitled, TransitionRefused, Violation

if TYPE_CHECKING:
    from datetime import date, datetime

    from engine.domain.behaviour import Value

#: people whom one request may ask
ASKED_MAX: Final = 10


class Voice(StrEnum):
    """In which relation the giver stands to whom he speaks about."""

    #: pejabat penilai kinerja, or who stands in for him
    RATER = "rater"
    #: anyone above the rater
    SUPERIOR = "superior"
    #: ketua or sponsor of a squad the person is in
    LEAD = "lead"
    #: colleague
    PEER = "peer"
    #: whom the person rates, leads or stands above
    SUBORDINATE = "subordinate"


class Tone(StrEnum):
    """What the giver means by it."""

    #: what was seen, without a judgement
    OBSERVATION = "observation"
    #: what went well
    APPRECIATION = "appreciation"
    #: what could be done another way
    SUGGESTION = "suggestion"
    #: what went wrong
    CRITICISM = "criticism"


class AskedState(StrEnum):
    """What became of a question to one person."""

    #: waits
    ASKED = "asked"
    #: answered
    ANSWERED = "answered"
    #: would rather not
    DECLINED = "declined"
    #: the day went by
    LAPSED = "lapsed"


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedbackNote:
    """One feedback of one giver, under his name; never rewritten."""

    #: UUIDv7 text
    id: str
    #: whom it is about
    person_id: str
    #: in which cycle
    cycle_id: str
    #: who gives it
    giver_id: str
    #: the official for whom a substitute gives it
    on_behalf_of: str | None = None
    #: in which relation
    voice: Voice
    #: what is meant by it
    tone: Tone
    #: the result it is about
    item_id: str | None = None
    #: or the value
    behaviour: Value | None = None
    #: the period it belongs to, when it came with the monitoring
    period_id: str | None = None
    #: the request it answers
    request_id: str | None = None
    #: words
    text: str
    #: proof: an address, "" when there is none
    link: str = ""
    #: when
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedbackReply:
    """What the person says to a feedback; once."""

    #: UUIDv7 text
    id: str
    #: the feedback
    feedback_id: str
    #: words
    text: str
    #: when
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedbackRequest:
    """Somebody asks named people about his own work."""

    #: UUIDv7 text
    id: str
    #: who asks
    person_id: str
    #: in which cycle
    cycle_id: str
    #: about this result; None: about the work as a whole
    item_id: str | None = None
    #: what he wants to know
    question: str
    #: by when
    due_on: date
    #: when he asked
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedbackAsked:
    """One person whom a request asks."""

    #: UUIDv7 text
    id: str
    #: the request
    request_id: str
    #: who is asked
    giver_id: str
    #: what became of it
    state: AskedState = AskedState.ASKED
    #: when that was
    ended_at: datetime | None = None


def voice_of(*, is_below: bool, is_rater: bool, is_lead: bool, is_above: bool) -> Voice:
    """Promise: the one relation in which a giver speaks; who stands below speaks upward first."""
    if is_below:
        return Voice.SUBORDINATE
    if is_rater:
        return Voice.RATER
    if is_lead:
        return Voice.LEAD
    return Voice.SUPERIOR if is_above else Voice.PEER


def check_feedback(note: FeedbackNote) -> tuple[Violation, ...]:
    """Promise: every fault: about oneself, without words, about a result and a value at once."""
    found: list[Violation] = []
    if note.person_id in (note.giver_id, note.on_behalf_of):
        found.append(_fault("own", note.id, "nobody gives feedback about himself"))
    if not note.text.strip():
        found.append(_fault("text", note.id, "has no words"))
    if note.item_id is not None and note.behaviour is not None:
        found.append(_fault("subject", note.id, "is about a result or about a value"))
    return tuple(found)


def check_request(
    request: FeedbackRequest, asked: tuple[str, ...], today: date
) -> tuple[Violation, ...]:
    """Promise: every fault: nobody, too many or oneself asked, no question, no time to answer."""
    found: list[Violation] = []
    if not asked:
        found.append(_fault("nobody", request.id, "asks nobody"))
    if len(asked) > ASKED_MAX:
        found.append(_fault("too_many", request.id, f"asks more than {ASKED_MAX}"))
    if len(set(asked)) != len(asked):
        found.append(_fault("twice", request.id, "asks somebody twice"))
    if request.person_id in asked:
        found.append(_fault("own", request.id, "nobody asks himself"))
    if not request.question.strip():
        found.append(_fault("question", request.id, "has no question"))
    if request.due_on <= today:
        found.append(_fault("due", request.id, "leaves no day to answer"))
    return tuple(found)


def end_asking(asked: FeedbackAsked, by: str, state: AskedState, at: datetime) -> FeedbackAsked:
    """Promise: the answer, refusal or silence of one who was asked.

    Raises NotEntitled for anybody else's word, TransitionRefused when it has ended.
    """
    if state is not AskedState.LAPSED and by != asked.giver_id:
        raise NotEntitled("answer_request", by, "only who was asked answers")
    if asked.state is not AskedState.ASKED or state is AskedState.ASKED:
        raise TransitionRefused("feedback_asked", asked.state, state)
    return replace(asked, state=state, ended_at=at)


def _fault(code: str, subject: str, message: str) -> Violation:
    return Violation(code=code, subject=subject, message=message)
