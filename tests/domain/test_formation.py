"""The pasted list, points of agreed days, efforts proposed, shares by time, what a change needs."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.domain.errors import TransitionRefused
from engine.domain.formation import (
    Candidate,
    CandidateState,
    PlannedOutput,
    check_choice,
    check_efforts,
    check_outputs,
    choose,
    points_of,
    proposed_effort_bp,
    weighted_shares,
)
from engine.domain.joining import (
    ChangeKind,
    ChangeStatus,
    SquadChange,
    check_change,
)
from engine.domain.member_list import read_members
from engine.domain.shares import ShareRules, default_shares
from engine.domain.squads import SquadLimits, SquadRole
from tests.domain.worked import NOW, member, squad

LIMITS = SquadLimits(
    longest_months=12,
    consent_working_days=5,
    sign_working_days=5,
    remind_days=30,
    least_effort_bp=500,
    most_effort_bp=8000,
    points_per_day=Decimal(1),
)
RULES = ShareRules(coefficients={SquadRole.KETUA: 2, SquadRole.ANGGOTA: 1}, lead_cap_bp=6000)
YEAR = (date(2026, 1, 1), date(2026, 12, 31))
NIPS = ("198505202010012006", "199001012015042004", "198811302012121005")


def codes(found):
    return [violation.code for violation in found]


@pytest.mark.parametrize(
    ("line", "role", "effort"),
    [
        ("198505202010012006", "anggota", None),
        ("19850520 201001 2 006 Ketua 20%", "ketua", 2000),
        ("1. Citra Dewi, NIP 19850520.201001.2.006, KETUA, 12,5 %", "ketua", 1250),
        ("2) 19850520-201001-2-006 anggota 7 persen", "anggota", 700),
        ("100 % 198505202010012006", "anggota", 10_000),
    ],
)
def test_a_line_is_read_as_people_write_it(line, role, effort):
    read = read_members(f"\n{line}\n\n")
    assert read.faults == ()
    [one] = read.members
    assert (one.line, one.nip, one.role, one.effort_bp) == (2, NIPS[0], role, effort)


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("ketua 20 %", "nip_missing"),
        ("1985052020100120 ketua", "nip"),
        ("198505202010012006 199001012015042004", "nip"),
        ("198505202010012006 ketua anggota", "role_two"),
        ("198505202010012006 20 % 30 %", "effort"),
        ("198505202010012006 0 %", "effort"),
        ("198505202010012006 101 %", "effort"),
        ("198505202010012006 10,555 %", "effort"),
    ],
)
def test_what_cannot_be_read_is_named_by_its_line(line, code):
    read = read_members(f"{NIPS[1]} ketua\n{line}")
    assert [(fault.subject, fault.code) for fault in read.faults] == [("2", code)]


def test_a_person_and_the_lead_stand_once_and_an_empty_text_is_a_fault():
    text = f"{NIPS[0]} ketua\n{NIPS[0]}\n{NIPS[1]} ketua"
    assert [(f.subject, f.code) for f in read_members(text).faults] == [
        ("2", "nip_twice"),
        ("3", "lead_twice"),
    ]
    assert codes(read_members(" \n ").faults) == ["nobody"]


@given(st.text(max_size=300))
def test_no_text_breaks_the_reader_and_no_line_is_lost(text):
    read = read_members(text)
    said = {one.line for one in read.members} | {int(fault.subject) for fault in read.faults}
    lines = {n for n, line in enumerate(text.splitlines(), 1) if line.strip()}
    assert said == (lines or {1})


spaced = st.lists(st.sampled_from(["", " ", ".", "-"]), min_size=18, max_size=18)


@given(st.sampled_from(NIPS), spaced, st.sampled_from(SquadRole), st.integers(1, 10_000))
def test_separators_never_change_what_is_read(nip, signs, role, effort):
    written = "".join(sign + digit for sign, digit in zip(["", *signs[1:]], nip, strict=True))
    [one] = read_members(f"{written} {role.value} {Decimal(effort) / 100} %").members
    assert (one.nip, one.role, one.effort_bp) == (nip, role, effort)


days = st.integers(1, 5000)
rates = st.decimals("0.01", 20, places=2)


@given(days, days, rates)
def test_points_grow_with_agreed_days_and_are_the_same_in_every_squad(one, other, rate):
    low, high = sorted((one, other))
    assert 1 <= points_of(low, rate) <= points_of(high, rate)
    assert points_of(0, rate) == 0
    assert points_of(one, Decimal(1)) == one
    assert abs(points_of(one, rate) - one * rate) <= 1


def test_outputs_stay_inside_what_was_agreed():
    rows = [PlannedOutput(title="a", person_days=15), PlannedOutput(title="b", person_days=25)]
    one = Decimal(1)
    assert check_outputs(rows, 40, one) == ()
    assert codes(check_outputs(rows, 39, one)) == ["days_over"]
    assert codes(check_outputs([], 39, one)) == ["no_output"]
    assert codes(check_outputs([replace(rows[0], person_days=0)], 9, one)) == ["output_days"]
    # three outputs of half a point each would be worth three, so splitting mints nothing
    split = [PlannedOutput(title=str(n), person_days=1) for n in range(3)]
    assert codes(check_outputs(split, 3, Decimal("0.5"))) == ["points_over"]


def test_an_effort_is_proposed_from_the_agreed_days():
    assert proposed_effort_bp(60, 2, 131, LIMITS) == 2300
    assert proposed_effort_bp(1, 5, 200, LIMITS) == 500
    assert proposed_effort_bp(500, 1, 100, LIMITS) == 8000
    assert proposed_effort_bp(5, 0, 100, LIMITS) == 500
    rows = [member("m1", 499), member("m2", 500), member("m3", 8001)]
    assert [v.subject for v in check_efforts(rows, LIMITS)] == ["m1", "m3"]


efforts = st.lists(st.integers(1, 10_000), min_size=1, max_size=8)


@given(efforts)
def test_with_equal_time_shares_by_time_are_the_default_shares(given_efforts):
    rows = [
        member(f"m{n}", effort, SquadRole.ANGGOTA if n else SquadRole.KETUA)
        for n, effort in enumerate(given_efforts)
    ]
    assert weighted_shares(rows, YEAR, squad(), RULES) == default_shares(rows, RULES)


cuts = st.integers(1, 364)


@given(efforts, cuts, st.integers(1, 10_000))
def test_shares_by_time_always_make_the_whole_with_one_line_a_person(given_efforts, cut, later):
    rows = [member(f"m{n}", effort) for n, effort in enumerate(given_efforts)]
    day = YEAR[0] + timedelta(days=cut)
    first = replace(rows[0], valid_to=day)
    second = replace(rows[0], id="m0b", effort_bp=later, valid_from=day)
    found = weighted_shares([first, second, *rows[1:]], YEAR, squad(), RULES)
    assert sum(found.values()) == 10_000
    assert "m0" not in found
    assert len(found) == len(rows)


def test_who_left_before_the_work_began_has_no_line():
    gone = member("m1", 1000, valid_to=date(2026, 3, 1))
    stays = member("m2", 1000)
    window = (date(2026, 3, 1), date(2026, 6, 30))
    assert weighted_shares([gone, stays], window, squad(), RULES) == {"m2": 10_000}
    assert weighted_shares([gone], window, squad(), RULES) == {}


def candidate(state=CandidateState.PROPOSED):
    return Candidate(
        id="c",
        formation_id="f",
        person_id="eko",
        role=SquadRole.ANGGOTA,
        effort_bp=1000,
        motive="",
        state=state,
        reason="",
        decided_by=None,
        at=NOW,
    )


def test_a_volunteer_is_answered_once_and_never_passed_over_without_a_reason():
    taken = choose(candidate(), taken=True, reason=" ", decided_by="wati")
    assert (taken.state, taken.decided_by) == (CandidateState.CHOSEN, "wati")
    with pytest.raises(TransitionRefused):
        choose(taken, taken=False, reason="x", decided_by="wati")
    found = check_choice([(candidate(), True, ""), (candidate(), False, " ")], places=0)
    assert [(v.subject, v.code) for v in found] == [("1", "reason_missing"), ("", "places")]


CHANGE = SquadChange(
    id="s",
    squad_id="A",
    kind=ChangeKind.EFFORT,
    person_id="eko",
    role=None,
    effort_bp=1000,
    decided_on=date(2026, 3, 1),
    effective_on=date(2026, 3, 2),
    reason="x",
    handover="",
    proposed_by="citra",
    second_by=None,
    status=ChangeStatus.PROPOSED,
    at=NOW,
)


def test_a_change_lies_ahead_and_says_why():
    assert check_change(CHANGE) == ()
    back = replace(CHANGE, effective_on=date(2026, 3, 1), reason=" ", effort_bp=None)
    assert codes(check_change(back)) == ["back_dated", "reason_missing", "effort_missing"]
    assert codes(check_change(replace(CHANGE, kind=ChangeKind.LEAD))) == ["handover_missing"]
