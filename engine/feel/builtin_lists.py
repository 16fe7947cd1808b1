"""Built-ins for lists (DMN 1.5, 10.3.4.4 and 10.3.4.7)."""

from __future__ import annotations

from decimal import Decimal
from functools import cmp_to_key, reduce
from typing import TYPE_CHECKING, Any

from engine.feel import limits
from engine.feel.arithmetic import add, divide, multiply, subtract
from engine.feel.equality import compare, equal
from engine.feel.errors import Fault
from engine.feel.signatures import builtin, call
from engine.feel.temporal import DayTimeDuration, YearMonthDuration
from engine.feel.values import NUMBERS, elements, norm

if TYPE_CHECKING:
    from collections.abc import Callable

    from engine.feel.run import Run


def aggregate(name: str) -> Callable[[Callable[[Run, list[Any]], Any]], None]:
    """Register a built-in that takes one list, or its elements as arguments."""

    def register(work: Callable[[Run, list[Any]], Any]) -> None:
        def of_list(run: Run, values: list[Any]) -> Any:
            run.spend(len(values))
            return work(run, values)

        def of_arguments(run: Run, *values: Any) -> Any:
            return of_list(run, list(values))

        builtin(name, "list: list")(of_list)
        builtin(name, "c...: any")(of_arguments)

    return register


def _same(run: Run, left: Any, right: Any) -> bool:
    return equal(left, right, run) is True or (left is None and right is None)


@builtin("list contains", "list: list, element: any")
def list_contains(run: Run, values: list[Any], element: Any) -> bool:
    """Say whether an element occurs."""
    run.spend(len(values))
    return any(_same(run, value, element) for value in values)


@builtin("count", "list: list")
def count(_run: Run, values: list[Any]) -> Decimal:
    """Count the elements."""
    return Decimal(len(values))


def _extreme(values: list[Any], sign: int) -> Any:
    if not values:
        return None
    best = values[0]
    for value in values:
        order = compare(value, best)
        if order is None:
            raise Fault("the values have no order")
        if order == sign:
            best = value
    return best


@aggregate("min")
def _minimum(_run: Run, values: list[Any]) -> Any:
    return _extreme(values, -1)


@aggregate("max")
def _maximum(_run: Run, values: list[Any]) -> Any:
    return _extreme(values, 1)


def _numbers(values: list[Any]) -> list[Decimal]:
    if not all(value.__class__ is Decimal for value in values):
        raise Fault("the list holds something else than numbers")
    return values


@aggregate("sum")
def _sum(_run: Run, values: list[Any]) -> Any:
    return reduce(add, _numbers_or_durations(values)) if values else None


def _numbers_or_durations(values: list[Any]) -> list[Any]:
    if values[0].__class__ in {DayTimeDuration, YearMonthDuration}:
        return values
    return _numbers(values)


@aggregate("mean")
def _mean(_run: Run, values: list[Any]) -> Any:
    if not values:
        return None
    return divide(reduce(add, _numbers(values)), Decimal(len(values)))


@aggregate("product")
def _product(_run: Run, values: list[Any]) -> Any:
    return reduce(multiply, _numbers(values)) if values else None


@aggregate("median")
def _median(_run: Run, values: list[Any]) -> Any:
    if not values:
        return None
    ordered = sorted(_numbers(values))
    middle = len(ordered) // 2
    if len(ordered) % 2:
        return ordered[middle]
    return divide(add(ordered[middle - 1], ordered[middle]), Decimal(2))


@aggregate("stddev")
def _stddev(_run: Run, values: list[Any]) -> Any:
    if len(_numbers(values)) <= 1:
        raise Fault("stddev needs two numbers")
    mean = divide(reduce(add, values), Decimal(len(values)))
    squares = [multiply(subtract(v, mean), subtract(v, mean)) for v in values]
    return NUMBERS.sqrt(divide(reduce(add, squares), Decimal(len(values) - 1)))


@aggregate("mode")
def _mode(_run: Run, values: list[Any]) -> Any:
    counts: dict[Decimal, int] = {}
    for value in _numbers(values):
        counts[value] = counts.get(value, 0) + 1
    most = max(counts.values(), default=0)
    return sorted(value for value, times in counts.items() if times == most)


def _truth(values: list[Any], wanted: bool) -> bool | None:  # noqa: FBT001 - all or any
    if any(value is not wanted and isinstance(value, bool) for value in values):
        return not wanted
    return wanted if all(value is wanted for value in values) else None


@aggregate("all")
def _all(_run: Run, values: list[Any]) -> Any:
    return _truth(values, True)


