"""Notices: who is told what in the transaction of the act, and who is not."""

from __future__ import annotations

import pytest

from engine.usecases.as_planned import document_as_planned
from engine.usecases.inbox import changes
from engine.usecases.notices import Kind
from tests.workflows.contributing import accepted, attest, claim
from tests.workflows.test_monitoring import monitor, plan


@pytest.fixture
def planned(town):
    return plan(town, "dedi")


def told(town, name):
    with town.house.reading() as uow:
        return uow.workplace.notices(town.ids[name])


def test_feedback_is_told_to_whom_it_is_about_and_to_nobody_else(planned):
    monitor(planned)
    tapped = [{**row, "as_planned": True} for row in planned.begun(_task(planned))["results"]]
    planned.do("record_progress", results=tapped)
    planned.do("give_feedback", "budi", feedback="Maju", behaviour_feedback="Kolaboratif")
    [notice] = told(planned, "dedi")
    assert notice.kind == Kind.FEEDBACK_WRITTEN
    assert notice.facts["by"] == planned.ids["budi"]
    assert len(notice.facts["feedback_ids"]) == 2
    assert "Maju" not in str(notice.facts)
    assert told(planned, "budi") == []
    with planned.house.reading() as uow:
        [change] = changes(uow, planned.ids["dedi"])
    assert {said.text for said in change.words} == {"Maju", "Kolaboratif"}


def test_one_press_documents_a_period_as_its_form_would(planned):
    monitor(planned)
    key = _task(planned).key
    found = document_as_planned(planned.house, planned.actor("dedi"), [key])
    assert [task.key for task in found.done] == [key]
    assert found.left == []
    assert planned.open("record_progress") == []
    again = document_as_planned(planned.house, planned.actor("dedi"), [key])
    assert (again.done, again.left) == ([], [key])


def test_one_press_does_nothing_with_tasks_of_others_or_of_another_kind(planned):
    monitor(planned)
    key = _task(planned).key
    found = document_as_planned(planned.house, planned.actor("budi"), [key, 1])
    assert (found.done, found.left) == ([], [key, 1])
    assert len(planned.open("record_progress")) == 1


def test_a_reminder_is_told_in_regu_as_well(planned):
    monitor(planned)
    planned.pass_days(4)
    assert Kind.DEADLINE_NEAR in {row.kind for row in told(planned, "dedi")}


def test_a_member_is_told_what_became_of_his_claim_by_whom_and_in_which_words(town):
    accepted(town)
    claim(town, "sari")
    attest(town, "sari", decision="return", reason="Bukti belum terbuka")
    claim(town, "sari")
    attest(town, "sari")
    kinds = [row.kind for row in told(town, "sari")]
    assert kinds == [Kind.SHARE_ATTESTED, Kind.CLAIM_RETURNED]
    assert told(town, "citra") == []
    with town.house.reading() as uow:
        [_attested, returned] = changes(uow, town.ids["sari"])
    assert (returned.reason, returned.notice.facts["by"]) == (
        "Bukti belum terbuka",
        town.ids["citra"],
    )


def _task(town):
    return town.task("record_progress")
