"""The values of FEEL and the bridge to plain Python and JSON values.

Numbers are Decimal with 34 digits; strings, booleans, lists, dicts (contexts, in order) and None
are Python's own. A value that a host puts into a scope is converted when it is read: int and float
become Decimal, tuples lists, datetimes and dates their FEEL kin. Lists and dicts of the host are
never changed and are converted element by element, as they are read.
"""

from __future__ import annotations

import datetime as dt
import decimal
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any, Final
from zoneinfo import ZoneInfo

from engine.feel.temporal import (
    NANOS,
    DayTimeDuration,
    FeelDate,
    FeelDateTime,
    FeelTime,
    YearMonthDuration,
)

NUMBERS: Final = decimal.Context(
    prec=34,
    rounding=decimal.ROUND_HALF_EVEN,
    Emin=-6143,
    Emax=6144,
    traps=[decimal.InvalidOperation, decimal.DivisionByZero, decimal.Overflow],
)


class Unbounded:
    """The missing end of a range such as `(> 5)`; reads as null."""

    __slots__ = ()


UNBOUNDED: Final = Unbounded()


@dataclass(frozen=True, slots=True)
class Range:
    """A range; an end is a value, UNBOUNDED, or None when it was written as null."""

    low: Any
    high: Any
    low_included: bool
    high_included: bool

    def __str__(self) -> str:
        start, end = "[" if self.low_included else "(", "]" if self.high_included else ")"
        return f"{start}{_end_text(self.low)}..{_end_text(self.high)}{end}"


@dataclass(frozen=True, slots=True)
class NotEqual:
    """What `(!= x)` means as a test: everything but one value."""

    value: Any


@dataclass(frozen=True, slots=True, eq=False)
class HostFunction:
    """A function of the host, callable from FEEL by position and by the names of `parameters`.

    `call` receives FEEL values and returns a Python or FEEL value; a FeelError it raises ends
    the evaluation, it should raise nothing else.
    """

    name: str
    parameters: tuple[str, ...]
    call: Callable[..., Any]


@dataclass(frozen=True, slots=True, eq=False)
class Function:
    """A function written in FEEL or DMN; `invoke(run, arguments)` gets exactly one per parameter.

    `types` holds what each parameter asks for (None: anything), `result_type` likewise.
    """

    name: str
    parameters: tuple[str, ...]
    invoke: Callable[[Any, list[Any]], Any]
    types: tuple[Any, ...] = ()
    result_type: Any = None
    variadic: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class BuiltinFunction:
    """A built-in with its overloads; engine.feel.signatures calls it."""

    name: str
    overloads: tuple[Any, ...] = field(repr=False)


NATIVE: Final = frozenset(
    {
        Decimal, str, bool, type(None), list, dict, Range, FeelDate, FeelTime, FeelDateTime,
        DayTimeDuration, YearMonthDuration, Function, HostFunction, BuiltinFunction, NotEqual,
    }
)  # fmt: skip
FUNCTIONS: Final = (Function, HostFunction, BuiltinFunction)
_EXACT: Final = 10**34


def norm(value: Any) -> Any:
    """Make a FEEL value of a Python value, outermost level only; what FEEL cannot hold is null."""
    return value if value.__class__ in NATIVE else _convert(value)


def _convert(value: Any) -> Any:
    if isinstance(value, int):
        number = Decimal(value)
        return number if -_EXACT < value < _EXACT else NUMBERS.plus(number)
    if isinstance(value, float):
        number = Decimal(repr(value))
        return number if number.is_finite() else None
    if isinstance(value, str):
        return str(value)
    if isinstance(value, (tuple, list)):
        return list(value)
    if isinstance(value, Mapping):
        return dict(value)
    return _convert_time(value)


