"""The shipped decisions say what the domain's reference values and the sources say."""

from __future__ import annotations

from decimal import Decimal

import pytest

from engine.domain.index import IndexBands, level_of
from engine.domain.indicators import Aspect, AttainmentRules
from engine.domain.ratings import PREDIKAT_REFERENCE, Level, OrgLevel, Predikat
from engine.domain.risks import RiskLevel
from engine.domain.shares import BandRules, band_bp
from engine.usecases.decisions import Tables
from engine.usecases.means import Means

#: crediting.md 2.6
BANDS = IndexBands(above=Decimal(105), as_expected=Decimal(90), block_below=Decimal(60))
CLOCKS = (
    "clarify_days",
    "progress_days",
    "feedback_days",
    "claim_days",
    "lapse_days",
    "attest_days",
    "answer_days",
    "cosign_days",
    "accept_days",
    "hearing_days",
    "self_days",
    "rate_days",
)


@pytest.fixture
def decide(town):
    """Evaluates a shipped decision today."""

    def decided(decision_id, **scope):
        with town.house.reading() as uow:
            now = town.house.clock.now()
            return town.house.runner.decide(uow, decision_id, scope, as_of=now)

    return decided


@pytest.fixture
def tables(town):
    """The same decisions as values for the domain's rules."""
    means = Means(ids=town.house.ids, clock=town.house.clock, decide=town.house.runner.decide)
    with town.house.reading() as uow:
        yield Tables(means, uow, town.house.clock.now(), town.ids["agency"])


def test_the_nine_cells_of_the_predikat(decide):
    assert len(PREDIKAT_REFERENCE) == 9
    for (result, behaviour), predikat in PREDIKAT_REFERENCE.items():
        found = decide("predikat", result_level=result.value, behaviour_level=behaviour.value)
        assert found == predikat.value


def test_the_bands_of_the_index(tables):
    for ihk in map(Decimal, ("0", "59.99", "89.99", "90", "101.97", "104.99", "105", "120")):
        for lowest in map(Decimal, ("0", "59.99", "60", "104")):
            level = level_of(ihk, BANDS)
            blocked = level is Level.DI_ATAS and lowest < BANDS.block_below
            assert tables.index_level(ihk, lowest) is (Level.SESUAI if blocked else level)


def test_the_word_of_one_role(tables):
    for attainment in map(Decimal, ("120", "105", "104.99", "90", "89.99", "0")):
        assert tables.role_level(attainment) is level_of(attainment, BANDS)


def test_coefficients_cap_and_band_of_shares(tables):
    rules = tables.share_rules()
    assert {role.value: k for role, k in rules.coefficients.items()} == {"ketua": 2, "anggota": 1}
    assert rules.lead_cap_bp == 6000
    assert tables.band_rules() == BandRules(points_bp=1000, share_part_bp=2000)
    # crediting.md 0.1: an expected 16 % may be moved by 3.2 points with one signature
    assert band_bp(1600, tables.band_rules()) == 320
    assert tables.collective_most_bp() == 1000


def test_the_flag_of_a_load(tables):
    loads = {10_000: "normal", 10_001: "warning", 11_000: "warning", 11_001: "overload"}
    assert {load: tables.load_flag(load) for load in loads} == loads


def test_every_predikat_has_its_follow_up(decide):
    coached = {Predikat.BUTUH_PERBAIKAN, Predikat.KURANG, Predikat.SANGAT_KURANG}
    for predikat in Predikat:
        found = decide("follow_up", predikat=predikat.value)
        assert found["coaching"] is (predikat in coached)
        assert ("improvement" in found["kinds"]) is (predikat in coached)
    assert decide("follow_up", predikat="sangat_baik")["kinds"] == ["award", "development"]


def test_clocks_are_shorter_in_december_and_january(decide):
    year = {month: decide("clocks", month=month) for month in range(1, 13)}
    for month, row in year.items():
        assert set(row) == {*CLOCKS, "dispute_window", "objection_window"}
        at_year_end = month in (1, 12)
        assert row == (year[12] if at_year_end else year[6])
        # PP 30/2019 art. 59: fourteen calendar days, whatever the month
        assert row["objection_window"] == row["dispute_window"] == "P14D"
    assert all(year[12][name] <= year[6][name] for name in CLOCKS)
    # crediting.md 2.5
    assert (year[6]["claim_days"], year[6]["attest_days"]) == (10, 7)


def test_every_level_of_an_organisation_has_its_distribution(decide):
    found = {level.value: decide("distribution", org_rating=level.value) for level in OrgLevel}
    assert len({str(row) for row in found.values()}) == 5
    assert all(len(row) == 7 for row in found.values())


def test_a_risk_weighs_more_with_each_step_of_likelihood_and_impact(tables):
    order = list(RiskLevel)
    scale = range(1, 6)
    found = {(a, b): order.index(tables.risk_level(a, b)) for a in scale for b in scale}
    assert (found[1, 1], found[3, 3], found[4, 4], found[5, 5]) == (0, 1, 2, 3)
    for (a, b), level in found.items():
        assert level <= found.get((a + 1, b), level)
        assert level <= found.get((a, b + 1), level)


def test_attainment_is_capped_and_falls_to_nothing_at_twice_the_target(tables):
    for aspect in Aspect:
        rules = tables.attainment_rules(aspect)
        assert rules == AttainmentRules(cap=Decimal(120), zero_at_percent=Decimal(200))


def test_words_of_a_qualitative_indicator_fall_into_the_bands_of_their_own_level(tables):
    for level in Level:
        assert tables.role_level(tables.qualitative_attainment(level)) is level


def test_planning_counts_from_the_cycle_or_from_who_comes_later(tables):
    early, late = tables.planning_days(0), tables.planning_days(8)
    assert (early.from_cycle, early.draft, early.fallback, early.fixed) == (True, 7, 14, 30)
    assert (late.from_cycle, late.draft, late.fallback, late.fixed) == (False, 7, 14, 30)
    # the row from memory waits for its confirmation
    assert tables.planning_days(7).fallback == 14
