"""Performance cycles and their periods (siklus, periode)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from engine.domain.errors import TransitionRefused

if TYPE_CHECKING:
    from collections.abc import Sequence
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


_NEXT: Final = {
    CycleStatus.DRAFT: frozenset({CycleStatus.PLANNING}),
    CycleStatus.PLANNING: frozenset({CycleStatus.RUNNING}),
    CycleStatus.RUNNING: frozenset({CycleStatus.EVALUATING}),
    CycleStatus.EVALUATING: frozenset({CycleStatus.CLOSED}),
    CycleStatus.CLOSED: frozenset[CycleStatus](),
}


def advance(cycle: Cycle, status: CycleStatus) -> Cycle:
    """Promise: the cycle one stage on. Raises TransitionRefused for any other step."""
    if status not in _NEXT[cycle.status]:
        raise TransitionRefused("cycle", cycle.status, status)
    return replace(cycle, status=status)


def period_of(day: date, periods: Sequence[Period]) -> Period | None:
    """Promise: the period a day lies in, None outside all."""
    return next((p for p in periods if p.starts_on <= day <= p.ends_on), None)


def posting_period(work: Period, periods: Sequence[Period]) -> Period | None:
    """Promise: the work period while it takes rows, else the first later one that does.

    A row in a later period is a "koreksi periode lalu" (crediting.md I8). None: all sealed.
    """
    later = sorted((p for p in periods if p.number >= work.number), key=lambda p: p.number)
    return next((p for p in later if p.status is not PeriodStatus.SEALED), None)
