"""Hours, chance, plans and pictures of a simulation."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from random import Random
from textwrap import dedent

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from engine.domain.calendar import WorkingCalendar
from engine.scenarios.source import ScenarioUnreadable
from engine.simulation.chance import Between, Choice, Lots, Observed, Triangular
from engine.simulation.figures import spread
from engine.simulation.hours import NeverWorked, WorkingHours
from engine.simulation.picture import picture
from engine.simulation.reading import read_plan
from tests.simulating.test_running import LEAVE

MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001 - hypothesis adds the zone
LENGTHS = st.timedeltas(timedelta(0), timedelta(hours=200))


@given(MOMENTS, LENGTHS)
def test_work_takes_as_many_working_hours_as_it_takes(begun, takes):
    hours = WorkingHours(calendar=WorkingCalendar(holidays=frozenset({date(2026, 3, 19)})))
    assert hours.between(begun, hours.done_at(begun, takes)) == takes


@given(MOMENTS, LENGTHS, LENGTHS)
def test_working_time_adds_up(first, one, other):
    hours = WorkingHours()
    middle, last = first + one, first + one + other
    whole = hours.between(first, last)
    assert whole == hours.between(first, middle) + hours.between(middle, last)


def test_a_year_without_work_is_said():
    idle = WorkingHours(calendar=WorkingCalendar(weekdays=frozenset()))
    with pytest.raises(NeverWorked):
        idle.done_at(datetime(2026, 1, 1, tzinfo=UTC), timedelta(minutes=1))


@given(st.integers(0, 1000))
def test_lengths_stay_in_their_bounds(seed):
    random = Random(seed)  # noqa: S311 - a test
    least, usual, most = (timedelta(minutes=n) for n in (5, 10, 30))
    for one in (
        Between(least, most),
        Triangular(least, usual, most),
        Observed([least, usual, most]),
    ):
        assert least <= one.drawn(random) <= most


def test_a_choice_is_by_weight():
    random = Random(1)  # noqa: S311 - a test
    drawn = [Choice(["a", "b"], [3.0, 1.0]).drawn(random) for _ in range(4_000)]
    assert 2_850 < drawn.count("a") < 3_150


@given(st.lists(LENGTHS, min_size=1))
def test_a_spread_is_in_order(lengths):
    found = spread(lengths)
    assert found.median <= found.p90 <= found.most == max(lengths)
    assert found.count == len(lengths)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("per_day: 20", "per_day: 0"), "above 0"),
        (("role: boss", "role: chef"), "which 'roles' does not have"),
        (("boss: 1", "boss: 0"), "whole number from 1"),
        (("[PT5M, PT20M]", "[PT20M, PT5M]"), "the shortest first"),
        (("between: [PT5M, PT20M]", "around: PT5M"), "is a length, or one of"),
        (("roles:", "role:"), "Did you mean 'roles'?"),
    ],
)
def test_a_fault_of_a_plan_is_said(change, said):
    with pytest.raises(ScenarioUnreadable, match=said.replace("?", r"\?")):
        read_plan(dedent(LEAVE.replace(*change)).encode())


def test_the_picture_tells_load_and_waiting_as_text_too(simulated):
    root = etree.fromstring(picture(simulated(LEAVE, "leave")))
    words = " ".join(root.itertext())
    assert "Load by role and week" in words
    assert "boss, week of 2026-11-30" in words
    assert "Decide" in words


def test_what_chance_gives_one_thing_does_not_hang_on_what_else_is_drawn():
    alone, beside = Lots(7).another(), Lots(7).another()
    first = alone.of("takes:a").random()
    beside.of("takes:new").random()
    assert beside.of("takes:a").random() == first
    assert alone.of("takes:a").random() != first
    assert Lots(8).another().of("takes:a").random() != first
    lots = Lots(7)
    lots.another()
    assert lots.another().of("takes:a").random() != first
