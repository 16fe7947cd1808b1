"""Jobs of external workers: leased once, ended once, failed into an incident or caught."""

from __future__ import annotations

import pytest

from tests.serving import DRAWINGS


@pytest.fixture(autouse=True)
def deployed(admin):
    admin.deploy(DRAWINGS / "robot.bpmn")


@pytest.fixture
def take(admin):
    def lease(limit=1, timeout=60_000):
        body = {"type": "weigh", "worker": "w", "timeout": timeout, "maxJobsToActivate": limit}
        body["requestTimeout"] = -1
        answer = admin.post("/v2/jobs/activation", body)
        assert answer.status_code == 200, answer.text
        return answer.json()["jobs"]

    return lease


@pytest.fixture
def state_of(admin):
    return lambda key: admin.get(f"/v2/process-instances/{key}").json()["state"]


def test_a_job_is_leased_to_one_worker_and_its_result_goes_on(admin, begin, take, state_of):
    key = begin("robot", load=3)

    jobs = take()
    assert take() == []
    assert jobs[0]["variables"] == {"load": 3}
    assert jobs[0]["customHeaders"] == {"unit": "kg"}
    assert jobs[0]["processInstanceKey"] == key

    path = f"/v2/jobs/{jobs[0]['jobKey']}/completion"
    assert admin.post(path, {"variables": {"weight": 12}}).status_code == 204
    assert admin.post(path, {}).status_code in (404, 409)
    assert state_of(key) == "COMPLETED"


def test_a_failed_job_is_tried_again_and_then_becomes_an_incident(admin, begin, take, state_of):
    key = begin("robot")
    first = take()[0]
    failure = {"retries": 1, "errorMessage": "the scale is off"}
    admin.post(f"/v2/jobs/{first['jobKey']}/failure", failure)

    again = take()[0]
    assert (again["jobKey"], again["retries"]) == (first["jobKey"], 1)
    admin.post(f"/v2/jobs/{again['jobKey']}/failure", {"retries": 0, "errorMessage": "broken"})

    assert take() == []
    found = admin.post("/v2/incidents/search", {"filter": {"processInstanceKey": key}}).json()
    assert found["items"][0]["errorMessage"] == "broken"
    admin.post(f"/v2/incidents/{found['items'][0]['incidentKey']}/resolution")
    admin.post(f"/v2/jobs/{take()[0]['jobKey']}/completion")
    assert state_of(key) == "COMPLETED"


def test_a_thrown_error_takes_the_way_that_is_drawn(admin, begin, take, state_of):
    key = begin("robot")

    answer = admin.post(f"/v2/jobs/{take()[0]['jobKey']}/error", {"errorCode": "REFUSED"})

    assert answer.status_code == 204, answer.text
    assert state_of(key) == "COMPLETED"
    history = admin.get(f"/api/instances/{key}/history").json()["items"]
    assert "declined" in {row["element_id"] for row in history}
