"""Calibration of a unit's ratings: who may move whom, before and after, and why."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from engine.domain.errors import TransitionRefused, Violation

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from engine.domain.ratings import Level, Predikat


class CalibrationState(StrEnum):
    """State of a session."""

    #: ratings may be moved
    OPEN = "open"
    #: done
    CLOSED = "closed"


class Part(StrEnum):
    """As what somebody takes part."""

    #: rates people of the unit
    RATER = "rater"
    #: the leader above
    LEADER = "leader"


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """The session of one unit, small units below it included, in one cycle."""

    #: UUIDv7 text
    id: str
    #: the unit whose pattern counts
    unit_id: str
    #: which cycle
    cycle_id: str
    #: the leader above, who closes it
    leader_id: str
    #: state
    state: CalibrationState = CalibrationState.OPEN
    #: why the distribution stands as it is, where it misses its pattern
    reason: str = ""
    #: when it began
    opened_at: datetime
    #: when it closed
    closed_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CalibrationUnit:
    """A unit in a session."""

    calibration_id: str
    unit_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Participant:
    """Somebody in a session."""

    calibration_id: str
    person_id: str
    part: Part


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """One rating moved in a session: who, from what, to what, why."""

    #: UUIDv7 text
    id: str
    #: the session
    calibration_id: str
    #: whose rating
    person_id: str
    #: the version before
    rating_from: str
    #: the version it became
    rating_to: str
    #: before
    before_result: Level
    before_behaviour: Level
    before_predikat: Predikat
    #: after
    after_result: Level
    after_behaviour: Level
    after_predikat: Predikat
    #: who moved it
    moved_by: str
    #: whom he stands in for
    on_behalf_of: str | None = None
    #: why
    reason: str
    #: when
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Mover:
    """Who wants to move a rating, and the offices he holds in the session."""

    #: who acts
    person_id: str
    #: the participant whom he stands in for
    on_behalf_of: str | None = None

    @property
    def office(self) -> str:
        """The participant."""
        return self.on_behalf_of or self.person_id


def check_move(
    *,
    person_id: str,
    mover: Mover,
    participants: Collection[str],
    chain: Collection[str],
    reason: str,
) -> tuple[Violation, ...]:
    """Promise: every reason not to move a rating.

    Nobody moves himself, nor the official he stands in for; nobody who is not in the session and
    in the person's line (his rater and everybody above) moves him; a move has a reason.
    """
    found: list[Violation] = []
    if person_id in (mover.person_id, mover.on_behalf_of):
        found.append(_fault("own_rating", mover.person_id, "nobody moves himself"))
    if mover.office not in participants:
        found.append(_fault("not_in_session", mover.person_id, "takes no part in this session"))
    if mover.office not in chain:
        found.append(_fault("outside_chain", mover.person_id, "is not in this person's line"))
    if not reason.strip():
        found.append(_fault("reason_missing", "reason", "a move has its reason"))
    return tuple(found)


def close(row: Calibration, *, reason: str, missed: int, at: datetime) -> Calibration:
    """Promise: the session closed; a missed pattern only asks for a reason, it never bars.

    Raises TransitionRefused when it was closed before.
    """
    if row.state is CalibrationState.CLOSED:
        raise TransitionRefused("calibration", row.state, "close")
    return replace(
        row,
        state=CalibrationState.CLOSED,
        reason=reason.strip() if missed else "",
        closed_at=at,
    )


def check_override(*, missed: int, reason: str) -> tuple[Violation, ...]:
    """Promise: a distribution that misses its pattern stands with a written reason."""
    if not missed or reason.strip():
        return ()
    return (_fault("override_reason", "override_reason", "the distribution misses its pattern"),)


def _fault(code: str, subject: str, message: str) -> Violation:
    return Violation(code=code, subject=subject, message=message)
