"""How instances begin: by messages, signals and timers."""

from __future__ import annotations

import pytest

from engine.usecases.errors import Conflict
from tests.runtime.drawn import (
    chain,
    drawing,
    end,
    io,
    message,
    refer,
    service,
    signal,
    start,
    timer,
    user,
)


def test_a_message_starts_one_live_instance_per_key(stage):
    xml = drawing(
        start("s", refer("message", "M")) + user("u") + end("e") + chain("s", "u", "e"),
        extra=message("M", "begin", None),
    )
    stage.deploy(xml)
    stage.publish("begin", "k1", a=1)
    (task,) = stage.open_tasks()
    assert stage.variables(task.instance_key) == {"a": 1}
    assert stage.row(task.instance_key).business_key == "k1"
    with pytest.raises(Conflict):
        stage.publish("begin", "k1")
    stage.publish("begin", "k2")
    stage.publish("begin", "")
    stage.publish("begin", "")
    assert len(stage.open_tasks()) == 4


def test_a_message_kept_for_a_key_starts_the_next_instance_when_the_first_ends(stage):
    xml = drawing(
        start("s", refer("message", "M")) + user("u") + end("e") + chain("s", "u", "e"),
        extra=message("M", "begin", None),
    )
    inner = io({"name": "begin", "correlationKey": "k1", "variables": "={n: 2}"})
    other = start("a") + service("p", "regu.message.publish", inner) + end("b")
    stage.deploy(xml, ("q.bpmn", drawing(other + chain("a", "p", "b"), pid="Q")))
    stage.publish("begin", "k1", n=1)
    stage.start("Q")
    assert len(stage.open_tasks()) == 1
    stage.complete("u")
    (task,) = stage.open_tasks()
    assert stage.variables(task.instance_key)["n"] == 2


def test_a_signal_starts_an_instance(stage):
    xml = drawing(
        start("s", refer("signal", "S")) + user("u") + end("e") + chain("s", "u", "e"),
        extra=signal("S", "go"),
    )
    stage.deploy(xml)
    stage.broadcast("go", a=1)
    assert stage.names() == ["u"]


def timed_start(text, kind="Cycle"):
    return drawing(start("s", timer(kind, text)) + user("u") + end("e") + chain("s", "u", "e"))


def fire_starts(stage):
    due = stage.look(lambda uow: uow.processes.due_starts(stage.clock.now(), 10))
    for row in due:
        stage.do(lambda uow, row=row: stage.runner.fire_due_start(uow, row))
    return len(due)


def test_a_timer_starts_instances_and_plans_the_next(stage):
    stage.deploy(timed_start("R2/P1D"))
    assert fire_starts(stage) == 0
    for open_ in (1, 2, 2):
        stage.clock.add(days=1)
        fire_starts(stage)
        assert len(stage.open_tasks()) == open_


def test_a_cron_starts_in_the_agencys_zone(stage):
    stage.deploy(timed_start("0 0 9 * * MON"))
    (row,) = stage.tables.subscriptions.values()
    assert row.due_at.isoformat() == "2026-01-05T02:00:00+00:00"
    stage.clock.add(days=1)
    assert fire_starts(stage) == 1
    (row,) = stage.tables.subscriptions.values()
    assert row.due_at.isoformat() == "2026-01-12T02:00:00+00:00"


def test_a_new_version_takes_over_the_start_events(stage):
    stage.deploy(timed_start("R/P1D"))
    stage.deploy(timed_start("R/P2D"))
    (row,) = stage.tables.subscriptions.values()
    assert row.definition_key == max(stage.tables.definitions)
    stage.deploy(timed_start("2026-01-08T00:00:00Z", "Date"))
    stage.clock.add(days=3)
    assert fire_starts(stage) == 1
    assert stage.tables.subscriptions == {}
