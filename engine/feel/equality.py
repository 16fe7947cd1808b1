"""Equality and order of FEEL values (DMN 1.5, 10.3.2.2 and table 53); None where undefined."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Final

from engine.feel.temporal import (
    NANOS,
    DayTimeDuration,
    FeelDate,
    FeelDateTime,
    FeelTime,
    YearMonthDuration,
    offset_on,
)
from engine.feel.values import FUNCTIONS, UNBOUNDED, NotEqual, Range, norm, number_text

#: Any day serves to ask a named zone for the offset of a mere time; this one is without summer.
_REFERENCE_DAY: Final = FeelDate(2000, 1, 1)
_PLAIN: Final = frozenset({Decimal, str})
_DURATIONS: Final = frozenset({DayTimeDuration, YearMonthDuration})


def equal(left: Any, right: Any) -> bool | None:
    """Say whether two values are equal; None if they are of different kinds."""
    left, right = norm(left), norm(right)
    kind = left.__class__
    if left is None or right is None:
        return left is right
    if kind is not right.__class__:
        return _equal_functions(left, right)
    if kind in _PLAIN or kind is bool or kind in _DURATIONS:
        return bool(left == right)
    if kind is list:
        return _equal_lists(left, right)
    if kind is dict:
        return _equal_contexts(left, right)
    if kind is Range:
        return _equal_ranges(left, right)
    if kind is NotEqual:
        return equal(left.value, right.value)
    if isinstance(left, FUNCTIONS):
        return left is right
    order = compare(left, right)
    return None if order is None else order == 0


def _equal_functions(left: Any, right: Any) -> bool | None:
    both = isinstance(left, FUNCTIONS) and isinstance(right, FUNCTIONS)
    return False if both else None


def _equal_lists(left: list[Any], right: list[Any]) -> bool | None:
    if len(left) != len(right):
        return False
    return all(equal(a, b) is True for a, b in zip(left, right, strict=True))


def _equal_contexts(left: dict[str, Any], right: dict[str, Any]) -> bool:
    if left.keys() != right.keys():
        return False
    return all(equal(value, right[key]) is True for key, value in left.items())


def _equal_ranges(left: Range, right: Range) -> bool:
    same_bounds = (left.low_included, left.high_included) == (
        right.low_included,
        right.high_included,
    )
    return same_bounds and _equal_end(left.low, right.low) and _equal_end(left.high, right.high)


def _equal_end(left: Any, right: Any) -> bool:
    if left is UNBOUNDED or right is UNBOUNDED:
        return left is right
    return equal(left, right) is True


def compare(left: Any, right: Any) -> int | None:
    """Order two values: -1, 0 or 1; None if they have no order."""
    kind = left.__class__
    if kind is not right.__class__:
        return None
    if kind in _PLAIN:
        return int(left > right) - int(left < right)
    if kind is DayTimeDuration:
        return _sign(left.nanos - right.nanos)
    if kind is YearMonthDuration:
        return _sign(left.months - right.months)
    if kind is FeelDate:
        return _sign(left.days() - right.days())
    if kind is FeelTime:
        return _compare_times(left, right)
    if kind is FeelDateTime:
        return _compare_instants(left, right)
    return None


def _sign(difference: int) -> int:
    return (difference > 0) - (difference < 0)


def _compare_times(left: FeelTime, right: FeelTime) -> int | None:
    one, other = offset_on(_REFERENCE_DAY, left), offset_on(_REFERENCE_DAY, right)
    if (one is None) != (other is None):
        return None
    shift = ((one or 0) - (other or 0)) * NANOS
    return _sign(left.nanos() - right.nanos() - shift)


def _compare_instants(left: FeelDateTime, right: FeelDateTime) -> int | None:
    if (left.offset() is None) != (right.offset() is None):
        return None
    return _sign(left.instant() - right.instant())


def includes(values: Range | NotEqual, value: Any) -> bool | None:
    """Say whether a range holds a value; None if they cannot be compared."""
    if isinstance(values, NotEqual):
        same = equal(values.value, value)
        return None if same is None else not same
    above = _beyond(value, values.low, included=values.low_included, sign=1)
    below = _beyond(value, values.high, included=values.high_included, sign=-1)
    if above is None or below is None:
        return None
    return above and below


def _beyond(value: Any, end: Any, *, included: bool, sign: int) -> bool | None:
    if end is UNBOUNDED:
        return True
    order = compare(value, end)
    if order is None:
        return None
    return included if order == 0 else order == sign


def meets(value: Any, test: Any) -> bool | None:
    """Say whether a value meets a test value: equal to it, inside the range, or in the list."""
    kind = test.__class__
    if kind is Range or kind is NotEqual:
        return equal(value, test) if value.__class__ is kind else includes(test, value)
    if kind is not list:
        return equal(value, test)
    if value.__class__ is list and equal(value, test) is True:
        return True
    results = [_meets_item(value, norm(item)) for item in test]
    return any(result is True for result in results)


def _meets_item(value: Any, item: Any) -> bool | None:
    if item.__class__ is Range or item.__class__ is NotEqual:
        return includes(item, value)
    return equal(value, item)


def text_of(value: Any) -> str:
    """Print a value as `string(value)` does."""
    value = norm(value)
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return number_text(value)
    if isinstance(value, list):
        return f"[{', '.join(map(_quoted, value))}]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_key(k)}: {_quoted(v)}" for k, v in value.items()) + "}"
    if isinstance(value, FUNCTIONS):
        return f"function {value.name}"
    return str(value)


def _key(key: str) -> str:
    return key if key.replace("_", "a").replace(" ", "a").isalnum() else f'"{key}"'


def _quoted(value: Any) -> str:
    if isinstance(value, str):
        escaped = value.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{escaped}"'
    return text_of(value)
