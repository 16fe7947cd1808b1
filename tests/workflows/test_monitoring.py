"""Monitoring: a period is documented by one tap or one number, and answered; silence is not."""

from __future__ import annotations

from decimal import Decimal

import pytest

from engine.domain.documentation import Way
from engine.domain.feedback import Voice
from engine.usecases.errors import InputRefused, NotFound
from tests.workflows.test_planning import RESULT

PROOF = "https://bukti.example/1\nhttps://bukti.example/2"


@pytest.fixture
def planned(town):
    """Dedi has a fixed plan with one home result."""
    return plan(town, "dedi")


def plan(town, name):
    town.begin("planning", name)
    town.do("draft_plan", results=[RESULT], confirmed=True)
    for task in town.open("clarify_role"):
        town.answer(task, {"expectation": "Tepat waktu"})
    town.do("clarify_expectation", decision="accept")
    return town


def monitor(town, name="dedi", period="period 1"):
    return town.begin("monitoring", name, period_id=town.ids[period])


def recorded(town, name="dedi"):
    with town.house.reading() as uow:
        plan = uow.performance.plan_of(town.ids[name], town.ids["cycle"])
        return [(row.actual, row.attainment) for row in uow.performance.progress(plan.id)]


def documented(town, name="dedi", period="period 1"):
    with town.house.reading() as uow:
        plan = uow.performance.plan_of(town.ids[name], town.ids["cycle"])
        found = uow.dialogues.documented(plan.id, town.ids[period])
        return {
            one.way: [e.link for e in uow.dialogues.attached(one.item_id, one.period_id)]
            for one in found.values()
        }


def said(town, name="dedi"):
    with town.house.reading() as uow:
        rows = uow.dialogues.feedback_about(town.ids[name], town.ids["cycle"])
        return {(row.voice, row.text, row.behaviour) for row in rows}


def rows(town):
    return town.begun(town.task("record_progress"))["results"]


def test_one_tap_and_links_to_evidence_document_a_period(planned):
    monitor(planned)
    tapped = [{**row, "as_planned": True, "links": PROOF} for row in rows(planned)]
    planned.do("record_progress", results=tapped)
    assert recorded(planned) == [(None, Decimal(100))]
    assert documented(planned) == {Way.AS_PLANNED: PROOF.splitlines()}


def test_a_number_says_more_than_a_tap(planned):
    key = monitor(planned)
    assert [(row["target_text"], row["as_planned"]) for row in rows(planned)] == [
        ("10 data", False)
    ]
    counted = [{**row, "as_planned": True, "actual": 9} for row in rows(planned)]
    planned.do("record_progress", results=counted, obstacles="Server lambat")
    assert recorded(planned) == [(Decimal(9), Decimal(90))]
    assert documented(planned) == {Way.MEASURED: []}
    planned.do("give_feedback", "budi", feedback="Maju", behaviour_feedback="Kolaboratif")
    assert planned.status(key) == "completed"


def test_the_next_period_begins_with_what_is_known_so_that_december_confirms(planned):
    monitor(planned)
    counted = [{**row, "actual": 9, "links": PROOF} for row in rows(planned)]
    planned.do("record_progress", results=counted)
    planned.do("give_feedback", "budi", feedback="Maju")
    monitor(planned, period="period 2")
    [row] = rows(planned)
    assert row["so_far"] == "1 periode tercatat, capaian terakhir 90.00"
    assert row["links"] == ""


def test_the_same_link_lies_beside_a_result_once(planned):
    for _ in range(2):
        monitor(planned)
        tapped = [{**row, "as_planned": True, "links": PROOF} for row in rows(planned)]
        planned.do("record_progress", results=tapped)
        planned.do("give_feedback", "budi", feedback="Maju")
    assert documented(planned) == {Way.AS_PLANNED: PROOF.splitlines()}


def test_what_is_no_link_or_no_result_of_this_plan_is_refused(planned):
    monitor(planned)
    [row] = rows(planned)
    for change in ({"links": "di meja"}, {"item_id": planned.house.ids.uuid(), "actual": 1}):
        with pytest.raises(InputRefused):
            planned.do("record_progress", results=[{**row, **change}])


