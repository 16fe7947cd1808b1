"""Decisions against a proposal or pattern, kept for audit; those near elections stand out."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from engine.domain.errors import Violation, require

if TYPE_CHECKING:
    from datetime import datetime


class OverrideKind(StrEnum):
    """What was decided otherwise."""

    #: a rating against the proposal of the index
    RATING = "rating"
    #: a level moved in calibration
    CALIBRATION = "calibration"
    #: predikat kept against the distribution pattern
    DISTRIBUTION = "distribution"
    #: an objection that changed a rating
    OBJECTION = "objection"
    #: a share decided against claim and plan
    SHARE = "share"
    #: a home unit's refusal set aside
    CONSENT = "consent"


@dataclass(frozen=True, slots=True, kw_only=True)
class OverrideAct:
    """One such decision; append-only."""

    #: UUIDv7 text
    id: str
    #: what was decided otherwise
    kind: OverrideKind
    #: who decided
    actor_id: str
    #: whom he stood in for
    on_behalf_of: str | None = None
    #: the rating, unit, claim or membership
    subject_id: str
    #: why
    reason: str
    #: whether an election period ran
    in_election: bool
    #: when
    at: datetime


def checked(act: OverrideAct) -> OverrideAct:
    """Promise: the act, with its reason. Raises RuleBroken without one."""
    if not act.reason.strip():
        require(
            [
                Violation(
                    code="reason_missing",
                    subject=act.subject_id,
                    message="a decision against the proposal gives its reason",
                )
            ]
        )
    return act
