"""Short closures for the cells that tables mostly hold: numbers and texts against constants."""

from __future__ import annotations

import operator
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from engine.feel.nodes import Literal, Node, OperatorTest, RangeLiteral

if TYPE_CHECKING:
    from collections.abc import Callable

    from engine.feel.operators import Test
    from engine.feel.run import Environment, Run

_SIGNS: Final[dict[str, Callable[[Any, Any], bool]]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "=": operator.eq,
    "!=": operator.ne,
}


def short_test(node: Node, otherwise: Test) -> Test:
    """A test against constants that asks only for values of their kind; others go the long way."""
    if isinstance(node, Literal) and node.value.__class__ in {Decimal, str}:
        return _against(operator.eq, node.value, otherwise)
    if isinstance(node, OperatorTest) and isinstance(node.operand, Literal):
        constant, sign = node.operand.value, _SIGNS.get(node.operator)
        if sign is not None and constant.__class__ is Decimal:
            return _against(sign, constant, otherwise)
    if isinstance(node, RangeLiteral):
        ends = (node.low, node.high)
        if all(isinstance(end, Literal) and end.value.__class__ is Decimal for end in ends):
            return _inside(node, otherwise)
    return otherwise


def _against(sign: Callable[[Any, Any], bool], constant: Any, otherwise: Test) -> Test:
    kind = constant.__class__

    def test(run: Run, env: Environment, value: Any) -> bool | None:
        if value.__class__ is kind:
            return sign(value, constant)
        return otherwise(run, env, value)

    return test


def _inside(node: RangeLiteral, otherwise: Test) -> Test:
    low, high = (end.value for end in (node.low, node.high) if isinstance(end, Literal))
    above = operator.ge if node.low_included else operator.gt
    below = operator.le if node.high_included else operator.lt

    def test(run: Run, env: Environment, value: Any) -> bool | None:
        if value.__class__ is Decimal:
            return bool(above(value, low) and below(value, high))
        return otherwise(run, env, value)

    return test
