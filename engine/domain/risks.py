"""Risk register: risks on objectives and planned results, their reviews, reopened targets."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from engine.domain.errors import NotEntitled, RuleBroken, TransitionRefused, Violation

if TYPE_CHECKING:
    from datetime import date, datetime

#: scale of likelihood and impact
SCALE: Final = range(1, 6)


class RiskLevel(StrEnum):
    """Weight of a risk; the decision `risk_level` gives it."""

    LOW = "low"
    MODERATE = "moderate"
    HIGH = "high"
    EXTREME = "extreme"


class RiskStatus(StrEnum):
    """State of a risk."""

    OPEN = "open"
    #: it came true
    REALISED = "realised"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Risk:
    """What may keep an objective or a planned result from being reached."""

    #: UUIDv7 text
    id: str
    #: which cycle
    cycle_id: str
    #: the objective at risk; None: a result is
    objective_id: str | None = None
    #: the planned result at risk; None: an objective is
    item_id: str | None = None
    #: in words
    title: str
    #: 1 to 5
    likelihood: int
    #: 1 to 5
    impact: int
    #: as the decision said when it was weighed last
    level: RiskLevel
    #: who watches it
    owner_id: str
    #: what is done about it
    mitigation: str
    #: state
    status: RiskStatus = RiskStatus.OPEN
    #: who registered it
    registered_by: str
    #: when
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RiskReview:
    """A dated look at a risk; never rewritten."""

    #: UUIDv7 text
    id: str
    #: the risk
    risk_id: str
    #: day of the review
    reviewed_on: date
    #: 1 to 5
    likelihood: int
    #: 1 to 5
    impact: int
    #: as the decision said
    level: RiskLevel
    #: state found
    status: RiskStatus
    #: what was seen and done
    note: str
    #: who reviewed
    reviewed_by: str
    #: for whom, when a substitute did
    on_behalf_of: str | None = None
    #: when it was written
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetReopening:
    """A decision whether the target of a result is reopened after a risk came true."""

    #: UUIDv7 text
    id: str
    #: the risk that came true
    risk_id: str
    #: the result whose target it is
    item_id: str
    #: whose plan
    person_id: str
    #: whether the target may change
    reopened: bool
    #: why; the reason stands in the revision
    reason: str
    #: who decided
    decided_by: str
    #: for whom, when a substitute did
    on_behalf_of: str | None = None
    #: when
    at: datetime


def check_risk(risk: Risk) -> tuple[Violation, ...]:
    """Promise: every fault of a risk: one subject, words, likelihood and impact 1 to 5."""
    found: list[Violation] = []
    if (risk.objective_id is None) is (risk.item_id is None):
        found.append(_fault("risk_subject", "is on one objective or one result"))
    if not risk.title.strip():
        found.append(_fault("title_missing", "has no words"))
    if risk.likelihood not in SCALE:
        found.append(_fault("likelihood", f"likelihood {risk.likelihood} is not 1 to 5"))
    if risk.impact not in SCALE:
        found.append(_fault("impact", f"impact {risk.impact} is not 1 to 5"))
    return tuple(found)


def reviewed(risk: Risk, review: RiskReview) -> Risk:
    """Promise: the risk as the review found it.

    Raises TransitionRefused when it is closed, or when what came true is called open again;
    RuleBroken when a realised risk is noted without words or a number is off the scale.
    """
    if risk.status is RiskStatus.CLOSED or (
        risk.status is RiskStatus.REALISED and review.status is RiskStatus.OPEN
    ):
        raise TransitionRefused("risk", risk.status, review.status)
    changed = replace(
        risk,
        likelihood=review.likelihood,
        impact=review.impact,
        level=review.level,
        status=review.status,
    )
    found = list(check_risk(changed))
    if review.status is RiskStatus.REALISED and not review.note.strip():
        found.append(_fault("note_missing", "what came true is said in words"))
    if found:
        raise RuleBroken(*found)
    return changed


def check_reopening(risk: Risk, reopening: TargetReopening) -> None:
    """Promise: a target is reopened for a realised risk only, with a reason, by someone else.

    Raises TransitionRefused, NotEntitled, RuleBroken.
    """
    if risk.status is not RiskStatus.REALISED:
        raise TransitionRefused("risk", risk.status, "reopen")
    if reopening.person_id in (reopening.decided_by, reopening.on_behalf_of):
        raise NotEntitled("reopen", reopening.decided_by, "nobody reopens his own target")
    if not reopening.reason.strip():
        raise RuleBroken(_fault("reason_missing", "a reason is needed"))


def _fault(code: str, message: str) -> Violation:
    return Violation(code=code, subject="", message=message)
