"""What a simulation counted."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

_ZERO = timedelta()


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """Lengths of time: how many, their mean, median, 90th percentile and longest."""

    count: int
    mean: timedelta
    median: timedelta
    p90: timedelta
    most: timedelta


def spread(lengths: Sequence[timedelta]) -> Spread:
    """The spread of lengths; all zero when there are none. Percentiles by nearest rank."""
    ordered = sorted(lengths)
    count = len(ordered)
    if not count:
        return Spread(count=0, mean=_ZERO, median=_ZERO, p90=_ZERO, most=_ZERO)
    return Spread(
        count=count,
        mean=sum(ordered, _ZERO) / count,
        median=ordered[(count - 1) // 2],
        p90=ordered[-(-count * 9 // 10) - 1],
        most=ordered[-1],
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ElementFigures:
    """One element over all instances."""

    element_id: str
    name: str
    role: str | None
    #: from being open until somebody begins
    waited: Spread
    #: working time of people
    worked: Spread
    #: from being open until it is done, nights and free days included
    lasted: Spread
    #: ended by something else before anybody was done
    withdrawn: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleWeek:
    """A role in a week."""

    role: str
    #: Monday, local
    week: str
    #: working time spent, and available
    busy: timedelta
    available: timedelta
    #: most work items that waited at once
    queue_most: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """Everything a simulation tells."""

    process_id: str
    started: int
    ended: int
    #: instances with an incident
    failed: int
    #: element -> how often an incident stood there
    incidents: Sequence[tuple[str, int]]
    #: why starts and tasks were refused -> how often: the plan gives what does not fit
    refusals: Sequence[tuple[str, int]]
    lasted: Spread
    elements: Sequence[ElementFigures]
    weeks: Sequence[RoleWeek]
    #: flow -> how often it was taken
    flows: Sequence[tuple[str, int]]
    until: datetime

    @property
    def bottlenecks(self) -> Sequence[ElementFigures]:
        """Elements where instances waited, the longest wait in total first."""
        waited = [one for one in self.elements if one.waited.mean > _ZERO]
        return sorted(waited, key=lambda one: -(one.waited.mean * one.waited.count))


@dataclass(slots=True)
class Tally:
    """Lengths noted for one element."""

    name: str
    role: str | None
    waited: list[timedelta] = field(default_factory=list)
    worked: list[timedelta] = field(default_factory=list)
    lasted: list[timedelta] = field(default_factory=list)
    withdrawn: int = 0
