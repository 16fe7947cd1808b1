"""Equality and order of FEEL values (DMN 1.5, 10.3.2.2 and table 53); None where undefined."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from engine.feel import limits
from engine.feel.run import Run, spend
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

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

#: Any day serves to ask a named zone for the offset of a mere time; this one is without summer.
_REFERENCE_DAY: Final = FeelDate(2000, 1, 1)
_PLAIN: Final = frozenset({Decimal, str})


def equal(left: Any, right: Any, run: Run | None = None) -> bool | None:
    """Say whether two values are equal; None if they are of different kinds."""
    left, right = norm(left), norm(right)
    kind = left.__class__
    if left is None or right is None:
        return left is right
    if kind is not right.__class__:
        return _equal_functions(left, right)
    shape = _EQUALITIES.get(kind)
    if shape is not None:
        return shape(left, right, run)
    order = compare(left, right)
    return None if order is None else order == 0


def _equal_functions(left: Any, right: Any) -> bool | None:
    both = isinstance(left, FUNCTIONS) and isinstance(right, FUNCTIONS)
    return False if both else None


def _equal_lists(left: list[Any], right: list[Any], run: Run | None = None) -> bool | None:
    if len(left) != len(right):
        return False
    spend(run, len(left))
    return all(equal(a, b, run) is True for a, b in zip(left, right, strict=True))


def _equal_contexts(left: dict[str, Any], right: dict[str, Any], run: Run | None = None) -> bool:
    if left.keys() != right.keys():
        return False
    spend(run, len(left))
    return all(equal(value, right[key], run) is True for key, value in left.items())


def _equal_ranges(left: Range, right: Range, run: Run | None = None) -> bool:
    same_bounds = (left.low_included, left.high_included) == (
        right.low_included,
        right.high_included,
    )
    return (
        same_bounds
        and _equal_end(left.low, right.low, run)
        and _equal_end(left.high, right.high, run)
    )


def _equal_end(left: Any, right: Any, run: Run | None = None) -> bool:
    if left is UNBOUNDED or right is UNBOUNDED:
        return left is right
    return equal(left, right, run) is True


def compare(left: Any, right: Any) -> int | None:
    """Order two values: -1, 0 or 1; None if they have no order."""
    kind = left.__class__
    if kind is not right.__class__:
        return None
    if kind in _PLAIN:
        return int(left > right) - int(left < right)
    order = _ORDERS.get(kind)
    return None if order is None else order(left, right)


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


def _same(left: Any, right: Any, _run: Run | None) -> bool:
    return bool(left == right)


def _identical(left: Any, right: Any, _run: Run | None) -> bool:
    return left is right


_EQUALITIES: Final[dict[type, Callable[[Any, Any, Run | None], bool | None]]] = {
    Decimal: _same,
    str: _same,
    bool: _same,
    DayTimeDuration: _same,
    YearMonthDuration: _same,
    list: _equal_lists,
    dict: _equal_contexts,
    Range: _equal_ranges,
    NotEqual: lambda left, right, run: equal(left.value, right.value, run),
    **dict.fromkeys(FUNCTIONS, _identical),
}
_ORDERS: Final[dict[type, Callable[[Any, Any], int | None]]] = {
    DayTimeDuration: lambda left, right: _sign(left.nanos - right.nanos),
    YearMonthDuration: lambda left, right: _sign(left.months - right.months),
    FeelDate: lambda left, right: _sign(left.days() - right.days()),
    FeelTime: _compare_times,
    FeelDateTime: _compare_instants,
}


def includes(values: Range | NotEqual, value: Any, run: Run | None = None) -> bool | None:
    """Say whether a range holds a value; None if they cannot be compared."""
    if isinstance(values, NotEqual):
        same = equal(values.value, value, run)
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


def meets(value: Any, test: Any, run: Run | None = None) -> bool | None:
    """Say whether a value meets a test value: equal to it, inside the range, or in the list."""
    kind = test.__class__
    if kind is Range or kind is NotEqual:
        same = value.__class__ is kind
        return equal(value, test, run) if same else includes(test, value, run)
    if kind is not list:
        return equal(value, test, run)
    if value.__class__ is list and equal(value, test, run) is True:
        return True
    results = [_meets_item(value, norm(item), run) for item in test]
    return any(result is True for result in results)


def _meets_item(value: Any, item: Any, run: Run | None = None) -> bool | None:
    if item.__class__ is Range or item.__class__ is NotEqual:
        return includes(item, value, run)
    return equal(value, item, run)


def text_of(value: Any, run: Run | None = None) -> str:
    """Print a value as `string(value)` does."""
    value = norm(value)
    if value is None:
        return "null"
    print_kind = _TEXTS.get(value.__class__)
    return str(value) if print_kind is None else print_kind(value, run)


def _key(key: str) -> str:
    return key if key.replace("_", "a").replace(" ", "a").isalnum() else f'"{key}"'


def _quoted(value: Any, run: Run | None) -> str:
    if isinstance(value, str):
        escaped = value.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{escaped}"'
    return text_of(value, run)


def _function_text(value: Any, _run: Run | None) -> str:
    return f"function {value.name}"


def _context_text(value: dict[str, Any], run: Run | None) -> str:
    return "{" + _joined((f"{_key(k)}: {_quoted(v, run)}" for k, v in value.items()), run) + "}"


def _list_text(value: list[Any], run: Run | None) -> str:
    return f"[{_joined((_quoted(item, run) for item in value), run)}]"


def _joined(texts: Iterable[str], run: Run | None) -> str:
    """Join with commas, and stop as soon as the text is too long."""
    made: list[str] = []
    length = 0
    for text in texts:
        spend(run, 1)
        made.append(text)
        length += len(text) + 2
        limits.check_string(length)
    return ", ".join(made)


_TEXTS: Final[dict[type, Callable[[Any, Run | None], str]]] = {
    bool: lambda value, _run: "true" if value else "false",
    Decimal: lambda value, _run: number_text(value),
    list: _list_text,
    dict: _context_text,
    **dict.fromkeys(FUNCTIONS, _function_text),
}
