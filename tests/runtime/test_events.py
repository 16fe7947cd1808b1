"""Timers, messages and signals that tokens wait for."""

from __future__ import annotations

import pytest

from engine.usecases.errors import Conflict
from tests.runtime.drawn import (
    SE,
    boundary,
    catch,
    chain,
    drawing,
    end,
    io,
    message,
    refer,
    script,
    service,
    signal,
    start,
    throw,
    timer,
    user,
)
from tests.runtime.play import ANI


def test_a_timer_event_waits_for_its_time_fixed_when_it_was_reached(stage):
    body = SE + catch("t", timer("Duration", "=wait")) + user("u") + chain("Start", "t", "u", "End")
    key = stage.played(drawing(body), wait="PT2H")
    stage.set(key, wait="PT0S")
    assert stage.row(key).due_at == stage.clock.now().replace(hour=3)
    stage.pass_time(hours=1)
    assert stage.names() == []
    stage.pass_time(hours=1)
    assert stage.names() == ["u"]
    assert stage.row(key).due_at is None


def test_a_date_needs_an_offset_or_zone(stage):
    body = SE + catch("t", timer("Date", "=at")) + user("u") + chain("Start", "t", "u", "End")
    key = stage.played(drawing(body), at="2026-02-01T00:00:00")
    assert "offset" in stage.incidents(key)[0].message
    stage.set(key, at="2026-02-01T00:00:00+07:00")
    stage.retry(key)
    assert stage.row(key).due_at.isoformat() == "2026-01-31T17:00:00+00:00"


def reminded():
    body = SE + user("u") + script("c", "n", "n + 1") + user("boss")
    body += boundary("ni", "u", timer("Cycle", "R3/PT1H"), interrupting=False)
    body += boundary("it", "u", timer("Duration", "P1D"))
    body += chain("Start", "u", "End") + chain("ni", "c", "End") + chain("it", "boss", "End")
    return drawing(body)


def test_boundary_timers_remind_and_then_interrupt(stage):
    key = stage.played(reminded(), n=0)
    for seen in (1, 2, 3, 3):
        stage.pass_time(hours=1)
        assert stage.variables(key)["n"] == seen
        assert stage.names() == ["u"]
    stage.pass_time(hours=20)
    assert stage.names() == ["boss"]
    stage.complete("boss")
    assert stage.done(key)


def test_missed_firings_fire_once_and_then_go_on(stage):
    body = SE + user("u") + script("c", "n", "n + 1")
    body += boundary("ni", "u", timer("Cycle", "R/PT1H"), interrupting=False)
    key = stage.played(drawing(body + chain("Start", "u", "End") + chain("ni", "c")), n=0)
    stage.pass_time(hours=7, minutes=30)
    assert stage.variables(key)["n"] == 1
    stage.pass_time(minutes=30)
    assert stage.variables(key)["n"] == 2


def test_a_completed_task_takes_its_timers_with_it(stage):
    key = stage.played(reminded(), n=0)
    stage.complete("u")
    assert stage.done(key)
    assert stage.row(key).due_at is None
    assert stage.tables.subscriptions == {}


def received(inner=""):
    return drawing(
        SE + catch("m", refer("message", "M"), inner) + user("u") + chain("Start", "m", "u", "End"),
        extra=message("M", "paid", "=order"),
    )


def test_a_message_reaches_the_instance_whose_key_it_has(stage):
    one = stage.played(received(), order="A1")
    other = stage.start(order="B2")
    assert not stage.publish("paid", "C3")
    stage.publish("paid", "A1", amount=7)
    assert stage.variables(one)["amount"] == 7
    assert stage.tokens(other) == {"m": 1}


def test_output_mappings_of_a_message_let_only_themselves_leave(stage):
    key = stage.played(received(io(outputs={"total": "=amount + 1"})), order="A1")
    stage.publish("paid", "A1", amount=7)
    assert stage.variables(key) == {"order": "A1", "total": 8}


def test_a_null_correlation_key_is_an_incident(stage):
    key = stage.played(received())
    (incident,) = stage.incidents(key)
    assert incident.element_id == "m"
    assert "correlation key is null" in incident.message


def test_a_numeric_key_correlates_as_text(stage):
    stage.played(received(), order=17)
    assert stage.publish("paid", "17")


def test_a_second_delivery_to_the_same_catch_is_refused(stage):
    stage.played(received(), order="A1")
    sub_ = next(iter(stage.tables.subscriptions.values()))
    stage.publish("paid", "A1")
    with pytest.raises(Conflict):
        stage.do(lambda uow: stage.runner.deliver(uow, sub_, {}, ANI))