def _convert_time(value: Any) -> Any:
    if isinstance(value, dt.datetime):
        return FeelDateTime(FeelDate(value.year, value.month, value.day), _time_of(value))
    if isinstance(value, dt.date):
        return FeelDate(value.year, value.month, value.day)
    if isinstance(value, dt.time):
        return _time_of(value)
    if isinstance(value, dt.timedelta):
        return DayTimeDuration((value // dt.timedelta(microseconds=1)) * 1000)
    return None


def _time_of(value: dt.datetime | dt.time) -> FeelTime:
    nano = value.microsecond * 1000
    if isinstance(value.tzinfo, ZoneInfo) and value.tzinfo.key not in {"UTC", "Etc/UTC"}:
        return FeelTime(value.hour, value.minute, value.second, nano, None, value.tzinfo.key)
    delta = value.utcoffset()
    offset = None if delta is None else int(delta.total_seconds())
    return FeelTime(value.hour, value.minute, value.second, nano, offset)


def deep(value: Any, spend: Callable[[int], None] | None = None) -> Any:
    """Make a FEEL value of a Python value, all the way down; gives fresh lists and dicts.

    `spend` is told how many elements are copied, for a value may hold the same list many times.
    """
    value = norm(value)
    kind = value.__class__
    if kind is not list and kind is not dict:
        return value
    if spend is not None:
        spend(len(value))
    if kind is list:
        return [deep(item, spend) for item in value]
    return {str(key): deep(item, spend) for key, item in value.items()}


def from_json(value: Any) -> Any:
    """Make a FEEL value of a JSON value; temporal text stays text (write `date(x)` to read it)."""
    return deep(value)


def to_json(value: Any) -> Any:
    """Make a JSON value of a FEEL value.

    A whole number becomes int, any other stays Decimal; temporal values and ranges become their
    FEEL text (`2026-11-21`, `P1D`, `[1..5]`); a function becomes its name; null stays None.
    """
    value = norm(value)
    if isinstance(value, Decimal):
        return _number_to_json(value)
    if isinstance(value, list):
        return [to_json(item) for item in value]
    if isinstance(value, dict):
        return {str(key): to_json(item) for key, item in value.items()}
    if isinstance(value, FUNCTIONS):
        return f"function {value.name}"
    if isinstance(value, NotEqual):
        return f"!= {_end_text(value.value)}"
    return value if value is None or isinstance(value, (str, bool)) else str(value)


def _number_to_json(value: Decimal) -> int | Decimal:
    whole = value == value.to_integral_value() and value.adjusted() <= NUMBERS.prec
    return int(value) if whole else value


def read_number(text: str) -> Decimal | None:
    """Give the number of a text of digits; None for one beyond what decimals hold."""
    try:
        value = Decimal(text)
    except InvalidOperation:
        return None
    return None if value.adjusted() > NUMBERS.Emax else NUMBERS.plus(value)


def number_text(value: Decimal) -> str:
    """Print a number without an exponent and without useless zeros."""
    text = f"{value:f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in {"-0", ""} else text


def _end_text(value: Any) -> str:
    if value is None or isinstance(value, Unbounded):
        return "null"
    if isinstance(value, Decimal):
        return number_text(value)
    return f'"{value}"' if isinstance(value, str) else f'@"{value}"'


_NAMES: Final = {
    Decimal: "number",
    str: "string",
    bool: "boolean",
    list: "list",
    dict: "context",
    Range: "range",
    NotEqual: "range",
    FeelDate: "date",
    FeelTime: "time",
    FeelDateTime: "date and time",
    DayTimeDuration: "days and time duration",
    YearMonthDuration: "years and months duration",
    Function: "function",
    HostFunction: "function",
    BuiltinFunction: "function",
}


def type_name(value: Any) -> str:
    """Name the FEEL type of a value; `null` for None and for what FEEL cannot hold."""
    return _NAMES.get(norm(value).__class__, "null")


def elements(values: list[Any]) -> list[Any]:
    """Give the list with every element as a FEEL value; the same list if nothing had to change."""
    for value in values:
        if value.__class__ not in NATIVE:
            return [norm(item) for item in values]
    return values


def nanos_of(seconds: Decimal) -> int:
    """Turn seconds into whole nanoseconds, cut off towards zero."""
    return int(seconds * NANOS)
