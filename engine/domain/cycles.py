"""Performance cycles and their periods (siklus, periode)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date


class CycleStatus(StrEnum):
    """Stage of a cycle (PermenPANRB 6/2022 art. 5)."""

    #: being set up
    DRAFT = "draft"
    #: plans are drafted and clarified
    PLANNING = "planning"
    #: work, monitoring, coaching
    RUNNING = "running"
    #: ratings and objections
    EVALUATING = "evaluating"
    #: nothing changes any more
    CLOSED = "closed"


class PeriodStatus(StrEnum):
    """State of a posting period."""

    #: rows may be posted
    OPEN = "open"
    #: last rows of the period itself may be posted
    CLOSING = "closing"
    #: immutable; corrections are posted in an open period
    SEALED = "sealed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cycle:
    """A year's cycle of an agency."""

    #: UUIDv7 text
    id: str
    #: whose cycle
    agency_id: str
    #: budget year
    year: int
    #: shown name
    name: str
    #: first day
    starts_on: date
    #: last day
    ends_on: date
    #: stage
    status: CycleStatus = CycleStatus.DRAFT


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """A part of a cycle in which work is done and rows are posted."""

    #: UUIDv7 text
    id: str
    #: its cycle
    cycle_id: str
    #: 1-based order inside the cycle
    number: int
    #: shown name, such as "Triwulan I"
    name: str
    #: first day
    starts_on: date
    #: last day
    ends_on: date
    #: whether rows may still be posted
    status: PeriodStatus = PeriodStatus.OPEN
