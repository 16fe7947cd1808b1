"""Peer review of an output (telaah sejawat) by people of other units."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from engine.domain.errors import Violation

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import datetime

#: peers asked at once
REVIEWERS_MOST: Final = 3
#: the overlay role that a review earns
REVIEWER_ROLE: Final = "penelaah"


class Judgement(StrEnum):
    """How far an output does something, as a peer sees it."""

    #: fully
    YES = "yes"
    #: partly
    PARTLY = "partly"
    #: not
    NO = "no"


@dataclass(frozen=True, slots=True, kw_only=True)
class PeerReview:
    """A request for review."""

    #: UUIDv7 text
    id: str
    #: what is reviewed
    output_id: str
    #: lead or sponsor who asks
    asked_by: str
    #: what he wants to know
    question: str
    #: when
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PeerSeat:
    """One reviewer who was asked."""

    #: the request
    review_id: str
    #: the output, as in the request
    output_id: str
    #: the reviewer
    reviewer_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PeerAnswer:
    """What a reviewer says; append-only."""

    #: the request
    review_id: str
    #: the reviewer
    reviewer_id: str
    #: does it do what its indicator asks
    meets_target: Judgement
    #: is it sound work
    sound: Judgement
    #: can others use it
    usable: Judgement
    #: what is good about it
    strengths: str
    #: what would make it better
    improvements: str
    #: when
    at: datetime


def check_request(
    *,
    reviewers: Sequence[str],
    asked_by: str,
    members: Collection[str],
    units: Mapping[str, str | None],
    host_unit_id: str,
) -> tuple[Violation, ...]:
    """Promise: every reason not to ask these people.

    One to three, each once, from other units than the squad's host, no member of the squad and
    not who asks. `units` maps a reviewer to his home unit.
    """
    found: list[Violation] = []
    if not 1 <= len(reviewers) <= REVIEWERS_MOST or len(set(reviewers)) != len(reviewers):
        found.append(_fault("reviewers", "", f"name one to {REVIEWERS_MOST} different people"))
    for one in reviewers:
        if one == asked_by or one in members:
            found.append(_fault("reviewer_inside", one, "a member of the squad reviews nothing"))
        elif units.get(one) in (None, host_unit_id):
            found.append(_fault("reviewer_unit", one, "a reviewer comes from another unit"))
    return tuple(found)


def check_answer(answer: PeerAnswer) -> tuple[Violation, ...]:
    """Promise: a reviewer who is not content says what would make it better."""
    content = {answer.meets_target, answer.sound, answer.usable} == {Judgement.YES}
    if content or answer.improvements.strip():
        return ()
    return (_fault("improvements_missing", answer.reviewer_id, "say what would make it better"),)


def _fault(code: str, subject: str, message: str) -> Violation:
    return Violation(code=code, subject=subject, message=message)
