"""The geometry of a chain: layers, no box over another, lines from below to above."""

from __future__ import annotations

from itertools import combinations

from web.pictures.chain import MOST, WIDTH, Knot, draw


def knot(name, kind="result", title="Hasil kerja yang mendukung layanan terpadu dan andal"):
    return Knot(id=name, title=f"{title} {name}", whose="Sari", kind=kind)


def drawn(serves, middle="a", **kinds):
    names = {one for low, high, _ in serves for one in (low, high)} | {middle}
    knots = {name: knot(name, kinds.get(name, "result")) for name in sorted(names)}
    return draw(knots, serves, [middle])


def test_what_is_served_stands_above_what_serves_it():
    picture = drawn([("a", "b", True), ("b", "c", False), ("a", "c", False), ("d", "a", True)])
    top = {box.knot.id: box.y for box in picture.boxes}
    assert top["c"] < top["b"] < top["a"] < top["d"]
    assert sum(line.direct for line in picture.lines) == 2


def test_no_box_lies_over_another_and_all_are_on_the_sheet():
    picture = drawn([(f"k{n}", "a", True) for n in range(4)] + [("a", "z", True)])
    for box in picture.boxes:
        assert box.x >= 0
        assert box.x + box.width <= WIDTH
        assert box.y + box.height <= picture.height
    for one, other in combinations(picture.boxes, 2):
        apart = one.x + one.width <= other.x or other.x + other.width <= one.x
        assert apart or one.y + one.height <= other.y or other.y + other.height <= one.y


def test_a_wide_layer_says_how_many_stand_in_the_table_only():
    picture = drawn([(f"k{n}", "a", True) for n in range(MOST + 3)])
    assert picture.left_out == 3
    assert {box.knot.id for box in picture.boxes} >= {"a"}


def test_a_circle_is_drawn_too_and_ends():
    picture = drawn([("a", "b", True), ("b", "a", True)])
    assert len(picture.boxes) == 2


def test_a_lone_result_is_a_picture():
    picture = drawn([])
    assert len(picture.boxes) == 1
    assert picture.lines == ()
