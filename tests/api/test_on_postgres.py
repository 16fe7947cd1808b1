"""The doors on PostgreSQL: the same answers, with writers side by side."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest

from tests.api.test_filters import LISTS, NAMES, TEXTS, walk
from tests.serving import DRAWINGS, Served


@pytest.fixture
def served(postgres_database, tmp_path):
    house = Served(tmp_path / "house", None, database_url=postgres_database.url).start()
    house.client("admin").deploy(
        DRAWINGS / "leave.bpmn", DRAWINGS / "leave.form", DRAWINGS / "waits.bpmn"
    )
    yield house
    house.close()


def begin(served, process_id, **variables):
    body = {"processDefinitionId": process_id, "variables": variables}
    answer = served.client("admin").post("/v2/process-instances", body)
    assert answer.status_code == 200, answer.text
    return answer.json()["processInstanceKey"]


def test_sixteen_clients_complete_the_same_and_different_tasks_once(served):
    employee = served.client("employee")
    roots = [begin(served, "leave", who="p-employee") for _ in range(8)]
    items = employee.get("/api/tasks?limit=200").json()["items"]
    keys = [item["taskKey"] for item in items if item["rootKey"] in roots]
    assert len(keys) == 8
    codes = {key: [] for key in keys}

    def complete(offset):
        for number in range(len(keys)):
            key = keys[(number + offset) % len(keys)]
            path = f"/api/tasks/{key}/complete"
            answer = employee.post(path, {"variables": {"days": 1}})
            codes[key].append(answer.status_code)

    threads = [threading.Thread(target=complete, args=(offset,)) for offset in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert {key: sorted(found) for key, found in codes.items()} == {
        key: [200] + [409] * 15 for key in keys
    }


def test_sixteen_twins_with_one_key_get_one_answer(served):
    employee = served.client("employee")
    begin(served, "leave", who="p-employee")
    key = employee.get("/api/tasks").json()["items"][0]["taskKey"]
    found = []

    def complete():
        headers = {"Idempotency-Key": "twin"}
        path = f"/api/tasks/{key}/complete"
        answer = employee.post(path, {"variables": {"days": 1}}, headers=headers)
        found.append((answer.status_code, answer.text))

    threads = [threading.Thread(target=complete) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(set(found)) == 1, set(found)
    assert found[0][0] == 200


def test_messages_signals_and_timers_arrive(served):
    admin = served.client("admin")
    letter = begin(served, "waits_letter", who="p-employee", number="n")
    bell, day = begin(served, "waits_bell"), begin(served, "waits_day")

    admin.post("/v2/messages/publication", {"name": "letter", "correlationKey": "n"})
    admin.post("/v2/signals/broadcast", {"signalName": "bell"})
    to = int((served.house.clock.now() + timedelta(days=2)).timestamp() * 1000)
    admin.ask("PUT", "/v2/clock", json={"timestamp": to})
    served.worker.stop()
    served.wired.worker().drain()

    states = [admin.get(f"/v2/process-instances/{key}").json()["state"] for key in (bell, day)]
    assert states == ["COMPLETED", "COMPLETED"]
    waiting = served.client("employee").get("/api/tasks").json()["items"]
    assert [item["elementId"] for item in waiting if item["rootKey"] == letter] == ["read"]
    assert admin.get("/api/verify").json()["holds"]


def test_the_lists_of_clients_are_filtered_and_sorted_as_on_sqlite(served):
    admin = served.client("admin")
    assert admin.deploy(DRAWINGS / "tour.bpmn", DRAWINGS / "band.dmn").status_code == 200
    for name in NAMES:
        body = {"processDefinitionId": "tour", "businessId": name, "variables": {"orderId": "1"}}
        assert admin.post("/v2/process-instances", body).status_code == 200

    def search(path, **wanted):
        answer = admin.post(f"/v2/{path}/search", {"filter": wanted})
        assert answer.status_code == 200, answer.text
        return answer.json()["items"]

    for asked, found in TEXTS:
        rows = search("process-instances", processDefinitionId="tour", businessId=asked)
        assert [row["businessId"] for row in rows] == found
    for path, columns in LISTS:
        walk(admin, path, columns)
    first = search("process-instances", businessId="alpha")[0]["processInstanceKey"]
    task = search("user-tasks", processInstanceKey=first)[0]
    element = search("element-instances", elementInstanceKey=task["elementInstanceKey"])[0]
    assert (element["elementId"], element["processInstanceKey"]) == ("review", first)
    assert search("user-tasks", elementInstanceKey=task["elementInstanceKey"]) == [task]
