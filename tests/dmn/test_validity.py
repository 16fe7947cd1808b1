"""Dated versions of a decision."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.dmn.validity import DmnValidityError, Gap, ValidityRange, gaps, overlaps, pick

Y2025 = ValidityRange(date(2025, 1, 1), date(2025, 12, 31))
Y2026 = ValidityRange(date(2026, 1, 1), None)


def test_the_version_of_the_day_is_picked():
    assert pick([Y2026, Y2025], date(2025, 12, 31)) is Y2025
    assert pick([Y2026, Y2025], date(2026, 1, 1)) is Y2026


def test_a_day_without_one_version_is_an_error():
    with pytest.raises(DmnValidityError) as caught:
        pick([Y2025], date(2024, 12, 31))
    assert (caught.value.count, caught.value.day) == (0, date(2024, 12, 31))


def test_neighbours_neither_overlap_nor_leave_a_gap():
    assert overlaps([Y2026, Y2025]) == []
    assert gaps([Y2026, Y2025]) == []


def test_overlaps_name_the_pair_and_the_days():
    late = ValidityRange(date(2025, 12, 1), date(2026, 1, 31))
    found = overlaps([Y2026, late, Y2025])
    assert [(one.first, one.second, one.valid_from, one.valid_to) for one in found] == [
        (1, 2, date(2025, 12, 1), date(2025, 12, 31)),
        (0, 1, date(2026, 1, 1), date(2026, 1, 31)),
    ]
    assert "2025-12-01" in found[0].message


def test_gaps_are_found():
    late = ValidityRange(date(2026, 3, 1))
    assert gaps([late, Y2025]) == [Gap(date(2026, 1, 1), date(2026, 2, 28))]


def test_a_range_that_ends_before_it_begins_is_refused():
    with pytest.raises(ValueError, match="before it begins"):
        ValidityRange(date(2026, 1, 2), date(2026, 1, 1))


RANGES = st.builds(
    lambda start, length: ValidityRange(
        date(2026, 1, 1) + timedelta(days=start),
        None if length is None else date(2026, 1, 1) + timedelta(days=start + length),
    ),
    st.integers(0, 60),
    st.none() | st.integers(0, 20),
)


@given(st.lists(RANGES, max_size=5))
def test_without_overlaps_no_day_has_two_versions(versions):
    days = [date(2026, 1, 1) + timedelta(days=n) for n in range(90)]
    crowded = any(sum(one.holds_on(day) for one in versions) > 1 for day in days)
    assert crowded is bool(overlaps(versions))
