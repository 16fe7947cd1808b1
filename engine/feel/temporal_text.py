"""Read FEEL's temporal values from ISO text; None means that the text is not such a value."""

from __future__ import annotations

import re
from typing import Final

from engine.feel import civil
from engine.feel.temporal import (
    NANOS,
    DayTimeDuration,
    FeelDate,
    FeelDateTime,
    FeelTime,
    YearMonthDuration,
    find_zone,
)

_DATE: Final = re.compile(r"(-?(?:[1-9][0-9]{4,8}|[0-9]{4}))-([0-9]{2})-([0-9]{2})")
_TIME: Final = re.compile(
    r"([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\.([0-9]{1,9})[0-9]*)?"
    r"(?:(Z|z)|([+-])([0-9]{2}):([0-9]{2})(?::([0-9]{2}))?|@([A-Za-z0-9_+/-]+))?"
)
_DAYS: Final = re.compile(
    r"(-)?P(?:([0-9]+)D)?(?:T(?:([0-9]+)H)?(?:([0-9]+)M)?(?:([0-9]+)(?:\.([0-9]{0,9})[0-9]*)?S)?)?"
)
_MONTHS: Final = re.compile(r"(-)?P(?:([0-9]+)Y)?(?:([0-9]+)M)?")
_OFFSET_HOURS = 18
_DURATION_DIGITS = 18


def parse_date(text: str) -> FeelDate | None:
    """Read `2026-11-21`; years of more than four digits carry no leading zero."""
    match = _DATE.fullmatch(text)
    if match is None:
        return None
    year, month, day = (int(part) for part in match.groups())
    return FeelDate(year, month, day) if civil.is_date(year, month, day) else None


def parse_time(text: str) -> FeelTime | None:
    """Read `10:30:00`, with a fraction, and with `Z`, an offset or `@` and a zone's name."""
    match = _TIME.fullmatch(text)
    if match is None:
        return None
    hour, minute, second = (int(match[i]) for i in (1, 2, 3))
    if hour > 23 or minute > 59 or second > 59:  # noqa: PLR2004 - a clock
        return None
    nano = int((match[4] or "0").ljust(9, "0"))
    if match[10] is not None:
        zone = match[10]
        return FeelTime(hour, minute, second, nano, None, zone) if find_zone(zone) else None
    if match[5] is not None:
        return FeelTime(hour, minute, second, nano, 0)
    if match[6] is None:
        return FeelTime(hour, minute, second, nano)
    offset = _read_offset(match)
    return None if offset is None else FeelTime(hour, minute, second, nano, offset)


def _read_offset(match: re.Match[str]) -> int | None:
    hours, minutes, seconds = int(match[7]), int(match[8]), int(match[9] or 0)
    if minutes > 59 or seconds > 59 or hours > _OFFSET_HOURS:  # noqa: PLR2004 - a clock
        return None
    if hours == _OFFSET_HOURS and (minutes or seconds):
        return None
    offset = hours * 3600 + minutes * 60 + seconds
    return -offset if match[6] == "-" else offset


def parse_date_time(text: str) -> FeelDateTime | None:
    """Read `2026-11-21T10:30:00+07:00`; a date alone is midnight, local."""
    date_text, mark, time_text = text.partition("T")
    date = parse_date(date_text)
    if date is None:
        return None
    if not mark:
        return FeelDateTime(date, FeelTime(0, 0, 0))
    if time_text.startswith("24:00:00"):
        time = parse_time("00" + time_text[2:])
        if time is None or time.nano:
            return None
        return FeelDateTime(FeelDate(*civil.from_days(date.days() + 1)), time)
    time = parse_time(time_text)
    return None if time is None else FeelDateTime(date, time)


def parse_duration(text: str) -> DayTimeDuration | YearMonthDuration | None:
    """Read `P1DT2H` or `P1Y2M`; a text that mixes months and days is none."""
    months = _MONTHS.fullmatch(text)
    if months is not None and (months[2] or months[3]):
        return _months_of(months)
    match = _DAYS.fullmatch(text)
    if match is None or text.endswith(("T", "P")):
        return None
    if any(len(part or "") > _DURATION_DIGITS for part in match.groups()):
        return None
    days, hours, minutes, seconds = (int(match[i] or 0) for i in (2, 3, 4, 5))
    nano = int((match[6] or "0").ljust(9, "0"))
    total = (((days * 24 + hours) * 60 + minutes) * 60 + seconds) * NANOS + nano
    return DayTimeDuration(-total if match[1] else total)


def _months_of(match: re.Match[str]) -> YearMonthDuration | None:
    if any(len(part or "") > _DURATION_DIGITS for part in match.groups()):
        return None
    total = int(match[2] or 0) * 12 + int(match[3] or 0)
    return YearMonthDuration(-total if match[1] else total)


def parse_temporal(
    text: str,
) -> FeelDate | FeelTime | FeelDateTime | DayTimeDuration | YearMonthDuration | None:
    """Read any temporal text, as an `@` literal does."""
    if text.startswith(("P", "-P")):
        return parse_duration(text)
    if "T" in text.partition("@")[0]:
        return parse_date_time(text)
    return parse_date(text) or parse_time(text)
