"""Objections to a rating (keberatan, PP 30/2019 art. 59)."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from engine.domain.errors import NotEntitled, TransitionRefused, Violation, require
from engine.domain.impartial import barred, require_impartial

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from engine.domain.impartial import Act
    from engine.domain.organisation import Official


class ObjectionState(StrEnum):
    """State of an objection."""

    #: raised
    OPEN = "open"
    #: rater and employee have explained
    HEARD = "heard"
    #: decided, final
    DECIDED = "decided"


class ObjectionOutcome(StrEnum):
    """What became of the rating."""

    #: the rating stays
    UPHELD = "upheld"
    #: the decider set another level
    CHANGED = "changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Objection:
    """An employee's objection to his rating."""

    #: UUIDv7 text
    id: str
    #: the rating
    rating_id: str
    #: the employee
    raised_by: str
    #: why
    ground: str
    #: state
    state: ObjectionState = ObjectionState.OPEN
    #: the rater's explanation
    rater_statement: str | None = None
    #: the employee's explanation
    employee_statement: str | None = None
    #: who decided
    decided_by: str | None = None
    #: upheld or changed
    outcome: ObjectionOutcome | None = None
    #: words of the decision
    decision: str = ""
    #: when raised
    raised_at: datetime
    #: when decided
    decided_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectionCase:
    """Who stands where around an objection, on the day it is decided."""

    #: the rating, for the error
    rating_id: str
    #: who objects
    employee_id: str
    #: acts on the rating and on the lines behind it: rated, calibrated, attested, co-signed
    acts: tuple[Act, ...]
    #: superiors above the rater, nearest first
    above_rater: tuple[Official, ...]
    #: people whom the employee rates
    subordinates: frozenset[str] = frozenset()
    #: absent person -> who stands in today
    substitutes: Mapping[str, str] = field(default_factory=dict)


def objection_decider(case: ObjectionCase) -> Official:
    """Promise: the rater's superior, or the next above who neither rated nor calibrated (0.8).

    Also never who attested or co-signed a line behind the rating, nor whoever stood in for one
    of these. Raises NobodyFound when the line above is exhausted.
    """
    return require_impartial(
        "decide_objection",
        case.rating_id,
        case.above_rater,
        barred((case.employee_id,), case.acts, case.subordinates),
        case.substitutes,
    )


def check_decider(case: ObjectionCase, actor_id: str) -> Official:
    """Promise: the office in which the actor decides. Raises NotEntitled, NobodyFound."""
    entitled = objection_decider(case)
    if actor_id != entitled.person_id:
        raise NotEntitled(
            "decide_objection", actor_id, f"{entitled.person_id} decides this objection"
        )
    return entitled


def explain(objection: Objection, *, by_rater: bool, statement: str) -> Objection:
    """Promise: the objection with one side's explanation; heard once both are there.

    Raises TransitionRefused when it is decided.
    """
    if objection.state is ObjectionState.DECIDED:
        raise TransitionRefused("objection", objection.state, "explain")
    told = (
        replace(objection, rater_statement=statement)
        if by_rater
        else replace(objection, employee_statement=statement)
    )
    both = told.rater_statement is not None and told.employee_statement is not None
    return replace(told, state=ObjectionState.HEARD) if both else told


def decide(
    objection: Objection,
    *,
    decided_by: str,
    outcome: ObjectionOutcome,
    decision: str,
    at: datetime,
) -> Objection:
    """Promise: the objection decided, finally, after both were asked (art. 59(3)-(4)).

    Raises TransitionRefused unless both explained, RuleBroken without words.
    """
    if objection.state is not ObjectionState.HEARD:
        raise TransitionRefused("objection", objection.state, "decide")
    if not decision.strip():
        require((_fault("decision_missing", "decision", "a decision gives its reasons"),))
    return replace(
        objection,
        state=ObjectionState.DECIDED,
        decided_by=decided_by,
        outcome=outcome,
        decision=decision,
        decided_at=at,
    )


def _fault(code: str, subject: str, message: str) -> Violation:
    return Violation(code=code, subject=subject, message=message)