def test_feedback_is_given_per_result_and_per_value(planned):
    monitor(planned)
    planned.do("record_progress")
    begun = planned.begun(planned.task("give_feedback", "budi"))["results"]
    assert [row["documented"] for row in begun] == ["belum didokumentasikan"]
    planned.do(
        "give_feedback",
        "budi",
        feedback="Maju",
        results=[{**row, "words": "Tambah satu data"} for row in begun],
        behaviours=[{"value": "adaptif", "words": "Cepat menyesuaikan"}],
    )
    assert said(planned) == {
        (Voice.RATER, "Maju", None),
        (Voice.RATER, "Tambah satu data", None),
        (Voice.RATER, "Cepat menyesuaikan", "adaptif"),
    }


def test_leads_give_feedback_on_their_role_beside_the_rater(town):
    plan(town, "sari")
    key = monitor(town, "sari")
    begun = town.begun(town.task("record_progress"))["squad_results"]
    assert begun
    tapped = [{**row, "as_planned": True, "links": PROOF} for row in begun]
    town.do("record_progress", squad_results=tapped)
    assert town.waiting() == [("give_feedback", "budi"), ("give_role_feedback", "citra")]
    seen = town.begun(town.task("give_role_feedback", "citra"))["results"]
    assert {row["documented"] for row in seen} == {"sesuai rencana, 2 bukti"}
    with pytest.raises(NotFound):
        town.do("give_role_feedback", by="sari", feedback="Hebat")
    town.do("give_role_feedback", "citra", feedback="Peran jelas")
    town.do("give_feedback", "budi", feedback="Maju")
    assert said(town, "sari") == {
        (Voice.LEAD, "Peran jelas", None),
        (Voice.RATER, "Maju", None),
    }
    assert town.status(key) == "completed"


def test_of_a_leads_role_the_sponsor_speaks(town):
    monitor(town, "citra")
    town.do("record_progress")
    assert ("give_role_feedback", "wati") in town.waiting()


def test_a_silent_lead_holds_nobody_up(town):
    plan(town, "sari")
    key = monitor(town, "sari")
    town.do("record_progress")
    town.do("give_feedback", "budi", feedback="Maju")
    town.pass_days(14)
    assert (town.waiting(), town.status(key)) == ([], "completed")


def test_what_is_not_reached_yet_may_stay_empty(planned):
    monitor(planned)
    planned.do("record_progress")
    assert (recorded(planned), documented(planned)) == ([], {})
    assert planned.waiting() == [("give_feedback", "budi")]


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


def test_silence_is_reminded_of_twice_escalated_noted_and_passed_over(planned):
    planned.pass_days(14)
    monitor(planned)
    planned.pass_days(3)
    assert planned.told() == ["progress_due"]
    planned.pass_days(3)
    assert planned.told() == ["progress_due"] * 2
    planned.pass_days(6)
    assert planned.told() == [*["progress_due"] * 2, "progress_overdue"]
    assert planned.waiting() == [("record_progress", "dedi")]
    planned.pass_days(7)
    assert planned.waiting() == [("give_feedback", "budi")]


def test_two_silent_periods_in_a_row_warn_early(planned):
    for period in ("period 1", "period 2"):
        monitor(planned, period=period)
        planned.pass_days(24)
    assert ("choose_coach", "budi") in planned.waiting()
    with planned.house.reading() as uow:
        [line] = uow.dialogues.coachings_of(planned.ids["dedi"], planned.ids["cycle"])
    assert line.source == "early_warning"


def test_a_silent_rater_is_reminded_escalated_and_may_still_answer(planned):
    key = monitor(planned)
    planned.do("record_progress")
    planned.pass_days(8)
    assert planned.told() == ["feedback_due"]
    planned.pass_days(9)
    assert planned.told() == ["feedback_due", "feedback_overdue"]
    planned.do("give_feedback", feedback="Maju")
    assert planned.status(key) == "completed"


def test_who_has_no_plan_yet_is_monitored_on_what_the_house_proposes(town):
    key = monitor(town, "eko")
    assert town.waiting() == [("record_progress", "eko")]
    town.do("record_progress")
    town.do("give_role_feedback", feedback="Peran jelas")
    town.do("give_feedback", feedback="Susun SKP")
    assert town.status(key) == "completed"


def test_every_flow_of_monitoring_is_walked(every_flow):
    every_flow("monitoring")
