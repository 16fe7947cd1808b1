"""How many take part and how many days it takes, in whole days and by nearest rank."""

from __future__ import annotations

from datetime import date, timedelta
from statistics import median_low

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.domain.participation import days_between, participation, rank

DAYS = st.lists(st.integers(0, 400), max_size=40)


def test_nobody_has_no_days():
    found = participation(0, [])
    assert (found.share_bp, found.median_days, found.most_days) == (0, None, None)
    assert not found.meets_field


@pytest.mark.parametrize(
    ("people", "days", "meets"),
    [(20, [2] * 19, True), (20, [2] * 18, False), (20, [3] * 20, False), (20, [0] * 20, True)],
)
def test_the_field_is_met_with_two_days_and_95_per_cent(people, days, meets):
    assert participation(people, days).meets_field is meets


@given(DAYS.filter(bool), st.integers(1, 100))
def test_a_rank_is_the_least_value_that_so_many_do_not_exceed(days, percent):
    ordered = sorted(days)
    found = rank(ordered, percent)
    assert sum(day <= found for day in days) * 100 >= percent * len(days)
    assert sum(day < found for day in days) * 100 < percent * len(days)


@given(DAYS.filter(bool))
def test_the_half_is_the_lower_median(days):
    assert participation(len(days), days).median_days == median_low(days)


@given(st.integers(-30, 400))
def test_days_never_run_backwards(days):
    opened = date(2026, 1, 1)
    assert days_between(opened, opened + timedelta(days)) == max(days, 0)
