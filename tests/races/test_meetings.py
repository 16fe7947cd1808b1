"""Messages and receivers that come at the same moment meet, whoever commits first."""

from __future__ import annotations

import threading

import pytest

from engine.usecases import messages, processes
from tests.crash.stage import Stage, contradictions
from tests.races.crowd import CLIENTS, crowd

_WAITS = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"


def _publish(house, actor, key, **more):
    command = messages.PublishMessage(
        name="baton", correlation_key=key, time_to_live_ms=60_000, **more
    )
    return messages.publish_message(house, actor, command)


def test_a_message_meets_a_receiver_that_is_just_beginning_to_wait(postgres_database):
    stage = Stage(postgres_database)
    who = {"who": stage.ids["sari"], "number": "n1"}
    with stage.house.writing() as beginning:
        stage.house.runner.start(beginning, "receiver", who, stage.actor("joko"))
        _publish(stage.house, stage.operator, "n1")
        worker = threading.Thread(target=stage.wired.worker().drain)
        worker.start()
        _until_somebody_waits(postgres_database)
        beginning.commit()
    worker.join(60)
    assert len(stage.open("go_on")) == 1
    assert contradictions(stage.house) == []
    stage.close()


def _until_somebody_waits(database):
    pause = threading.Event()
    for _ in range(600):
        with database.reading.connect() as connection:
            if connection.exec_driver_sql(_WAITS).scalar():
                return
        pause.wait(0.05)
    raise AssertionError("the delivery does not wait for the receiver")


@pytest.mark.parametrize("rounds", [4, pytest.param(60, marks=pytest.mark.long)])
def test_each_message_meets_its_receiver_when_both_come_at_once(database, rounds):
    stage = Stage(database)
    joko, operator, who = stage.actor("joko"), stage.operator, stage.ids["sari"]
    stage.wired.close()

    def work(wired, client):
        """Even clients wait, each odd one publishes for the one before him; all deliver."""
        for number in range(rounds):
            key = f"{number}:{client // 2}"
            if client % 2:
                _publish(wired.house, operator, key)
            else:
                variables = {"who": who, "number": key}
                command = processes.StartProcess(process_id="receiver", variables=variables)
                processes.start_process(wired.house, joko, command)
            wired.worker().drain()

    crowd(stage.url, work)
    stage.wired.worker().drain()
    with stage.house.reading() as uow:
        started = uow.work_list.instances(limit=10_000)
    assert len(stage.open("go_on")) == rounds * CLIENTS // 2 == len(started)
    assert contradictions(stage.house) == []
    stage.close()
