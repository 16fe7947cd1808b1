"""The grammar and the semantics of FEEL."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest

from engine.feel import FeelSyntaxError, compile_expression, compile_unary_tests, to_json

CASES = {
    # numbers and precedence
    "0.1 + 0.2 = 0.3": True,
    "1 + 2 * 3": 7,
    "10 - 2 - 3": 5,
    "2 ** 3 ** 2": 64,
    "-5 ** 2": 25,
    "7 / 2": "3.5",
    "1.5e3": 1500,
    "--5": 5,
    # three values
    "true and null": None,
    "false and null": False,
    "null or true": True,
    "null or false": None,
    "not(null)": None,
    "1 = null": False,
    "null = null": True,
    '1 = "1"': None,
    "if null then 1 else 2": 2,
    'if "x" then 1 else if true then 2 else 3': 2,
    # texts, comments, escapes
    '"a" + "b"': "ab",
    r'"\u0041\n"': "A\n",
    "1 /* one */ + // and\n 2": 3,
    # lists, filters, paths
    "[1, 2, 3][item > 1]": [2, 3],
    "[1, 2, 3][-1]": 3,
    "[1, 2, 3][4]": None,
    "1[1]": 1,
    "[{a: 1}, {a: 2}].a": [1, 2],
    "[{a: 1}, {a: 2}][a = 2]": [{"a": 2}],
    "[{item: 1}, {item: 2}][item > 1]": [{"item": 2}],
    "{a: {b: 5}}.a.b": 5,
    "{a: 1, b: a + 1}.b": 2,
    '{first name: "Ayu"}.first name': "Ayu",
    '[{squad lead: "a"}, {squad lead: "b"}][squad lead = "b"].squad lead': ["b"],
    '{"a b": 1, c: a b + 1}.c': 2,
    # ranges and tests
    "3 in [1..5]": True,
    "5 in [1..5)": False,
    "5 in ]1..5[": False,
    "3 in (1, < 2, [3..4])": True,
    "5 in (!= 5)": False,
    "6 in (> 5)": True,
    "(>= 5).start included": True,
    "3 between 1 and 3": True,
    '"b" in ["a".."c"]': True,
    "1 in [[2..4], [1..3]]": True,
    # loops
    "for i in 3..1 return i": [3, 2, 1],
    "for x in [1, 2], y in [x, x * 10] return x + y": [2, 11, 4, 22],
    "for i in 0..4 return if i = 0 then 1 else i * partial[-1]": [1, 1, 2, 6, 24],
    "for i in (1..4) return i": [2, 3],
    "some x in [1, 2] satisfies x > 1": True,
    "every x in [1, 2] satisfies x > 1": False,
    "every x in [] satisfies false": True,
    # functions and types
    "{a: 1,}": SyntaxError,
    "abs(1,)": SyntaxError,
    "0 ** -1": None,
    "1 / 0": None,
    "(function(a: number, b) a + b)(1, b: 2)": SyntaxError,
    "(function(a: number, b) a + b)(b: 2, a: 1)": 3,
    '(function(a: number) a)("x")': None,
    "{double: function(x) x * 2, r: double(4)}.r": 8,
    "{f: function(n) if n = 0 then 1 else n * f(n - 1), r: f(5)}.r": 120,
    "[1] instance of list<number>": True,
    "{a: 1} instance of context<a: number>": True,
    "null instance of Any": False,
    '@"P1D" instance of days and time duration': True,
    # singleton lists
    "abs([-2])": 2,
    'string length(["abc"])': 3,
    "count(5)": 1,
}


@pytest.mark.parametrize("text", CASES)
def test_an_expression_gives_what_the_standard_says(feel, text):
    expected = CASES[text]
    if expected is SyntaxError:
        with pytest.raises(FeelSyntaxError):
            feel(text)
        return
    got = feel(text)
    if isinstance(got, Decimal):
        got = str(got)
    assert json.dumps(got) == json.dumps(expected)


def test_a_closure_reads_the_names_around_its_definition(feel):
    assert feel("{k: 3, times: function(x) x * k, all: for i in [1, 2] return times(i)}.all") == [
        3,
        6,
    ]


def test_a_known_name_of_several_words_is_one_name(feel):
    scope = {"rater superior": "Ayu", "squad lead": "Budi"}
    text = 'if rater  superior = "Ayu" then squad lead else null'
    assert feel(text, scope, names={"rater superior", "squad lead"}) == "Budi"


def test_an_unknown_name_of_several_words_is_refused():
    with pytest.raises(FeelSyntaxError) as caught:
        compile_expression("rater superior")
    assert "'rater superior' is not known" in caught.value.expected


@pytest.mark.parametrize(
    ("text", "place", "said"),
    [
        ("nilai == 90", (1, 8), "an expression (FEEL writes = for ==)"),
        ("nilai => 90", (1, 8), "an expression (FEEL writes >= for =>)"),
        ("a &&\n b", (1, 3), "an expression (FEEL writes and for &&)"),
        ("'di atas'", (1, 1), "an expression (FEEL writes \" for ')"),
        ("nilai >= 90 dan x", (1, 13), "an operator or the end, not 'dan'"),
        ("if a\nthan 2", (2, 1), "'then' (the name 'a than' is not known)"),
        ("[1,\n 2", (2, 3), "']' after the list"),
    ],
)
def test_an_error_says_where_and_what_would_fit(text, place, said):
    with pytest.raises(FeelSyntaxError) as caught:
        compile_expression(text)
    assert (caught.value.line, caught.value.column) == place
    assert caught.value.expected == said


def test_variables_are_the_free_names_only():
    text = "count(for o in outputs return o.weight * factor) > limit and {a: 1, b: a}.b = 1"
    assert compile_expression(text).variables == {"outputs", "factor", "limit"}


def test_names_in_a_filter_are_reported_as_perhaps_of_the_item():
    expression = compile_expression("people[age > minimum].name")
    assert expression.variables == {"people", "age", "minimum"}
    assert expression.item_names == {"age", "minimum"}


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [("1 +", 1, 4), ("1 +\n  )", 2, 3), ("a b", 1, 3), ('"open', 1, 1), ("{a: 1, a: 2}", 1, 8)],
)
def test_a_syntax_error_names_the_place(text, line, column):
    with pytest.raises(FeelSyntaxError) as caught:
        compile_expression(text)
    error = caught.value
    assert (error.line, error.column) == (line, column)
    assert error.expected
    assert error.text == text


@pytest.mark.parametrize(
    "text", ["", " ", "1..5", "and", "for", "x in", '@"x"', "a.", "f(a, b: 1)"]
)
def test_what_is_no_expression_is_refused(text):
    with pytest.raises(FeelSyntaxError):
        compile_expression(text)


def test_compiling_the_same_text_twice_gives_the_same_object():
    assert compile_expression("1 + 1") is compile_expression("1 + 1")


def test_an_expression_cannot_be_changed():
    with pytest.raises(AttributeError):
        compile_expression("1").text = "2"
    with pytest.raises(AttributeError):
        compile_unary_tests("1").text = "2"


@pytest.mark.parametrize(
    ("text", "value", "expected"),
    [
        ("-", None, True),
        ("> 5", 6, True),
        ("< 5, > 10", 12, True),
        ("not(1, 2)", 3, True),
        ("not(1, 2)", 2, False),
        ("[1..5]", 5, True),
        ('"a", "b"', "b", True),
        ("true", True, True),
        ("false", False, True),
        ("? > 5 and ? < 9", 7, True),
        ('ends with(?, "n")', "Budiman", True),
        ('ends with(?, "n")', "Ayu", False),
        ("limit", 3, True),
        ("> limit", 3, False),
        ("null", None, True),
        ("> 5", "x", None),
        ("[1, 2, 3]", 2, True),
    ],
)
def test_a_cell_is_met_as_the_standard_says(text, value, expected):
    assert compile_unary_tests(text).evaluate({"limit": 3}, value) is expected


def test_result_lists_are_never_those_of_the_host():
    rows = [{"n": 1}]
    value = compile_expression("rows").evaluate({"rows": rows})
    value[0]["n"] = 2
    assert rows == [{"n": 1}]
    assert to_json(value) == [{"n": 2}]
