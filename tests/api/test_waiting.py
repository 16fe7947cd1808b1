"""Requests that wait: each kind has seats of its own, and some threads are never waited in."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from api.v2.awaiting import SEATS, seats_of
from tests.serving import DRAWINGS, Served

#: longer than a client of these tests has patience
LONG_MS = 60_000


@pytest.fixture
def house(sqlite_template, tmp_path):
    made = []

    def serve(threads):
        made.append(Served(tmp_path / "waiting", sqlite_template, threads=threads).start())
        answer = made[-1].client("admin").deploy(DRAWINGS / "robot.bpmn")
        assert answer.status_code == 200, answer.text
        return made[-1]

    yield serve
    for one in made:
        one.close()


def activation(job_type, wait_ms):
    asked = {"type": job_type, "worker": "w", "timeout": LONG_MS, "maxJobsToActivate": 1}
    return asked | {"requestTimeout": wait_ms}


def awaited(wait_ms):
    return {"processDefinitionId": "robot", "awaitCompletion": True, "requestTimeout": wait_ms}


def free_seats(served, kind):
    """Seats of a kind that nobody sits on."""
    return getattr(served.app.extensions[SEATS], kind)._value


@pytest.mark.parametrize("threads", [*range(1, 20), 256])
def test_requests_that_wait_never_take_the_last_thread(threads):
    seats = seats_of(threads)
    assert seats.jobs._value + seats.ends._value < threads
    assert (seats.jobs._value, seats.ends._value) >= (threads // 2, 1 if threads > 2 else 0)


def test_who_waits_for_an_end_finds_a_seat_while_job_polls_hold_all_of_theirs(house, eventually):
    served = house(threads=8)
    admin = served.client("admin")
    polls, ends = free_seats(served, "jobs"), free_seats(served, "ends")
    with ThreadPoolExecutor(polls + 1) as pool:
        waiting = [
            pool.submit(admin.post, "/v2/jobs/activation", activation("nothing", 5_000))
            for _ in range(polls)
        ]
        eventually(lambda: free_seats(served, "jobs"), 0)
        ending = pool.submit(admin.post, "/v2/process-instances", awaited(20_000))
        eventually(lambda: ending.done() or free_seats(served, "ends") < ends, wanted=True)
        assert not ending.done(), ending.result().text
        finish(admin)
        assert ending.result().status_code == 200, ending.result().text
        assert ending.result().json()["variables"] == {"weight": 12}
        assert [poll.result().json() for poll in waiting] == [{"jobs": []}] * polls
    assert (free_seats(served, "jobs"), free_seats(served, "ends")) == (polls, ends)


def finish(admin):
    """Do the work that a robot waits for."""
    (job,) = admin.post("/v2/jobs/activation", activation("weigh", -1)).json()["jobs"]
    done = admin.post(f"/v2/jobs/{job['jobKey']}/completion", {"variables": {"weight": 12}})
    assert done.status_code == 204, done.text


def test_without_a_seat_there_is_an_answer_at_once_and_the_instance_goes_on(house):
    """One thread has no seats: who waited a minute would not be answered in the client's time."""
    admin = house(threads=1).client("admin")
    polled = admin.post("/v2/jobs/activation", activation("weigh", LONG_MS))
    assert polled.json() == {"jobs": []}
    begun = admin.post("/v2/process-instances", awaited(LONG_MS))
    assert begun.status_code == 504
    found = admin.post("/v2/process-instances/search", {"filter": {"state": "ACTIVE"}}).json()
    assert [row["processDefinitionId"] for row in found["items"]] == ["robot"]
    finish(admin)
