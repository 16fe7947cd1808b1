"""Every built-in; importing this module fills the registry. `range` reads text as an expression."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from engine.feel import (
    builtin_contexts,
    builtin_lists,
    builtin_numbers,
    builtin_ranges,
    builtin_temporal,
    builtin_text,
)
from engine.feel.equality import compare
from engine.feel.errors import Fault, FeelSyntaxError
from engine.feel.nodes import Call, Literal, Name, Negation, Node, RangeLiteral
from engine.feel.signatures import BUILTINS, builtin, call
from engine.feel.syntax import parse_expression
from engine.feel.values import UNBOUNDED, Range

if TYPE_CHECKING:
    from engine.feel.run import Run

MODULES: Final = (
    builtin_contexts,
    builtin_lists,
    builtin_numbers,
    builtin_ranges,
    builtin_temporal,
    builtin_text,
)
#: Names with spaces that are no functions but are always known.
EXTRA_NAMES: Final[frozenset[str]] = frozenset()
_READERS: Final = frozenset({"date", "time", "date and time", "duration"})


@builtin("range", "from: string")
def range_from(run: Run, text: str) -> Range:
    """Read a range from text; its ends are literals, `@` literals or date and time calls."""
    node = _range_node(text)
    low, high = (_end(run, end) for end in (node.low, node.high))
    if low is None and high is None:
        raise Fault("range: both ends are missing")
    if low is not None and high is not None:
        order = compare(low, high)
        if order is None or order > 0:
            raise Fault("range: the ends are in no order")
    if (low is None and node.low_included) or (high is None and node.high_included):
        raise Fault("range: a missing end cannot be included")
    return Range(
        UNBOUNDED if low is None else low,
        UNBOUNDED if high is None else high,
        node.low_included,
        node.high_included,
    )


def _range_node(text: str) -> RangeLiteral:
    """Parse, with ends that may be left out."""
    inner = text.strip()
    low, mark, high = inner[1:-1].partition("..")
    if mark:
        inner = f"{inner[0]}{low.strip() or 'null'}..{high.strip() or 'null'}{inner[-1]}"
    try:
        node = parse_expression(inner, frozenset(BUILTINS))
    except FeelSyntaxError:
        raise Fault(f"'{text}' is no range") from None
    if not isinstance(node, RangeLiteral):
        raise Fault(f"'{text}' is no range")
    return node


def _end(run: Run, node: Node) -> object:
    if isinstance(node, Literal):
        return node.value
    if isinstance(node, Negation) and isinstance(node.operand, Literal):
        return call(run, BUILTINS["number"], [f"-{node.operand.value}"], None)
    if (
        isinstance(node, Call)
        and isinstance(node.function, Name)
        and node.function.name in _READERS
        and all(isinstance(argument, Literal) for argument in node.arguments)
    ):
        values = [argument.value for argument in node.arguments if isinstance(argument, Literal)]
        return call(run, BUILTINS[node.function.name], values, node.names)
    raise Fault("range: an end is no literal")
