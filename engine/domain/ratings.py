"""Ratings: organisation, result, behaviour, predikat."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
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
