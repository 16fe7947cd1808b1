"""Ratings: organisation, result, behaviour, predikat."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from engine.domain.errors import Violation
from engine.domain.scales import WHOLE_BP

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime
    from decimal import Decimal

    from engine.domain.index import IndexLine


class OrgLevel(StrEnum):
    """Achievement of the organisation (capaian kinerja organisasi, SE 3/2023)."""

    #: outstanding
    ISTIMEWA = "istimewa"
    #: good
    BAIK = "baik"
    #: needs improvement
    BUTUH_PERBAIKAN = "butuh_perbaikan"
    #: poor
    KURANG = "kurang"
    #: very poor
    SANGAT_KURANG = "sangat_kurang"


class Level(StrEnum):
    """Rating of result or behaviour against expectation."""

    #: above
    DI_ATAS = "di_atas"
    #: as expected
    SESUAI = "sesuai"
    #: below
    DI_BAWAH = "di_bawah"


class Predikat(StrEnum):
    """The legal result of the evaluation (predikat kinerja)."""

    #: very good
    SANGAT_BAIK = "sangat_baik"
    #: good
    BAIK = "baik"
    #: needs improvement (cukup)
    BUTUH_PERBAIKAN = "butuh_perbaikan"
    #: poor, misconduct
    KURANG = "kurang"
    #: very poor
    SANGAT_KURANG = "sangat_kurang"


class RatingStatus(StrEnum):
    """State of a rating."""

    #: index computed, level proposed
    PROPOSED = "proposed"
    #: decided by the rater
    RATED = "rated"
    #: after the objection window
    FINAL = "final"


@dataclass(frozen=True, slots=True, kw_only=True)
class OrgRating:
    """Level of a unit in a cycle, set by the leader one level above."""

    #: the unit
    unit_id: str
    #: the cycle
    cycle_id: str
    #: its level
    level: OrgLevel
    #: who set it
    decided_by: str
    #: when
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Rating:
    """A version of a person's evaluation in a cycle."""

    #: UUIDv7 text
    id: str
    #: whose
    person_id: str
    #: which cycle
    cycle_id: str
    #: 1-based
    version: int = 1
    #: index, scale 2
    ihk: Decimal
    #: its arithmetic as it stood
    index_lines: tuple[IndexLine, ...] = ()
    #: level the bands propose; advice
    proposed_level: Level
    #: the rater's level of results
    result_level: Level | None = None
    #: the rater's level of behaviour
    behaviour_level: Level | None = None
    #: from the table of the two
    predikat: Predikat | None = None
    #: why the level differs from the proposal
    reason: str | None = None
    #: the employee's own words
    self_note: str | None = None
    #: who rates
    rater_id: str | None = None
    #: whom he stands in for
    on_behalf_of: str | None = None
    #: state
    status: RatingStatus = RatingStatus.PROPOSED
    #: when
    at: datetime


#: Result by behaviour, as the secondary sources have it. It tests the decision `predikat`, which
#: alone decides (domain.md 3.2).
PREDIKAT_REFERENCE: Final[Mapping[tuple[Level, Level], Predikat]] = {
    (Level.DI_ATAS, Level.DI_BAWAH): Predikat.KURANG,
    (Level.DI_ATAS, Level.SESUAI): Predikat.BAIK,
    (Level.DI_ATAS, Level.DI_ATAS): Predikat.SANGAT_BAIK,
    (Level.SESUAI, Level.DI_BAWAH): Predikat.KURANG,
    (Level.SESUAI, Level.SESUAI): Predikat.BAIK,
    (Level.SESUAI, Level.DI_ATAS): Predikat.BAIK,
    (Level.DI_BAWAH, Level.DI_BAWAH): Predikat.SANGAT_KURANG,
    (Level.DI_BAWAH, Level.SESUAI): Predikat.BUTUH_PERBAIKAN,
    (Level.DI_BAWAH, Level.DI_ATAS): Predikat.BUTUH_PERBAIKAN,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PatternRule:
    """One condition of a distribution pattern (pola distribusi)."""

    #: predikats counted together
    predikats: frozenset[Predikat]
    #: at most this part of the unit, basis points, rounded down to people
    at_most_bp: int | None = None
    #: at least this part of the unit, basis points, rounded up to people
    at_least_bp: int | None = None
    #: at least so many people
    at_least: int = 0


def people_at_most(rule: PatternRule, people: int) -> int | None:
    """Promise: the most people the rule allows; None where it has no upper end."""
    return None if rule.at_most_bp is None else people * rule.at_most_bp // WHOLE_BP


def people_at_least(rule: PatternRule, people: int) -> int:
    """Promise: the fewest people the rule asks for."""
    part = 0 if rule.at_least_bp is None else -(-people * rule.at_least_bp // WHOLE_BP)
    return max(part, rule.at_least)


def check_distribution(
    counts: Mapping[Predikat, int], pattern: Sequence[PatternRule]
) -> tuple[Violation, ...]:
    """Promise: every condition of the pattern that the unit misses; a consideration, not a bar."""
    people = sum(counts.values())
    found: list[Violation] = []
    for rule in pattern:
        has = sum(counts.get(predikat, 0) for predikat in rule.predikats)
        most, least = people_at_most(rule, people), people_at_least(rule, people)
        names = " + ".join(sorted(rule.predikats))
        if most is not None and has > most:
            found.append(_fault("at_most", names, f"{has} of {people}, at most {most}"))
        if has < least:
            found.append(_fault("at_least", names, f"{has} of {people}, at least {least}"))
    return tuple(found)


def check_decision(
    *, proposed: Level, decided: Level, reason: str, ihk: Decimal, role_levels: Sequence[Level]
) -> tuple[Violation, ...]:
    """Promise: a deviation from the proposal needs a written reason (crediting.md 2.6, 0.12)."""
    if decided is proposed or reason.strip():
        return ()
    words = ", ".join(role_levels)
    message = f"proposed {proposed} at {ihk} ({words}); {decided} needs a reason"
    return (_fault("reason_missing", "result_level", message),)


def _fault(code: str, subject: str, message: str) -> Violation:
    return Violation(code=code, subject=subject, message=message)
