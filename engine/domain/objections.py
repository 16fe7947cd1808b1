"""Objections to a rating (keberatan, PP 30/2019 art. 59)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime


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
