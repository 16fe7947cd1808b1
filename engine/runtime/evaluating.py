"""One FEEL expression over given values, as somebody who writes it wants to try it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.feel import (
    FeelError,
    FeelLimitError,
    FeelSyntaxError,
    FeelWarning,
    evaluate_json,
)
from engine.runtime.asking import EXTRAS
from engine.usecases.errors import FieldFault, InputRefused

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from engine.usecases.ports.process import Json

#: the sign with which the dialect marks an expression
_SIGN = "="


def evaluate_alone(
    text: str, scope: Mapping[str, Json], now: datetime
) -> tuple[Json, Sequence[str]]:
    """Its value as JSON and its warnings with line and column; with the additions of drawings.

    Raises InputRefused with the place where the text is no FEEL, and for one that costs too much.
    """
    warnings: list[FeelWarning] = []
    try:
        value = evaluate_json(text.removeprefix(_SIGN), scope, now, warnings, EXTRAS)
    except FeelError as problem:
        fault = FieldFault(field="expression", code=_code(problem), message=str(problem))
        raise InputRefused(fault) from None
    return value, [f"line {w.line}, column {w.column}: {w.message}" for w in warnings]


def _code(problem: FeelError) -> str:
    if isinstance(problem, FeelSyntaxError):
        return "feel-syntax"
    return "feel-limit" if isinstance(problem, FeelLimitError) else "feel"
