"""What a host puts into the scope, and what comes back."""

from __future__ import annotations

import datetime as dt
import threading
from decimal import Decimal

import pytest

from engine.feel import (
    FeelDate,
    FeelWarning,
    HostFunction,
    Range,
    compile_expression,
    from_json,
    to_json,
    type_name,
)


def test_a_host_function_is_called_by_position_and_by_name(feel):
    rater = HostFunction("rater", ("member", "role"), lambda member, role: f"{member}/{role}")
    scope = {"rater": rater}
    assert feel('rater("ayu", "lead")', scope) == "ayu/lead"
    assert feel('rater(role: "lead", member: "ayu")', scope) == "ayu/lead"


def test_a_host_function_may_have_a_name_with_spaces(feel):
    defined = HostFunction("is defined", ("value",), lambda value: value is not None)
    assert feel("is defined(x)", {"is defined": defined, "x": 1}, names={"is defined"}) is True


def test_a_host_function_called_wrongly_is_null_and_a_warning(feel):
    warnings = []
    scope = {"f": HostFunction("f", ("a",), lambda a: a)}
    assert feel("f(1, 2)", scope, warnings=warnings) is None
    assert feel("f(b: 2)", scope, warnings=warnings) is None
    assert feel("1(2)", scope, warnings=warnings) is None
    assert [warning.message for warning in warnings] == [
        "f takes 1 arguments",
        "f takes a",
        "number is no function",
    ]


def test_what_a_host_function_returns_is_a_feel_value(feel):
    scope = {"weights": HostFunction("weights", (), lambda: ({"w": 1}, {"w": 2.5}))}
    assert feel("sum(weights().w)", scope) == Decimal("3.5")


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        (1, "number"),
        (0.1, "number"),
        (Decimal(1), "number"),
        (True, "boolean"),
        ("x", "string"),
        (None, "null"),
        ([1], "list"),
        ((1,), "list"),
        ({"a": 1}, "context"),
        (dt.date(2026, 11, 21), "date"),
        (dt.datetime(2026, 11, 21, tzinfo=dt.UTC), "date and time"),
        (dt.time(10), "time"),
        (dt.timedelta(days=1), "days and time duration"),
        (float("nan"), "null"),
        (object(), "null"),
    ],
)
def test_a_python_value_has_a_feel_type(feel, value, kind):
    assert type_name(value) == kind
    if kind != "null":
        text = "list<Any>" if kind == "list" else kind
        text = "context<>" if kind == "context" else text
        assert feel(f"x instance of {text}", {"x": value}) is True


def test_floats_of_the_host_count_as_they_are_written(feel):
    assert feel("a + b = 0.3", {"a": 0.1, "b": 0.2}) is True


def test_nested_host_values_are_numbers_everywhere(feel):
    scope = {"orders": [{"lines": [{"price": 2, "count": 3}, {"price": 0.5, "count": 1}]}]}
    assert feel("sum(for o in orders, l in o.lines return l.price * l.count)", scope) == Decimal(
        "6.5"
    )
    assert feel("orders[1].lines.price = [2, 0.5]", scope) is True
    assert feel("list contains(flatten(orders.lines).count, 3)", scope) is True


def test_a_name_that_is_missing_is_null_and_a_warning(feel):
    warnings = []
    assert feel("amount > 5", {}, warnings=warnings) is None
    assert warnings == [
        FeelWarning("no variable 'amount'", 1, 1),
        FeelWarning("cannot order null and number", 1, 8),
    ]


def test_the_scope_hides_a_built_in_of_the_same_name(feel):
    assert feel("count + 1", {"count": 2}) == 3


def test_json_values_come_and_go(feel):
    value = from_json({"n": 1, "f": 0.5, "l": [True, None], "d": "2026-11-21"})
    assert value["n"].__class__ is Decimal
    assert to_json(value) == {"n": 1, "f": Decimal("0.5"), "l": [True, None], "d": "2026-11-21"}
    assert to_json(FeelDate(2026, 11, 21)) == "2026-11-21"
    one = Range(Decimal(1), Decimal(5), low_included=True, high_included=False)
    assert to_json(one) == "[1..5)"
    assert feel("abs") == "function abs"


def test_threads_share_an_expression():
    expression = compile_expression("sum(for i in 1..n return i)")
    results = {}

    def work(n):
        results[n] = [expression.evaluate({"n": n}) for _ in range(50)]

    threads = [threading.Thread(target=work, args=(n,)) for n in (10, 20, 30)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {n: set(values) for n, values in results.items()} == {
        10: {Decimal(55)},
        20: {Decimal(210)},
        30: {Decimal(465)},
    }
