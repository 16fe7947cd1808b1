"""Figures as people read them, and as JSON values."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from engine.simulation.figures import ElementFigures, Figures, Spread

_HOUR: Final = timedelta(hours=1)
_DAY: Final = timedelta(days=1)


def hours_of(length: timedelta) -> str:
    """Minutes, hours or days, whichever says most."""
    if length < _HOUR:
        return f"{length / timedelta(minutes=1):.0f} min"
    if length < 2 * _DAY:
        return f"{length / _HOUR:.1f} h"
    return f"{length / _DAY:.1f} d"


def percent_of(part: timedelta, whole: timedelta) -> str:
    """A share in per cent."""
    return f"{part / whole:.0%}" if whole else "0%"


def lines(figures: Figures) -> Iterator[str]:
    """A table for a terminal."""
    left = figures.started - figures.ended
    yield (
        f"{figures.process_id}: {figures.started} started, {figures.ended} ended, "
        f"{left} left, {figures.failed} with incidents"
    )
    if figures.lasted.count:
        yield f"an instance lasts {_spread(figures.lasted)}"
    for element, times in figures.incidents:
        yield f"  incident at {element}: {times}"
    for why, times in figures.refusals:
        yield f"  refused {times} times: {why}"
    yield f"{'element':32} {'role':16} {'count':>6} {'waits p50':>10} {'p90':>8} {'works':>8}"
    for one in sorted(figures.elements, key=_total_wait):
        yield (
            f"{one.element_id[:32]:32} {(one.role or '-')[:16]:16} {one.worked.count:>6} "
            f"{hours_of(one.waited.median):>10} {hours_of(one.waited.p90):>8} "
            f"{hours_of(one.worked.mean):>8}"
        )
    yield f"{'role':16} {'week of':12} {'busy':>6} {'waiting at most':>16}"
    for row in figures.weeks:
        busy = percent_of(row.busy, row.available)
        yield f"{row.role[:16]:16} {row.week:12} {busy:>6} {row.queue_most:>16}"


def _total_wait(one: ElementFigures) -> tuple[timedelta, str]:
    return -(one.waited.mean * one.waited.count), one.element_id


def _spread(one: Spread) -> str:
    return f"{hours_of(one.median)} in the middle, {hours_of(one.p90)} at the 90th percentile"


def as_json(figures: Figures) -> Mapping[str, Any]:
    """All figures; lengths in seconds."""
    return {
        "process": figures.process_id,
        "started": figures.started,
        "ended": figures.ended,
        "failed": figures.failed,
        "incidents": dict(figures.incidents),
        "refusals": dict(figures.refusals),
        "lasted_s": _seconds(figures.lasted),
        "elements": [
            {
                "element": one.element_id,
                "name": one.name,
                "role": one.role,
                "waited_s": _seconds(one.waited),
                "worked_s": _seconds(one.worked),
                "lasted_s": _seconds(one.lasted),
                "withdrawn": one.withdrawn,
            }
            for one in figures.elements
        ],
        "bottlenecks": [one.element_id for one in figures.bottlenecks],
        "weeks": [
            {
                "role": row.role,
                "week": row.week,
                "busy_s": row.busy.total_seconds(),
                "available_s": row.available.total_seconds(),
                "queue_most": row.queue_most,
            }
            for row in figures.weeks
        ],
        "flows": dict(figures.flows),
        "until": figures.until.isoformat(),
    }


def _seconds(one: Spread) -> Mapping[str, float]:
    return {
        "count": one.count,
        "mean": one.mean.total_seconds(),
        "median": one.median.total_seconds(),
        "p90": one.p90.total_seconds(),
        "most": one.most.total_seconds(),
    }