@aggregate("any")
def _any(_run: Run, values: list[Any]) -> Any:
    return _truth(values, False)


@builtin("sublist", "list: list, start position: number, length: number?")
def sublist(
    _run: Run, values: list[Any], start: Decimal, length: Decimal | None = None
) -> list[Any]:
    """Cut out elements; the start counts from 1, or from the end if negative."""
    begin = _position(values, start)
    if length is None:
        return values[begin:]
    if length < 0 or begin + length > len(values):
        raise Fault("sublist: no such length")
    return values[begin : begin + int(length)]


def _position(values: list[Any], position: Decimal) -> int:
    whole = int(position) if abs(position) <= len(values) else 0
    if whole == 0:
        raise Fault("no such position in the list")
    return whole - 1 if whole > 0 else len(values) + whole


@builtin("append", "list: list, item...: any")
def append(_run: Run, *arguments: Any) -> list[Any]:
    """Add elements at the end."""
    made = [*arguments[0], *arguments[1:]]
    limits.check_list(len(made))
    return made


@builtin("concatenate", "list...: list")
def concatenate(_run: Run, *lists: list[Any]) -> list[Any]:
    """Join lists."""
    limits.check_list(sum(map(len, lists)))
    return [value for values in lists for value in values]


@builtin("insert before", "list: list, position: number, newItem: any")
def insert_before(_run: Run, values: list[Any], position: Decimal, item: Any) -> list[Any]:
    """Put an element at a position."""
    at = _position(values, position)
    return [*values[:at], item, *values[at:]]


@builtin("remove", "list: list, position: number")
def remove(_run: Run, values: list[Any], position: Decimal) -> list[Any]:
    """Leave out the element at a position."""
    at = _position(values, position)
    return [*values[:at], *values[at + 1 :]]


@builtin("list replace", "list: list, position: number, newItem: any")
def list_replace(_run: Run, values: list[Any], position: Decimal, item: Any) -> list[Any]:
    """Replace the element at a position."""
    at = _position(values, position)
    return [*values[:at], item, *values[at + 1 :]]


@builtin("list replace", "list: list, match: function, newItem: any")
def list_replace_matching(run: Run, values: list[Any], match: Any, item: Any) -> list[Any]:
    """Replace the elements for which match(item, newItem) is true."""
    return [item if _decided(run, match, value, item) else value for value in values]


def _decided(run: Run, function: Any, left: Any, right: Any) -> bool:
    result = call(run, function, [left, right], None)
    if not isinstance(result, bool):
        raise Fault("the function gives neither true nor false")
    return result


@builtin("reverse", "list: list")
def reverse(_run: Run, values: list[Any]) -> list[Any]:
    """Turn the order round."""
    return values[::-1]


@builtin("index of", "list: list, match: any")
def index_of(run: Run, values: list[Any], match: Any) -> list[Decimal]:
    """Give the positions of an element."""
    run.spend(len(values))
    return [Decimal(at) for at, value in enumerate(values, 1) if _same(run, value, match)]


def _distinct(run: Run, values: list[Any]) -> list[Any]:
    kept: list[Any] = []
    for value in values:
        run.spend(len(kept) + 1)
        if not any(_same(run, value, other) for other in kept):
            kept.append(value)
    return kept


@builtin("union", "list...: list")
def union(run: Run, *lists: list[Any]) -> list[Any]:
    """Join lists, each element once."""
    return _distinct(run, concatenate(run, *lists))


@builtin("distinct values", "list: list")
def distinct_values(run: Run, values: list[Any]) -> list[Any]:
    """Give each element once."""
    return _distinct(run, values)


@builtin("flatten", "list: list")
def flatten(run: Run, values: list[Any]) -> list[Any]:
    """Put the elements of inner lists into one list."""
    flat: list[Any] = []
    pending = [iter(values)]
    while pending:
        value = next(pending[-1], pending)
        run.spend()
        if value is pending:
            pending.pop()
        elif isinstance(value, list):
            pending.append(iter(value))
        else:
            flat.append(norm(value))
    return flat


@builtin("sort", "list: list, precedes: function?")
def sort(run: Run, values: list[Any], precedes: Any = None) -> list[Any]:
    """Order a list by a function that says whether its first argument comes first."""

    def order(left: Any, right: Any) -> int:
        run.spend()
        if precedes is None:
            natural = compare(norm(left), norm(right))
            if natural is None:
                raise Fault("sort: the values have no order")
            return natural
        if _decided(run, precedes, left, right):
            return -1
        return 1 if _decided(run, precedes, right, left) else 0

    return sorted(elements(values), key=cmp_to_key(order))
