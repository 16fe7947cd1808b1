"""Gaps and double covers of a matrix."""

from __future__ import annotations

from engine.domain.matrix import Cover, coverage


def cover(person, column, title):
    return Cover(person_id=person, column=column, title=title)


def test_columns_nobody_serves_and_people_who_serve_none_are_named_in_order():
    found = coverage([cover("sari", "b", "Data")], ["a", "b", "c"], ["budi", "sari"])
    assert found.open_columns == ("a", "c")
    assert found.idle_people == ("budi",)


def test_the_same_words_by_several_people_in_one_column_are_a_double_cover():
    covers = [
        cover("sari", "a", "Data terpadu"),
        cover("budi", "a", " data Terpadu "),
        cover("sari", "a", "Data terpadu"),
        cover("budi", "b", "Data terpadu"),
        cover("tono", "a", "Panduan"),
    ]
    found = coverage(covers, ["a", "b"], ["sari", "budi", "tono"])
    assert found.doubled == (("a", "Data terpadu", ("sari", "budi")),)
