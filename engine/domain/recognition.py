"""Recognition of work for other units, from ledger lines; and what a decision used."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from engine.domain.errors import Violation
from engine.domain.ledger import LineClass, live
from engine.domain.scales import WHOLE_BP

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from engine.domain.ledger import Transfer
    from engine.domain.ratings import Rating


class RecognitionKind(StrEnum):
    """What work for other units, or a row of good years, is recognised by."""

    #: nominasi penghargaan
    AWARD_NOMINATION = "award_nomination"
    #: prioritas kelompok rencana suksesi (PP 30/2019 art. 54, from memory)
    SUCCESSION_PRIORITY = "succession_priority"
    #: prioritas pengembangan kompetensi (PP 30/2019 art. 54, from memory)
    DEVELOPMENT_PRIORITY = "development_priority"
    #: atribut talenta: shown beside the box, never added to it
    TALENT_ATTRIBUTE = "talent_attribute"


class Outcome(StrEnum):
    """What the human said to a proposal."""

    CONFIRMED = "confirmed"
    #: something else follows; the proposal stays readable
    SET_ASIDE = "set_aside"


class DataKind(StrEnum):
    """What a decision may have used."""

    #: a row of the ledger
    LEDGER_LINE = "ledger_line"
    #: a version of a rating
    RATING = "rating"
    #: a version of a decision table
    DECISION_TABLE = "decision_table"


class UseSubject(StrEnum):
    """What was decided or proposed."""

    FOLLOW_UP = "follow_up"
    RECOGNITION = "recognition"


@dataclass(frozen=True, slots=True, kw_only=True)
class Recognition:
    """A recognition that the table proposed and a human answered; never changed."""

    #: UUIDv7 text
    id: str
    person_id: str
    cycle_id: str
    #: the final rating it stands beside
    rating_id: str
    kind: RecognitionKind
    #: sealed credit in units that are not his own, scaled by 10,000
    cross_points_e4: int
    #: how many other units that were
    host_units: int
    #: pendampingan and the like for other units, outside the shares
    cross_overlays: int = 0
    outcome: Outcome
    #: the human's words, needed when he set it aside
    note: str = ""
    confirmed_by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class DataUse:
    """One row of data that a decision about a person used, as it was then; append-only."""

    #: UUIDv7 text
    id: str
    subject: UseSubject
    #: the follow-up or recognition
    subject_id: str
    person_id: str
    data: DataKind
    #: id of the rating, name of the decision table; the ledger row's number as text
    data_id: str
    #: the ledger row, for the database to hold on to
    transfer_id: int | None = None
    #: version of the rating or table, "" of a ledger row, which has none
    data_version: str = ""
    #: SHA-256 over it at that time
    data_hash: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CrossUnit:
    """What a person earned outside his home unit, and of how much."""

    #: amount_bp * V of live PRIMARY rows hosted elsewhere
    points_e4: int
    #: of all his live PRIMARY rows
    all_points_e4: int
    #: other units, overlays included
    hosts: frozenset[str]
    #: his live rows hosted elsewhere, overlays included, in order
    rows: tuple[Transfer, ...]

    @property
    def share_bp(self) -> int:
        """Part of his credit that was earned elsewhere, basis points; 0 without credit."""
        return self.points_e4 * WHOLE_BP // self.all_points_e4 if self.all_points_e4 else 0

    @property
    def overlays(self) -> int:
        """Rows outside the shares."""
        return sum(row.line_class is LineClass.OVERLAY for row in self.rows)


def cross_unit(lines: Iterable[tuple[Transfer, int]]) -> CrossUnit:
    """Promise: cross-unit credit of one person from rows with the value of their output.

    Only live rows count; home and host are those stamped on the row (crediting.md 0.14), an
    overlay has no points (I3).
    """
    kept = list(lines)
    values = {row.id: value for row, value in kept}
    standing = live(row for row, _ in kept)
    away = tuple(row for row in standing if row.home_unit_id != row.host_unit_id)
    return CrossUnit(
        points_e4=sum(_points(row, values[row.id]) for row in away),
        all_points_e4=sum(_points(row, values[row.id]) for row in standing),
        hosts=frozenset(row.host_unit_id for row in away),
        rows=away,
    )


def fingerprint(rating: Rating) -> str:
    """Promise: SHA-256 over what a follow-up reads of a rating: version, levels, predikat, IHK."""
    read = (
        rating.id,
        rating.version,
        rating.result_level,
        rating.behaviour_level,
        rating.predikat,
        format(rating.ihk, "f"),
    )
    return hashlib.sha256("\n".join(str(one) for one in read).encode()).hexdigest()


def check_recognition(made: Recognition) -> tuple[Violation, ...]:
    """Promise: what keeps a recognition from being kept: four eyes, and words beside a no."""
    found: list[Violation] = []
    if made.confirmed_by == made.person_id:
        found.append(_fault("own_recognition", made.person_id, "nobody confirms his own"))
    if made.outcome is Outcome.SET_ASIDE and not made.note.strip():
        found.append(_fault("reason_missing", "note", "a proposal set aside has its reason"))
    return tuple(found)


def _points(row: Transfer, value: int) -> int:
    return row.amount_bp * value if row.line_class is LineClass.PRIMARY else 0


def _fault(code: str, subject: str, message: str) -> Violation:
    return Violation(code=code, subject=subject, message=message)
