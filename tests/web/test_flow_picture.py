from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from web.pictures.flow import REST, Stream, flow_picture, largest

UNITS = st.sampled_from("abcdefgh")


@st.composite
def streams(draw):
    pairs = draw(st.lists(st.tuples(UNITS, UNITS), unique=True, max_size=30))
    return [
        Stream(home=home, host=host, amount=draw(st.integers(0, 10_000_000)))
        for home, host in pairs
    ]


def met(ribbons, node, *, left):
    ends = sorted(
        ((one.left_c if left else one.right_c), one.width_c)
        for one in ribbons
        if (one.stream.home if left else one.stream.host) == node.key
    )
    at = node.y_c
    for start, width in ends:
        assert start == at
        at += width
    assert at == node.y_c + node.height_c


@given(streams(), st.integers(1, 12))
def test_ribbons_fill_their_units_on_both_sides_and_nothing_is_lost(made, most):
    picture = flow_picture(made, most)
    whole = sum(one.amount for one in made)
    assert picture.total == whole
    assert sum(node.amount for node in picture.homes) == whole
    assert sum(node.amount for node in picture.hosts) == whole
    assert len(picture.ribbons) <= most + 1
    widths = sum(one.width_c for one in picture.ribbons)
    assert sum(node.height_c for node in picture.homes) == widths
    assert sum(node.height_c for node in picture.hosts) == widths
    for node in picture.homes:
        met(picture.ribbons, node, left=True)
    for node in picture.hosts:
        met(picture.ribbons, node, left=False)
    for one in (*picture.homes, *picture.hosts):
        assert one.y_c >= 0
        assert one.y_c + one.height_c <= picture.height * 100


@given(streams())
def test_units_of_a_side_never_overlap(made):
    picture = flow_picture(made)
    for side in (picture.homes, picture.hosts):
        for above, below in pairwise(side):
            assert above.y_c + above.height_c < below.y_c


def test_what_is_left_out_is_one_ribbon_of_the_rest():
    made = [Stream(home=f"u{n}", host="x", amount=n) for n in range(1, 6)]
    shown = largest(made, 2)
    assert [(one.home, one.amount) for one in shown] == [("u5", 5), ("u4", 4), (REST, 6)]


def test_no_flows_make_an_empty_picture():
    picture = flow_picture([])
    assert (picture.ribbons, picture.total) == ([], 0)
