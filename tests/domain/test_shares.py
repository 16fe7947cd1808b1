from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.domain.errors import Malformed
from engine.domain.outputs import ShareLine
from engine.domain.ratings import Level
from engine.domain.shares import band_bp, check_shares, default_shares, move_needs
from engine.domain.squads import SquadRole
from tests.domain.worked import BAND, SHARES, member


def equal(people):
    rows = [member(f"m{n}", 1000) for n in range(people)]
    return [replace(rows[0], role=SquadRole.KETUA), *rows[1:]]


@pytest.mark.parametrize(
    ("people", "percent"),
    [
        (2, [60, 40]),
        (3, [50, 25, 25]),
        (4, [40, 20, 20, 20]),
    ],
)
def test_equal_effort_gives_the_statutory_splits_to_the_last_basis_point(people, percent):
    assert list(default_shares(equal(people), SHARES).values()) == [100 * p for p in percent]


@pytest.mark.parametrize(
    ("people", "shares"),
    [
        (5, [3333, 1667, 1667, 1667, 1666]),
        (6, [2857, 1429, 1429, 1429, 1428, 1428]),
        (7, [2500, 1250, 1250, 1250, 1250, 1250, 1250]),
        (8, [2223, 1111, 1111, 1111, 1111, 1111, 1111, 1111]),
    ],
)
def test_the_splits_continue_beyond_four_people(people, shares):
    found = default_shares(equal(people), SHARES)
    assert list(found.values()) == shares
    assert sum(found.values()) == 10_000


def test_squad_a_of_the_worked_example_is_60_16_24():
    rows = [member("budi", 5000, SquadRole.KETUA), member("sari", 2000), member("citra", 3000)]
    assert default_shares(rows, SHARES) == {"budi": 6000, "sari": 1600, "citra": 2400}
    uncapped = replace(SHARES, lead_cap_bp=10_000)
    assert default_shares(rows, uncapped) == {"budi": 6667, "sari": 1333, "citra": 2000}


def test_squad_b_of_the_worked_example_breaks_its_tie_by_membership_id():
    rows = [member("3", 1000, SquadRole.KETUA), member("1", 2000), member("2", 2000)]
    assert default_shares(rows, SHARES) == {"3": 3333, "1": 3334, "2": 3333}


def test_without_a_lead_all_coefficients_are_one_and_a_lone_lead_has_it_all():
    assert default_shares([member("a", 2000), member("b", 6000)], SHARES) == {"a": 2500, "b": 7500}
    assert default_shares([member("a", 2000, SquadRole.KETUA)], SHARES) == {"a": 10_000}


@pytest.mark.parametrize("rows", [[], [member("a", 0)], [member("a", 10), member("b", 0)]])
def test_nobody_or_no_effort_is_refused(rows):
    with pytest.raises(Malformed):
        default_shares(rows, SHARES)


efforts = st.lists(st.integers(1, 10_000), min_size=1, max_size=12)


@given(efforts, st.booleans(), st.integers(1, 10_000))
def test_shares_always_sum_to_the_whole_and_the_lead_stays_under_the_cap(values, led, cap):
    rows = [member(f"m{n:02}", effort) for n, effort in enumerate(values)]
    if led:
        rows[0] = replace(rows[0], role=SquadRole.KETUA)
    found = default_shares(rows, replace(SHARES, lead_cap_bp=cap))
    assert sum(found.values()) == 10_000
    assert min(found.values()) >= 0
    if led and len(rows) > 1:
        assert found["m00"] <= cap + 1


@given(efforts, st.randoms())
def test_shares_do_not_depend_on_the_order_of_the_rows(values, rng):
    rows = [member(f"m{n:02}", effort) for n, effort in enumerate(values)]
    shuffled = list(rows)
    rng.shuffle(shuffled)
    assert default_shares(rows, SHARES) == default_shares(shuffled, SHARES)


@given(st.integers(1, 10_000), st.integers(2, 9))
def test_equal_work_earns_an_equal_share_within_one_basis_point(effort, people):
    found = default_shares([member(f"m{n}", effort) for n in range(people)], SHARES).values()
    assert max(found) - min(found) <= 1


def test_the_band_is_ten_points_or_a_fifth_of_the_share_whichever_is_less():
    assert band_bp(1600, BAND) == 320
    assert band_bp(6000, BAND) == 1000
    assert band_bp(5000, BAND) == 1000
    assert band_bp(4999, BAND) == 999


def needs(share, claimed=1600, expected=1600, levels=(None, None)):
    return move_needs(
        expected_bp=expected, claimed_bp=claimed, share_bp=share, rules=BAND, levels=levels
    )


def test_one_signature_cannot_turn_an_expected_16_into_6():
    found = needs(600)
    assert found.cosign
    assert found.member_answer
    assert found.reason_code


def test_inside_the_band_a_reason_code_is_enough_and_the_expected_share_needs_nothing():
    assert not needs(1600).reason_code
    inside = needs(1280)
    assert (inside.reason_code, inside.cosign, inside.member_answer) == (True, False, False)
    assert needs(1279).cosign


def test_a_move_that_changes_the_level_word_needs_two_signatures_however_small():
    found = needs(1590, levels=(Level.SESUAI, Level.DI_BAWAH))
    assert found.cosign
    assert found.member_answer


def test_a_claim_far_off_the_expected_share_is_not_taken_by_one_signature():
    assert needs(4000, claimed=4000).cosign


def test_a_share_plan_names_all_its_faults():
    lines = [
        ShareLine(share_plan_id="v1", membership_id="m1", person_id="a", expected_bp=6000),
        ShareLine(share_plan_id="v1", membership_id="m2", person_id="a", expected_bp=3000),
        ShareLine(share_plan_id="v1", membership_id="m3", person_id="b", expected_bp=0),
    ]
    assert [v.code for v in check_shares(lines)] == ["shares_sum", "share_empty", "share_twice"]
