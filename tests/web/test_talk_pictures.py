"""The pictures of the pages about people, as numbers."""

from __future__ import annotations

from decimal import Decimal

import pytest

from engine.domain.ratings import PREDIKAT_REFERENCE, Level, PatternRule, Predikat
from web.pictures.pattern_strip import WIDTH, pattern_strip
from web.pictures.quadrant import quadrant
from web.pictures.sparkline import HEIGHT, sparkline
from web.pictures.sparkline import WIDTH as SPARK_WIDTH


@pytest.mark.parametrize(("people", "counts"), [(9, {"baik": 8}), (7, {"baik": 1, "kurang": 3})])
def test_every_person_stands_once_in_the_strip_and_it_is_filled(people, counts):
    strip = pattern_strip({Predikat(k): n for k, n in counts.items()}, people, ())
    assert sum(one.people for one in strip.segments) == people
    ends = [one.x + one.width for one in strip.segments]
    assert [one.x for one in strip.segments] == [0, *ends[:-1]]
    assert ends[-1] == WIDTH
    assert strip.segments[-1].predikat is None


def test_a_bound_speaks_of_the_rated_people_only():
    rules = (PatternRule(predikats=frozenset({Predikat.BAIK}), at_most_bp=7000),)
    (bound,) = pattern_strip({Predikat.BAIK: 9}, 12, rules).bounds
    assert (bound.people, bound.at_most, bound.has, bound.holds) == (9, 6, 9, False)


def test_a_strip_of_nobody_is_empty():
    assert pattern_strip({}, 0, ()).segments == ()


def test_a_sparkline_keeps_a_period_its_place_and_stays_inside():
    picture = sparkline([(0, Decimal(0)), (3, Decimal(300))], 4)
    first, last = picture.dots
    assert first.x < last.x <= SPARK_WIDTH
    assert 0 <= last.y < picture.target_y < first.y <= HEIGHT


def test_one_period_makes_one_dot():
    picture = sparkline([(0, Decimal(100))], 1)
    assert picture.last.y == picture.target_y


def test_the_cell_of_a_rating_is_chosen_and_no_other():
    picture = quadrant(PREDIKAT_REFERENCE, Level.DI_ATAS, Level.SESUAI)
    assert [cell.predikat for cell in picture.cells if cell.chosen] == [Predikat.BAIK]
    assert len(picture.cells) == 9
    assert picture.chosen.y == min(cell.y for cell in picture.cells)


def test_nothing_is_chosen_before_a_rating():
    assert quadrant({}, None, None).chosen is None
