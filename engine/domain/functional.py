"""Functional credit (angka kredit) of functional officials: months, conversion, accumulation.

The atom is one calendar month of one person with the level, coefficient and percentage that held
on its first day. Nothing is divided before it is printed: a month is counted in twelve-hundredths
of a point (coefficient times percent), so the months of a year are exactly the year. Peraturan BKN
3/2023 art 12-13, read as excerpts (domain.md 6).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from itertools import groupby
from typing import TYPE_CHECKING, Final

from engine.domain.errors import Violation

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from engine.domain.ratings import Predikat

MONTHS: Final = 12
#: a month counts coefficient times percent; so many of these are one point
UNITS_PER_POINT: Final = MONTHS * 100


class Employment(StrEnum):
    """How a civil servant is employed."""

    #: pegawai negeri sipil
    PNS = "pns"
    #: pegawai pemerintah dengan perjanjian kerja: by contract, without functional credit
    PPPK = "pppk"


class FunctionalLevel(StrEnum):
    """Level of a functional post (jenjang jabatan fungsional), lowest of each category first."""

    AHLI_PERTAMA = "ahli_pertama"
    AHLI_MUDA = "ahli_muda"
    AHLI_MADYA = "ahli_madya"
    AHLI_UTAMA = "ahli_utama"
    PEMULA = "pemula"
    TERAMPIL = "terampil"
    MAHIR = "mahir"
    PENYELIA = "penyelia"


#: the two ladders: expertise (keahlian) and skill (keterampilan)
LADDERS: Final = (tuple(FunctionalLevel)[:4], tuple(FunctionalLevel)[4:])


@dataclass(frozen=True, slots=True, kw_only=True)
class FunctionalStanding:
    """What a decree says of a person's functional level from a day on; never edited.

    A mistake is mended by a newer row of the same day: the last one recorded counts.
    """

    #: UUIDv7 text
    id: str
    person_id: str
    employment: Employment
    #: None: the post is not functional
    level: FunctionalLevel | None = None
    #: golongan, such as III/c; "" when not known
    grade: str = ""
    #: first day it holds
    valid_from: date
    #: points of this level on that day by the last paper; None: count on, or from 0 after a rise
    brought: Decimal | None = None
    #: last day of a PPPK contract
    contract_until: date | None = None
    #: number of the decree, "" when it came with the workbook
    letter_no: str = ""
    #: who recorded it
    recorded_by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelRule:
    """What the decision `functional_level` says of a level."""

    level: FunctionalLevel
    #: points a year at 100 %
    coefficient: Decimal
    #: points from one rank (pangkat) to the next
    rank_points: Decimal
    #: points for the next level; None at the top
    level_points: Decimal | None
    #: golongan of the level, lowest first
    grades: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CreditMonth:
    """One month of one person, with what held on its first day; immutable but for the end."""

    #: UUIDv7 text
    id: str
    #: conversion that brought it
    paper_id: str
    person_id: str
    year: int
    #: 1 to 12
    month: int
    level: FunctionalLevel
    coefficient: Decimal
    #: percentage of the predikat
    percent: int
    predikat: Predikat
    #: when its conversion was cancelled
    cancelled_at: datetime | None = None

    @property
    def first_day(self) -> date:
        """The day whose level counts."""
        return date(self.year, self.month, 1)

    @property
    def units(self) -> Decimal:
        """Credit in twelve-hundredths of a point: exact."""
        return self.coefficient * self.percent


@dataclass(frozen=True, slots=True, kw_only=True)
class CreditLine:
    """Months in a row with one level, coefficient and percentage."""

    year: int
    first_month: int
    last_month: int
    level: FunctionalLevel
    coefficient: Decimal
    percent: int
    predikat: Predikat

    @property
    def months(self) -> int:
        """How many."""
        return self.last_month - self.first_month + 1

    @property
    def units(self) -> Decimal:
        """Credit in twelve-hundredths of a point: exact."""
        return self.coefficient * self.percent * self.months


@dataclass(frozen=True, slots=True, kw_only=True)
class Accumulation:
    """Credit of the present level: what was brought, what was earned, since when."""

    level: FunctionalLevel
    grade: str
    #: from when months count
    since: date
    #: points brought on that day
    brought: Decimal
    lines: tuple[CreditLine, ...]

    @property
    def units(self) -> Decimal:
        """Twelve-hundredths of a point, the brought points included: exact."""
        earned = sum((line.units for line in self.lines), Decimal(0))
        return self.brought * UNITS_PER_POINT + earned


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Points that a next step needs, and those that are missing."""

    needed: Decimal
    #: twelve-hundredths of a point, never below 0
    missing_units: Decimal

    @property
    def met(self) -> bool:
        """Whether nothing is missing."""
        return self.missing_units == 0


def standing_on(rows: Iterable[FunctionalStanding], day: date) -> FunctionalStanding | None:
    """Promise: what holds on a day: of the newest first day the row that was recorded last."""
    begun = [row for row in rows if row.valid_from <= day]
    return max(begun, key=lambda row: (row.valid_from, row.at, row.id), default=None)


def in_force(rows: Iterable[FunctionalStanding]) -> list[FunctionalStanding]:
    """Promise: one row for each first day, oldest first; mended ones are left out."""
    found: dict[date, FunctionalStanding] = {}
    for row in sorted(rows, key=lambda one: (one.valid_from, one.at, one.id)):
        found[row.valid_from] = row
    return list(found.values())


def rises(before: FunctionalLevel | None, after: FunctionalLevel | None) -> bool:
    """Promise: whether a level lies above another on the same ladder."""
    for ladder in LADDERS:
        if before in ladder and after in ladder:
            return ladder.index(after) > ladder.index(before)
    return False


