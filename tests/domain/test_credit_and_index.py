from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.domain.claims import Commitment
from engine.domain.credit import CreditLine, effective, ratio, squad_attainment
from engine.domain.errors import Malformed
from engine.domain.index import (
    RoleResult,
    RoleTime,
    home_attainment,
    index_of,
    level_of,
    role_weights,
)
from engine.domain.plans import RoleKind
from engine.domain.ratings import Level
from engine.domain.scales import at_scale
from tests.domain.worked import BANDS, CAP, D


def line(output="A1", *, value=40, t="96", e=1600, a=1600, **facts):
    given_facts = {"collective_bp": 0, "commitment": None, "sealed": True} | facts
    attainment = None if t is None else D(t)
    return CreditLine(
        output_id=output,
        value_points=value,
        attainment=attainment,
        expected_bp=e,
        attested_bp=a,
        **given_facts,
    )


def role(key, weight, attainment, **facts):
    kind = RoleKind.HOME if key == "home" else RoleKind.SQUAD
    value = None if attainment is None else D(attainment)
    return RoleResult(
        role=key, role_kind=kind, name=key, weight_bp=weight, attainment=value, **facts
    )


def test_the_shares_of_squad_a_are_0_983_1_125_0_958_of_what_was_undertaken():
    expected = {"budi": 6000, "sari": 1600, "citra": 2400}
    attested = {"budi": 5900, "sari": 1800, "citra": 2300}
    c = {who: ratio(attested[who], expected[who]) for who in expected}
    assert [at_scale(value, 3) for value in c.values()] == [D("0.983"), D("1.125"), D("0.958")]
    assert sum(Fraction(expected[who], 10_000) * c[who] for who in c) == 1


def test_sari_is_108_in_squad_a_and_110_in_squad_b():
    a = squad_attainment([line(a=1800)], CAP)
    assert a.attainment == D("108.00")
    assert not a.provisional
    b = squad_attainment([line("B1", value=20, t="110", e=3333, a=3333)], CAP)
    assert b.attainment == D("110.00")


def test_sari_at_home_is_99_1():
    assert home_attainment([(4000, D(100)), (3000, D(95)), (3000, D(102))]) == D("99.10")
    with pytest.raises(Malformed):
        home_attainment([(4000, D(100))])


def test_sari_has_101_97_as_69_37_and_21_60_and_11_00():
    index = index_of(
        [role("home", 7000, "99.1"), role("A", 2000, "108"), role("B", 1000, "110")], BANDS
    )
    assert index.ihk == D("101.97")
    assert [one.points for one in index.lines] == [D("69.3700"), D("21.6000"), D("11.0000")]
    assert index.proposed_level is Level.SESUAI
    assert [one.level for one in index.lines] == [Level.SESUAI, Level.DI_ATAS, Level.DI_ATAS]
    assert sum(one.points for one in index.lines) == index.ihk


def test_todays_practice_sees_only_69_4_of_her_work():
    assert at_scale(D("0.7") * D("99.1"), 1) == D("69.4")


def test_an_overload_of_130_weighs_69_23_and_15_39_and_15_38():
    times = [RoleTime(role=r, effort_bp=f, duration=12) for r, f in (("home", 9000), ("m1", 2000))]
    times.append(RoleTime(role="m2", effort_bp=2000, duration=12))
    assert role_weights(times) == {"home": 6923, "m1": 1539, "m2": 1538}


def test_dewi_has_66_67_22_22_11_11():
    weights = role_weights(
        [
            RoleTime(role="home", effort_bp=6000, duration=12),
            RoleTime(role="a", effort_bp=3000, duration=8),
            RoleTime(role="b", effort_bp=2000, duration=6),
        ]
    )
    assert weights == {"home": 6667, "a": 2222, "b": 1111}
    assert at_scale(Fraction(weights["a"] + weights["b"], 100), 1) == D("33.3")


def test_an_expected_16_turned_into_6_would_have_cost_the_level():
    """Section 0.1: c = 0.375, A = 36, index 87.57, di bawah."""
    assert ratio(600, 1600) == Fraction(375, 1000)
    squad = squad_attainment([line(a=600)], CAP)
    assert squad.attainment == D("36.00")
    index = index_of(
        [role("home", 7000, "99.1"), role("A", 2000, squad.attainment), role("B", 1000, "110")],
        BANDS,
    )
    assert index.ihk == D("87.57")
    assert index.proposed_level is Level.DI_BAWAH


