from __future__ import annotations

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forms.patterns import PatternRefused, compile_pattern

ATOMS = st.sampled_from(["a", "b", ".", "[ab]", "[^a]", "\\d", "\\w", "\\.", "[a-c0-2]"])


def _grow(inner):
    repeats = st.sampled_from(["*", "+", "?", "{2}", "{1,3}", "{0,}"])
    return st.one_of(
        st.lists(inner, min_size=1, max_size=3).map("".join),
        st.tuples(inner, inner).map(lambda two: f"({two[0]}|{two[1]})"),
        st.tuples(inner, repeats).map(lambda two: f"({two[0]}){two[1]}"),
    )


PATTERNS = st.recursive(ATOMS, _grow, max_leaves=6)


@given(
    PATTERNS,
    st.text("ab.1-", max_size=8),
    st.sampled_from(["{}", "^{}", "{}$", "^{}$", "^({})$"]),
)
def test_a_pattern_finds_what_the_standard_library_finds(pattern, text, frame):
    source = frame.format(pattern)
    assert compile_pattern(source).found_in(text) == bool(re.search(source, text, re.ASCII))


@pytest.mark.parametrize("source", ["(a+)+$", "(a|a)*b", "(a*)*b", "^(([a-z])+.)+[A-Z]$"])
def test_patterns_that_run_away_elsewhere_end_at_once(source):
    began = time.perf_counter()
    assert not compile_pattern(source).found_in("a" * 1_000 + "!")
    assert time.perf_counter() - began < 5


@pytest.mark.parametrize(
    "source",
    ["(", ")", "a**", "[a", "(?=a)", "(a)\\1", "a{5,2}", "a{9999}", "*a", "[z-a]", "(" * 30, "\\p"],
)
def test_what_lies_outside_the_language_is_refused_with_a_sentence(source):
    with pytest.raises(PatternRefused) as refused:
        compile_pattern(source)
    assert str(refused.value)


def test_a_pattern_that_unfolds_too_far_is_refused():
    with pytest.raises(PatternRefused, match="too large"):
        compile_pattern("((a{100}){100}){100}")
