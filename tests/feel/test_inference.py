"""What is inferred about an expression is what it gives."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.fuzz_texts import Grammar
from engine.feel import FeelLimitError, FeelSyntaxError, compile_expression
from engine.feel.feeltypes import SIMPLE, FeelType
from engine.feel.inference import infer
from engine.feel.values import type_name

PERSON = FeelType("context", (SIMPLE["string"], SIMPLE["number"]), ("name", "posts"))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1 + nilai", "number"),
        ('"a" + "b"', "string"),
        ("unknown + 1", "number"),
        ('unknown + "a"', "string"),
        ("unknown ** 2", "number"),
        ("unknown - unknown", "Any"),
        ("nilai > 75 and x", "boolean"),
        ('if x then 1 else "a"', "Any"),
        ("if x then 1 else nilai", "number"),
        ("for i in 1..3 return i * 2", "list"),
        ("{a: 1}.a", "number"),
        ("person.posts", "number"),
        ("person.other", "Any"),
        ("count(people.name)", "number"),
        ("today()", "date"),
        ("[1..2]", "range"),
        ("unknown * 2", "Any"),
        ("1 +", "Any"),
    ],
)
def test_a_type_is_inferred_where_it_cannot_be_another(text, expected):
    types = {
        "nilai": SIMPLE["number"],
        "person": PERSON,
        "people": FeelType("list", (PERSON,)),
    }
    assert infer(text, types).name == expected


@settings(max_examples=500, deadline=None)
@given(chance=st.randoms(use_true_random=False))
def test_no_value_is_of_another_type_than_the_inferred_one(chance):
    text = Grammar(chance).expression()
    found = infer(
        text, {"nilai": SIMPLE["number"], "perilaku": SIMPLE["string"]}, names=frozenset({"a b"})
    )
    with contextlib.suppress(FeelSyntaxError, FeelLimitError):
        expression = compile_expression(text, names=frozenset({"a b"}))
        value = expression.evaluate({"nilai": 91, "perilaku": "a", "x": [1], "y": "z"})
        if value is not None and found.name != "Any":
            assert type_name(value) == found.name, text
