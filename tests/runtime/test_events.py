"""Timers, messages, signals, errors and escalations."""

from __future__ import annotations

import pytest

from engine.usecases.errors import Conflict
from engine.usecases.ports.runner import BpmnErrorThrown
from tests.runtime.drawn import (
    SE,
    boundary,
    call,
    catch,
    chain,
    drawing,
    end,
    error,
    escalation,
    flow,
    gateway,
    io,
    message,
    multi,
    process,
    refer,
    script,
    service,
    signal,
    start,
    sub,
    throw,
    timer,
    user,
)
from tests.runtime.play import ANI, Stage


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


# ---- errors


def erring(thrower, catches):
    inner = '<startEvent id="is"/>' + user("iu") + thrower + chain("is", "iu", "boom")
    body = SE + sub("box", inner) + chain("Start", "box", "End")
    for name, ref in catches:
        body += boundary(name, "box", refer("error", ref)) + user(f"h_{name}")
        body += chain(name, f"h_{name}", "End")
    return drawing(body, extra=error("E1", "one") + error("E2", "two"))


BOOM = end("boom", refer("error", "E1"))


def test_an_error_is_caught_by_its_code_before_catch_all(stage):
    stage.played(erring(BOOM, [("any", None), ("exact", "E1"), ("other", "E2")]))
    stage.complete("iu")
    assert stage.names() == ["h_exact"]


def test_an_error_of_another_code_falls_to_catch_all(stage):
    stage.played(erring(BOOM, [("other", "E2"), ("any", None)]))
    stage.complete("iu")
    assert stage.names() == ["h_any"]


def test_an_uncaught_error_is_an_incident_where_it_was_thrown(stage):
    key = stage.played(erring(BOOM, [("other", "E2")]))
    stage.complete("iu")
    (incident,) = stage.incidents(key)
    assert (incident.element_id, incident.kind) == ("boom", "uncaught-error")
    assert not stage.done(key)


def test_the_innermost_scope_catches_first():
    stage = Stage(operations={"regu.boom": _throws("one")})
    inner = '<startEvent id="is"/>' + service("op", "regu.boom") + chain("is", "op", "ie")
    inner += (
        end("ie") + boundary("near", "op", refer("error")) + user("hn") + chain("near", "hn", "ie")
    )
    body = SE + sub("box", inner) + boundary("far", "box", refer("error", "E1")) + user("hf")
    body += chain("Start", "box", "End") + chain("far", "hf", "End")
    stage.played(drawing(body, extra=error("E1", "one")))
    assert stage.names() == ["hn"]


def _throws(code, **variables):
    def operation(call):
        call.uow.tables.notes.append("written")
        raise BpmnErrorThrown(code, "because", variables)

    return operation


def test_an_operation_throws_a_bpmn_error_with_variables_and_its_writes_are_undone():
    stage = Stage(operations={"regu.boom": _throws("one", why="full")})
    body = SE + service("op", "regu.boom") + boundary("b", "op", refer("error", "E1")) + user("h")
    body += chain("Start", "op", "End") + chain("b", "h", "End")
    key = stage.played(drawing(body, extra=error("E1", "one")))
    assert stage.names() == ["h"]
    assert stage.variables(key)["why"] == "full"
    assert stage.tables.notes == []


def test_a_technical_exception_is_never_a_bpmn_error():
    def broken(call):
        raise KeyError("one")

    stage = Stage(operations={"regu.boom": broken})
    body = SE + service("op", "regu.boom") + boundary("b", "op", refer("error")) + user("h")
    key = stage.played(drawing(body + chain("Start", "op", "End") + chain("b", "h", "End")))
    assert stage.names() == []
    assert [(i.element_id, i.kind, i.cause) for i in stage.incidents(key)] == [
        ("op", "operation", "KeyError")
    ]


def test_errors_and_escalations_of_a_called_process_reach_the_caller(stage):
    extra = error("E1", "one") + escalation("C1", "look")
    called = process(
        "Q",
        start("a")
        + user("q")
        + throw("tell", refer("escalation", "C1"))
        + end("boom", refer("error", "E1"))
        + chain("a", "q", "tell", "boom"),
    )
    body = SE + call("c", "Q") + user("hc") + user("he")
    body += boundary("bc", "c", refer("escalation", "C1"), interrupting=False)
    body += boundary("be", "c", refer("error", "E1"))
    body += chain("Start", "c", "End") + chain("bc", "hc", "End") + chain("be", "he", "End")
    key = stage.played(drawing(body, extra=extra, more=called))
    stage.complete("q")
    assert sorted(stage.names()) == ["hc", "he"]
    (below,) = stage.rows_below(key)
    assert below.status == "cancelled"


def test_an_error_in_a_multi_instance_child_interrupts_the_whole_multi_instance(stage):
    inner = '<startEvent id="is"/>' + user("iu") + gateway("g", default="ok")
    inner += end("boom", refer("error", "E1")) + end("fine") + chain("is", "iu", "g")
    inner += flow("g", "boom", "=bad") + flow("g", "fine", id_="ok")
    body = SE + sub("box", inner + multi()) + boundary("b", "box", refer("error", "E1")) + user("h")
    body += chain("Start", "box", "End") + chain("b", "h", "End")
    key = stage.played(drawing(body, extra=error("E1", "one")), items=[1, 2, 3])
    stage.complete("iu", 0, bad=False)
    stage.complete("iu", 0, bad=True)
    assert stage.names() == ["h"]
    statuses = sorted(r.status for r in stage.rows_below(key))
    assert statuses == ["cancelled", "cancelled", "completed"]


def escalating(catches, inner_end="told"):
    inner = '<startEvent id="is"/>' + throw("told", refer("escalation", "C1")) + user("iu")
    inner += chain("is", "told", "iu")
    body = SE + sub("box", inner) + chain("Start", "box", "End")
    for name, ref, interrupting in catches:
        body += boundary(name, "box", refer("escalation", ref), interrupting=interrupting)
        body += user(f"h_{name}") + chain(name, f"h_{name}", "End")
    return drawing(body, extra=escalation("C1", "look") + escalation("C2", "other"))


def test_an_escalation_that_does_not_interrupt_lets_both_go_on(stage):
    stage.played(escalating([("b", "C1", False)]))
    assert sorted(stage.names()) == ["h_b", "iu"]


def test_an_escalation_that_interrupts_stops_the_inside_before_its_next_step(stage):
    stage.played(escalating([("b", None, True)]))
    assert stage.names() == ["h_b"]
    assert "iu" not in stage.history("activated")


def test_an_uncaught_escalation_goes_on_with_a_word_in_history(stage):
    stage.played(escalating([("b", "C2", True)]))
    assert stage.names() == ["iu"]
    assert stage.history("escalation") == ["told"]


def test_an_escalation_end_event_ends_its_path(stage):
    extra = escalation("C1", "look")
    inner = '<startEvent id="is"/>' + end("ie", refer("escalation", "C1")) + chain("is", "ie")
    body = (
        SE + sub("box", inner) + boundary("b", "box", refer("escalation", "C1"), interrupting=False)
    )
    key = stage.played(
        drawing(
            body + user("h") + chain("Start", "box", "End") + chain("b", "h", "End"), extra=extra
        )
    )
    assert stage.names() == ["h"]
    stage.complete("h")
    assert stage.done(key)


# ---- starts


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
