"""Working days from a dated table of holidays (hari libur, cuti bersama)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from engine.domain.errors import Malformed

if TYPE_CHECKING:
    from collections.abc import Sequence

_DAY: Final = timedelta(days=1)
_LAST_SECOND: Final = time(23, 59, 59)
#: a calendar whose every day is free would never end a deadline
_LONGEST_BREAK_DAYS: Final = 366


@dataclass(frozen=True, slots=True, kw_only=True)
class Holiday:
    """A day on which nobody works."""

    #: the day
    day: date
    #: what it is called
    name: str
    #: agency it holds for; None: national
    agency_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Pause:
    """Days on which a clock stands still (leave), first and last day."""

    #: first day
    first: date
    #: last day
    last: date


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkingCalendar:
    """Which days are worked in an agency."""

    #: free days
    holidays: frozenset[date] = frozenset()
    #: weekdays worked, Monday is 0
    weekdays: frozenset[int] = frozenset({0, 1, 2, 3, 4})

    def is_working(self, day: date) -> bool:
        """Whether the day is worked."""
        return day.weekday() in self.weekdays and day not in self.holidays


def add_working_days(
    day: date, count: int, calendar: WorkingCalendar, pauses: Sequence[Pause] = ()
) -> date:
    """Promise: the `count`-th working day after `day` that no pause covers; 0 is `day` itself.

    A negative count goes back. Raises Malformed when a year passes without a working day.
    """
    step = _DAY if count >= 0 else -_DAY
    left, idle = abs(count), 0
    while left:
        day += step
        if calendar.is_working(day) and not any(p.first <= day <= p.last for p in pauses):
            left, idle = left - 1, 0
        else:
            idle += 1
        if idle > _LONGEST_BREAK_DAYS:
            raise Malformed("calendar", day, "a year without a working day")
    return day


def working_days(first: date, last: date, calendar: WorkingCalendar) -> int:
    """Promise: working days from first to last, both counted; 0 when last lies before first."""
    days = (last - first).days + 1
    return sum(calendar.is_working(first + n * _DAY) for n in range(max(days, 0)))


def end_of_day(day: date, zone: str) -> datetime:
    """Promise: the last second of the day in the zone, as UTC. Raises ZoneInfoNotFoundError."""
    return datetime.combine(day, _LAST_SECOND, tzinfo=ZoneInfo(zone)).astimezone(UTC)


def start_of_day(day: date, zone: str) -> datetime:
    """Promise: the first moment of the day in the zone, as UTC. Raises ZoneInfoNotFoundError."""
    return datetime.combine(day, time(), tzinfo=ZoneInfo(zone)).astimezone(UTC)


def local_day(at: datetime, zone: str) -> date:
    """Promise: the day on the wall in that zone. Raises Malformed for a naive time."""
    if at.tzinfo is None:
        raise Malformed("time", at, "has no zone")
    return at.astimezone(ZoneInfo(zone)).date()
