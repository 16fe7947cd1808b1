"""The worker: what is due happens once, whatever fails, and whoever stops it."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest

from app.worker import Worker
from tests.serving import DRAWINGS, Served


@pytest.fixture
def quiet(sqlite_template, tmp_path):
    """A served house whose worker runs only when a test says so."""
    house = Served(tmp_path / "quiet", sqlite_template).start(worker=False)
    house.client("admin").deploy(DRAWINGS / "waits.bpmn")
    yield house
    house.close()


def start(house, process_id, count, **variables):
    admin = house.client("admin")
    body = {"processDefinitionId": process_id, "variables": variables}
    answers = [admin.post("/v2/process-instances", body).json() for _ in range(count)]
    return [answer["processInstanceKey"] for answer in answers]


def states(house, keys):
    admin = house.client("admin")
    return [admin.get(f"/v2/process-instances/{key}").json()["state"] for key in keys]


def move(house, **span):
    to = int((house.house.clock.now() + timedelta(**span)).timestamp() * 1000)
    assert house.client("admin").ask("PUT", "/v2/clock", json={"timestamp": to}).status_code == 204


def test_nothing_happens_before_it_is_due_and_everything_after(quiet):
    keys = start(quiet, "waits_day", 5)
    assert quiet.worker.drain() == 0
    move(quiet, hours=23)
    assert quiet.worker.drain() == 0

    move(quiet, hours=2)

    assert quiet.worker.drain() == 5
    assert states(quiet, keys) == ["COMPLETED"] * 5
    assert quiet.worker.drain() == 0


def test_two_workers_fire_each_timer_once(quiet):
    keys = start(quiet, "waits_day", 12)
    move(quiet, hours=25)
    workers = [quiet.wired.worker() for _ in range(2)]

    threads = [threading.Thread(target=worker.drain) for worker in workers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert states(quiet, keys) == ["COMPLETED"] * 12
    admin = quiet.client("admin")
    for key in keys:
        rows = admin.get(f"/api/instances/{key}/history").json()["items"]
        ends = [r for r in rows if r["element_id"] == "night" and r["event"] == "completed"]
        assert len(ends) == 1


def test_a_failure_is_left_alone_for_a_while_and_others_go_on(quiet, caplog):
    seen = []

    def jobs(_stop):
        seen.append(1)
        raise RuntimeError("this handler is broken")

    keys = start(quiet, "waits_day", 2)
    move(quiet, hours=25)
    worker = Worker(quiet.house, jobs)

    assert worker.round() == 2
    assert states(quiet, keys) == ["COMPLETED"] * 2
    assert seen
    assert "background work failed" in caplog.text


def test_a_stopped_worker_resumes_in_the_middle_of_its_deliveries(quiet):
    keys = start(quiet, "waits_bell", 6)
    quiet.client("admin").post("/v2/signals/broadcast", {"signalName": "bell"})
    deliver, stop = quiet.house.runner.deliver, threading.Event()
    delivered = []

    def counted(*arguments):
        delivered.append(1)
        if len(delivered) == 3:
            stop.set()
        return deliver(*arguments)

    quiet.house.runner.deliver = counted
    worker = quiet.wired.worker()
    worker._stopped = stop
    worker.round()
    assert states(quiet, keys).count("COMPLETED") == 3

    quiet.wired.worker().drain()

    assert states(quiet, keys) == ["COMPLETED"] * 6
    assert len(delivered) == 6


def test_a_worker_that_is_woken_does_not_wait_for_its_poll(quiet):
    keys = start(quiet, "waits_bell", 1)
    quiet.worker.start()

    quiet.client("admin").post("/v2/signals/broadcast", {"signalName": "bell"})
    quiet.worker.stop()
    quiet.wired.worker().drain()

    assert states(quiet, keys) == ["COMPLETED"]