def check_standing(
    made: FunctionalStanding, before: FunctionalStanding | None
) -> tuple[Violation, ...]:
    """Promise: every fault of a standing; `before` held on the day before its first.

    Credit begins at 0 when the level rises; on any other change of level the decree says what is
    carried over.
    """
    found: list[Violation] = []
    contract = made.employment is Employment.PPPK
    if contract and made.contract_until is None:
        found.append(_fault("contract_missing", "contract_until", "a contract has its last day"))
    if not contract and made.contract_until is not None:
        found.append(_fault("contract_of_pns", "contract_until", "PNS serve without a contract"))
    if made.contract_until is not None and made.contract_until < made.valid_from:
        found.append(_fault("contract_ends", "contract_until", "ends before it begins"))
    if made.brought is not None and made.brought < 0:
        found.append(_fault("brought_negative", "brought", "credit is not below 0"))
    if made.brought is not None and (contract or made.level is None):
        found.append(_fault("brought_unused", "brought", "no credit is kept for this person"))
    was = before.level if before else None
    moved = None not in (was, made.level) and was is not made.level
    if moved and not contract and not rises(was, made.level) and made.brought is None:
        found.append(_fault("brought_missing", "brought", "say how many points are carried over"))
    return tuple(found)


def creditable_level(rows: Sequence[FunctionalStanding], day: date) -> FunctionalLevel | None:
    """Promise: the level that earns credit in the month that begins on a day; PPPK earn none."""
    held = standing_on(rows, day)
    return held.level if held and held.employment is Employment.PNS else None


def lines_of(months: Iterable[CreditMonth]) -> tuple[CreditLine, ...]:
    """Promise: months as lines, in order; the sum of the lines is the sum of the months."""
    ordered = sorted(months, key=lambda row: (row.year, row.month))
    found: list[CreditLine] = []
    # months in a row keep the distance between their place in time and in the list
    for _, group in groupby(
        enumerate(ordered),
        key=lambda pair: (
            pair[1].year,
            pair[1].month - pair[0],
            pair[1].level,
            pair[1].coefficient,
            pair[1].percent,
            pair[1].predikat,
        ),
    ):
        run = [row for _, row in group]
        first = run[0]
        found.append(
            CreditLine(
                year=first.year,
                first_month=first.month,
                last_month=run[-1].month,
                level=first.level,
                coefficient=first.coefficient,
                percent=first.percent,
                predikat=first.predikat,
            )
        )
    return tuple(found)


def accumulate(
    rows: Sequence[FunctionalStanding], months: Iterable[CreditMonth], day: date
) -> Accumulation | None:
    """Promise: the credit of the level held on a day; None where no credit is kept.

    Live months that began by that day count from the start of the level, or from the day for
    which points were brought. What was earned in a lower level is not added (domain.md 6).
    """
    if creditable_level(rows, day) is None:
        return None
    held = [row for row in in_force(rows) if row.valid_from <= day]
    level, grade = held[-1].level, next((row.grade for row in reversed(held) if row.grade), "")
    start = held[-1]
    for row in reversed(held):
        if row.level is not level or row.employment is not Employment.PNS:
            break
        start = row
        if row.brought is not None:
            break
    counted = [
        row
        for row in months
        if row.cancelled_at is None and start.valid_from <= row.first_day <= day
    ]
    if level is None:
        return None
    return Accumulation(
        level=level,
        grade=grade,
        since=start.valid_from,
        brought=start.brought or Decimal(0),
        lines=tuple(line for line in lines_of(counted) if line.level is level),
    )


def rank_target(found: Accumulation, rule: LevelRule) -> Target:
    """Promise: points for the next rank (pangkat): one more step of the level for each golongan.

    A golongan that is not known counts as the lowest of the level.
    """
    place = rule.grades.index(found.grade) if found.grade in rule.grades else 0
    return _target(rule.rank_points * (place + 1), found.units)


def level_target(found: Accumulation, rule: LevelRule) -> Target | None:
    """Promise: points for the next level (jenjang); None at the top of the ladder."""
    return None if rule.level_points is None else _target(rule.level_points, found.units)


def years_to(missing_units: Decimal, coefficient: Decimal, percent: int) -> Fraction | None:
    """Promise: years that the missing credit takes at a percentage; None at no credit a year."""
    a_year = Fraction(coefficient) * percent * MONTHS
    return None if a_year == 0 else Fraction(missing_units) / a_year


def rounded(units: Decimal | Fraction, decimals: int) -> Decimal:
    """Promise: twelve-hundredths as points for print, half up, rounded once."""
    scale: int = 10**decimals
    whole = Fraction(units) * scale / UNITS_PER_POINT
    return Decimal((whole + Fraction(1, 2)).__floor__()).scaleb(-decimals)


def by_month(
    months: Iterable[date], annual: Predikat, earlier: Mapping[date, Predikat]
) -> dict[date, Predikat]:
    """Promise: the predikat of each month: the interim one of a closed segment, else the year's.

    `earlier` gives the last day of each closed segment with its interim predikat (domain.md 2.5):
    a segment covers the months that begin by its last day and after the one before.
    """
    ends = sorted(earlier)
    return {
        first: earlier[end] if (end := next((e for e in ends if first <= e), None)) else annual
        for first in months
    }


def _target(needed: Decimal, held_units: Decimal) -> Target:
    return Target(
        needed=needed, missing_units=max(Decimal(0), needed * UNITS_PER_POINT - held_units)
    )


def _fault(code: str, subject: str, message: str) -> Violation:
    return Violation(code=code, subject=subject, message=message)