def test_outputs_weigh_by_what_the_person_undertook():
    """Section 0.2: five per cent of a big failed output, half of a small good one."""
    lines = [
        line("big", value=50, t="58", e=500, a=500),
        line("small", value=10, t="100", e=5000, a=5000),
    ]
    by_value = at_scale(Fraction(50 * 58 + 10 * 100, 60), 2)
    assert by_value == D("65.00")
    assert squad_attainment(lines, CAP).attainment == D("86.00")


def test_a_kept_promise_is_never_late_because_a_colleague_did_more():
    kept = squad_attainment([line(t="100", a=1200, commitment=Commitment.MET)], CAP)
    assert kept.attainment == D("100.00")
    partly = squad_attainment([line(t="100", a=1200, commitment=Commitment.PARTLY)], CAP)
    assert partly.attainment == D("75.00")
    assert effective(Fraction(9, 8), Commitment.MET) == Fraction(9, 8)
    assert effective(Fraction(9, 8), Commitment.NOT_MET) == Fraction(9, 8)


def test_the_collective_part_is_nobodys_loss():
    assert ratio(1440, 1600, collective_bp=1000) == 1


def test_the_cap_holds_per_output():
    assert squad_attainment([line(t="110", a=3200)], CAP).attainment == D("120.00")


def test_an_unsealed_line_counts_at_its_expected_share_and_says_so():
    found = squad_attainment([line(a=600, sealed=False, commitment=Commitment.NOT_MET)], CAP)
    assert found.attainment == D("96.00")
    assert found.provisional
    assert found.lines[0].counted_bp == 1600


def test_an_output_not_accepted_weighs_nothing_and_a_role_of_only_such_is_left_out():
    found = squad_attainment([line(t=None)], CAP)
    assert found.attainment is None
    assert found.open_outputs == ("A1",)
    index = index_of([role("home", 7000, "99.1"), role("A", 3000, None)], BANDS)
    assert index.ihk == D("99.10")
    assert index.open_roles == ("A",)
    assert index.provisional
    with pytest.raises(Malformed):
        index_of([role("A", 10_000, None)], BANDS)


def test_a_role_below_60_blocks_di_atas():
    index = index_of([role("home", 9500, "120"), role("A", 500, "59.99")], BANDS)
    assert index.ihk == D("117.00")
    assert index.proposed_level is Level.SESUAI
    assert index.blocking_roles == ("A",)
    free = index_of([role("home", 9500, "120"), role("A", 500, "60")], BANDS)
    assert free.proposed_level is Level.DI_ATAS


@pytest.mark.parametrize(
    ("value", "level"),
    [
        ("105", Level.DI_ATAS),
        ("104.99", Level.SESUAI),
        ("90", Level.SESUAI),
        ("89.99", Level.DI_BAWAH),
    ],
)
def test_the_bands_begin_at_their_thresholds(value, level):
    assert level_of(D(value), BANDS) is level


attainments = st.integers(0, 12_000).map(lambda n: D(n) / 100)


@given(st.lists(st.tuples(st.integers(1, 10_000), attainments), min_size=1, max_size=9))
def test_i12_weights_fill_the_whole_and_the_index_lies_between_its_roles(rows):
    times = [RoleTime(role=f"r{n}", effort_bp=f, duration=1) for n, (f, _) in enumerate(rows)]
    weights = role_weights(times)
    assert sum(weights.values()) == 10_000
    index = index_of([role(f"r{n}", weights[f"r{n}"], a) for n, (_, a) in enumerate(rows)], BANDS)
    slack = D("0.01")
    assert min(a for _, a in rows) - slack <= index.ihk <= max(a for _, a in rows) + slack


@given(st.fractions(-500, 500), st.integers(0, 6))
def test_scaling_is_half_up_and_within_half_a_step(value, scale):
    found = at_scale(value, scale)
    assert -found.as_tuple().exponent == scale
    assert abs(Fraction(found) - value) <= Fraction(1, 2 * 10**scale)
    assert at_scale(D("0.125"), 2) == D("0.13")
    assert at_scale(D("-0.125"), 2) == D("-0.13")
