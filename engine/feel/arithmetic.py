"""Arithmetic of numbers, strings and temporal values (DMN 1.5, 10.3.2.13); Fault if undefined."""

from __future__ import annotations

import decimal
from collections.abc import Callable
from decimal import Decimal
from typing import Any, Final

from engine.feel import civil, limits
from engine.feel.errors import Fault
from engine.feel.temporal import (
    DAY_NANOS,
    NANOS,
    DayTimeDuration,
    FeelDate,
    FeelDateTime,
    FeelTime,
    YearMonthDuration,
    datetime_at,
    time_of_nanos,
)
from engine.feel.values import NUMBERS, type_name

Operation = Callable[[Any, Any], Any]


def numeric(operation: Operation, left: Decimal, right: Decimal) -> Decimal:
    """Apply an operation of the 34-digit context; what has no finite result is a Fault."""
    try:
        result: Decimal = operation(left, right)
    except decimal.DivisionByZero:
        raise Fault("division by zero") from None
    except decimal.DecimalException:
        raise Fault("the result is no number") from None
    if not result.is_finite():
        raise Fault("division by zero")
    return result


def refuse(verb: str, left: Any, right: Any) -> Fault:
    """Say that an operation is not defined for these kinds."""
    return Fault(f"cannot {verb} {type_name(left)} and {type_name(right)}")


def add(left: Any, right: Any) -> Any:
    """Give left + right."""
    if left.__class__ is Decimal and right.__class__ is Decimal:
        return numeric(NUMBERS.add, left, right)
    if left.__class__ is str and right.__class__ is str:
        limits.check_string(len(left) + len(right))
        return left + right
    if isinstance(right, (FeelDate, FeelDateTime, FeelTime)):
        left, right = right, left
    if isinstance(left, YearMonthDuration) and isinstance(right, YearMonthDuration):
        return YearMonthDuration(left.months + right.months)
    if isinstance(left, DayTimeDuration) and isinstance(right, DayTimeDuration):
        return DayTimeDuration(left.nanos + right.nanos)
    if isinstance(right, (DayTimeDuration, YearMonthDuration)):
        return _move(left, right, 1)
    raise refuse("add", left, right)


def subtract(left: Any, right: Any) -> Any:
    """Give left - right."""
    if left.__class__ is Decimal and right.__class__ is Decimal:
        return numeric(NUMBERS.subtract, left, right)
    if isinstance(left, YearMonthDuration) and isinstance(right, YearMonthDuration):
        return YearMonthDuration(left.months - right.months)
    if isinstance(left, DayTimeDuration) and isinstance(right, DayTimeDuration):
        return DayTimeDuration(left.nanos - right.nanos)
    if isinstance(right, (DayTimeDuration, YearMonthDuration)):
        return _move(left, right, -1)
    if isinstance(left, FeelTime) and isinstance(right, FeelTime):
        return _between_times(left, right)
    if isinstance(left, (FeelDate, FeelDateTime)) and isinstance(right, (FeelDate, FeelDateTime)):
        return _between_days(left, right)
    raise refuse("subtract", left, right)


