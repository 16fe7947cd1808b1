"""What a lesson must say, how it is searched, where it may be taken up."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from engine.domain.lessons import (
    TOPICS_MAX,
    Audience,
    Lesson,
    LessonUse,
    check_lesson,
    check_use,
    searched,
    terms,
    topics_of,
)

NOON = datetime(2026, 7, 1, 5, tzinfo=UTC)
LESSON = Lesson(
    id="l1", root_id="l1", agency_id="a", unit_id="u", squad_id="s", year=2026,
    worked="Rapat singkat", failed="Data terlambat", advice="Minta lebih awal",
    audience=Audience.LEADS, words="", written_by="p", at=NOON,
)  # fmt: skip
USE = LessonUse(id="x", root_id="l1", used_by="p", at=NOON, squad_id="s2", title="Tim", note="")


def codes(found):
    return [one.code for one in found]


@pytest.mark.parametrize("part", ["worked", "failed", "advice"])
def test_each_part_says_something(part):
    assert codes(check_lesson(replace(LESSON, **{part: " - "}), ["data"])) == [f"{part}_missing"]


def test_topics_are_parted_by_commas_in_small_letters_each_once():
    assert topics_of("Data,  Pengadaan Barang; data, ,") == ("data", "pengadaan barang")


def test_a_lesson_has_at_least_one_topic_and_not_too_many_or_too_long():
    assert codes(check_lesson(LESSON, [])) == ["topic_missing"]
    many = [f"topik {n}" for n in range(TOPICS_MAX + 1)]
    assert codes(check_lesson(LESSON, many)) == ["topics_many"]
    assert codes(check_lesson(LESSON, ["x" * 41])) == ["topic_long"]
    assert check_lesson(LESSON, ["x" * 40]) == ()


def test_a_correction_says_why():
    again = replace(LESSON, id="l2", corrects_id="l1")
    assert codes(check_lesson(again, ["data"])) == ["reason_missing"]
    assert check_lesson(replace(again, correction_reason="Keliru"), ["data"]) == ()


def test_a_search_sees_every_part_in_small_letters():
    words = searched(LESSON, ["Pengadaan"], "Tim  Portal")
    assert all(one in words for one in ("tim portal", "rapat", "terlambat", "awal", "pengadaan"))
    assert terms(" Data data RAPAT ") == ("data", "rapat")


def test_a_lesson_goes_into_one_place_and_never_back_into_its_own_squad():
    assert check_use(USE, LESSON) == ()
    assert codes(check_use(replace(USE, squad_id="s"), LESSON)) == ["own_squad"]
    assert codes(check_use(replace(USE, squad_id=None), LESSON)) == ["one_place"]
    assert codes(check_use(replace(USE, item_id="i", plan_id="p"), LESSON)) == ["one_place"]
