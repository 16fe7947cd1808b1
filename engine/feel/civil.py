"""The proleptic Gregorian calendar for any year; Python's own ends at 9999 and begins at 1."""

from __future__ import annotations

YEAR_MAX = 999_999_999
_CUMULATIVE = (0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334)
_LENGTHS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def is_leap(year: int) -> bool:
    """Say whether the year has a 29 February."""
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def days_in_month(year: int, month: int) -> int:
    """Give the number of days of a month, 1 to 12."""
    return 29 if month == 2 and is_leap(year) else _LENGTHS[month - 1]  # noqa: PLR2004 - February


def is_date(year: int, month: int, day: int) -> bool:
    """Say whether such a day exists within FEEL's years."""
    if not -YEAR_MAX <= year <= YEAR_MAX or not 1 <= month <= 12:  # noqa: PLR2004 - months
        return False
    return 1 <= day <= days_in_month(year, month)


def day_of_year(year: int, month: int, day: int) -> int:
    """Count the days of the year up to and including this one."""
    leap_day = 1 if month > 2 and is_leap(year) else 0  # noqa: PLR2004 - after February
    return _CUMULATIVE[month - 1] + leap_day + day


def to_days(year: int, month: int, day: int) -> int:
    """Count days since 0000-12-31 (so 0001-01-01 is 1, as in Python's ordinals)."""
    before = year - 1
    return (
        before * 365 + before // 4 - before // 100 + before // 400 + day_of_year(year, month, day)
    )


def from_days(days: int) -> tuple[int, int, int]:
    """Give year, month and day of a count made by to_days."""
    cycle, rest = divmod(days - 1, 146_097)
    century = min(rest // 36_524, 3)
    rest -= century * 36_524
    olympiad, rest = divmod(rest, 1_461)
    single = min(rest // 365, 3)
    rest -= single * 365
    year = cycle * 400 + century * 100 + olympiad * 4 + single + 1
    month = 1
    while rest >= days_in_month(year, month):
        rest -= days_in_month(year, month)
        month += 1
    return year, month, rest + 1


def add_months(year: int, month: int, day: int, months: int) -> tuple[int, int, int]:
    """Move by whole months; a day that the month lacks becomes its last day."""
    count = year * 12 + month - 1 + months
    year, month = count // 12, count % 12 + 1
    return year, month, min(day, days_in_month(year, month))


def weekday(year: int, month: int, day: int) -> int:
    """Give the ISO day of the week, Monday 1 to Sunday 7."""
    return (to_days(year, month, day) - 1) % 7 + 1


def week_of_year(year: int, month: int, day: int) -> int:
    """Give the ISO 8601 week, 1 to 53."""
    thursday = to_days(year, month, day) - weekday(year, month, day) + 4
    of_year = from_days(thursday)
    return (day_of_year(*of_year) - 1) // 7 + 1
