"""Attainment of indicators and results: worked numbers, bounds, monotony, exactness."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.domain.errors import Malformed
from engine.domain.index import home_attainment
from engine.domain.indicators import (
    Aspect,
    Direction,
    Target,
    attainment,
    result_attainment,
)
from engine.domain.plans import Indicator, check_indicator
from tests.domain.worked import CAP, D

MEASURED = (Direction.HIGHER, Direction.LOWER, Direction.RANGE)
numbers = st.decimals(0, 1_000_000, places=2)
targets = numbers.filter(bool)
percents = st.decimals(0, 120, places=2)
weights = st.integers(1, 1000)


def target(direction, value, upper=None, **facts):
    return Target(direction=direction, value=value, upper=upper, cap=CAP, **facts)


@given(st.sampled_from(MEASURED), targets, numbers)
def test_attainment_always_lies_between_nothing_and_the_cap(direction, value, actual):
    assert 0 <= attainment(target(direction, value, value * 2), actual) <= CAP


@given(targets, numbers, numbers)
def test_more_never_counts_less_where_more_is_better_and_the_other_way_round(value, one, other):
    less, more = sorted((one, other))
    up, down = target(Direction.HIGHER, value), target(Direction.LOWER, value)
    assert attainment(up, less) <= attainment(up, more)
    assert attainment(down, less) >= attainment(down, more)


@given(targets, targets, st.integers(0, 100))
def test_a_range_counts_alike_on_both_sides(one, other, percent):
    lower, upper = sorted((one, other))
    aim = target(Direction.RANGE, lower, upper)
    below = attainment(aim, lower * (100 - percent) / 100)
    beyond = attainment(aim, upper * (100 + percent) / 100)
    assert below == beyond == 100 - percent
    assert attainment(aim, lower) == attainment(aim, upper) == 100


@given(targets, st.decimals(101, 400, places=0))
def test_where_less_is_better_a_table_says_at_what_nothing_counts(value, zero):
    aim = target(Direction.LOWER, value, zero_at_percent=zero)
    assert attainment(aim, value * zero / 100) == 0
    assert attainment(aim, value) == 100
    middle = value * (100 + zero) / 200
    assert attainment(aim, middle) == 50


@given(st.lists(st.tuples(weights, percents), min_size=1, max_size=6))
def test_a_result_is_the_exact_mean_of_its_indicators_by_weight(parts):
    exact = Fraction(sum(Fraction(a) * w for w, a in parts), sum(w for w, _ in parts))
    found = result_attainment(parts)
    assert abs(Fraction(found) - exact) <= Fraction(1, 200)
    assert min(a for _, a in parts) <= found <= max(a for _, a in parts)
    assert found == found.quantize(D("0.01"))
    scaled = [(w * 7, a) for w, a in parts]
    assert result_attainment(scaled) == found


@given(st.lists(st.tuples(weights, percents), min_size=2, max_size=6))
def test_measuring_one_more_indicator_never_lowers_a_result(parts):
    (weight, _), *rest = parts
    assert result_attainment([(weight, None), *rest]) <= result_attainment(parts)


def test_indicators_of_equal_weight_are_a_plain_mean():
    assert result_attainment([(1, D(100)), (1, D(95)), (1, D(102))]) == D("99.00")
    assert result_attainment([(3, D(100)), (1, D(80))]) == D("95.00")
    assert result_attainment([(1, D(100)), (1, None)]) == D("50.00")
    for broken in ([], [(0, D(1))]):
        with pytest.raises(Malformed):
            result_attainment(broken)


def test_the_home_role_of_the_worked_example_comes_from_its_indicators():
    """crediting.md 2.6: 0.4*100 + 0.3*95 + 0.3*102 = 99.1."""
    first = result_attainment([(1, D(110)), (1, D(90))])
    second = attainment(target(Direction.HIGHER, D(40)), D(38))
    third = attainment(target(Direction.LOWER, D(50)), D(49))
    assert (first, second, third) == (D(100), D(95), D(102))
    assert home_attainment([(4000, first), (3000, second), (3000, third)]) == D("99.10")


SOUND = Indicator(id="i", item_id="r", aspect=Aspect.KUANTITAS, text="n", target=Decimal(1))


@pytest.mark.parametrize(
    ("facts", "codes"),
    [
        ({}, []),
        ({"target": None}, []),
        ({"direction": Direction.LOWER, "target": D(0)}, []),
        ({"direction": Direction.RANGE, "target": None, "lower": D(1), "upper": D(2)}, []),
        (
            {"direction": Direction.RANGE, "target": None, "lower": D(2), "upper": D(1)},
            ["range_ends"],
        ),
        (
            {"direction": Direction.RANGE, "target": None, "lower": D(0), "upper": D(0)},
            ["range_ends"],
        ),
        ({"direction": Direction.RANGE, "target": None, "lower": D(1)}, ["range_ends"]),
        ({"direction": Direction.RANGE}, ["range_ends", "target_unused"]),
        ({"lower": D(1), "upper": D(2)}, ["range_ends"]),
        ({"direction": Direction.QUALITATIVE}, ["target_unused"]),
        ({"target": D(0)}, ["target_low"]),
        ({"target": D(-1), "direction": Direction.LOWER}, ["target_low"]),
        ({"weight": 0}, ["indicator_weight"]),
        ({"text": " "}, ["indicator_words"]),
    ],
)
def test_every_fault_of_an_indicator_is_named(facts, codes):
    assert [fault.code for fault in check_indicator(replace(SOUND, **facts))] == codes


def test_words_have_no_percentage_of_their_own():
    with pytest.raises(Malformed):
        attainment(target(Direction.QUALITATIVE, D(1)), D(1))
    with pytest.raises(Malformed):
        attainment(target(Direction.LOWER, D(1), zero_at_percent=D(100)), D(2))
