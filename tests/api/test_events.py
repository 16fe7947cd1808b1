"""Messages, signals, timers, incidents and the clock over HTTP."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest


@pytest.fixture
def state_of(admin):
    return lambda key: admin.get(f"/v2/process-instances/{key}").json()["state"]


@pytest.fixture
def move(admin, served):
    def forward(**span):
        to = served.house.clock.now() + timedelta(**span)
        return admin.ask("PUT", "/v2/clock", json={"timestamp": int(to.timestamp() * 1000)})

    return forward


def waiting_tasks(client, root):
    items = client.get("/api/tasks").json()["items"]
    return [item["elementId"] for item in items if item["rootKey"] == root]


def test_a_message_reaches_the_one_who_waits_for_its_key(admin, employee, begin, eventually):
    mine = begin("waits_letter", who="p-employee", number="m-1")
    other = begin("waits_letter", who="p-employee", number="m-2")

    sent = admin.post("/v2/messages/publication", {"name": "letter", "correlationKey": "m-1"})

    assert sent.status_code == 200, sent.text
    eventually(lambda: waiting_tasks(employee, mine), ["read"])
    assert waiting_tasks(employee, other) == []


def test_a_message_waits_for_who_comes_later(admin, employee, begin, eventually):
    body = {"name": "letter", "correlationKey": "late", "timeToLive": 3_600_000}
    admin.post("/v2/messages/publication", body)

    mine = begin("waits_letter", who="p-employee", number="late")

    eventually(lambda: waiting_tasks(employee, mine), ["read"])


def test_a_kept_message_never_reaches_an_instance_of_another_agency(
    admin, employee, served, begin, eventually
):
    body = {"name": "letter", "correlationKey": "crossed", "timeToLive": 3_600_000}
    sent = served.client("stranger").post("/v2/messages/publication", body)
    assert sent.status_code == 200, sent.text

    mine = begin("waits_letter", who="p-employee", number="crossed")
    assert waiting_tasks(employee, mine) == []
    at_once = {"name": "letter", "correlationKey": "crossed"}
    found = served.client("stranger").post("/v2/messages/correlation", at_once)
    assert found.status_code == 404, found.text

    admin.post("/v2/messages/publication", body)
    eventually(lambda: waiting_tasks(employee, mine), ["read"])


def test_a_message_id_is_unique_while_the_message_waits(admin):
    body = {
        "name": "letter",
        "correlationKey": "twice",
        "timeToLive": 3_600_000,
        "messageId": "one",
    }

    assert admin.post("/v2/messages/publication", body).status_code == 200
    assert admin.post("/v2/messages/publication", body).status_code == 409


def test_correlation_answers_with_the_receiver_or_with_404(admin, employee, begin):
    mine = begin("waits_letter", who="p-employee", number="now")
    body = {"name": "letter", "correlationKey": "now", "variables": {"text": "hello"}}

    found = admin.post("/v2/messages/correlation", body)
    again = admin.post("/v2/messages/correlation", body)

    assert found.json()["processInstanceKey"] == mine
    assert waiting_tasks(employee, mine) == ["read"]
    assert admin.get(f"/api/instances/{mine}").json()["variables"]["text"] == "hello"
    assert again.status_code == 404


def test_a_signal_reaches_everybody_who_waits(admin, begin, eventually, state_of):
    keys = [begin("waits_bell") for _ in range(3)]

    admin.post("/v2/signals/broadcast", {"signalName": "bell"})

    for key in keys:
        eventually(lambda key=key: state_of(key), "COMPLETED")


def test_a_timer_fires_when_the_clock_is_moved(begin, move, eventually, state_of):
    key = begin("waits_day")
    assert state_of(key) == "ACTIVE"

    assert move(hours=25).status_code == 204

    eventually(lambda: state_of(key), "COMPLETED")


def test_the_clock_never_goes_back(admin, served, move):
    assert move(hours=-1).status_code == 409
    assert move(hours=0).status_code == 204
    assert admin.post("/v2/clock/reset").status_code == 409
    assert served.house.clock.now() >= datetime(2026, 1, 5, 1, tzinfo=UTC)


def test_only_an_administrator_moves_the_clock(employee):
    answer = employee.ask("PUT", "/v2/clock", json={"timestamp": 1_800_000_000_000})
    assert answer.status_code == 403


def test_an_incident_is_found_mended_and_resolved(admin, begin, state_of):
    key = begin("breaks", way="up")
    found = admin.post("/v2/incidents/search", {"filter": {"processInstanceKey": key}}).json()
    incident = found["items"][0]
    assert incident["elementId"] == "choose"
    assert state_of(key) == "ACTIVE"

    mended = {"variables": {"way": "left"}, "reason": "a way that is drawn"}
    admin.ask("PATCH", f"/api/instances/{key}/variables", json=mended)
    answer = admin.post(f"/v2/incidents/{incident['incidentKey']}/resolution")

    assert answer.status_code == 204, answer.text
    assert state_of(key) == "COMPLETED"
    wanted = {"filter": {"processInstanceKey": key, "state": "ACTIVE"}}
    assert admin.post("/v2/incidents/search", wanted).json()["items"] == []


def test_a_cancelled_instance_takes_its_tasks_along(admin, employee, begin, state_of):
    key = begin("leave", who="p-employee")
    assert waiting_tasks(employee, key) == ["ask"]

    assert admin.post(f"/v2/process-instances/{key}/cancellation").status_code == 204

    assert waiting_tasks(employee, key) == []
    assert state_of(key) == "TERMINATED"
    assert admin.post(f"/v2/process-instances/{key}/cancellation").status_code == 409


def test_lists_are_read_to_the_end_by_cursor(admin, begin):
    keys = [begin("waits_bell") for _ in range(5)]
    body = {"filter": {"processDefinitionId": "waits_bell", "state": "ACTIVE"}}
    seen, page = [], {"limit": 2}

    while True:
        found = admin.post("/v2/process-instances/search", {**body, "page": page}).json()
        seen += [item["processInstanceKey"] for item in found["items"]]
        if not found["items"]:
            break
        page = {"limit": 2, "after": found["page"]["endCursor"]}

    assert [key for key in seen if key in keys] == keys
    assert len(seen) == len(set(seen))


def test_another_agency_reaches_nobody_of_ours(served, employee, begin, state_of):
    letter = begin("waits_letter", who="p-employee", number="theirs")
    bell = begin("waits_bell")
    stranger = served.client("stranger")
    body = {"name": "letter", "correlationKey": "theirs"}

    stranger.post("/v2/messages/publication", body)
    stranger.post("/v2/signals/broadcast", {"signalName": "bell"})
    assert stranger.post("/v2/messages/correlation", body).status_code == 404
    served.worker.drain()

    assert waiting_tasks(employee, letter) == []
    assert state_of(bell) == "ACTIVE"


@pytest.mark.parametrize("role", ["stranger", "nowhere"])
def test_another_agency_sees_nothing_of_ours(served, begin, role):
    key = begin("leave", who="p-employee")
    broken = begin("breaks", way="up")
    found = {"filter": {"processInstanceKey": broken}}
    ours = served.client("admin").post("/v2/incidents/search", found).json()["items"]
    stranger = served.client(role)
    resolution = f"/v2/incidents/{ours[0]['incidentKey']}/resolution"
    assert stranger.post(resolution).status_code in (403, 404)

    assert stranger.get(f"/v2/process-instances/{key}").status_code == 404
    assert stranger.post(f"/v2/process-instances/{key}/cancellation").status_code == 404
    assert stranger.post("/v2/process-instances/search").json()["items"] == []
    assert stranger.post("/v2/user-tasks/search").json()["items"] == []
    assert stranger.post("/v2/incidents/search").json()["items"] == []
