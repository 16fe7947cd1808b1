"""Four workers on the same messages, timers and jobs, while people publish: each effect once."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest

from engine.jobs import mass_start
from engine.persistence.jobs.table import Worker as TableJobs
from engine.usecases import messages
from tests.crash.stage import NOON, Stage, contradictions, told
from tests.races.crowd import CLIENTS, PROCESSES, crowd

WAITING = 12


@pytest.fixture
def stage(database):
    made = Stage(database)
    yield made
    made.close()


def _drain(wired, _client):
    return wired.worker().drain()


def _work(stage):
    """Four workers until nothing is due."""
    stage.wired.close()
    crowd(stage.url, _drain, processes=PROCESSES, threads=1)
    assert contradictions(stage.house) == []


def _publish(house, actor, **more):
    command = messages.PublishMessage(
        name="baton", correlation_key="n1", time_to_live_ms=60_000, **more
    )
    return messages.publish_message(house, actor, command)


def _receivers(stage, count):
    for _ in range(count):
        stage.start("receiver", who=stage.ids["sari"], number="n1")


def _history(stage, element, event):
    rows = told(stage.wired.database)["history"]
    return sum(f"'{element}'" in row and f"'{event}'" in row for row in rows)


def test_a_message_reaches_one_of_many_who_wait(stage):
    _receivers(stage, WAITING)
    _publish(stage.house, stage.operator)
    _work(stage)
    assert len(stage.open("go_on")) == 1


def test_each_of_many_messages_reaches_another_who_waits(stage):
    _receivers(stage, CLIENTS)
    operator = stage.operator
    stage.wired.close()

    def work(wired, client):
        _publish(wired.house, operator, variables={"from": client})
        wired.worker().drain()

    crowd(stage.url, work)
    _work(stage)
    went_on = stage.open("go_on")
    assert len(went_on) == len({task.instance_key for task in went_on}) == CLIENTS
    with stage.house.reading() as uow:
        senders = [
            stage.house.runner.view(uow, task.instance_key).variables["from"] for task in went_on
        ]
    assert sorted(senders) == list(range(CLIENTS))


def test_a_message_id_that_waits_is_kept_once_by_sixteen_publishers(stage):
    operator = stage.operator
    stage.wired.close()

    def work(wired, _client):
        try:
            return bool(_publish(wired.house, operator, message_id="m1"))
        except messages.Conflict:
            return False

    assert Counter(crowd(stage.url, work)) == {True: 1, False: CLIENTS - 1}
    _work(stage)


def test_due_timers_are_fired_once_by_four_workers(stage):
    for number in range(WAITING):
        stage.start("relay", who=stage.ids["sari"], number=f"n{number}")
    for task in stage.open("hand_over"):
        stage.complete(task.key, "sari", note="x")
    with stage.house.writing() as uow:
        uow.clock.pin(NOON + timedelta(days=2))
        uow.commit()
    _work(stage)
    assert _history(stage, "night", "completed") == WAITING


def test_a_mass_start_is_done_once_by_four_workers(stage, monkeypatch):
    monkeypatch.setattr(mass_start, "CHUNK", 1)
    args = {
        "process_id": "greet",
        "cycle_id": stage.ids["cycle"],
        "agency_id": stage.ids["agency"],
        "over": "people",
        "extra": {},
        "after": "",
        "on_behalf_of": stage.ids["joko"],
    }
    with stage.house.writing() as uow:
        for number in range(PROCESSES):  # also jobs that twin each other start nobody twice
            uow.jobs.enqueue(mass_start.MASS_START, f"greet {number}", args)
        uow.commit()
    _work(stage)
    greeted = [task.assignee for task in stage.open("hello")]
    assert sorted(greeted) == sorted(set(greeted))
    assert len(greeted) == 9


def test_without_the_mark_of_who_was_started_twin_jobs_start_everybody_twice(stage, monkeypatch):
    monkeypatch.setattr(mass_start, "_started", lambda *_: False)
    test_args = {"process_id": "greet", "cycle_id": stage.ids["cycle"], "over": "people"}
    rest = {"agency_id": stage.ids["agency"], "extra": {}, "after": ""}
    with stage.house.writing() as uow:
        for number in range(2):
            uow.jobs.enqueue(mass_start.MASS_START, f"greet {number}", {**test_args, **rest})
        uow.commit()
    TableJobs(stage.wired.units, mass_start.handlers(stage.house)).run_until_idle()
    assert len(stage.open("hello")) == 18
