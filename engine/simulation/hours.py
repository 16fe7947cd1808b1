"""Working hours: when people of an office are at work, and how long work takes them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from engine.domain.calendar import WorkingCalendar

if TYPE_CHECKING:
    from collections.abc import Iterator

_DAY: Final = timedelta(days=1)
#: days without work after which a calendar is called wrong
_IDLE_DAYS_MAX: Final = 366


class NeverWorked(ValueError):
    """A year passes without a working hour."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkingHours:
    """Hours of each working day in a zone (Perpres 21/2023: 37.5 hours a week with breaks)."""

    begins: time = time(7, 30)
    ends: time = time(16, 0)
    zone: str = "Asia/Jakarta"
    calendar: WorkingCalendar = field(default_factory=WorkingCalendar)

    def done_at(self, begun: datetime, takes: timedelta) -> datetime:
        """When work that begins then is done; `NeverWorked`."""
        left = takes
        for first, last in self._spans(begun):
            start = max(first, begun)
            if last - start >= left:
                return start + left
            left -= last - start
        raise NeverWorked

    def between(self, first: datetime, last: datetime) -> timedelta:
        """Working time from one moment to another."""
        total = timedelta()
        for begins, ends in self._spans(first):
            if begins >= last:
                break
            total += min(ends, last) - max(begins, first)
        return total

    def _spans(self, since: datetime) -> Iterator[tuple[datetime, datetime]]:
        """Times at work that end after a moment, as UTC."""
        zone = ZoneInfo(self.zone)
        day, idle = since.astimezone(zone).date(), 0
        while idle <= _IDLE_DAYS_MAX:
            first, last = self._on(day, zone)
            if self.calendar.is_working(day):
                idle = 0
                if last > since:
                    yield first, last
            else:
                idle += 1
            day += _DAY

    def _on(self, day: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
        first = datetime.combine(day, self.begins, zone).astimezone(UTC)
        return first, datetime.combine(day, self.ends, zone).astimezone(UTC)
