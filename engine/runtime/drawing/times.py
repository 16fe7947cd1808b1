"""Literal ISO 8601 times of a drawing: what is wrong with them, in a sentence."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from cronsim import CronSim, CronSimError

_DURATION = re.compile(
    r"P(?=.)(\d+Y)?(\d+M)?(\d+W)?(\d+D)?(T(?=.)(\d+H)?(\d+M)?(\d+([.,]\d+)?S)?)?"
)
_ZONED = re.compile(r"(?P<moment>[^\[]+)\[(?P<zone>[^\]]+)\]")
_CYCLE = re.compile(r"R(?P<count>\d*)/(?:(?P<start>[^/]+)/)?(?P<interval>P[^/]+)")


def duration_fault(text: str) -> str | None:
    """What is wrong with a duration such as PT1H or P14D; None: nothing."""
    if _DURATION.fullmatch(text):
        return None
    return f"'{text}' is no ISO 8601 duration such as PT1H or P14D, nor FEEL beginning with '='."


def date_fault(text: str) -> str | None:
    """What is wrong with a date and time; it needs an offset or a zone. None: nothing."""
    zoned = _ZONED.fullmatch(text)
    bare = zoned["moment"] if zoned else text
    try:
        moment = datetime.fromisoformat(bare)
        if zoned:
            ZoneInfo(zoned["zone"])
    except (ValueError, ZoneInfoNotFoundError):
        return (
            f"'{text}' is no ISO 8601 date and time such as 2026-12-31T17:00:00+07:00, "
            "nor FEEL beginning with '='."
        )
    if moment.tzinfo is None and not zoned:
        return f"'{text}' has no offset: write it as {bare}+07:00 or with Z."
    return None


def cycle_fault(text: str) -> str | None:
    """What is wrong with a cycle, R3/PT1H or cron; None: nothing."""
    cycle = _CYCLE.fullmatch(text)
    if cycle is None:
        return None if _is_cron(text) else _no_cycle(text)
    if cycle["start"] is not None:
        fault = date_fault(cycle["start"])
        if fault is not None:
            return fault
    if not re.search(r"[1-9]", cycle["interval"]):
        return f"The cycle '{text}' has an interval of nothing."
    return duration_fault(cycle["interval"])


def _is_cron(text: str) -> bool:
    try:
        CronSim(text, datetime(2026, 1, 1, tzinfo=UTC))
    except (CronSimError, ValueError):
        return False
    return True


def _no_cycle(text: str) -> str:
    return (
        f"'{text}' is neither a cycle such as R3/PT1H nor a cron line such as 0 7 * * 1-5, "
        "nor FEEL beginning with '='."
    )


def readable(text: str) -> bool:
    """Whether a text is an ISO 8601 time of any form, with or without an offset, or cron."""
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return None in (duration_fault(text), date_fault(text), cycle_fault(text))
    return True
