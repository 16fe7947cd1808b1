"""Closures for logic, comparison and arithmetic; the common shapes get short ones."""

from __future__ import annotations

import operator
from collections.abc import Callable
from decimal import Decimal
from typing import Any, Final

from engine.feel.arithmetic import OPERATIONS, negate
from engine.feel.equality import compare, equal, includes, meets
from engine.feel.errors import Fault
from engine.feel.run import Closure, Environment, Run
from engine.feel.values import UNBOUNDED, NotEqual, Range, type_name

_ORDERS: Final[dict[str, Callable[[Any, Any], bool]]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def conjunction(operands: list[Closure]) -> Closure:
    """`and` over three values: false wins, else null, else true."""
    if len(operands) == 2:  # noqa: PLR2004 - left and right
        left, right = operands

        def both(run: Run, env: Environment) -> bool | None:
            one = left(run, env)
            if one is False:
                return False
            other = right(run, env)
            if other is False:
                return False
            return True if one is True and other is True else None

        return both

    def every(run: Run, env: Environment) -> bool | None:
        result: bool | None = True
        for operand in operands:
            value = operand(run, env)
            if value is False:
                return False
            if value is not True:
                result = None
        return result

    return every


def disjunction(operands: list[Closure]) -> Closure:
    """`or` over three values: true wins, else null, else false."""
    if len(operands) == 2:  # noqa: PLR2004 - left and right
        left, right = operands

        def either(run: Run, env: Environment) -> bool | None:
            one = left(run, env)
            if one is True:
                return True
            other = right(run, env)
            if other is True:
                return True
            return False if one is False and other is False else None

        return either

    def some(run: Run, env: Environment) -> bool | None:
        result: bool | None = False
        for operand in operands:
            value = operand(run, env)
            if value is True:
                return True
            if value is not False:
                result = None
        return result

    return some


def equality(left: Closure, right: Closure, constant: Any, *, negated: bool, at: int) -> Closure:
    """`=` and `!=`; `constant` is the right side if it was written as a number or string."""
    kind = constant.__class__

    def same(run: Run, env: Environment) -> Any:
        one = left(run, env)
        if one.__class__ is kind:
            return (one == constant) is not negated
        return differ(run, one, constant)

    def differ(run: Run, one: Any, other: Any) -> Any:
        result = equal(one, other, run)
        if result is None:
            return run.warn(at, f"cannot compare {type_name(one)} and {type_name(other)}")
        return result is not negated

    if kind is Decimal or kind is str:
        return same
    return lambda run, env: differ(run, left(run, env), right(run, env))


def order(sign: str, left: Closure, right: Closure, constant: Any, at: int) -> Closure:
    """`<`, `<=`, `>`, `>=`; `constant` as for equality."""
    test = _ORDERS[sign]
    kind = constant.__class__

    def against_constant(run: Run, env: Environment) -> Any:
        one = left(run, env)
        if one.__class__ is kind:
            return test(one, constant)
        return decide(run, one, constant)

    def decide(run: Run, one: Any, other: Any) -> Any:
        result = compare(one, other)
        if result is None:
            return run.warn(at, f"cannot order {type_name(one)} and {type_name(other)}")
        return test(result, 0)

    if kind is Decimal or kind is str:
        return against_constant
    return lambda run, env: decide(run, left(run, env), right(run, env))


def between(value: Closure, low: Closure, high: Closure, at: int) -> Closure:
    """`value between low and high`, both ends included."""

    def test(run: Run, env: Environment) -> Any:
        held = Range(low(run, env), high(run, env), low_included=True, high_included=True)
        result = includes(held, value(run, env))
        return result if result is not None else run.warn(at, "between: values without an order")

    return test


def arithmetic(first: Closure, rest: list[tuple[str, int, Closure]]) -> Closure:
    """A chain of operators of one precedence, from the left."""
    steps = [(OPERATIONS[sign], at, operand) for sign, at, operand in rest]

    def chain(run: Run, env: Environment) -> Any:
        value = first(run, env)
        for operation, at, operand in steps:
            other = operand(run, env)
            try:
                value = operation(value, other)
            except Fault as fault:
                run.warn(at, str(fault))
                value = None
            if value.__class__ is str:
                run.spend(len(value) >> 6)
        return value

    return chain


def negation(operand: Closure, at: int) -> Closure:
    """`-operand`."""

    def minus(run: Run, env: Environment) -> Any:
        try:
            return negate(operand(run, env))
        except Fault as fault:
            return run.warn(at, str(fault))

    return minus


Test = Callable[[Run, Environment, Any], "bool | None"]


def operator_test(sign: str, operand: Closure, at: int) -> Test:
    """A unary test such as `> 5`."""

    def against(run: Run, env: Environment, value: Any) -> Any:
        other = operand(run, env)
        if sign in _ORDERS:
            result = compare(value, other)
            if result is not None:
                return _ORDERS[sign](result, 0)
        else:
            same = equal(value, other, run)
            if same is not None:
                return same is (sign == "=")
        return run.warn(at, f"cannot compare {type_name(value)} and {type_name(other)}")

    return against


def value_test(operand: Closure, *, asks_input: bool) -> Test:
    """A unary test that is an expression: about `?` its truth counts, else what it holds."""

    def against(run: Run, env: Environment, value: Any) -> bool | None:
        held = operand(run, env)
        if held.__class__ is bool and (asks_input or value.__class__ is not bool):
            return bool(held) if asks_input else held is True or None
        return meets(value, held, run)

    return against


def any_test(tests: list[Test]) -> Test:
    """True if one test is met, else null if one is undefined, else false."""
    if len(tests) == 1:
        return tests[0]

    def against(run: Run, env: Environment, value: Any) -> bool | None:
        result: bool | None = False
        for test in tests:
            met = test(run, env, value)
            if met is True:
                return True
            if met is None:
                result = None
        return result

    return against


def range_of(sign: str, value: Any) -> Any:
    """Make the range value that `(> 5)` is; None if the end is null."""
    if sign == "=":
        return Range(value, value, low_included=True, high_included=True)
    if sign == "!=":
        return NotEqual(value)
    included = sign.endswith("=")
    if sign.startswith(">"):
        return Range(value, UNBOUNDED, low_included=included, high_included=False)
    return Range(UNBOUNDED, value, low_included=False, high_included=included)
