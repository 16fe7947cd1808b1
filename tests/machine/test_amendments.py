"""The amendments of crediting (section 0) as properties, where no other room has one."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from engine.domain.chain import append
from engine.domain.claims import Claim, ClaimState, Commitment, Degree, submit
from engine.domain.credit import CreditLine, effective, ratio, squad_attainment
from engine.domain.cycles import Period, PeriodStatus, posting_period
from engine.domain.errors import RuleBroken
from engine.domain.formation import PlannedOutput, check_outputs
from engine.domain.index import level_of
from engine.domain.posting import collective, opening
from engine.domain.shares import band_bp, move_needs
from engine.domain.squads import check_effort_change
from engine.domain.workload import (
    LoadFlag,
    LoadRules,
    ResultChange,
    check_home_results,
    load_flag,
)
from tests.domain.worked import BAND, BANDS, CAP, COLLECTIVE_MOST, NOW, posting

BP = st.integers(1, 10_000)
COMMITMENTS = st.sampled_from([None, *Commitment])


def line(key="o", **facts):
    base = {"output_id": key, "value_points": 10, "attainment": Decimal(100), "sealed": True}
    return CreditLine(**{**base, **facts})


@given(BP, BP, BP)
def test_1_one_signature_moves_at_most_ten_points_and_a_fifth_of_the_share(e, claimed, share):
    needs = move_needs(expected_bp=e, claimed_bp=claimed, share_bp=share, rules=BAND)
    moved = abs(share - e)
    assert band_bp(e, BAND) <= 1_000
    assert band_bp(e, BAND) * 5 <= e
    assert needs.cosign is needs.member_answer is (moved > 1_000 or moved * 5 > e)


@given(BP, st.integers(-10, 10), st.integers(0, 120))
def test_1_a_move_across_a_level_word_is_never_one_persons(e, off, t):
    share = min(max(e + off, 1), 10_000)
    words = [
        level_of(
            squad_attainment(
                [line(attainment=Decimal(t), expected_bp=e, attested_bp=bp)], CAP
            ).attainment,
            BANDS,
        )
        for bp in (e, share)
    ]
    needs = move_needs(
        expected_bp=e, claimed_bp=share, share_bp=share, rules=BAND, levels=tuple(words)
    )
    assert needs.cosign or words[0] == words[1]


@given(st.lists(st.tuples(st.integers(1, 90), BP, st.integers(0, 120)), min_size=1, max_size=6))
def test_2_outputs_weigh_by_what_the_person_undertook(rows):
    lines = [
        line(str(n), value_points=v, expected_bp=e, attested_bp=e, attainment=Decimal(t))
        for n, (v, e, t) in enumerate(rows)
    ]
    exact = Fraction(sum(v * e * t for v, e, t in rows), sum(v * e for v, e, _ in rows))
    found = squad_attainment(lines, CAP).attainment
    assert abs(Fraction(found) - exact) <= Fraction(1, 200)


@given(BP, st.integers(0, 10_000), st.integers(0, COLLECTIVE_MOST), COMMITMENTS)
def test_3_a_kept_commitment_never_counts_below_what_was_undertaken(e, a, k, commitment):
    c = ratio(a, e, k)
    c_eff = effective(c, commitment)
    assert c_eff == (max(c, 1) if commitment is Commitment.MET else c)
    assert c * e * (10_000 - k) == a * 10_000
    shown = squad_attainment(
        [line(expected_bp=e, attested_bp=a, collective_bp=k, commitment=commitment)], CAP
    )
    assert shown.lines[0].counted_bp == a, "the ledger's share stays what it is"


@given(st.lists(st.integers(1, 1_500), max_size=8))
def test_4_collective_work_stays_inside_its_cap_however_it_is_given(parts):
    rows, held = append((), [opening((), posting())]), 0
    for part in parts:
        try:
            rows = append(rows, [collective(rows, posting(), part, COLLECTIVE_MOST)])
        except RuleBroken:
            assert held + part > COLLECTIVE_MOST
        else:
            held += part
    assert held <= COLLECTIVE_MOST


@given(BP, st.booleans())
def test_5_a_claim_never_asks_what_the_home_said(share, by_lead):
    draft = Claim(
        id="c", output_id="o", person_id="a", claimed_bp=share, contribution_type="analysis",
        degree=Degree.EQUAL,
    )  # fmt: skip
    actor = "lead" if by_lead else "a"
    claimed = submit(draft, actor_id=actor, lead_id="lead", evidence=1, member=True, at=NOW)
    assert claimed.state is ClaimState.CLAIMED
    assert claimed.on_behalf is by_lead


@given(st.lists(st.sampled_from(PeriodStatus), min_size=4, max_size=4), st.integers(1, 4))
def test_7_work_keeps_its_period_and_what_is_booked_later_is_called_a_correction(states, work):
    first = date(2026, 1, 1)
    periods = [
        Period(
            id=f"p{n}", cycle_id="c", number=n, name=f"{n}", starts_on=first + timedelta(90 * n),
            ends_on=first + timedelta(90 * n + 89), status=status,
        )
        for n, status in enumerate(states, start=1)
    ]  # fmt: skip
    book = posting_period(periods[work - 1], periods)
    if book is None:
        assert all(p.status is PeriodStatus.SEALED for p in periods[work - 1 :])
        return
    row = opening((), posting(work_period_id=f"p{work}", posting_period_id=book.id))
    assert book.status is not PeriodStatus.SEALED
    assert book.number >= work
    assert (row.posting_period_id != row.work_period_id) is (book.number > work)


@given(
    st.dictionaries(
        st.sampled_from("abcd"),
        st.tuples(st.sampled_from(ResultChange), st.sampled_from(["", " ", "needed"])),
    )
)
def test_9_a_membership_is_signed_with_a_word_about_every_home_result(said):
    found = {v.subject for v in check_home_results("abcd", said)}
    kept_silently = {
        item
        for item, (change, reason) in said.items()
        if change is ResultChange.KEPT and not reason.strip()
    }
    assert found == (set("abcd") - set(said)) | kept_silently


@given(st.integers(0, 30_000), st.integers(0, 30_000), st.integers(10_000, 12_000))
def test_9_more_load_is_never_a_milder_flag(one, more, approval):

    rules = LoadRules(overload_above_bp=10_000, approval_above_bp=approval, effective_hours=1_250)
    order = [LoadFlag.NORMAL, LoadFlag.OVERLOAD, LoadFlag.APPROVAL]
    flags = [order.index(load_flag(bp, rules)) for bp in (one, one + more)]
    assert flags == sorted(flags)
    assert (flags[0] == 0) is (one <= 10_000)


@given(st.integers(-400, 400))
def test_11_an_effort_changes_only_for_days_ahead(days):
    today = date(2026, 6, 1)
    assert (check_effort_change(today + timedelta(days), today) == ()) is (days > 0)


@given(st.lists(st.integers(1, 40), min_size=1, max_size=6), st.integers(1, 120))
def test_11_however_the_work_is_split_its_points_stay_inside_the_agreed_days(parts, agreed):
    planned = [PlannedOutput(title=f"{n}", person_days=days) for n, days in enumerate(parts)]
    found = check_outputs(planned, agreed, Decimal(1))
    assert (found == ()) is (sum(parts) <= agreed)
