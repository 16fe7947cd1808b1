"""Overlay, budgets, closing, corrections, certificates, silences: their rules as properties."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.domain import certificates as cert
from engine.domain.budgets import PointBudget, check_budgets, used_by_period
from engine.domain.calendar import Pause, WorkingCalendar, add_working_days
from engine.domain.chain import append
from engine.domain.claims import Claim, ClaimState, Degree, acknowledge, reopen, submit, withdraw
from engine.domain.closing import blockers, period_hash, seal, start_closing
from engine.domain.contribution_types import SHIPPED, ContributionType, check_type, offered
from engine.domain.corrections import check_reallocation
from engine.domain.cycles import Period, PeriodStatus, posting_period
from engine.domain.errors import NotEntitled, RuleBroken, TransitionRefused
from engine.domain.ledger import balance
from engine.domain.organisation import Official
from engine.domain.outputs import Output, OutputStatus
from engine.domain.posting import opening, overlay
from engine.domain.silences import still_to_ask
from tests.domain.worked import NOW, holder, posting, squad

MONTHS = [
    Period(
        id=f"p{n}",
        cycle_id="c",
        number=n,
        name=f"P{n}",
        starts_on=date(2026, n, 1),
        ends_on=date(2026, n, 28),
    )
    for n in range(1, 5)
]


def made(key, value, period="p1", status=OutputStatus.PLANNED):
    return Output(
        id=key, squad_id="A", number=1, title=key, indicator="i", target="1", value_points=value,
        cycle_id="c", period_id=period, due_on=date(2026, 1, 20), status=status,
    )  # fmt: skip


def budget(period, points):
    return PointBudget(
        id=period, squad_id="A", period_id=period, points=points, set_by="sponsor", at=NOW
    )


@given(
    st.lists(st.tuples(st.sampled_from(["p1", "p2"]), st.integers(1, 60)), max_size=6),
    st.integers(0, 60),
    st.integers(0, 60),
)
def test_i11_splitting_mints_nothing_in_any_period(parts, first, second):
    outputs = [made(str(n), value, period) for n, (period, value) in enumerate(parts)]
    held = {"p1": first, "p2": second}
    used = used_by_period("A", outputs)
    sound = first + second <= 100 and all(used[p] <= held[p] for p in used)
    found = check_budgets(squad(), [budget(p, points) for p, points in held.items()], outputs)
    assert (found == ()) is sound
    assert check_budgets(squad(), [], outputs) == ()


@given(st.lists(st.sampled_from(["penelaah", "narasumber", "pembimbing"]), max_size=5))
def test_i3_no_overlay_moves_a_basis_point_of_the_whole(roles):
    rows = append((), [opening((), posting())])
    before = balance(rows, "A1")
    for role in roles:
        rows = append(rows, [overlay(posting(), holder("fajar", role=role))])
    assert balance(rows, "A1") == before


@given(st.text(min_size=1), st.integers(0, 11), st.integers(1, 30))
def test_a_code_finds_every_wrong_sign_and_every_swap(seed, place, shift):
    code = cert.code_of(seed)
    assert cert.read_code(cert.shown_code(code).lower()) == code
    sign = cert.ALPHABET[(cert.ALPHABET.index(code[place]) + shift) % len(cert.ALPHABET)]
    assert cert.read_code(code[:place] + sign + code[place + 1 :]) is None
    swapped = list(code)
    swapped[place - 1], swapped[place] = swapped[place], swapped[place - 1]
    if place and "".join(swapped) != code:
        assert cert.read_code("".join(swapped)) is None


@given(st.lists(st.sampled_from("abcd"), unique=True, min_size=1), st.sets(st.sampled_from("abcd")))
def test_silence_goes_up_and_never_falls_off_the_top(chain, silent):
    offices = [Official(person_id=who) for who in chain]
    left, somebody = still_to_ask(offices, silent)
    assert left
    assert somebody is bool(set(chain) - silent)
    expected = [who for who in chain if who not in silent] or chain[-1:]
    assert [office.person_id for office in left] == expected


@given(st.integers(0, 15), st.integers(0, 20), st.integers(0, 20))
def test_leave_pauses_a_clock_by_the_working_days_it_covers(count, start, length):
    calendar = WorkingCalendar()
    day = date(2026, 1, 5)
    away = Pause(first=day + timedelta(start), last=day + timedelta(start + length))
    paused = add_working_days(day, count, calendar, [away])
    assert paused >= add_working_days(day, count, calendar)
    assert count == 0 or not away.first <= paused <= away.last


@given(st.lists(st.sampled_from(PeriodStatus), min_size=4, max_size=4), st.integers(0, 3))
def test_i8_a_row_is_posted_in_the_first_open_period_from_its_work_on(states, work):
    periods = [replace(p, status=s) for p, s in zip(MONTHS, states, strict=True)]
    found = posting_period(periods[work], periods)
    later = [p for p in periods[work:] if p.status is not PeriodStatus.SEALED]
    assert found == (later[0] if later else None)


def test_a_period_closes_seals_and_carries_but_out_of_the_last_nothing():
    open_output = made("o", 10, status=OutputStatus.ACCEPTED)
    closing = start_closing(MONTHS[0])
    with pytest.raises(TransitionRefused):
        start_closing(closing)
    held = blockers(closing, [open_output, made("x", 5)], ["k"])
    assert [v.code for v in held] == ["output_open", "correction_open"]
    with pytest.raises(RuleBroken):
        seal(closing, MONTHS, held, carry=False)
    assert seal(closing, MONTHS, held, carry=True).status is PeriodStatus.SEALED
    with pytest.raises(RuleBroken):
        seal(MONTHS[1], MONTHS, (), carry=True)
    done = [replace(p, status=PeriodStatus.SEALED) for p in MONTHS[:3]]
    with pytest.raises(RuleBroken):
        seal(MONTHS[3], [*done, MONTHS[3]], held, carry=True)
    assert seal(MONTHS[3], [*done, MONTHS[3]], (), carry=False).status is PeriodStatus.SEALED


def test_a_seal_sees_every_row_and_output():
    rows = append((), [opening((), posting())])
    outputs = [made("o", 10)]
    first = period_hash(outputs, rows)
    assert period_hash(outputs, rows[:0]) != first
    assert period_hash([made("o", 11)], rows) != first
    assert period_hash(list(reversed(outputs)), list(reversed(rows))) == first


@given(st.integers(1, 3000), st.integers(0, 3000), st.integers(0, 3000))
def test_what_was_freed_is_shared_out_whole_and_not_to_whom_it_was_cut(freed, one, together):
    found = check_reallocation(
        freed, {"a": one}, together, corrected_id="s", members=("a", "b", "s")
    )
    assert (found == ()) is (one + together == freed)
    back = check_reallocation(freed, {"s": freed}, 0, corrected_id="s", members=("a", "b", "s"))
    assert "corrected" in {v.code for v in back}


def claim():
    return Claim(
        id="c", output_id="o", person_id="a", claimed_bp=1000, contribution_type="review",
        degree=Degree.EQUAL,
    )  # fmt: skip


def test_a_claim_made_for_somebody_is_his_once_he_says_so():
    made_for = submit(claim(), actor_id="k", lead_id="k", evidence=1, member=True, at=NOW)
    assert made_for.on_behalf
    assert made_for.acknowledged_at is None
    assert acknowledge(made_for, "a", NOW).acknowledged_at == NOW
    assert reopen(made_for, "a").state is ClaimState.DRAFT
    assert withdraw(made_for, "a").state is ClaimState.WITHDRAWN
    for act in (lambda: acknowledge(made_for, "k", NOW), lambda: withdraw(made_for, "k")):
        with pytest.raises(NotEntitled):
            act()
    own = submit(claim(), actor_id="a", lead_id="k", evidence=1, member=True, at=NOW)
    assert not own.on_behalf
    with pytest.raises(NotEntitled):
        reopen(own, "a")


def test_an_agency_replaces_closes_and_adds_kinds_but_keeps_one():
    assert len(SHIPPED) == 14
    mine = ContributionType(
        id="x", agency_id="x", code="review", label="Telaah", label_en="R", position=10,
        active=False,
    )  # fmt: skip
    assert "review" not in {row.code for row in offered([*SHIPPED, mine])}
    assert check_type(mine, SHIPPED) == ()
    assert check_type(replace(mine, code="A B"), SHIPPED)[0].code == "code"
    assert check_type(mine, [replace(mine, active=True)])[0].code == "active"
