"""What stands beside a rating: recommendations, self-evaluation, deviations, ratings per period."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from engine.domain.errors import Violation
from engine.domain.ratings import Level, OrgLevel, Predikat

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from engine.domain.behaviour import Value
    from engine.domain.organisation import Official

#: the occasion of whatever is said about the whole year; else it is the id of a period
YEAR: Final = "year"
#: levels as whole numbers, for comparing and counting
RANK: Final[Mapping[Level, int]] = {Level.DI_BAWAH: 1, Level.SESUAI: 2, Level.DI_ATAS: 3}
#: predikats from the worst to the best
PREDIKAT_RANK: Final[Mapping[Predikat, int]] = {
    Predikat.SANGAT_KURANG: 1,
    Predikat.KURANG: 2,
    Predikat.BUTUH_PERBAIKAN: 3,
    Predikat.BAIK: 4,
    Predikat.SANGAT_BAIK: 5,
}


class DeviationKind(StrEnum):
    """From what a rating departs; each carries a written reason (crediting.md 0.12)."""

    #: the level that the bands propose for the index
    PROPOSAL = "proposal"
    #: a lead's recommendation for a role
    RECOMMENDATION = "recommendation"
    #: what the rater's own marks of the statements propose
    BEHAVIOUR = "behaviour"
    #: a result whose evidence nobody has verified counts all the same
    EVIDENCE = "evidence"
    #: a month above full time, commented
    LOAD = "load"
    #: the calibration moved the rater's word
    CALIBRATION = "calibration"
    #: the unit's distribution misses its pattern
    DISTRIBUTION = "distribution"


@dataclass(frozen=True, slots=True, kw_only=True)
class Recommendation:
    """A lead's level for one role of a member; silence is a row without a level."""

    #: UUIDv7 text
    id: str
    #: whose role
    person_id: str
    #: which cycle
    cycle_id: str
    #: the role
    membership_id: str
    #: `YEAR` or a period
    occasion: str = YEAR
    #: who was asked
    recommender_id: str
    #: whom he stands in for
    on_behalf_of: str | None = None
    #: his word; None when he was silent
    level: Level | None = None
    #: why
    words: str = ""
    #: when
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SelfEvaluation:
    """The employee's own words about one of his roles (evaluasi diri)."""

    #: UUIDv7 text
    id: str
    #: who
    person_id: str
    #: which cycle
    cycle_id: str
    #: as in the index: "home", "home:<segment>" or the membership
    role: str
    #: how he sees it; None where he left it open
    level: Level | None = None
    #: his words
    words: str
    #: when
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleJudgement:
    """The rater's level for one role, beside what its lead recommended."""

    #: UUIDv7 text
    id: str
    #: the version of the rating
    rating_id: str
    #: the role
    role: str
    #: the lead's word; None without one
    recommended: Level | None = None
    #: the rater's word
    level: Level
    #: why it is another
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class BehaviourMark:
    """The rater's level for one standard statement of a value."""

    #: the version of the rating
    rating_id: str
    #: the value (BerAKHLAK)
    value: Value
    #: 1 to 3
    number: int
    #: the rater's word
    level: Level


@dataclass(frozen=True, slots=True, kw_only=True)
class Deviation:
    """A departure with its reason: sent to employee and lead, counted per rater."""

    #: UUIDv7 text
    id: str
    #: the version of the rating
    rating_id: str
    #: whose rating
    person_id: str
    #: which cycle
    cycle_id: str
    #: from what
    kind: DeviationKind
    #: the role, where one is meant
    role: str | None = None
    #: whose word it counts for
    rater_id: str
    #: whom he stands in for
    on_behalf_of: str | None = None
    #: what was proposed, a word or a figure
    proposed: str = ""
    #: what was decided
    decided: str = ""
    #: why
    reason: str
    #: when
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PeriodRating:
    """Rating of a person for one period (evaluasi periodik)."""

    #: UUIDv7 text
    id: str
    #: whose
    person_id: str
    #: which cycle
    cycle_id: str
    #: which period
    period_id: str
    #: results
    result_level: Level
    #: behaviour
    behaviour_level: Level
    #: from the same table as the year's
    predikat: Predikat
    #: the rater's words
    note: str
    #: who rates
    rater_id: str
    #: whom he stands in for
    on_behalf_of: str | None = None
    #: level of the unit in the period; None when the wait for it ran out
    org_level: OrgLevel | None = None
    #: when
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PeriodOrgRating:
    """Level of a unit in a period, set by the leader one level above."""

    #: the unit
    unit_id: str
    #: the period
    period_id: str
    #: its level
    level: OrgLevel
    #: who set it
    decided_by: str
    #: whom he stands in for
    on_behalf_of: str | None = None
    #: when
    at: datetime


def lowers(before: Level, after: Level) -> bool:
    """Promise: whether the second level is the lower one."""
    return RANK[after] < RANK[before]


def recommender(
    *, person_id: str, rater_id: str | None, holders: Sequence[Official | None]
) -> Official | None:
    """Promise: who recommends a level for a member's role: the first of lead, then sponsor.

    Nobody recommends for himself, and the rater does not recommend to himself: one opinion is not
    counted twice. None where nobody else is left.
    """
    barred = {person_id, rater_id} - {None}
    for holder in holders:
        if holder is None or barred & {holder.person_id, holder.on_behalf_of}:
            continue
        return holder
    return None


def check_recommendation(row: Recommendation) -> tuple[Violation, ...]:
    """Promise: every fault of a lead's recommendation."""
    found: list[Violation] = []
    if row.person_id in (row.recommender_id, row.on_behalf_of):
        found.append(_fault("own_role", row.recommender_id, "nobody recommends for himself"))
    if row.level is not None and not row.words.strip():
        found.append(_fault("words_missing", "words", "a level comes with its reason"))
    return tuple(found)


def check_roles(rows: Iterable[RoleJudgement]) -> tuple[Violation, ...]:
    """Promise: a lead's recommendation is departed from with a written reason (0.12)."""
    return tuple(
        _fault("reason_missing", row.role, f"{row.recommended} was recommended, not {row.level}")
        for row in rows
        if row.recommended is not None
        and row.level is not row.recommended
        and not row.reason.strip()
    )


def counted(marks: Iterable[BehaviourMark]) -> tuple[int, int]:
    """Promise: statements above and below expectation, for the decision `behaviour_level`."""
    levels = [mark.level for mark in marks]
    return levels.count(Level.DI_ATAS), levels.count(Level.DI_BAWAH)


def _fault(code: str, subject: str, message: str) -> Violation:
    return Violation(code=code, subject=subject, message=message)
