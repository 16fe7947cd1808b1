"""Built-ins for numbers (DMN 1.5, 10.3.4.5)."""

from __future__ import annotations

import decimal
import re
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from engine.feel.arithmetic import divide, multiply, numeric, subtract
from engine.feel.errors import Fault
from engine.feel.signatures import builtin
from engine.feel.temporal import DayTimeDuration, YearMonthDuration
from engine.feel.values import NUMBERS, read_number

if TYPE_CHECKING:
    from engine.feel.run import Run

_SCALE_MAX: Final = 6176
_SCALE_MIN: Final = -6111
_NUMBER: Final = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?")
#: characters of a text that a warning quotes
_SHOWN: Final = 60
_SEPARATORS: Final = frozenset({" ", ",", "."})
_ROUNDINGS: Final = {
    "round up": decimal.ROUND_UP,
    "round down": decimal.ROUND_DOWN,
    "round half up": decimal.ROUND_HALF_UP,
    "round half down": decimal.ROUND_HALF_DOWN,
}


@builtin(
    "number", "from: string, grouping separator: string|null?, decimal separator: string|null?"
)
def number(_run: Run, text: str, grouping: str | None = None, mark: str | None = None) -> Decimal:
    """Read a number written with these separators."""
    if grouping is not None and grouping not in _SEPARATORS:
        raise Fault("number: the grouping separator is none of blank, comma, point")
    if mark is not None and (mark not in {",", "."} or mark == grouping):
        raise Fault("number: the decimal separator does not fit")
    if grouping:
        text = text.replace(grouping, "")
    if mark:
        text = text.replace(mark, ".")
    if _NUMBER.fullmatch(text) is None:
        raise Fault(f"number: '{text}' is no number")
    value = read_number(text)
    if value is None:
        raise Fault(f"number: '{text[:_SHOWN]}' is beyond what numbers hold")
    return value


def _rounded(value: Decimal, scale: Decimal, rounding: str) -> Decimal:
    places = int(scale)
    if not _SCALE_MIN <= places <= _SCALE_MAX:
        raise Fault("the scale is out of range")
    exponent = value.as_tuple().exponent
    if isinstance(exponent, int) and -exponent <= places:
        return value
    if value.adjusted() + places + 1 > NUMBERS.prec:
        return value
    return value.quantize(Decimal(1).scaleb(-places), rounding=rounding, context=NUMBERS)


@builtin("decimal", "n: number, scale: number")
def decimal_(_run: Run, value: Decimal, scale: Decimal) -> Decimal:
    """Round half to even."""
    return _rounded(value, scale, decimal.ROUND_HALF_EVEN)


@builtin("floor", "n: number, scale: number?")
def floor(_run: Run, value: Decimal, scale: Decimal | None = None) -> Decimal:
    """Round down."""
    return _rounded(value, scale or Decimal(0), decimal.ROUND_FLOOR)


@builtin("ceiling", "n: number, scale: number?")
def ceiling(_run: Run, value: Decimal, scale: Decimal | None = None) -> Decimal:
    """Round up."""
    return _rounded(value, scale or Decimal(0), decimal.ROUND_CEILING)


def _register_rounding(name: str, rounding: str) -> None:
    @builtin(name, "n: number, scale: number")
    def round_to(_run: Run, value: Decimal, scale: Decimal) -> Decimal:
        return _rounded(value, scale, rounding)


for _name, _rounding in _ROUNDINGS.items():
    _register_rounding(_name, _rounding)


@builtin("abs", "n: number|daytime|yearmonth")
def absolute(
    _run: Run, value: Decimal | DayTimeDuration | YearMonthDuration
) -> Decimal | DayTimeDuration | YearMonthDuration:
    """Drop the sign."""
    if isinstance(value, DayTimeDuration):
        return DayTimeDuration(abs(value.nanos))
    if isinstance(value, YearMonthDuration):
        return YearMonthDuration(abs(value.months))
    return NUMBERS.abs(value)


@builtin("modulo", "dividend: number, divisor: number")
def modulo(_run: Run, dividend: Decimal, divisor: Decimal) -> Decimal:
    """Give the rest, with the sign of the divisor."""
    if divisor == 0:
        raise Fault("modulo: division by zero")
    whole = _rounded(divide(dividend, divisor), Decimal(0), decimal.ROUND_FLOOR)
    rest: Decimal = subtract(dividend, multiply(divisor, whole))
    return rest


@builtin("sqrt", "number: number")
def sqrt(_run: Run, value: Decimal) -> Decimal:
    """Give the square root."""
    return numeric(lambda a, _b: NUMBERS.sqrt(a), value, value)


@builtin("log", "number: number")
def log(_run: Run, value: Decimal) -> Decimal:
    """Give the natural logarithm."""
    if value <= 0:
        raise Fault("log: the number is not above zero")
    return numeric(lambda a, _b: NUMBERS.ln(a), value, value)


@builtin("exp", "number: number")
def exp(_run: Run, value: Decimal) -> Decimal:
    """Give e to the power of the number."""
    return numeric(lambda a, _b: NUMBERS.exp(a), value, value)


@builtin("odd", "number: number")
def odd(_run: Run, value: Decimal) -> bool:
    """Say whether the number is whole and odd."""
    return value == value.to_integral_value() and _exponent(value) <= 0 and int(value) % 2 == 1


@builtin("even", "number: number")
def even(_run: Run, value: Decimal) -> bool:
    """Say whether the number is whole and even."""
    return value == value.to_integral_value() and (_exponent(value) > 0 or int(value) % 2 == 0)


def _exponent(value: Decimal) -> int:
    exponent = value.as_tuple().exponent
    return exponent if isinstance(exponent, int) else 0
