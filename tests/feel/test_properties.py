"""Properties that hold for any text and any numbers."""

from __future__ import annotations

import contextlib
import datetime as dt
import decimal
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.feel import (
    FeelLimitError,
    FeelSyntaxError,
    civil,
    compile_expression,
    compile_unary_tests,
)
from engine.feel.signatures import BUILTINS
from engine.feel.temporal import FeelDate
from engine.feel.temporal_text import parse_duration, parse_temporal
from engine.feel.values import NUMBERS as CONTEXT

PIECES = st.sampled_from(
    [
        "1", "2.5", '"a"', "x", "y", "null", "true", "and", "or", "not", "(", ")", "[", "]", "{",
        "}", ",", ":", "..", ".", "+", "-", "*", "/", "**", "=", "!=", "<", ">=", "in", "between",
        "if", "then", "else", "for", "return", "some", "every", "satisfies", "function", "item",
        "instance of", "number", "list<", ">", '@"P1D"', "count", "?", "external", "partial", "\\",
    ]
)  # fmt: skip
NUMBERS = st.decimals(
    min_value=-(10**12), max_value=10**12, places=4, allow_nan=False, allow_infinity=False
)


VALUES = st.sampled_from(
    [
        "null", "0", "-1", "2.5", "1e20", "1e6000", '"a"', '""', '"[1..2]"', '"("', '"P1D"', "true",
        "[]", "[1, 2]", "[null]", "[[1], 2]", "{}", '[{key: "a", value: 1}]', '@"2020-02-29"',
        '@"-999999999-01-01"', '@"10:00:00@Asia/Jakarta"', '@"2020-01-01T00:00:00Z"', "x",
        '@"999999999-12-31T23:00:00@Asia/Jakarta"', '@"-PT0.5S"', '@"P999999999999D"', "abs",
        '@"P99999999999Y"', "[1..5]", "(> 5)", "(!= 5)", "[null..5]", "function(x, y) x < y",
    ]
)  # fmt: skip
SIGNS = st.sampled_from(["+", "-", "*", "/", "**", "=", "!=", "<", ">=", "in", "and", "or"])


def _compiles(text):
    with contextlib.suppress(FeelSyntaxError):
        return compile_expression(text)
    return None


@settings(max_examples=400, deadline=None)
@given(st.lists(PIECES, max_size=14).map(" ".join))
def test_any_words_parse_and_evaluate_or_are_a_syntax_error(text):
    expression = _compiles(text)
    if expression is not None:
        with contextlib.suppress(FeelLimitError):
            expression.evaluate({"x": [1, {"y": 2}], "y": "z"})
    with contextlib.suppress(FeelSyntaxError, FeelLimitError):
        compile_unary_tests(text).evaluate({"x": 1}, 2)


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=40))
def test_any_text_parses_or_is_a_syntax_error(text):
    _compiles(text)


@settings(max_examples=150, deadline=None)
@given(NUMBERS, NUMBERS)
def test_arithmetic_is_decimal(a, b):
    scope = {"a": a, "b": b}
    with decimal.localcontext(CONTEXT):
        expected = {"+": a + b, "-": a - b, "*": a * b}
    for sign, value in expected.items():
        assert compile_expression(f"a {sign} b").evaluate(scope) == value
    assert compile_expression("a < b").evaluate(scope) is (a < b)
    assert compile_expression("modulo(a, b)").evaluate(scope) is None or b != 0


@settings(max_examples=150, deadline=None)
@given(st.dates(), st.integers(min_value=-4000, max_value=4000))
def test_the_calendar_agrees_with_python(day, months):
    assert civil.to_days(day.year, day.month, day.day) == day.toordinal()
    assert civil.from_days(day.toordinal()) == (day.year, day.month, day.day)
    iso = day.isocalendar()
    assert civil.weekday(day.year, day.month, day.day) == iso.weekday
    assert civil.week_of_year(day.year, day.month, day.day) == iso.week
    moved = FeelDate(day.year, day.month, day.day).plus_months(months)
    assert (moved.year * 12 + moved.month) - (day.year * 12 + day.month) == months


@settings(max_examples=100, deadline=None)
@given(st.datetimes(timezones=st.sampled_from([None, dt.UTC])), st.timedeltas())
def test_temporal_text_reads_back(moment, length):
    value = compile_expression("x").evaluate({"x": moment})
    assert parse_temporal(str(value)) == value
    duration = compile_expression("x").evaluate({"x": length})
    assert parse_duration(str(duration)) == duration


@settings(max_examples=100, deadline=None)
@given(st.lists(st.sampled_from([True, False, None]), min_size=1, max_size=5))
def test_logic_has_three_values(values):
    scope = {f"v{n}": value for n, value in enumerate(values)}
    both = compile_expression(" and ".join(scope)).evaluate(scope)
    either = compile_expression(" or ".join(scope)).evaluate(scope)
    assert both is (False if False in values else None if None in values else True)
    assert either is (True if True in values else None if None in values else False)
    assert compile_expression("all(l)").evaluate({"l": values}) is both
    assert compile_expression("any(l)").evaluate({"l": values}) is either


@settings(max_examples=100, deadline=None)
@given(st.lists(NUMBERS, max_size=12))
def test_sorting_is_sorting(numbers):
    got = compile_expression("sort(l, function(a, b) a < b)").evaluate({"l": numbers})
    assert got == sorted(numbers)
    total = compile_expression("sum(l)").evaluate({"l": numbers})
    assert total == (sum(numbers, Decimal(0)) if numbers else None)


@settings(max_examples=600, deadline=None)
@given(st.sampled_from(sorted(BUILTINS)), st.lists(VALUES, max_size=4))
def test_any_built_in_with_any_values_gives_a_value(name, values):
    with contextlib.suppress(FeelLimitError):
        compile_expression(f"{name}({', '.join(values)})").evaluate({"x": float("inf")})


@settings(max_examples=400, deadline=None)
@given(VALUES, SIGNS, VALUES)
def test_any_operator_with_any_values_gives_a_value(left, sign, right):
    for text in (f"({left}) {sign} ({right})", f"({left})[{right}]", f"[({left})..({right})]"):
        with contextlib.suppress(FeelLimitError):
            compile_expression(text).evaluate({"x": object()})
