"""Monitoring: a period is documented by the employee and answered by the rater, or silence is."""

from __future__ import annotations

from decimal import Decimal

import pytest

from engine.domain.plans import FeedbackRole
from engine.usecases.errors import InputRefused, NotFound
from tests.workflows.test_planning import RESULT


@pytest.fixture
def planned(town):
    """Dedi has a fixed plan with one home result."""
    town.begin("planning", "dedi")
    town.do("draft_plan", results=[RESULT], confirmed=True)
    town.do("clarify_expectation", decision="accept")
    return town


def monitor(town, name="dedi", period="period 1"):
    return town.begin("monitoring", name, period_id=town.ids[period])


def recorded(town, name="dedi"):
    with town.house.reading() as uow:
        plan = uow.performance.plan_of(town.ids[name], town.ids["cycle"])
        return [(row.actual, row.attainment) for row in uow.performance.progress(plan.id)]


def test_progress_is_recorded_and_answered(planned):
    key = monitor(planned)
    begun = planned.begun(planned.task("record_progress"))
    assert [(row["title"], row["target_text"]) for row in begun["results"]] == [
        ("Data terpadu", "10 data")
    ]
    rows = [{**row, "actual": 9, "note": "https://bukti.example/1"} for row in begun["results"]]
    planned.do("record_progress", results=rows, obstacles="")
    assert recorded(planned) == [(Decimal(9), Decimal(90))]
    planned.do("give_feedback", "budi", feedback="Maju", behaviour_feedback="Kolaboratif")
    assert planned.status(key) == "completed"
    with planned.house.reading() as uow:
        plan = uow.performance.plan_of(planned.ids["dedi"], planned.ids["cycle"])
        given = {row.text for row in uow.performance.feedback(plan.id)}
        roles = {row.role for row in uow.performance.feedback(plan.id)}
    assert (given, roles) == ({"Maju", "Kolaboratif"}, {FeedbackRole.RATER})


def test_what_is_not_reached_yet_may_stay_empty(planned):
    monitor(planned)
    planned.do("record_progress")
    assert recorded(planned) == []
    assert planned.waiting() == [("give_feedback", "budi")]


def test_a_result_of_another_plan_is_refused(planned):
    monitor(planned)
    row = {"item_id": planned.house.ids.uuid(), "title": "x", "target_text": "", "actual": 1}
    with pytest.raises(InputRefused):
        planned.do("record_progress", results=[row])


def test_feedback_without_words_is_refused(planned):
    monitor(planned)
    planned.do("record_progress")
    with pytest.raises(InputRefused):
        planned.do("give_feedback", feedback="")


def test_nobody_documents_for_another_or_answers_himself(planned):
    monitor(planned)
    with pytest.raises(NotFound):
        planned.do("record_progress", by="budi")
    planned.do("record_progress")
    with pytest.raises(NotFound):
        planned.do("give_feedback", by="dedi", feedback="Sempurna")


def test_silence_is_reminded_of_twice_noted_and_passed_over(planned):
    planned.pass_days(14)
    monitor(planned)
    planned.pass_days(3)
    assert planned.told() == ["progress_due"]
    planned.pass_days(3)
    assert planned.told() == ["progress_due", "progress_due"]
    planned.pass_days(6)
    assert planned.told() == ["progress_due", "progress_due"]
    assert planned.waiting() == [("give_feedback", "budi")]


def test_a_silent_rater_is_reminded_and_may_still_answer(planned):
    key = monitor(planned)
    planned.do("record_progress")
    planned.pass_days(12)
    assert planned.told() == ["feedback_due"]
    planned.do("give_feedback", feedback="Maju")
    assert planned.status(key) == "completed"


def test_who_has_no_plan_yet_is_monitored_on_what_the_house_proposes(town):
    key = monitor(town, "eko")
    assert town.waiting() == [("record_progress", "eko")]
    town.do("record_progress")
    town.do("give_feedback", feedback="Susun SKP")
    assert town.status(key) == "completed"


def test_every_flow_of_monitoring_is_walked(every_flow):
    every_flow("monitoring")