def _move(left: Any, right: DayTimeDuration | YearMonthDuration, sign: int) -> Any:
    if isinstance(left, FeelDateTime):
        return _move_date_time(left, right, sign)
    if isinstance(left, FeelDate):
        if isinstance(right, YearMonthDuration):
            return _in_calendar(left.plus_months(sign * right.months))
        moved = left.days() * DAY_NANOS + sign * right.nanos
        return _in_calendar(FeelDate(*civil.from_days(moved // DAY_NANOS)))
    if isinstance(left, FeelTime) and isinstance(right, DayTimeDuration):
        return time_of_nanos(left.nanos() + sign * right.nanos, left)
    raise refuse("move", left, right)


def _move_date_time(
    left: FeelDateTime, right: DayTimeDuration | YearMonthDuration, sign: int
) -> FeelDateTime:
    if isinstance(right, YearMonthDuration):
        return FeelDateTime(_in_calendar(left.date.plus_months(sign * right.months)), left.time)
    moved = datetime_at(left.instant() + sign * right.nanos, left.time)
    _in_calendar(moved.date)
    return moved


def _in_calendar(date: FeelDate) -> FeelDate:
    if abs(date.year) > civil.YEAR_MAX:
        raise Fault("the date is beyond FEEL's calendar")
    return date


def _between_times(left: FeelTime, right: FeelTime) -> DayTimeDuration:
    if (left.offset is None) != (right.offset is None):
        raise Fault("cannot subtract a local time and one with an offset")
    shift = ((left.offset or 0) - (right.offset or 0)) * NANOS
    return DayTimeDuration(left.nanos() - right.nanos() - shift)


def _between_days(left: FeelDate | FeelDateTime, right: FeelDate | FeelDateTime) -> DayTimeDuration:
    one, other = _midnight(left), _midnight(right)
    if (one.offset() is None) != (other.offset() is None):
        raise Fault("cannot subtract a local date and time and one with an offset")
    return DayTimeDuration(one.instant() - other.instant())


def _midnight(value: FeelDate | FeelDateTime) -> FeelDateTime:
    """A date stands for its midnight in UTC (DMN 1.5, 10.3.2.3.5)."""
    if isinstance(value, FeelDate):
        return FeelDateTime(value, FeelTime(0, 0, 0, 0, 0))
    return value


def multiply(left: Any, right: Any) -> Any:
    """Give left * right."""
    if left.__class__ is Decimal and right.__class__ is Decimal:
        return numeric(NUMBERS.multiply, left, right)
    if left.__class__ is Decimal:
        left, right = right, left
    if right.__class__ is Decimal:
        if isinstance(left, DayTimeDuration):
            return DayTimeDuration(_whole(NUMBERS.multiply, left.nanos, right))
        if isinstance(left, YearMonthDuration):
            return YearMonthDuration(_whole(NUMBERS.multiply, left.months, right))
    raise refuse("multiply", left, right)


def divide(left: Any, right: Any) -> Any:
    """Give left / right."""
    if left.__class__ is Decimal and right.__class__ is Decimal:
        return numeric(NUMBERS.divide, left, right)
    if isinstance(left, DayTimeDuration):
        if right.__class__ is Decimal:
            return DayTimeDuration(_whole(NUMBERS.divide, left.nanos, right))
        if isinstance(right, DayTimeDuration):
            return numeric(NUMBERS.divide, Decimal(left.nanos), Decimal(right.nanos))
    if isinstance(left, YearMonthDuration):
        if right.__class__ is Decimal:
            return YearMonthDuration(_whole(NUMBERS.divide, left.months, right))
        if isinstance(right, YearMonthDuration):
            return numeric(NUMBERS.divide, Decimal(left.months), Decimal(right.months))
    raise refuse("divide", left, right)


def _whole(operation: Operation, amount: int, factor: Decimal) -> int:
    result = numeric(operation, Decimal(amount), factor)
    if result.adjusted() > NUMBERS.prec:
        raise Fault("the duration is too long")
    return int(result)


def power(left: Any, right: Any) -> Any:
    """Give left ** right."""
    if left.__class__ is Decimal and right.__class__ is Decimal:
        return numeric(NUMBERS.power, left, right)
    raise refuse("raise", left, right)


def negate(value: Any) -> Any:
    """Give -value."""
    if isinstance(value, Decimal):
        return NUMBERS.minus(value)
    if isinstance(value, DayTimeDuration):
        return DayTimeDuration(-value.nanos)
    if isinstance(value, YearMonthDuration):
        return YearMonthDuration(-value.months)
    raise Fault(f"cannot negate {type_name(value)}")


OPERATIONS: Final[dict[str, Operation]] = {
    "+": add,
    "-": subtract,
    "*": multiply,
    "/": divide,
    "**": power,
}
