"""After somebody spoke up: the next acts against him need two signatures (crediting.md 0.10)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime


class GrievanceKind(StrEnum):
    """How somebody spoke up."""

    #: disputed a share
    DISPUTE = "dispute"
    #: objected to a rating
    OBJECTION = "objection"
    #: refused a membership or an effort
    REFUSAL = "refusal"
    #: gave critical feedback
    FEEDBACK = "feedback"


@dataclass(frozen=True, slots=True, kw_only=True)
class Grievance:
    """Somebody spoke up about the acts of a lead or rater."""

    #: who spoke
    person_id: str
    #: about whom
    about_id: str
    #: how
    kind: GrievanceKind
    #: when
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class LoweringAct:
    """An act that lowers somebody's line, result or membership."""

    #: who acts
    actor_id: str
    #: who loses
    person_id: str
    #: when
    at: datetime


def needs_second_signature(
    act: LoweringAct,
    grievances: Iterable[Grievance],
    earlier: Iterable[LoweringAct],
    guarded_acts: int,
) -> bool:
    """Promise: whether this is among the first `guarded_acts` lowering acts after a grievance."""
    since = [
        g.at
        for g in grievances
        if g.person_id == act.person_id and g.about_id == act.actor_id and g.at <= act.at
    ]
    if not since:
        return False
    counted = sum(
        e.actor_id == act.actor_id and e.person_id == act.person_id and max(since) <= e.at < act.at
        for e in earlier
    )
    return counted < guarded_acts


def audit_list(
    acts: Iterable[LoweringAct], grievances: Iterable[Grievance], guarded_acts: int
) -> tuple[LoweringAct, ...]:
    """Promise: the acts that internal audit sees, in order of time."""
    ordered = sorted(acts, key=lambda a: (a.at, a.actor_id, a.person_id))
    spoken = tuple(grievances)
    return tuple(a for a in ordered if needs_second_signature(a, spoken, ordered, guarded_acts))
