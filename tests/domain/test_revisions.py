"""A changed expectation: who signs, who decides, from which day it holds."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import count

import pytest

from engine.domain import revisions as rules
from engine.domain.cycles import Cycle
from engine.domain.errors import Malformed, NotEntitled, TransitionRefused
from engine.domain.indicators import Aspect
from engine.domain.planning_dates import PlanningDays, planning_dates
from engine.domain.plans import Indicator, ItemKind, Plan, PlanItem, PlanStatus, RoleKind
from engine.domain.revisions import PlanRevision, RevisionState, Side, Signature

DAY = date(2026, 5, 4)
NOW = datetime(2026, 5, 4, 2, tzinfo=UTC)
CYCLE = Cycle(
    id="c",
    agency_id="a",
    year=2026,
    name="2026",
    starts_on=date(2026, 1, 1),
    ends_on=date(2026, 12, 31),
)
WISH = PlanRevision(
    id="v",
    person_id="sari",
    cycle_id="c",
    base_plan_id="p1",
    plan_id="p2",
    side=Side.EMPLOYEE,
    proposed_by="sari",
    summary="Target turun",
    reason="Anggaran dipotong",
    valid_from=DAY + timedelta(10),
    at=NOW,
)


def by(person, on=DAY, **facts):
    return Signature(person_id=person, at=NOW, on=on, **facts)


def test_both_sides_sign_and_it_holds_from_its_day():
    asked = rules.hand_in(WISH, by("sari"))
    assert (asked.state, asked.employee_signed_at) == (RevisionState.ASKED, NOW)
    agreed = rules.agree(asked, by("budi", on_behalf_of="kepala"))
    assert (agreed.rater_signed_by, agreed.on_behalf_of) == ("budi", "kepala")
    assert (agreed.agreed_on, agreed.valid_from) == (DAY, WISH.valid_from)
    with pytest.raises(TransitionRefused):
        rules.applied(agreed, WISH.valid_from - timedelta(1))
    assert rules.applied(agreed, WISH.valid_from).state is RevisionState.APPLIED


def test_a_late_signature_moves_the_day():
    late = by("budi", on=WISH.valid_from + timedelta(3))
    assert rules.agree(rules.hand_in(WISH, by("sari")), late).valid_from == late.on


def test_nobody_signs_for_the_other_side():
    wished = replace(WISH, side=Side.RATER, proposed_by="budi")
    with pytest.raises(NotEntitled):
        rules.hand_in(WISH, by("budi"))
    with pytest.raises(NotEntitled):
        rules.hand_in(wished, by("sari"))
    asked = rules.hand_in(WISH, by("sari"))
    with pytest.raises(NotEntitled):
        rules.agree(asked, by("sari"))
    with pytest.raises(NotEntitled):
        rules.refuse(asked, "sari", "no")
    with pytest.raises(Malformed):
        rules.refuse(asked, "budi", " ")


def test_a_refusal_or_silence_is_mediated_by_neither_side():
    asked = rules.hand_in(replace(WISH, side=Side.RATER, proposed_by="budi"), by("budi"))
    for refused in (rules.refuse(asked, "sari", "tidak"), rules.refuse(asked, None, "")):
        assert refused.state is RevisionState.REFUSED
        for party in ("sari", "budi"):
            with pytest.raises(NotEntitled):
                rules.mediate(refused, by(party), "ya", adopt=True)
        with pytest.raises(Malformed):
            rules.mediate(refused, by("ratna"), "", adopt=True)
        assert rules.mediate(refused, by("ratna"), "ya", adopt=True).state is RevisionState.AGREED
        kept = rules.mediate(refused, by("ratna"), "tetap", adopt=False)
        assert (kept.state, kept.agreed_on) == (RevisionState.DROPPED, None)


def test_steps_out_of_order_are_refused():
    for act in (
        lambda: rules.agree(WISH, by("budi")),
        lambda: rules.refuse(WISH, "budi", "x"),
        lambda: rules.mediate(WISH, by("ratna"), "x", adopt=True),
        lambda: rules.applied(WISH, DAY),
        lambda: rules.drop(rules.hand_in(WISH, by("sari"))),
    ):
        with pytest.raises(TransitionRefused):
            act()
    assert rules.drop(WISH).state is RevisionState.DROPPED


def test_only_forward_inside_the_cycle():
    rules.check_day(DAY, DAY, CYCLE)
    for day in (DAY - timedelta(1), CYCLE.ends_on + timedelta(1)):
        with pytest.raises(Malformed):
            rules.check_day(day, DAY, CYCLE)


def test_a_version_continues_a_fixed_plan_and_names_what_its_rows_continue():
    plan = Plan(id="p1", person_id="sari", cycle_id="c", status=PlanStatus.FIXED, fixed_by="x")
    fresh = rules.next_version(plan, "p2", 2)
    assert (fresh.status, fresh.version, fresh.fixed_by) == (PlanStatus.DRAFT, 2, None)
    with pytest.raises(TransitionRefused):
        rules.next_version(fresh, "p3", 3)
    item = PlanItem(
        id="r",
        plan_id="p1",
        number=1,
        kind=ItemKind.UTAMA,
        role_kind=RoleKind.HOME,
        title="t",
        weight_bp=10_000,
    )
    one = Indicator(id="i", item_id="r", aspect=Aspect.KUANTITAS, text="n")
    ids = count()
    items, measures = rules.copied("p2", [item], [one], lambda: f"n{next(ids)}")
    assert (items[0].id, items[0].plan_id, items[0].origin_item_id) == ("n0", "p2", "r")
    assert (measures[0].item_id, measures[0].origin_indicator_id) == ("n0", "i")


def test_dates_of_planning_count_from_the_cycle_or_from_who_comes_later():
    days = PlanningDays(from_cycle=True, draft=7, fallback=14, fixed=30)
    found = planning_dates(days, CYCLE.starts_on, date(2026, 1, 5))
    assert (found.draft_due, found.fallback) == (date(2026, 1, 8), date(2026, 1, 15))
    assert found.fixed == date(2026, 1, 31)
    late = planning_dates(replace(days, from_cycle=False), CYCLE.starts_on, DAY)
    assert (late.draft_due, late.fixed) == (DAY + timedelta(7), DAY + timedelta(30))
    behind = planning_dates(days, CYCLE.starts_on, DAY)
    assert behind.draft_due == behind.fixed == DAY
