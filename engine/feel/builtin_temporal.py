"""Built-ins for dates, times and durations (DMN 1.5, 10.3.4.1, 10.3.4.8 and 10.3.4.11)."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Final

from engine.feel import civil
from engine.feel.errors import Fault
from engine.feel.signatures import builtin
from engine.feel.temporal import (
    NANOS,
    DayTimeDuration,
    FeelDate,
    FeelDateTime,
    FeelTime,
    YearMonthDuration,
    datetime_at,
)
from engine.feel.temporal_text import parse_date, parse_date_time, parse_duration, parse_time
from engine.feel.values import nanos_of, norm

if TYPE_CHECKING:
    from engine.feel.run import Run

_DAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS: Final = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip
_OFFSET_MAX: Final = 18 * 3600 * NANOS


@builtin("date", "from: string|date|datetime")
def date(_run: Run, value: str | FeelDate | FeelDateTime) -> FeelDate:
    """Read a date, or take that of a date and time."""
    if isinstance(value, FeelDateTime):
        return value.date
    if isinstance(value, FeelDate):
        return value
    read = parse_date(value)
    if read is None:
        raise Fault(f"'{value}' is no date")
    return read


@builtin("date", "year: number, month: number, day: number")
def date_of(_run: Run, year: Decimal, month: Decimal, day: Decimal) -> FeelDate:
    """Make a date of its parts."""
    parts = tuple(_whole(part) for part in (year, month, day))
    if not civil.is_date(*parts):
        raise Fault("there is no such date")
    return FeelDate(*parts)


def _whole(value: Decimal) -> int:
    if value != value.to_integral_value() or abs(value) > civil.YEAR_MAX:
        raise Fault(f"{value} is no whole number in range")
    return int(value)


@builtin("time", "from: string|time|datetime|date")
def time(_run: Run, value: str | FeelTime | FeelDateTime | FeelDate) -> FeelTime:
    """Read a time, or take that of a date and time."""
    if isinstance(value, FeelDateTime):
        return value.time
    if isinstance(value, FeelDate):
        return FeelTime(0, 0, 0, 0, 0)
    if isinstance(value, FeelTime):
        return value
    read = parse_time(value)
    if read is None:
        raise Fault(f"'{value}' is no time")
    return read


@builtin("time", "hour: number, minute: number, second: number, offset: daytime|null?")
def time_of(
    _run: Run,
    hour: Decimal,
    minute: Decimal,
    second: Decimal,
    offset: DayTimeDuration | None = None,
) -> FeelTime:
    """Make a time of its parts."""
    hours, minutes = _whole(hour), _whole(minute)
    if not (0 <= hours < 24 and 0 <= minutes < 60 and 0 <= second < 60):  # noqa: PLR2004
        raise Fault("there is no such time")
    if offset is not None and (abs(offset.nanos) > _OFFSET_MAX or offset.nanos % NANOS):
        raise Fault("there is no such offset")
    nano = nanos_of(second % 1)
    east = None if offset is None else offset.nanos // NANOS
    return FeelTime(hours, minutes, int(second), nano, east)


@builtin("date and time", "from: string|datetime|date")
def date_and_time(_run: Run, value: str | FeelDateTime | FeelDate) -> FeelDateTime:
    """Read a date and time."""
    if isinstance(value, FeelDateTime):
        return value
    if isinstance(value, FeelDate):
        return FeelDateTime(value, FeelTime(0, 0, 0, 0, 0))
    read = parse_date_time(value)
    if read is None:
        raise Fault(f"'{value}' is no date and time")
    return read


@builtin("date and time", "date: date|datetime, time: time")
def date_and_time_of(_run: Run, day: FeelDate | FeelDateTime, clock: FeelTime) -> FeelDateTime:
    """Join a date and a time."""
    return FeelDateTime(day.date if isinstance(day, FeelDateTime) else day, clock)


@builtin("date and time", "date: date|datetime, timezone: string")
def date_and_time_in(_run: Run, day: FeelDate | FeelDateTime, zone: str) -> FeelDateTime:
    """Give the same instant in another zone."""
    return _in_zone(day if isinstance(day, FeelDateTime) else date_and_time(_run, day), zone)


def _in_zone(value: FeelDateTime, zone: str) -> FeelDateTime:
    read = parse_time(f"00:00:00@{zone}") or parse_time(f"00:00:00{zone}")
    if read is None or value.offset() is None:
        raise Fault(f"cannot move the value to the zone '{zone}'")
    return datetime_at(value.instant(), read)


@builtin("duration", "from: string|daytime|yearmonth")
def duration(
    _run: Run, value: str | DayTimeDuration | YearMonthDuration
) -> DayTimeDuration | YearMonthDuration:
    """Read a duration."""
    if not isinstance(value, str):
        return value
    read = parse_duration(value)
    if read is None:
        raise Fault(f"'{value}' is no duration")
    return read


@builtin("years and months duration", "from: date|datetime, to: date|datetime")
def months_between(
    _run: Run, start: FeelDate | FeelDateTime, end: FeelDate | FeelDateTime
) -> YearMonthDuration:
    """Count the whole months from one day to another."""
    one = start.date if isinstance(start, FeelDateTime) else start
    other = end.date if isinstance(end, FeelDateTime) else end
    months = (other.year - one.year) * 12 + other.month - one.month
    if months > 0 and other.day < one.day:
        months -= 1
    elif months < 0 and other.day > one.day:
        months += 1
    return YearMonthDuration(months)


def _day(value: FeelDate | FeelDateTime) -> tuple[int, int, int]:
    day = value.date if isinstance(value, FeelDateTime) else value
    return day.year, day.month, day.day


@builtin("day of year", "date: date|datetime")
def day_of_year(_run: Run, value: FeelDate | FeelDateTime) -> Decimal:
    """Count the day in its year."""
    return Decimal(civil.day_of_year(*_day(value)))


@builtin("day of week", "date: date|datetime")
def day_of_week(_run: Run, value: FeelDate | FeelDateTime) -> str:
    """Name the day of the week, in English."""
    return _DAYS[civil.weekday(*_day(value)) - 1]


@builtin("month of year", "date: date|datetime")
def month_of_year(_run: Run, value: FeelDate | FeelDateTime) -> str:
    """Name the month, in English."""
    return _MONTHS[_day(value)[1] - 1]


@builtin("week of year", "date: date|datetime")
def week_of_year(_run: Run, value: FeelDate | FeelDateTime) -> Decimal:
    """Count the ISO week in its year."""
    return Decimal(civil.week_of_year(*_day(value)))


@builtin("now", "")
def now(run: Run) -> FeelDateTime:
    """Give the host's instant, `$now` of the scope; this package reads no clock."""
    value = norm(run.scope.get("$now"))
    if not isinstance(value, FeelDateTime) or value.offset() is None:
        raise Fault("the host gave no time ($now)")
    return value


@builtin("today", "")
def today(run: Run) -> FeelDate:
    """Give the day of the host's instant in its own zone."""
    return now(run).date
