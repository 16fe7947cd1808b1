"""One expression over JSON values, as somebody who writes it wants to try it."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from engine.feel.expression import compile_expression
from engine.feel.lexer import is_simple_name
from engine.feel.values import from_json, to_json

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from engine.feel.errors import FeelWarning
    from engine.feel.values import HostFunction

_NO_FUNCTIONS: Final[Mapping[str, HostFunction]] = MappingProxyType({})


def evaluate_json(
    text: str,
    context: Mapping[str, Any],
    now: datetime,
    warnings: list[FeelWarning],
    functions: Mapping[str, HostFunction] = _NO_FUNCTIONS,
) -> Any:
    """Its value as JSON, with the names of the context known, those of several words too.

    Raises FeelSyntaxError with the place, and FeelLimitError for what costs too much.
    """
    names = frozenset(name for name in (*context, *functions) if not is_simple_name(name))
    given = {name: from_json(value) for name, value in context.items()}
    scope = {"$now": now, **functions, **given}
    return to_json(compile_expression(text, names=names).evaluate(scope, warnings))
