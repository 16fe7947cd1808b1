"""The worker leaves alone what fails, and nothing else: real seconds never hold business time."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

import pytest

from tests.runtime.drawn import SE, boundary, chain, drawing, timer, user
from tests.serving import Served


@pytest.fixture
def reminded(sqlite_template, tmp_path):
    """A served house with one instance that is reminded every day, and nobody who works."""
    house = Served(tmp_path / "quiet", sqlite_template).start(worker=False)
    cycle = boundary("b", "u", timer("Cycle", "R9/P1D"), interrupting=False) + '<endEvent id="r"/>'
    body = SE + user("u") + cycle + chain("Start", "u", "End") + chain("b", "r")
    (tmp_path / "reminded.bpmn").write_bytes(drawing(body, pid="reminded"))
    admin = house.client("admin")
    admin.deploy(tmp_path / "reminded.bpmn")
    answer = admin.post("/v2/process-instances", {"processDefinitionId": "reminded"}).json()
    yield house, int(answer["processInstanceKey"])
    house.close()


def a_day_later(house):
    to = int((house.house.clock.now() + timedelta(days=1, hours=1)).timestamp() * 1000)
    assert house.client("admin").ask("PUT", "/v2/clock", json={"timestamp": to}).status_code == 204


def test_a_timer_that_another_worker_fired_does_not_delay_the_next_one(reminded):
    house, key = reminded
    worker, other = house.wired.worker(), house.wired.worker()
    a_day_later(house)

    def beaten():
        assert other.drain() == 1
        return 0

    assert worker._one(key, beaten, partial(worker._due_at, key)) == 0
    a_day_later(house)

    assert worker.drain() == 1


def test_what_failed_is_left_alone_only_while_it_is_due_as_before(reminded, caplog, monkeypatch):
    house, _ = reminded
    worker, other = house.wired.worker(), house.wired.worker()
    a_day_later(house)
    tries = []

    def broken(*_given):
        tries.append(1)
        raise RuntimeError("the drawing is broken")

    with monkeypatch.context() as patched:
        patched.setattr(house.house.runner, "fire_due", broken)
        assert worker.drain() == 0
        assert worker.drain() == 0
    assert len(tries) == 1
    assert "background work failed" in caplog.text
    assert worker.drain() == 0

    assert other.drain() == 1
    a_day_later(house)

    assert worker.drain() == 1
