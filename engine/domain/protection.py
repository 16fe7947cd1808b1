"""After somebody spoke up: the next acts against him need two signatures (crediting.md 0.10)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

#: how many acts are guarded at least; a table of an agency may guard more of them
GUARDED_ACTS_LEAST: Final = 2


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


class LoweringKind(StrEnum):
    """What an act lowers."""

    #: a share of an output
    LINE = "line"
    #: a result of a plan, or a rating
    RESULT = "result"
    #: the effort or the end of a membership
    MEMBERSHIP = "membership"


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
    #: whom he stands in for
    on_behalf_of: str | None = None
    #: who loses
    person_id: str
    #: when
    at: datetime

    @property
    def names(self) -> frozenset[str]:
        """Who acts, and the absent official he acts for."""
        return frozenset(name for name in (self.actor_id, self.on_behalf_of) if name is not None)


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedLowering:
    """A lowering act as it is kept: append-only."""

    #: UUIDv7 text
    id: str
    #: who acted
    actor_id: str
    #: whom he stood in for
    on_behalf_of: str | None = None
    #: who lost
    person_id: str
    #: what was lowered
    kind: LoweringKind
    #: the claim, rating, result or membership
    subject_id: str
    #: whether it came so soon after a grievance that it needed two signatures
    guarded: bool
    #: who signed as the second
    second_id: str | None = None
    #: when
    at: datetime

    @property
    def act(self) -> LoweringAct:
        """What the rules look at."""
        return LoweringAct(
            actor_id=self.actor_id,
            on_behalf_of=self.on_behalf_of,
            person_id=self.person_id,
            at=self.at,
        )


def needs_second_signature(
    act: LoweringAct,
    grievances: Iterable[Grievance],
    earlier: Iterable[LoweringAct],
    guarded_acts: int,
) -> bool:
    """Promise: whether this is among the first `guarded_acts` lowering acts after a grievance.

    Acts and grievances are looked at under both names of a substitute; each new grievance begins
    the count anew. Of acts at one moment the grievance's own moment counts for nothing.
    """
    spoken = [g for g in grievances if g.person_id == act.person_id and g.at <= act.at]
    done = [e for e in earlier if e is not act and e.person_id == act.person_id and e.at <= act.at]
    return any(_guards(name, spoken, done, guarded_acts) for name in act.names)


def audit_list(
    acts: Iterable[LoweringAct], grievances: Iterable[Grievance], guarded_acts: int
) -> tuple[LoweringAct, ...]:
    """Promise: the acts that internal audit sees, in order of time."""
    ordered = sorted(acts, key=lambda a: (a.at, a.actor_id, a.person_id))
    spoken = tuple(grievances)
    return tuple(
        act
        for n, act in enumerate(ordered)
        if needs_second_signature(act, spoken, ordered[:n], guarded_acts)
    )


def _guards(name: str, spoken: list[Grievance], done: list[LoweringAct], guarded_acts: int) -> bool:
    since = max((g.at for g in spoken if g.about_id == name), default=None)
    if since is None:
        return False
    return sum(name in e.names and since < e.at for e in done) < guarded_acts
