"""People start processes themselves over HTTP."""

from __future__ import annotations

import pytest

from tests.serving import DRAWINGS


@pytest.fixture(scope="module")
def errand(served):
    answer = served.client("admin").deploy(DRAWINGS / "errand.bpmn", DRAWINGS / "errand.form")
    assert answer.status_code == 200, answer.text
    return "/api/starts/errand"


def test_one_sees_what_one_may_start_and_what_its_form_begins_with(employee, errand):
    assert [row["processId"] for row in employee.get("/api/starts").json()["items"]] == ["errand"]
    found = employee.get(errand).json()
    assert found["hasForm"]
    assert found["variables"]["whose"] == found["variables"]["starter_id"] == "p-employee"


def test_a_form_in_order_starts_and_brings_the_task(employee, errand):
    done = employee.post(errand, {"variables": {"what": "teh"}})
    assert done.status_code == 201, done.text
    mine = employee.get("/api/tasks").json()["items"]
    assert done.json()["instanceKey"] in {row["instanceKey"] for row in mine}


def test_a_form_with_faults_starts_nothing(employee, errand):
    before = employee.get("/api/me").json()["openTasks"]
    answer = employee.post(errand, {"variables": {}})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "what"
    assert employee.get("/api/me").json()["openTasks"] == before


def test_a_repeated_request_starts_once(employee, errand):
    headers = {"Idempotency-Key": "errand-once"}
    first = employee.post(errand, {"variables": {"what": "kopi"}}, headers=headers)
    second = employee.post(errand, {"variables": {"what": "kopi"}}, headers=headers)
    assert first.json() == second.json()


def test_who_is_not_named_finds_nothing_to_start(admin, errand):
    assert admin.get("/api/starts").json()["items"] == []
    assert admin.get(errand).status_code == 404
    assert admin.post(errand, {"variables": {"what": "x"}}).status_code == 404
