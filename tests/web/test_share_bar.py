"""The bar that must read 100 %: its geometry, whatever the shares."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from engine.domain.shares import ShareRules, default_shares
from engine.domain.squads import SquadRole
from tests.domain.worked import member
from web.pictures.load import Month, load_picture
from web.pictures.shares import WHOLE, share_bar
from web.readings.squad_side import basis_points

SHARE = st.integers(-50, 12_000)


@given(st.lists(SHARE, max_size=12), SHARE, SHARE)
def test_slices_stand_side_by_side_and_sum_to_the_span(shares, pool, collective):
    bar = share_bar(
        [(str(n), bp) for n, bp in enumerate(shares)], pool_bp=pool, collective_bp=collective
    )
    assert sum(one.share_bp for one in bar.slices) == bar.span_bp
    at = 0
    for one in bar.slices:
        assert one.x == at
        assert one.share_bp > 0
        at += one.share_bp
    assert bar.total_bp + bar.missing_bp - bar.over_bp == WHOLE
    assert bar.is_whole == (not bar.missing_bp and not bar.over_bp)


@given(st.lists(st.integers(1, 10_000), min_size=1, max_size=8))
def test_shares_worked_out_by_the_domain_always_fill_the_bar(efforts):
    rules = ShareRules(coefficients={SquadRole.KETUA: 2, SquadRole.ANGGOTA: 1}, lead_cap_bp=6000)
    rows = [member(f"m{n}", effort) for n, effort in enumerate(efforts)]
    shares = default_shares(rows, rules)
    assert share_bar(shares.items()).is_whole


@given(
    st.lists(
        st.tuples(st.integers(0, 10_000), st.integers(0, 20_000), st.integers(0, 10_000)),
        min_size=1,
        max_size=12,
    )
)
def test_columns_of_load_stand_on_each_other_inside_the_picture(loads):
    picture = load_picture([Month(n, *row) for n, row in enumerate(loads, 1)])
    for column in picture.columns:
        assert column.place_y + column.place_height == column.squads_y
        assert column.squads_y + column.squads_height == column.home_y
        assert 0 <= column.place_y <= column.home_y + column.home_height < picture.height
        assert column.x >= 0
        assert column.x + column.width <= picture.width


def test_a_typed_share_reads_with_comma_or_dot_and_nonsense_counts_nothing():
    typed = ["12,5", "12.50", " 3 ", "", "x", "-4", "NaN", None]
    assert [basis_points(one) for one in typed] == [1250, 1250, 300, 0, 0, 0, 0, 0]
