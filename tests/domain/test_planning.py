"""Cycles, squads, plans, indicators, outputs, workload, access, follow-up, sealing."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from engine.domain import cycles, outputs, plans
from engine.domain.access import (
    FOUR_EYES,
    Act,
    Relation,
    Resource,
    Standing,
    allowed,
    matrix_rows,
    relations,
)
from engine.domain.calendar import WorkingCalendar
from engine.domain.chain import append
from engine.domain.cycles import Cycle, CycleStatus, Period, PeriodStatus
from engine.domain.disputes import Dispute
from engine.domain.errors import Malformed, NotEntitled, RuleBroken, TransitionRefused
from engine.domain.followup import check_confirmer
from engine.domain.indicators import (
    Aspect,
    Direction,
    Target,
    attainment,
    default_direction,
    result_attainment,
)
from engine.domain.outputs import Output
from engine.domain.plans import Indicator, ItemKind, Plan, PlanItem, PlanStatus, RoleKind
from engine.domain.posting import opening
from engine.domain.sealing import SealFacts, seal_blockers
from engine.domain.squads import (
    SquadRole,
    SquadRules,
    check_effort_change,
    check_members,
    check_squad,
    common_superior,
    consent_due,
    lead,
    months_later,
)
from engine.domain.workload import (
    LoadFlag,
    LoadRules,
    ResultChange,
    RoleLoad,
    check_home_results,
    flagged_months,
    full_time_equivalent,
    home_effort_bp,
    hours,
    monthly_load,
)
from tests.domain.worked import CAP, NOW, D, member, posting, squad

RULES = SquadRules(longest_months=12, consent_working_days=5)
LOAD = LoadRules(overload_above_bp=10_000, approval_above_bp=11_000, effective_hours=1250)
CYCLE = Cycle(
    id="c",
    agency_id="ag",
    year=2026,
    name="2026",
    starts_on=date(2026, 1, 1),
    ends_on=date(2026, 12, 31),
)


def codes(found):
    return [violation.code for violation in found]


def period(number, first, last, status=PeriodStatus.OPEN):
    return Period(
        id=f"p{number}",
        cycle_id="c",
        number=number,
        name="",
        starts_on=first,
        ends_on=last,
        status=status,
    )


HALVES = [
    period(1, date(2026, 1, 1), date(2026, 6, 30)),
    period(2, date(2026, 7, 1), date(2026, 12, 31)),
]


def test_a_cycle_goes_its_stages_in_order_and_a_day_lies_in_one_period():
    planning = cycles.advance(CYCLE, CycleStatus.PLANNING)
    with pytest.raises(TransitionRefused):
        cycles.advance(planning, CycleStatus.CLOSED)
    assert cycles.period_of(date(2026, 7, 1), HALVES) is HALVES[1]


def test_a_row_of_a_sealed_period_is_booked_in_the_next_open_one():
    sealed = [replace(HALVES[0], status=PeriodStatus.SEALED), HALVES[1]]
    assert cycles.posting_period(HALVES[0], HALVES) is HALVES[0]
    assert cycles.posting_period(sealed[0], sealed) is HALVES[1]
    assert cycles.posting_period(sealed[0], sealed[:1]) is None


def test_a_squad_needs_its_letter_and_lasts_at_most_a_year():
    assert check_squad(squad(), RULES) == ()
    assert codes(check_squad(squad(ends_on=date(2027, 1, 1)), RULES)) == ["squad_long"]
    wrong = squad(letter_no=" ", ends_on=date(2025, 1, 1), budget_points=0)
    assert codes(check_squad(wrong, RULES)) == ["letter_missing", "squad_days", "squad_budget"]
    assert months_later(date(2024, 2, 29), 12) == date(2025, 2, 28)
    assert months_later(date(2026, 12, 31), 2) == date(2027, 2, 28)


def test_members_stay_inside_the_squad_once_and_under_one_lead():
    ketua = member("m1", 1000, SquadRole.KETUA)
    rows = [
        ketua,
        member("m2", 0),
        member("m3", 1000, valid_from=date(2025, 12, 31)),
        member("m4", 1000, person_id="m1"),
        member("m5", 1000, SquadRole.KETUA),
        member("m6", 1000, person_id="sponsor"),
    ]
    assert codes(check_members(squad(), rows)) == [
        "member_effort",
        "member_days",
        "member_sponsor",
        "member_twice",
        "two_leads",
    ]
    handover = [
        replace(ketua, valid_to=date(2026, 7, 1)),
        member("m5", 1000, SquadRole.KETUA, valid_from=date(2026, 7, 1)),
    ]
    assert check_members(squad(), handover) == ()
    assert lead(handover, date(2026, 6, 30)).id == "m1"
    assert lead(handover, date(2026, 7, 1)).id == "m5"


def test_the_homes_clock_counts_working_days_and_the_common_superior_is_the_nearest():
    due = consent_due(date(2026, 6, 1), RULES, WorkingCalendar())
    assert due == date(2026, 6, 8)
    assert common_superior(["head", "dirjen", "top"], ["other", "dirjen", "top"]) == "dirjen"
    assert common_superior(["head"], ["guest"]) is None


def test_effort_changes_only_forward():
    assert check_effort_change(date(2026, 6, 2), date(2026, 6, 1)) == ()
    assert codes(check_effort_change(date(2026, 6, 1), date(2026, 6, 1))) == ["effort_back_dated"]


def item(key, weight, membership=None, kind=ItemKind.UTAMA, **facts):
    base = PlanItem(
        id=key,
        plan_id="p",
        number=1,
        kind=kind,
        role_kind=RoleKind.SQUAD if membership else RoleKind.HOME,
        membership_id=membership,
        title="result",
        weight_bp=weight,
    )
    return replace(base, **facts)


def measures(*items):
    return [Indicator(id=i.id, item_id=i.id, aspect=Aspect.KUANTITAS, text="n") for i in items]


def test_weights_sum_to_the_whole_in_each_role():
    rows = [item("1", 6000), item("2", 4000, kind=ItemKind.TAMBAHAN), item("3", 10_000, "m1")]
    assert plans.check_plan(rows, measures(*rows), {"home", "m1"}) == ()
    short = [*rows[:1], rows[2], item("4", 10_000, "gone")]
    found = plans.check_plan(short, measures(*rows), {"home", "m1", "m2"})
    assert codes(found) == ["role_unknown", "indicator_missing", "weights_sum", "role_empty"]


def test_a_plan_is_fixed_by_its_rater_after_clarification():
    plan = Plan(id="p", person_id="sari", cycle_id="c")
    for status in (PlanStatus.SUBMITTED, PlanStatus.CLARIFIED):
        with pytest.raises(TransitionRefused):
            plans.fix(plan, "head", NOW)
        plan = plans.advance(plan, status)
    with pytest.raises(NotEntitled):
        plans.fix(plan, "sari", NOW)
    assert plans.fix(plan, "head", NOW).fixed_by == "head"
    with pytest.raises(TransitionRefused):
        plans.advance(plan, PlanStatus.FIXED)


def target(direction, value, upper=None):
    return Target(
        direction=direction,
        value=D(value),
        upper=None if upper is None else D(upper),
        cap=CAP,
    )


@pytest.mark.parametrize(
    ("aim", "actual", "percent"),
    [
        (target(Direction.HIGHER, 40), "39", "97.50"),
        (target(Direction.HIGHER, 3), "2", "66.67"),
        (target(Direction.HIGHER, 10), "15", "120.00"),
        (target(Direction.LOWER, 10), "10", "100.00"),
        (target(Direction.LOWER, 10), "9", "110.00"),
        (target(Direction.LOWER, 10), "1", "120.00"),
        (target(Direction.LOWER, 10), "25", "0.00"),
        (target(Direction.LOWER, 0), "0", "100.00"),
        (target(Direction.LOWER, 0), "1", "0.00"),
        (target(Direction.RANGE, 80, 100), "90", "100.00"),
        (target(Direction.RANGE, 80, 100), "60", "75.00"),
        (target(Direction.RANGE, 80, 100), "110", "90.00"),
    ],
)
def test_attainment_by_direction(aim, actual, percent):
    assert attainment(aim, D(actual)) == D(percent)


def test_numbers_that_allow_no_percentage_are_refused():
    with pytest.raises(Malformed):
        attainment(target(Direction.HIGHER, 0), D(1))
    with pytest.raises(Malformed):
        attainment(target(Direction.HIGHER, 1), D(-1))
    with pytest.raises(Malformed):
        attainment(target(Direction.RANGE, 5, 1), D(1))
    with pytest.raises(Malformed):
        result_attainment([])
    assert result_attainment([(1, D(100)), (1, D(95)), (1, D(102))]) == D("99.00")
    assert default_direction(Aspect.BIAYA) is Direction.LOWER
    assert default_direction(Aspect.KUALITAS) is Direction.HIGHER


OUTPUT = Output(
    id="o",
    squad_id="A",
    number=1,
    title="t",
    indicator="i",
    target="1",
    value_points=40,
    cycle_id="c",
    period_id="p1",
    due_on=date(2026, 3, 1),
)


def test_an_output_is_delivered_accepted_and_sealed_by_different_hands():
    with pytest.raises(NotEntitled):
        outputs.deliver(OUTPUT, "ketua", "sari", NOW)
    given_over = outputs.deliver(OUTPUT, "ketua", "ketua", NOW)
    with pytest.raises(NotEntitled):
        outputs.accept(given_over, "ketua", D(96), CAP, NOW)
    with pytest.raises(Malformed):
        outputs.accept(given_over, "sponsor", D("120.01"), CAP, NOW)
    assert given_over.delivered_at == NOW
    assert outputs.send_back(given_over) == OUTPUT
    taken = outputs.accept(given_over, "sponsor", D(96), CAP, NOW)
    with pytest.raises(TransitionRefused):
        outputs.accept(taken, "sponsor", D(96), CAP, NOW)
    rows = append((), [opening((), posting("o"))])
    dispute = Dispute(id="d", output_id="o", claim_id="c", raised_by="a", ground="g", raised_at=NOW)
    facts = SealFacts(
        output_id="o",
        members=["a"],
        claims=[],
        disputes=[dispute],
        undecided_consents=["a"],
        acknowledged=[],
        window_ends_at=NOW + timedelta(days=14),
        rows=rows,
    )
    blockers = seal_blockers(facts, NOW)
    assert codes(blockers) == ["line_missing", "I2", "dispute_open", "consent_open", "window_open"]
    with pytest.raises(RuleBroken):
        outputs.seal(taken, blockers, NOW)
    assert outputs.seal(taken, (), NOW).sealed_at == NOW


def test_dewi_books_1125_hours_and_is_overloaded_while_all_three_roles_run():
    booked = [hours(6000, 12, LOAD), hours(3000, 8, LOAD), hours(2000, 6, LOAD)]
    assert booked == [D(750), D(250), D(125)]
    assert full_time_equivalent(booked, LOAD) == D("0.90")
    loads = monthly_load(
        [
            RoleLoad(role="home", effort_bp=6000, starts_on=CYCLE.starts_on, ends_on=CYCLE.ends_on),
            RoleLoad(
                role="a", effort_bp=3000, starts_on=CYCLE.starts_on, ends_on=date(2026, 8, 31)
            ),
            RoleLoad(role="b", effort_bp=2000, starts_on=date(2026, 7, 1), ends_on=CYCLE.ends_on),
        ],
        2026,
    )
    assert loads[6] == 9000
    assert loads[7] == loads[8] == 11_000
    assert flagged_months(loads, LOAD) == {7: LoadFlag.OVERLOAD, 8: LoadFlag.OVERLOAD}
    assert flagged_months({1: 13_000}, LOAD) == {1: LoadFlag.APPROVAL}
    assert (home_effort_bp(3000), home_effort_bp(4000, 9000)) == (7000, 9000)


def test_signing_a_membership_answers_for_every_home_result():
    answers = {"1": (ResultChange.REDUCED, ""), "2": (ResultChange.KEPT, "")}
    found = check_home_results(["1", "2", "3"], answers)
    assert codes(found) == ["reason_missing", "result_unanswered"]


def test_nobody_confirms_his_own_follow_up():
    assert check_confirmer("sari", "hr") == ()
    assert codes(check_confirmer("sari", "sari")) == ["own_follow_up"]


STANDING = Standing(
    person_id="sari",
    agency_id="ag",
    leads=["ketua"],
    sponsors=["sponsor"],
    raters=["head"],
    next_superiors=["boss"],
    peers=["budi", "ketua"],
)


@pytest.mark.parametrize(
    ("actor", "agency", "groups", "held"),
    [
        ("sari", "ag", ["hr"], {Relation.SELF}),
        ("ketua", "ag", [], {Relation.LEAD, Relation.PEER}),
        ("head", "ag", [], {Relation.RATER}),
        ("boss", "ag", [], {Relation.NEXT_SUPERIOR}),
        ("x", "ag", ["perf_admin"], {Relation.HR}),
        ("x", "other", ["perf_admin", "auditor"], {Relation.OTHER_AGENCY}),
        ("x", "ag", ["process_owner"], {Relation.OTHER_UNIT}),
        ("x", None, [], {Relation.OTHER_AGENCY}),
    ],
)
def test_relations_follow_from_who_stands_where(actor, agency, groups, held):
    assert relations(STANDING, actor, agency, groups) == held


def test_access_is_refused_unless_the_matrix_says_so():
    for resource in Resource:
        for act in Act:
            assert not allowed([Relation.OTHER_UNIT], resource, act)
            assert not allowed([Relation.OTHER_AGENCY], resource, act)
            assert not allowed([], resource, act)
        for act in FOUR_EYES:
            assert not allowed([Relation.SELF, Relation.RATER], resource, act)
            assert not allowed([Relation.HR, Relation.AUDITOR], resource, act)
    assert not any(allowed([r], Resource.FEEDBACK_360, Act.READ) for r in Relation)
    readers = {r for r in Relation if allowed([r], Resource.COUNSELLING, Act.READ)}
    assert readers == {Relation.SELF}
    assert not any(allowed([r], Resource.PRIVATE_NOTE, act) for r in Relation for act in Act)
    assert {r for r in Relation if allowed([r], Resource.PLAN, Act.RATE)} == {Relation.RATER}


def test_the_matrix_is_printed_whole():
    rows = matrix_rows()
    assert len(rows) == 1 + len(Resource)
    assert {len(row) for row in rows} == {1 + len(Relation)}
