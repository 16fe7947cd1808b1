"""Rules beside a rating: recommendations, 360, distribution, leniency, calibration, signing."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from statistics import fmean, pstdev

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.domain import calibration, voices
from engine.domain.behaviour import Value
from engine.domain.calibration import Calibration, Mover, check_move, check_override
from engine.domain.distribution import misses, pools
from engine.domain.errors import TransitionRefused
from engine.domain.judging import RoleJudgement, check_roles, recommender
from engine.domain.organisation import Official
from engine.domain.ratings import PREDIKAT_REFERENCE, Level, OrgLevel, Predikat, Rating
from engine.domain.signing import check_signature, code, digest
from engine.domain.spread import Sums
from engine.domain.voices import SHOWN_FROM, Source, VoiceAnswer, VoiceRound, invited, pick
from tests.domain.worked import PATTERNS

NOW = datetime(2027, 1, 20, 3, tzinfo=UTC)
P = Predikat
LEVELS = st.sampled_from(list(Level))


def official(person, behalf=None):
    return Official(person_id=person, on_behalf_of=behalf)


def test_the_worked_checks_of_the_pattern():
    """domain.md 3.3: 25 people, Baik; 8 people, Butuh Perbaikan."""
    good, poor = PATTERNS[OrgLevel.BAIK], PATTERNS[OrgLevel.BUTUH_PERBAIKAN]
    assert misses({P.BAIK: 17, P.SANGAT_BAIK: 6, P.BUTUH_PERBAIKAN: 2}, good) == ()
    found = misses({P.BAIK: 18, P.SANGAT_BAIK: 7}, good)
    assert [(miss.has, miss.at_most, miss.at_least) for miss in found] == [
        (18, 17, None),
        (0, None, 1),
    ]
    found = misses({P.BUTUH_PERBAIKAN: 4, P.SANGAT_BAIK: 1, P.BAIK: 3}, poor)
    assert [(miss.has, miss.at_most, miss.at_least) for miss in found] == [
        (4, None, 5),
        (1, 0, None),
    ]


@given(
    st.dictionaries(st.sampled_from("abcdef"), st.integers(0, 30)),
    st.lists(st.integers(0, 5), min_size=6, max_size=6),
    st.integers(1, 20),
)
def test_every_unit_is_in_one_pool_and_a_pool_below_the_top_is_large_enough(sizes, above, smallest):
    names = "abcdef"
    parents = {name: names[above[n] % n] if n else None for n, name in enumerate(names)}
    found = pools(sizes, parents, smallest)
    assert set(found) == set(names)
    tops = {pool.unit_id: pool for pool in found.values()}
    assert sorted(unit for pool in tops.values() for unit in pool.unit_ids) == sorted(names)
    for pool in tops.values():
        size = sum(sizes.get(unit, 0) for unit in pool.unit_ids)
        assert parents[pool.unit_id] is None or size >= smallest
        assert pool.unit_id in pool.unit_ids


@given(st.lists(st.integers(1, 3), min_size=1, max_size=60))
def test_mean_and_spread_are_those_of_the_levels(levels):
    sums = Sums(people=len(levels), total=sum(levels), squares=sum(x * x for x in levels))
    assert abs(float(sums.mean) - fmean(levels)) <= 0.00005 + 1e-9
    assert abs(float(sums.deviation) - pstdev(levels)) <= 0.00005 + 1e-9


def test_leniency_is_the_distance_from_all_raters():
    mild = Sums(people=4, total=12, squares=36)
    everybody = Sums(people=10, total=22, squares=52)
    assert (mild.mean, mild.deviation) == (Decimal("3.0000"), Decimal("0.0000"))
    assert everybody.deviation == Decimal("0.6000")
    assert mild.above(everybody) == Decimal("0.8000")
    assert Sums(people=0, total=0, squares=0).mean == 0


def test_nobody_recommends_for_himself_nor_the_rater_to_himself():
    lead, sponsor = official("lead"), official("sponsor")
    asked = {"person_id": "sari", "holders": (lead, sponsor)}
    assert recommender(rater_id="head", **asked) == lead
    assert recommender(rater_id="lead", **asked) == sponsor
    own = {"person_id": "lead", "holders": (lead, sponsor)}
    assert recommender(rater_id="head", **own) == sponsor
    assert recommender(rater_id="sponsor", **own) is None
    acting = {
        "person_id": "sari",
        "holders": (official("deputy", "sari"), official("deputy", "head")),
    }
    assert recommender(rater_id="head", **acting) is None


def test_a_recommendation_is_departed_from_with_a_reason():
    row = {"id": "1", "rating_id": "r", "role": "squad", "level": Level.SESUAI}
    assert check_roles([RoleJudgement(**row)]) == ()
    other = RoleJudgement(**row, recommended=Level.DI_ATAS)
    assert [fault.subject for fault in check_roles([other])] == ["squad"]
    assert check_roles([RoleJudgement(**row, recommended=Level.DI_ATAS, reason="late")]) == ()


def test_a_circle_that_could_not_be_shown_is_not_asked():
    circles = {Source.PEER: ["a", "b"], Source.SUBORDINATE: ["c", "d", "e", "f"]}
    assert invited("me", circles, {}) == ()
    circles = {Source.PEER: ["a", "b", "c", "me"], Source.SUBORDINATE: list("defgh")}
    found = dict(invited("me", circles, {Source.PEER: 3, Source.SUBORDINATE: 5}))
    assert "me" not in found
    assert list(found.values()).count(Source.SUBORDINATE) == SHOWN_FROM[Source.SUBORDINATE]


@given(st.sets(st.text("abcdefgh", min_size=1, max_size=3), max_size=20), st.integers(0, 8))
def test_who_is_asked_does_not_depend_on_who_asks_again(circle, most):
    assert pick(circle, most, "me") == pick(sorted(circle, reverse=True), most, "me")
    assert len(pick(circle, most, "me")) == min(most, len(circle))


def test_a_round_closes_once_and_takes_one_answer_each():
    open_round = VoiceRound(id="r", person_id="me", cycle_id="c", opened_at=NOW)
    asked = voices.Invitation(id="i", round_id="r", giver_id="you", source=Source.PEER)
    answer = VoiceAnswer(levels={Value.LOYAL: Level.SESUAI})
    assert voices.check_answer(open_round, asked, answer) == ()
    closed = voices.close(open_round, NOW)
    codes = [v.code for v in voices.check_answer(closed, None, VoiceAnswer(levels={}))]
    assert codes == ["not_invited", "closed", "empty"]
    with pytest.raises(TransitionRefused):
        voices.close(closed, NOW)


def test_who_may_move_a_rating():
    facts = {"participants": {"head", "chief"}, "chain": {"head", "chief"}, "reason": "as others"}
    assert check_move(person_id="sari", mover=Mover(person_id="head"), **facts) == ()
    own = check_move(person_id="head", mover=Mover(person_id="head"), **facts)
    assert [v.code for v in own] == ["own_rating"]
    for_himself = Mover(person_id="deputy", on_behalf_of="head")
    assert check_move(person_id="sari", mover=for_himself, **facts) == ()
    assert [v.code for v in check_move(person_id="deputy", mover=for_himself, **facts)] == [
        "own_rating"
    ]
    stranger = check_move(person_id="sari", mover=Mover(person_id="other"), **facts)
    assert [v.code for v in stranger] == ["not_in_session", "outside_chain"]
    silent = check_move(
        person_id="sari", mover=Mover(person_id="chief"), **{**facts, "reason": " "}
    )
    assert [v.code for v in silent] == ["reason_missing"]


def test_a_missed_pattern_asks_for_a_reason_and_bars_nothing():
    row = Calibration(id="1", unit_id="u", cycle_id="c", leader_id="chief", opened_at=NOW)
    assert check_override(missed=0, reason="") == ()
    assert check_override(missed=2, reason="small") == ()
    assert [v.code for v in check_override(missed=1, reason=" ")] == ["override_reason"]
    closed = calibration.close(row, reason="small", missed=2, at=NOW)
    assert closed.reason == "small"
    with pytest.raises(TransitionRefused):
        calibration.close(closed, reason="", missed=0, at=NOW)


@given(LEVELS, LEVELS, LEVELS)
def test_a_digest_tells_every_other_content(result, behaviour, other):
    row = Rating(
        id="r", person_id="sari", cycle_id="c", ihk=Decimal("101.97"), rater_id="head",
        proposed_level=Level.SESUAI, result_level=result, behaviour_level=behaviour,
        predikat=PREDIKAT_REFERENCE[result, behaviour], at=NOW,
    )  # fmt: skip
    first = digest(row, [], [], [])
    judged = RoleJudgement(id="1", rating_id="r", role="home", level=other)
    assert digest(row, [judged], [], []) != first
    assert digest(row, [], [], []) == first
    assert len(first) == 64
    facts = {"person_id": "sari", "digest_text": first}
    good = check_signature(signer_id="head", on_behalf_of=None, typed=code(first).lower(), **facts)
    assert good == ()
    bad = check_signature(signer_id="deputy", on_behalf_of="sari", typed="0", **facts)
    assert [v.code for v in bad] == ["own_rating", "digest_changed"]