def test_a_receive_task_with_a_boundary_timer(stage):
    body = SE + '<receiveTask id="r" messageRef="M"/>' + user("late")
    body += boundary("t", "r", timer("Duration", "P1D"))
    body += chain("Start", "r", "End") + chain("t", "late", "End")
    key = stage.played(drawing(body, extra=message("M", "m", "=k")), k="1")
    assert stage.publish("m", "1")
    assert stage.done(key)
    stage.start(k="2")
    stage.pass_time(days=1)
    assert stage.names() == ["late"]
    assert not stage.publish("m", "2")


def publisher():
    inner = io(
        {"name": "paid", "correlationKey": "=order", "timeToLive": "PT1H", "variables": "={a: 1}"}
    )
    body = start("S2") + service("p", "regu.message.publish", inner) + end("E2")
    return drawing(body + chain("S2", "p", "E2"), pid="Q")


def test_a_published_message_is_delivered_by_a_job_of_the_same_transaction(stage):
    stage.deploy(received(), ("q.bpmn", publisher()))
    key = stage.start(order="A1")
    stage.start("Q", order="A1")
    assert [k for k, _ in stage.tables.enqueued] == ["deliver_message"]
    stage.deliver_jobs()
    assert stage.variables(key)["a"] == 1


def test_a_message_waits_for_a_receiver_until_it_expires(stage):
    stage.deploy(received(), ("q.bpmn", publisher()))
    stage.start("Q", order="A1")
    stage.deliver_jobs()
    key = stage.start(order="A1")
    assert stage.variables(key)["a"] == 1
    assert stage.names(key) == ["u"]
    second = stage.start(order="A1")
    assert stage.tokens(second) == {"m": 1}, "a message goes to one instance per process"
    stage.start("Q", order="B")
    stage.clock.add(hours=2)
    assert stage.tokens(stage.start(order="B")) == {"m": 1}


def test_a_message_with_the_same_id_is_not_published_twice(stage):
    inner = io({"name": "paid", "correlationKey": "=order", "messageId": "x"})
    body = SE + service("p", "regu.message.publish", inner) + chain("Start", "p", "End")
    stage.deploy(drawing(body))
    stage.start(order="1")
    stage.start(order="1")
    stage.start(order="2")
    assert len(stage.tables.messages) == 2


def test_boundary_messages_interrupt_or_not(stage):
    extra = message("M", "m", "=k") + message("N", "n", "=k")
    body = SE + user("u") + script("c", "n", "n + 1") + user("stopped")
    body += boundary("bn", "u", refer("message", "N"), interrupting=False)
    body += boundary("bm", "u", refer("message", "M"))
    body += chain("Start", "u", "End") + chain("bn", "c", "End") + chain("bm", "stopped", "End")
    key = stage.played(drawing(body, extra=extra), k="1", n=0)
    stage.publish("n", "1")
    stage.publish("n", "1")
    assert stage.variables(key)["n"] == 2
    assert stage.names() == ["u"]
    stage.publish("m", "1")
    assert stage.names() == ["stopped"]
    assert stage.tables.subscriptions == {}


def test_signals_reach_everybody_who_waits(stage):
    extra = signal("S", "all")
    waiting = drawing(
        SE + catch("s", refer("signal", "S")) + user("u") + chain("Start", "s", "u", "End"),
        extra=extra,
    )
    thrower = drawing(
        start("a")
        + throw("t", refer("signal", "S"), io({"note": '="hi"'}))
        + end("b")
        + chain("a", "t", "b"),
        pid="Q",
        extra=extra,
    )
    stage.deploy(waiting, ("q.bpmn", thrower))
    keys = [stage.start(), stage.start()]
    stage.start("Q")
    stage.deliver_jobs()
    assert stage.names() == ["u", "u"]
    assert stage.variables(keys[0])["note"] == "hi"


def test_a_signal_end_event_broadcasts_and_a_boundary_signal_interrupts(stage):
    extra = signal("S", "all")
    body = SE + user("u") + user("v") + boundary("b", "u", refer("signal", "S"))
    body += chain("Start", "u", "End") + chain("b", "v", "End")
    ender = start("a") + end("e", refer("signal", "S")) + chain("a", "e")
    stage.deploy(drawing(body, extra=extra), ("q.bpmn", drawing(ender, pid="Q", extra=extra)))
    stage.start()
    stage.start("Q")
    stage.deliver_jobs()
    assert stage.names() == ["v"]
