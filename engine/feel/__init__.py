"""FEEL, the expression language of DMN 1.5, compiled to closures.

Nothing in an expression reaches Python: no attributes, no imports, no clock, no files. Data faults
give null and a FeelWarning; only bad text (FeelSyntaxError) and excess (FeelLimitError) raise.
"""

from __future__ import annotations

from engine.feel.errors import FeelError, FeelLimitError, FeelSyntaxError, FeelWarning
from engine.feel.expression import Expression, UnaryTests, compile_expression, compile_unary_tests
from engine.feel.temporal import (
    DayTimeDuration,
    FeelDate,
    FeelDateTime,
    FeelTime,
    YearMonthDuration,
)
from engine.feel.trial import evaluate_json
from engine.feel.values import Function, HostFunction, Range, from_json, to_json, type_name

__all__ = [
    "DayTimeDuration",
    "Expression",
    "FeelDate",
    "FeelDateTime",
    "FeelError",
    "FeelLimitError",
    "FeelSyntaxError",
    "FeelTime",
    "FeelWarning",
    "Function",
    "HostFunction",
    "Range",
    "UnaryTests",
    "YearMonthDuration",
    "compile_expression",
    "compile_unary_tests",
    "evaluate_json",
    "from_json",
    "to_json",
    "type_name",
]
