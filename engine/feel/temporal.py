"""FEEL's temporal values: date, time, date and time, and the two durations (DMN 1.5, 10.3.2.3)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from engine.feel import civil

NANOS = 1_000_000_000
DAY_SECONDS = 86_400
DAY_NANOS = DAY_SECONDS * NANOS


@lru_cache(maxsize=512)
def find_zone(name: str) -> ZoneInfo | None:
    """Give the time zone of an IANA name, or None if there is none."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


@dataclass(frozen=True, slots=True)
class FeelDate:
    """A day of the calendar; years reach from -999999999 to 999999999."""

    year: int
    month: int
    day: int

    def days(self) -> int:
        """Count days, so that dates can be compared and subtracted."""
        return civil.to_days(self.year, self.month, self.day)

    def plus_months(self, months: int) -> FeelDate:
        """Move by months, clipped to the end of the month."""
        return FeelDate(*civil.add_months(self.year, self.month, self.day, months))

    def __str__(self) -> str:
        sign = "-" if self.year < 0 else ""
        return f"{sign}{abs(self.year):04d}-{self.month:02d}-{self.day:02d}"


@dataclass(frozen=True, slots=True)
class FeelTime:
    """A time of day; `offset` in seconds east, or `zone` an IANA name, or neither (local)."""

    hour: int
    minute: int
    second: int
    nano: int = 0
    offset: int | None = None
    zone: str | None = None

    def nanos(self) -> int:
        """Count nanoseconds since the local midnight."""
        return ((self.hour * 60 + self.minute) * 60 + self.second) * NANOS + self.nano

    def __str__(self) -> str:
        fraction = f".{self.nano:09d}".rstrip("0") if self.nano else ""
        return f"{self.hour:02d}:{self.minute:02d}:{self.second:02d}{fraction}{self.zone_text()}"

    def zone_text(self) -> str:
        """Print the zone: nothing, Z, an offset, or @ and the zone's name."""
        if self.zone is not None:
            return f"@{self.zone}"
        if self.offset is None:
            return ""
        if self.offset == 0:
            return "Z"
        minutes, seconds = divmod(abs(self.offset), 60)
        tail = f":{seconds:02d}" if seconds else ""
        return f"{'-' if self.offset < 0 else '+'}{minutes // 60:02d}:{minutes % 60:02d}{tail}"


def time_of_nanos(nanos: int, like: FeelTime) -> FeelTime:
    """Make the time that stands `nanos` after midnight, in the zone of `like`."""
    seconds, nano = divmod(nanos % DAY_NANOS, NANOS)
    hour, rest = divmod(seconds, 3600)
    return FeelTime(hour, rest // 60, rest % 60, nano, like.offset, like.zone)


@dataclass(frozen=True, slots=True)
class FeelDateTime:
    """A date and a time; an instant if the time has an offset or zone, else local."""

    date: FeelDate
    time: FeelTime

    def local_nanos(self) -> int:
        """Count nanoseconds by the wall clock, whatever the zone."""
        return self.date.days() * DAY_NANOS + self.time.nanos()

    def offset(self) -> int | None:
        """Give the seconds east of UTC on that day, None if local."""
        return offset_on(self.date, self.time)

    def instant(self) -> int:
        """Count nanoseconds of the instant; a local value counts as UTC."""
        return self.local_nanos() - (self.offset() or 0) * NANOS

    def __str__(self) -> str:
        return f"{self.date}T{self.time}"


def offset_on(date: FeelDate, time: FeelTime) -> int | None:
    """Give the seconds east of UTC of a time on a date, by the wall clock."""
    if time.offset is not None or time.zone is None:
        return time.offset
    zone = find_zone(time.zone)
    return None if zone is None else _seconds(_python(date, time, zone).utcoffset())


def _python(date: FeelDate, time: FeelTime, zone: dt.tzinfo) -> dt.datetime:
    """Make Python's value; a year beyond its calendar becomes one with the same days."""
    year = date.year if 1 < date.year < 9999 else 2000 + date.year % 400  # noqa: PLR2004
    return dt.datetime(year, date.month, date.day, time.hour, time.minute, time.second, tzinfo=zone)


def _seconds(delta: dt.timedelta | None) -> int | None:
    return None if delta is None else int(delta.total_seconds())


def datetime_at(instant: int, like: FeelTime) -> FeelDateTime:
    """Make the date and time of an instant, in the zone of `like`."""
    zone = find_zone(like.zone) if like.zone is not None else None
    if zone is None:
        return datetime_of_nanos(instant + (like.offset or 0) * NANOS, like)
    utc = datetime_of_nanos(instant, like)
    offset = _python(utc.date, utc.time, dt.UTC).astimezone(zone).utcoffset()
    return datetime_of_nanos(instant + (_seconds(offset) or 0) * NANOS, like)


def datetime_of_nanos(nanos: int, like: FeelTime) -> FeelDateTime:
    """Make the date and time of a wall clock count, in the zone of `like`."""
    days, rest = divmod(nanos, DAY_NANOS)
    return FeelDateTime(FeelDate(*civil.from_days(days)), time_of_nanos(rest, like))


@dataclass(frozen=True, slots=True, order=True)
class DayTimeDuration:
    """A days and time duration, counted in nanoseconds."""

    nanos: int

    def __str__(self) -> str:
        if self.nanos == 0:
            return "PT0S"
        seconds, nano = divmod(abs(self.nanos), NANOS)
        days, rest = divmod(seconds, DAY_SECONDS)
        hours, minutes, second = rest // 3600, rest // 60 % 60, rest % 60
        clock = (f"{hours}H" if hours else "") + (f"{minutes}M" if minutes else "")
        if second or nano:
            fraction = f".{nano:09d}".rstrip("0") if nano else ""
            clock += f"{second}{fraction}S"
        sign = "-" if self.nanos < 0 else ""
        return f"{sign}P{f'{days}D' if days else ''}{f'T{clock}' if clock else ''}"


@dataclass(frozen=True, slots=True, order=True)
class YearMonthDuration:
    """A years and months duration, counted in months."""

    months: int

    def __str__(self) -> str:
        if self.months == 0:
            return "P0M"
        years, months = divmod(abs(self.months), 12)
        sign = "-" if self.months < 0 else ""
        return f"{sign}P{f'{years}Y' if years else ''}{f'{months}M' if months else ''}"
