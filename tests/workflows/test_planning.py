"""Planning and clarification: every way from the draft to the fixed plan."""

from __future__ import annotations

from datetime import timedelta

import pytest

from engine.domain.plans import FeedbackRole, PlanStatus
from engine.usecases.errors import InputRefused, NotFound

RESULT = {
    "title": "Data terpadu",
    "indicator": "Jumlah data",
    "aspect": "kuantitas",
    "target": 10,
    "unit": "data",
    "weight_percent": 100,
}


def plan_of(town, name):
    with town.house.reading() as uow:
        return uow.performance.plan_of(town.ids[name], town.ids["cycle"])


def feedback(town, name):
    with town.house.reading() as uow:
        plan = uow.performance.plan_of(town.ids[name], town.ids["cycle"])
        return [(row.role, row.text) for row in uow.performance.feedback(plan.id)]


def draft(town, who, **values):
    town.do("draft_plan", who, confirmed=True, **values)


def test_a_plan_is_drafted_clarified_by_lead_and_rater_and_fixed(town):
    key = town.begin("planning", "sari")
    assert town.waiting() == [("draft_plan", "sari")]
    draft(town, "sari", results=[RESULT])
    assert town.waiting() == [("clarify_role", "citra")]
    town.do("clarify_role", "citra", expectation="Dua dataset per bulan")
    town.do("clarify_expectation", "budi", decision="accept", expectation="Tepat waktu")
    assert town.status(key) == "completed"
    plan = plan_of(town, "sari")
    assert (plan.status, plan.fixed_by) == (PlanStatus.FIXED, town.ids["budi"])
    assert feedback(town, "sari") == [
        (FeedbackRole.LEAD, "Dua dataset per bulan"),
        (FeedbackRole.RATER, "Tepat waktu"),
    ]


def test_what_the_house_proposes_can_be_handed_in_as_it_is(town):
    town.begin("planning", "dedi")
    draft(town, "dedi")
    town.do("clarify_expectation", "budi", decision="accept")
    with town.house.reading() as uow:
        items = uow.performance.items(plan_of(town, "dedi").id)
    assert [(item.title, item.weight_bp) for item in items] == [
        ("Terlaksananya tugas jabatan", 10_000)
    ]


def test_weights_that_do_not_sum_are_refused_and_nothing_is_saved(town):
    town.begin("planning", "dedi")
    with pytest.raises(InputRefused) as refused:
        draft(town, "dedi", results=[{**RESULT, "weight_percent": 60}])
    assert "weight" in str(refused.value.faults)
    assert town.waiting() == [("draft_plan", "dedi")]
    assert plan_of(town, "dedi").status is PlanStatus.DRAFT


def test_a_revision_goes_back_to_the_employee_until_both_agree(town):
    key = town.begin("planning", "dedi")
    draft(town, "dedi")
    with pytest.raises(InputRefused):
        town.do("clarify_expectation", "budi", decision="revise")
    town.do("clarify_expectation", "budi", decision="revise", note="Ukuran mutu kurang")
    assert town.waiting() == [("draft_plan", "dedi")]
    draft(town, "dedi", results=[RESULT])
    town.do("clarify_expectation", "budi", decision="accept")
    assert town.status(key) == "completed"


def test_a_plan_comes_back_for_revision_with_its_days_begun_anew(town):
    town.begin("planning", "dedi")
    town.pass_days(10)
    draft(town, "dedi")
    town.do("clarify_expectation", "budi", decision="revise", note="Ukuran mutu kurang")
    town.pass_days(5)
    assert town.waiting() == [("draft_plan", "dedi")]


def test_a_late_draft_is_reminded_of_and_then_imposed(town):
    town.begin("planning", "dedi")
    town.pass_days(8)
    assert town.told() == ["plan_draft_due"]
    town.pass_days(7)
    assert town.waiting() == [("clarify_expectation", "budi")]
    assert plan_of(town, "dedi").status is PlanStatus.SUBMITTED
    town.do("clarify_expectation", "budi", decision="accept")
    assert plan_of(town, "dedi").status is PlanStatus.FIXED


def test_a_silent_lead_stops_nobody(town):
    town.begin("planning", "sari")
    draft(town, "sari")
    assert town.waiting() == [("clarify_role", "citra")]
    town.pass_days(5)
    assert town.waiting() == [("clarify_expectation", "budi")]


def test_a_late_rater_brings_the_performance_manager_in_and_may_still_answer(town):
    key = town.begin("planning", "dedi")
    draft(town, "dedi")
    town.pass_days(8)
    assert town.waiting() == [("clarify_expectation", "budi"), ("mediate", "perf_admin")]
    town.do("mediate", note="Bertemu bertiga")
    town.do("clarify_expectation", "budi", decision="accept")
    assert town.status(key) == "completed"


def test_the_plan_of_the_head_of_the_agency_is_clarified_by_the_performance_manager(town):
    key = town.begin("planning", "ratna")
    draft(town, "ratna")
    assert town.waiting() == [("clarify_expectation", "perf_admin")]
    town.do("clarify_expectation", decision="accept")
    assert town.status(key) == "completed"


def test_nobody_clarifies_his_own_plan_or_drafts_for_another(town):
    town.begin("planning", "dedi")
    with pytest.raises(NotFound):
        town.do("draft_plan", by="budi", confirmed=True)
    draft(town, "dedi")
    with pytest.raises(NotFound):
        town.do("clarify_expectation", by="dedi", decision="accept")


def test_results_of_the_head_are_offered_to_those_below(town):
    town.begin("planning", "budi")
    draft(town, "budi", results=[RESULT])
    town.do("clarify_expectation", "ratna", decision="accept")
    town.begin("planning", "dedi")
    begun = town.begun(town.task("draft_plan"))
    assert [row["title"] for row in begun["results"]] == ["Mendukung: Data terpadu"]


def test_the_clocks_are_shorter_at_the_end_of_the_year(town):
    first = town.begin("planning", "dedi")
    assert town.variables(first)["clocks"]["clarify_days"] == 3
    town.pass_days(20)
    second = town.begin("planning", "eko")
    assert town.variables(second)["clocks"]["clarify_days"] == 5
    assert town.house.clock.now() - timedelta(days=19) > town.started(first)


def test_every_flow_of_planning_is_walked(every_flow):
    every_flow("planning")


def test_every_flow_of_clarification_is_walked(every_flow):
    every_flow("clarification")
