"""Closures for paths, filters and calls."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from engine.feel import civil
from engine.feel.errors import Fault
from engine.feel.signatures import call
from engine.feel.temporal import (
    DAY_SECONDS,
    NANOS,
    DayTimeDuration,
    FeelDate,
    FeelDateTime,
    FeelTime,
    YearMonthDuration,
    offset_on,
)
from engine.feel.values import UNBOUNDED, NotEqual, Range, norm, type_name

if TYPE_CHECKING:
    from engine.feel.run import Closure, Environment, Run

Property = Callable[[Any], Any]


def _seconds(value: FeelTime) -> Decimal:
    return Decimal(value.second)


def _offset(seconds: int | None) -> DayTimeDuration | None:
    return None if seconds is None else DayTimeDuration(seconds * NANOS)


def _part(unit: int, wrap: int) -> Property:
    """Read one unit of a duration, with the duration's sign."""

    def read(value: DayTimeDuration) -> Decimal:
        amount = abs(value.nanos) // NANOS // unit
        amount = amount % wrap if wrap else amount
        return Decimal(-amount if value.nanos < 0 else amount)

    return read


def _months(value: YearMonthDuration) -> Decimal:
    return Decimal(abs(value.months) % 12 * (-1 if value.months < 0 else 1))


def _years(value: YearMonthDuration) -> Decimal:
    return Decimal(abs(value.months) // 12 * (-1 if value.months < 0 else 1))


def _of_part(part: str, read: Property) -> Property:
    """Read a property of the date or of the time in a date and time."""
    return lambda value: read(getattr(value, part))


def _end(value: Any) -> Any:
    return None if value is UNBOUNDED else value


_DATE: Final[dict[str, Property]] = {
    "year": lambda v: Decimal(v.year),
    "month": lambda v: Decimal(v.month),
    "day": lambda v: Decimal(v.day),
    "weekday": lambda v: Decimal(civil.weekday(v.year, v.month, v.day)),
}
_TIME: Final[dict[str, Property]] = {
    "hour": lambda v: Decimal(v.hour),
    "minute": lambda v: Decimal(v.minute),
    "second": _seconds,
    "timezone": lambda v: v.zone,
    "time offset": lambda v: _offset(offset_on(FeelDate(2000, 1, 1), v)),
}
PROPERTIES: Final[dict[type, dict[str, Property]]] = {
    FeelDate: _DATE,
    FeelTime: _TIME,
    FeelDateTime: {
        **{name: _of_part("date", read) for name, read in _DATE.items()},
        **{name: _of_part("time", read) for name, read in _TIME.items()},
        "time offset": lambda v: _offset(v.offset()),
    },
    DayTimeDuration: {
        "days": _part(DAY_SECONDS, 0),
        "hours": _part(3600, 24),
        "minutes": _part(60, 60),
        "seconds": _part(1, 60),
    },
    YearMonthDuration: {"years": _years, "months": _months},
    Range: {
        "start": lambda v: _end(v.low),
        "end": lambda v: _end(v.high),
        "start included": lambda v: v.low_included,
        "end included": lambda v: v.high_included,
    },
    NotEqual: {},
}


def read_property(value: Any, name: str, run: Run) -> Any:
    """Read an entry of a context or a property of a value; Fault if there is none.

    Lists are read item by item, also inside lists: each is counted.
    """
    kind = value.__class__
    if kind is dict:
        if name in value:
            return norm(value[name])
        raise Fault(f"no entry '{name}'")
    if kind is list:
        run.spend(len(value) + 1)
        return [_read_of_item(norm(item), name, run) for item in value]
    read = PROPERTIES.get(kind, {}).get(name)
    if read is None:
        raise Fault(f"{type_name(value)} has no property '{name}'")
    return read(value)


def _read_of_item(item: Any, name: str, run: Run) -> Any:
    try:
        return read_property(item, name, run)
    except Fault:
        return None


def path(source: Closure, name: str, at: int) -> Closure:
    """`source.name`; of a list, the property of each item."""

    def read(run: Run, env: Environment) -> Any:
        value = source(run, env)
        try:
            return read_property(value, name, run)
        except Fault as fault:
            return run.warn(at, str(fault))

    return read


def index_of(values: list[Any], index: Any) -> Any:
    """Give the element at a FEEL index: from 1, or from the end if negative; Fault if none."""
    whole = int(index) if abs(index) <= len(values) else 0
    if whole != index or whole == 0:
        raise Fault(f"no element {index} in a list of {len(values)}")
    return norm(values[whole - 1 if whole > 0 else whole])


def filtered(source: Closure, condition: Closure, at: int) -> Closure:
    """`source[condition]`: the items that meet it, or the item at an index."""

    def select(run: Run, env: Environment) -> Any:
        value = source(run, env)
        if value is None:
            return run.warn(at, "a filter on null")
        values = value if value.__class__ is list else [value]
        run.spend(len(values) + 1)
        kept: list[Any] = []
        if not values:
            return _of_empty(run, env)
        for position, item in enumerate(map(norm, values)):
            met = condition(run, (item, env))
            if met is True:
                kept.append(item)
            elif position == 0 and met.__class__ is Decimal:
                return _pick(run, values, met)
            elif met is not False and met is not None:
                return run.warn(at, f"a filter cannot be {type_name(met)}")
        return kept

    def _of_empty(run: Run, env: Environment) -> Any:
        met = run.quietly(condition, ({}, env))
        return run.warn(at, "an index into an empty list") if met.__class__ is Decimal else []

    def _pick(run: Run, values: list[Any], index: Decimal) -> Any:
        try:
            return index_of(values, index)
        except Fault as fault:
            return run.warn(at, str(fault))

    return select


def called(
    function: Closure, arguments: list[Closure], names: tuple[str, ...] | None, at: int
) -> Closure:
    """`function(arguments)`."""

    def apply(run: Run, env: Environment) -> Any:
        target = function(run, env)
        given = [argument(run, env) for argument in arguments]
        try:
            return call(run, target, given, names)
        except Fault as fault:
            return run.warn(at, str(fault))

    return apply
