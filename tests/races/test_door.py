"""Sixteen clients at the door: one is let through, the others get a 409 that names him."""

from __future__ import annotations

import threading
from collections import Counter

import pytest

from tests.crash.stage import contradictions
from tests.races.crowd import CLIENTS
from tests.races.wide import drawings
from tests.serving import Served


@pytest.fixture
def served(tmp_path, sqlite_template):
    house = Served(tmp_path / "house", sqlite_template).start(worker=False)
    yield house
    house.close()


def _together(work):
    start, results = threading.Barrier(CLIENTS), {}

    def run(number):
        start.wait(60)
        results[number] = work(number)

    threads = [threading.Thread(target=run, args=(number,)) for number in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    return [results[number] for number in range(CLIENTS)]


def _open_tasks(served, count):
    owner, admin = served.client("process_owner"), served.client("perf_admin")
    drawing = drawings(2)
    files = [("resources", (drawing.name, drawing.content))]
    assert served.client("admin").ask("POST", "/v2/deployments", files=files).status_code == 200
    for _ in range(count):
        started = owner.post("/v2/process-instances", {"processDefinitionId": "pick"})
        assert started.status_code == 200, started.text
    found = admin.post("/v2/user-tasks/search", {"filter": {"state": "CREATED"}})
    return [task["userTaskKey"] for task in found.json()["items"]]


def test_of_sixteen_who_complete_one_task_fifteen_are_told_who_was_faster_and_when(served):
    clients = [served.client(role) for role in ("admin", "perf_admin")]
    for key in _open_tasks(served, 3):
        answers = _together(
            lambda n, key=key: clients[n % 2].post(f"/v2/user-tasks/{key}/completion", {})
        )
        assert Counter(a.status_code for a in answers) == {204: 1, 409: CLIENTS - 1}
        told = [a.json()["facts"] for a in answers if a.status_code == 409]
        assert {a["byName"] for a in told} <= {"Admin", "Perf_Admin"}
        assert len({(a["byName"], a["at"]) for a in told}) == 1
    assert contradictions(served.house) == []


def test_sixteen_who_complete_different_tasks_all_get_through(served):
    clients = [served.client(role) for role in ("admin", "perf_admin")]
    keys = _open_tasks(served, CLIENTS)
    answers = _together(lambda n: clients[n % 2].post(f"/v2/user-tasks/{keys[n]}/completion", {}))
    assert Counter(a.status_code for a in answers) == {204: CLIENTS}
    assert contradictions(served.house) == []
