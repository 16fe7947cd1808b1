"""The model: what it says of plain histories, that it adds up, and that it keeps its promise."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.forecast import simulated
from engine.domain.forecasts import DriverKind, History, Point
from engine.forecasting import RidgeForecaster
from engine.forecasting.back_test import back_test, straight_line

QUARTERS = (2500, 5000, 7500, 10_000)


def history(*values, silent=0):
    points = tuple(
        Point(elapsed_e4=at, attainment=Decimal(value), silent=silent)
        for at, value in zip(QUARTERS, values, strict=False)
    )
    return History(indicator_id="i", points=points)


def test_with_nothing_to_learn_from_the_last_value_stands_and_anything_may_come():
    said = RidgeForecaster().learn([]).forecast(history(40, 60), 80)
    assert (said.expected, said.low, said.high) == (Decimal(60), Decimal(0), Decimal(120))
    assert (said.drivers, said.pairs, said.points) == ((), 0, 2)


def test_where_amounts_climb_the_trend_is_the_strongest_reason():
    model = RidgeForecaster().learn([history(n, 2 * n, 3 * n, 4 * n) for n in range(15, 30)])
    said = model.forecast(history(20, 40), 80)
    assert said.drivers[0].kind is DriverKind.TREND
    assert abs(said.expected - 80) <= 3


def test_where_values_stand_the_interval_is_narrow_but_never_nothing():
    model = RidgeForecaster().learn([history(n, n, n, n) for n in range(80, 110)])
    said = model.forecast(history(95, 95), 80)
    assert (said.low, said.expected, said.high) == (Decimal(94), Decimal(95), Decimal(96))


def test_the_same_histories_give_the_same_forecast():
    known = simulated(60, 7, 12)
    first, second = (RidgeForecaster().learn(known).forecast(history(30, 50), 80) for _ in "ab")
    assert first == second


@given(
    values=st.lists(st.decimals(0, 120, places=2), min_size=1, max_size=3),
    silent=st.integers(0, 3),
)
def test_the_last_value_and_all_reasons_add_up_to_the_forecast(values, silent):
    model = RidgeForecaster().learn(simulated(40, 3, 4))
    said = model.forecast(history(*values, silent=silent), 80)
    assert said.last + sum(one.points for one in said.drivers) == said.expected
    assert 0 <= said.low <= said.expected <= said.high <= 120


@pytest.mark.parametrize("periods", [4, 12])
def test_the_interval_holds_about_what_it_promises_on_years_it_has_not_seen(periods):
    for cut, told in back_test(simulated(400, 2026, periods)).items():
        assert 0.7 <= told.held <= 0.9, cut
        assert told.model < told.last, cut


def test_a_straight_line_is_carried_on_to_the_end():
    assert straight_line(history(20, 40).points) == Decimal("80.00")
    assert straight_line(history(20).points) == Decimal("20.00")
