"""The agency's pictures keep their proportions and stay inside their frames."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from engine.domain.ratings import Level
from web.pictures.distribution import distribution
from web.pictures.funnel import STRIP_HEIGHT, STRIP_WIDTH, funnel, strip
from web.pictures.months import heat, months
from web.readings.calibration import nearest

PREDIKATS = [(word, word) for word in ("a", "b", "c", "d", "e")]
COUNTS = st.fixed_dictionaries({word: st.integers(0, 5000) for word, _ in PREDIKATS})
STAGES = st.lists(st.integers(0, 3000), min_size=1, max_size=8)


@given(STAGES)
def test_a_funnel_is_as_wide_as_its_people_and_inside_its_frame(counts):
    people = max(counts)
    found = funnel(people, [(str(n), count) for n, count in enumerate(counts)])
    for step, count in zip(found.steps, counts, strict=True):
        assert step.x >= 0
        assert step.x + step.width <= found.width
        assert (step.width > 0) == (count > 0)
        assert abs(step.x * 2 + step.width - found.width) <= 1
        assert step.y + step.height <= found.height
        if count:
            assert step.width >= found.width * count // people
    ordered = sorted(found.steps, key=lambda step: step.people)
    widths = [step.width for step in ordered]
    assert widths == sorted(widths)


@given(STAGES)
def test_a_funnel_is_stuck_where_most_people_are_left_behind(counts):
    people = max(counts)
    found = funnel(people, [(str(n), count) for n, count in enumerate(counts)])
    lost = [max(a - b, 0) for a, b in zip([people, *counts], counts, strict=False)]
    assert (found.stuck.lost if found.stuck else 0) == max(lost)


@given(STAGES)
def test_a_strip_stands_on_its_ground(counts):
    found = funnel(max(counts), [(str(n), count) for n, count in enumerate(counts)])
    for column in strip(found):
        assert column.y >= 0
        assert column.y + column.height == STRIP_HEIGHT
        assert column.x + column.width <= STRIP_WIDTH


@given(COUNTS, COUNTS, st.dictionaries(st.sampled_from("abcde"), st.tuples(
    st.none() | st.integers(0, 5000), st.integers(0, 5000))))  # fmt: skip
def test_columns_stand_on_one_scale_and_limits_are_told(before, after, limits):
    found = distribution(PREDIKATS, before, after, limits)
    bars = [bar for group in found.groups for bar in (group.before, group.after)]
    for bar in bars:
        assert bar.y >= 0
        assert bar.y + bar.height == found.base_y
    ordered = sorted(bars, key=lambda bar: bar.people)
    assert [bar.height for bar in ordered] == sorted(bar.height for bar in bars)
    for (word, _), group in zip(PREDIKATS, found.groups, strict=True):
        most, least = limits.get(word, (None, 0))
        assert group.missed == ((most is not None and after[word] > most) or after[word] < least)
        assert 0 <= group.before.x < group.after.x <= found.width
        for limit in group.limits:
            assert 0 <= limit.y <= found.base_y


@given(st.lists(st.integers(0, 30_000), min_size=12, max_size=12))
def test_months_are_measured_against_full_time(loads):
    found = months([str(n) for n in range(12)], loads)
    for month, load in zip(found.columns, loads, strict=True):
        assert month.y >= 0
        assert month.y + month.height == found.base_y
        assert (month.heat >= 4) == (load > 10_000)
        assert (month.heat == 5) == (load > 11_000)
        if load > 10_000:
            assert month.y <= found.full_y
    assert [heat(load) for load in sorted(loads)] == sorted(heat(load) for load in loads)


CELLS = {
    (result, behaviour): (result, behaviour) if result is not Level.SESUAI else "middle"
    for result in Level
    for behaviour in Level
}


@given(st.sampled_from(list(CELLS)), st.sampled_from(list(CELLS)))
def test_a_card_goes_to_the_nearest_levels_of_its_column(here, wanted):
    found = nearest(CELLS, here, CELLS[wanted])
    assert CELLS[found] == CELLS[wanted]
    if CELLS[here] == CELLS[wanted]:
        assert found == here
