"""Built-ins on ranges and points (DMN 1.5, 10.3.4.10, table 78) and `range`."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from engine.feel.equality import compare
from engine.feel.errors import Fault
from engine.feel.signatures import builtin
from engine.feel.values import UNBOUNDED, Range

if TYPE_CHECKING:
    from engine.feel.run import Run

Relation = Callable[[Range, Range], bool]


def order(left: Any, right: Any) -> int:
    """Order two values; Fault if they have no order."""
    result = compare(left, right)
    if result is None:
        raise Fault("the values have no order")
    return result


def low_order(left: Range, right: Range) -> int:
    """Order two starts: an open one lies behind a closed one at the same value."""
    if left.low is UNBOUNDED or right.low is UNBOUNDED:
        return (left.low is not UNBOUNDED) - (right.low is not UNBOUNDED)
    return order(left.low, right.low) or int(right.low_included) - int(left.low_included)


def high_order(left: Range, right: Range) -> int:
    """Order two ends: an open one lies before a closed one at the same value."""
    if left.high is UNBOUNDED or right.high is UNBOUNDED:
        return (right.high is not UNBOUNDED) - (left.high is not UNBOUNDED)
    return order(left.high, right.high) or int(left.high_included) - int(right.high_included)


def precedes(left: Range, right: Range) -> bool:
    """Say whether the left one ends before the right one starts."""
    if left.high is UNBOUNDED or right.low is UNBOUNDED:
        return False
    gap = order(left.high, right.low)
    return gap < 0 or (gap == 0 and not (left.high_included and right.low_included))


def _touch(left: Range, right: Range) -> bool:
    if left.high is UNBOUNDED or right.low is UNBOUNDED:
        return False
    return left.high_included and right.low_included and order(left.high, right.low) == 0


def _overlap(left: Range, right: Range) -> bool:
    return not precedes(left, right) and not precedes(right, left)


def _overlaps_before(left: Range, right: Range) -> bool:
    return _overlap(left, right) and low_order(left, right) < 0 and high_order(left, right) <= 0


def _within(inner: Range, outer: Range) -> bool:
    return low_order(outer, inner) <= 0 and high_order(inner, outer) <= 0


def _starts(inner: Range, outer: Range) -> bool:
    return low_order(inner, outer) == 0 and high_order(inner, outer) <= 0


def _finishes(inner: Range, outer: Range) -> bool:
    return high_order(inner, outer) == 0 and low_order(outer, inner) <= 0


def _as_range(value: Any) -> Range:
    if isinstance(value, Range):
        return value
    if value is None:
        raise Fault("a point or range is null")
    return Range(value, value, low_included=True, high_included=True)


def _relate(name: str, pairs: str, relation: Relation) -> None:
    """Register a relation; `pairs` are the names that its two parameters may have.

    What is named after a range must be one in every pair; a point elsewhere counts as a range.
    """
    named = [tuple(pair.split(", ")) for pair in pairs.split(" | ")]
    must = tuple(all(pair[n].startswith("range") for pair in named) for n in (0, 1))

    def related(_run: Run, left: Any, right: Any) -> bool:
        for parameter, value, needed in zip(named[0], (left, right), must, strict=True):
            if needed and not isinstance(value, Range):
                raise Fault(f"{name}: {parameter} is no range")
        return relation(_as_range(left), _as_range(right))

    for one, other in named:
        builtin(name, f"{one}: any, {other}: any")(related)


_ANY_TWO = "point1, point2 | point, range | range, point | range1, range2"
_IN_RANGE = "point, range | range1, range2"
_HAS_POINT = "range, point | range1, range2"
_RANGES = "range1, range2"

_relate("before", _ANY_TWO, precedes)
_relate("after", _ANY_TWO, lambda a, b: precedes(b, a))
_relate("meets", _RANGES, _touch)
_relate("met by", _RANGES, lambda a, b: _touch(b, a))
_relate("overlaps", _RANGES, _overlap)
_relate("overlaps before", _RANGES, _overlaps_before)
_relate("overlaps after", _RANGES, lambda a, b: _overlaps_before(b, a))
_relate("finishes", _IN_RANGE, _finishes)
_relate("finished by", _HAS_POINT, lambda a, b: _finishes(b, a))
_relate("includes", _HAS_POINT, lambda a, b: _within(b, a))
_relate("during", _IN_RANGE, _within)
_relate("starts", _IN_RANGE, _starts)
_relate("started by", _HAS_POINT, lambda a, b: _starts(b, a))
_relate(
    "coincides",
    "point1, point2 | range1, range2",
    lambda a, b: low_order(a, b) == 0 and high_order(a, b) == 0,
)
