"""Event sub-processes: what waits beside the flow, instead of it or together with it."""

from __future__ import annotations

import pytest

from engine.usecases.ports.runner import BpmnErrorThrown
from tests.runtime.drawn import (
    SE,
    TERMINATE,
    boundary,
    call,
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
from tests.runtime.event_trees import conditional, inner_start
from tests.runtime.play import Stage


def on_event(id_, definition, body, first, last, *, interrupting=True):
    """An event sub-process with its start and end drawn."""
    s, e = f"{id_}_s", f"{id_}_e"
    inner = inner_start(s, definition, interrupting=interrupting) + body + end(e)
    inner += chain(s, first) + chain(last, e)
    return f'<subProcess id="{id_}" triggeredByEvent="true">{inner}</subProcess>'


def beside(definition, *, interrupting=True, extra=""):
    """A process with one task and a task of an event sub-process."""
    body = SE + user("u") + chain("Start", "u", "End")
    body += on_event("ev", definition, user("h"), "h", "h", interrupting=interrupting)
    return drawing(body, extra=extra)


def test_an_interrupting_timer_ends_all_else_of_the_process(stage):
    key = stage.played(beside(timer("Duration", "PT2H")))
    assert stage.names() == ["u"]
    assert stage.tokens(key) == {"u": 1}
    stage.pass_time(hours=2)
    assert stage.names() == ["h"]
    assert stage.row(key).due_at is None
    stage.complete("h")
    assert stage.done(key)


def test_a_cycle_beside_the_flow_fires_each_time_and_ends_with_its_scope(stage):
    key = stage.played(beside(timer("Cycle", "R3/PT1H"), interrupting=False))
    for seen in (1, 2, 3, 3):
        stage.pass_time(hours=1)
        assert stage.names().count("h") == seen
    stage.complete("u")
    assert not stage.done(key)
    for _ in range(3):
        stage.complete("h")
    assert stage.done(key)


def test_a_scope_that_ends_takes_its_waiting_events_with_it(stage):
    extra = message("M", "m", "=k") + signal("S", "s")
    body = SE + user("u") + chain("Start", "u", "End")
    body += on_event("a", timer("Duration", "PT1H"), user("h1"), "h1", "h1")
    body += on_event("b", refer("message", "M"), user("h2"), "h2", "h2")
    body += on_event("c", refer("signal", "S"), user("h3"), "h3", "h3")
    key = stage.played(drawing(body, extra=extra), k="1")
    assert len(stage.tables.subscriptions) == 2
    stage.complete("u")
    assert stage.done(key)
    assert stage.tables.subscriptions == {}
    assert stage.row(key).due_at is None
    assert "cancelled" not in {h.event for h in stage.tables.told}


def test_messages_start_it_as_often_as_they_come_when_it_does_not_interrupt(stage):
    xml = beside(refer("message", "M"), interrupting=False, extra=message("M", "m", "=k"))
    key = stage.played(xml, k="1")
    stage.publish("m", "1", note="a")
    stage.publish("m", "1", note="b")
    assert stage.names() == ["u", "h", "h"]
    assert stage.variables(key)["note"] == "b"


def test_an_interrupting_message_is_taken_once(stage):
    xml = beside(refer("message", "M"), extra=message("M", "m", "=k"))
    stage.played(xml, k="1")
    assert stage.publish("m", "1")
    assert not stage.publish("m", "1")
    assert stage.names() == ["h"]


def test_a_key_that_is_null_is_an_incident_beside_the_flow_and_can_be_retried(stage):
    xml = beside(refer("message", "M"), extra=message("M", "m", "=k"))
    key = stage.played(xml)
    (incident,) = stage.incidents(key)
    assert incident.element_id == "ev"
    assert stage.names() == ["u"]
    stage.set(key, k="7")
    stage.retry(key)
    assert stage.incidents(key) == []
    assert stage.publish("m", "7")
    assert stage.names() == ["h"]


def test_an_incident_beside_the_flow_ends_with_the_process(stage):
    key = stage.played(beside(refer("message", "M"), extra=message("M", "m", "=k")))
    stage.complete("u")
    assert stage.done(key)
    assert stage.incidents(key) == []
    assert stage.row(key).incidents == 0


def thrower(kind, ref, *, interrupting, extra):
    inner = start("is") + throw("t", refer(kind, ref)) if kind != "error" else start("is")
    after = "t" if kind != "error" else "is"
    ends = end("ie", refer("error", ref)) if kind == "error" else end("ie")
    inner += user("w") + ends
    inner += chain("is", "t", "w", "ie") if kind != "error" else chain(after, "w", "ie")
    inner += on_event("ev", refer(kind, ref), user("h"), "h", "h", interrupting=interrupting)
    body = SE + sub("box", inner) + user("after") + chain("Start", "box", "after", "End")
    return drawing(body, extra=extra)


def test_an_escalation_reaches_the_event_sub_process_of_its_scope(stage):
    xml = thrower("escalation", "C", interrupting=False, extra=escalation("C", "code"))
    stage.played(xml)
    assert sorted(stage.names()) == ["h", "w"]
    stage.complete("h")
    stage.complete("w")
    assert stage.names() == ["after"]


def test_an_interrupting_escalation_stops_who_threw_it(stage):
    xml = thrower("escalation", "C", interrupting=True, extra=escalation("C", "code"))
    stage.played(xml)
    assert stage.names() == ["h"]
    stage.complete("h")
    assert stage.names() == ["after"]


def test_an_error_is_caught_inside_before_it_reaches_the_edge(stage):
    inner = start("is") + end("ie", refer("error", "X")) + chain("is", "ie")
    inner += on_event("ev", refer("error", "X"), user("h"), "h", "h")
    body = SE + sub("box", inner) + user("outside") + boundary("b", "box", refer("error", "X"))
    body += chain("Start", "box", "End") + chain("b", "outside", "End")
    key = stage.played(drawing(body, extra=error("X", "x")))
    assert stage.names() == ["h"]
    stage.complete("h")
    assert stage.done(key)


def test_an_error_thrown_by_the_handler_leaves_the_scope(stage):
    handler = script("x", "n", "1") + user("h")
    s = inner_start("s", refer("error", "X"), interrupting=True) + handler
    s += end("se", refer("error", "X")) + chain("s", "x", "h", "se")
    inner = start("is") + end("ie", refer("error", "X")) + chain("is", "ie")
    inner += f'<subProcess id="ev" triggeredByEvent="true">{s}</subProcess>'
    body = SE + sub("box", inner) + user("outside") + boundary("b", "box", refer("error", "X"))
    body += chain("Start", "box", "End") + chain("b", "outside", "End")
    stage.played(drawing(body, extra=error("X", "x")))
    stage.complete("h")
    assert stage.names() == ["outside"]


def test_it_does_not_catch_the_escalation_that_it_throws_itself(stage):
    s = inner_start("s", refer("escalation", "C"), interrupting=False)
    s += throw("again", refer("escalation", "C")) + user("h") + chain("s", "again", "h")
    body = SE + throw("t", refer("escalation", "C")) + user("u") + chain("Start", "t", "u", "End")
    body += f'<subProcess id="ev" triggeredByEvent="true">{s}</subProcess>'
    stage.played(drawing(body, extra=escalation("C", "c")))
    assert sorted(stage.names()) == ["h", "u"]


def test_errors_of_workers_and_called_processes_reach_it(stage):
    body = SE + call("c", "Q") + chain("Start", "c", "End")
    body += on_event("ev", refer("error", "X"), user("h"), "h", "h")
    below = start("a") + end("b", refer("error", "X")) + chain("a", "b")
    xml = drawing(body, more=process("Q", below), extra=error("X", "x"))
    key = stage.played(xml)
    assert stage.names() == ["h"]
    assert [r.status.value for r in stage.rows_below(key)] == ["cancelled"]


def test_variables_of_an_error_are_seen_by_the_handler(stage):
    inner = start("is") + end("ie", refer("error", "X"), io({"why": '="late"'})) + chain("is", "ie")
    s = start("s", refer("error", "X"), io(outputs={"reason": "=why"}))
    s += user("h") + chain("s", "h")
    inner += f'<subProcess id="ev" triggeredByEvent="true">{s}</subProcess>'
    body = SE + sub("box", inner) + chain("Start", "box", "End")
    key = stage.played(drawing(body, extra=error("X", "x")))
    assert stage.variables(key) == {"reason": "late"}


def test_it_sees_the_variables_of_its_scope(stage):
    inner = start("is") + user("w") + chain("is", "w")
    handler = script("c", "seen", "local")
    inner += on_event("ev", timer("Duration", "=wait"), handler, "c", "c")
    body = SE + sub("box", inner, io({"local": "=40 + 2", "wait": '="PT1H"'}))
    key = stage.played(drawing(body + chain("Start", "box", "End")))
    stage.pass_time(hours=1)
    assert stage.variables(key)["seen"] == 42
    assert stage.done(key)


def test_each_child_of_a_multi_instance_has_its_own(stage):
    inner = start("is") + user("w") + chain("is", "w")
    inner += on_event("ev", refer("message", "M"), user("h"), "h", "h")
    body = SE + sub("box", inner + multi("=[1, 2]")) + chain("Start", "box", "End")
    key = stage.played(drawing(body, extra=message("M", "m", "=item")))
    stage.publish("m", "2")
    assert sorted(stage.names()) == ["h", "w"]
    stage.complete("w")
    stage.complete("h")
    assert stage.done(key)


def test_interruptions_come_before_the_next_automatic_step(stage):
    body = SE + throw("t", refer("signal", "S")) + script("x", "n", "1")
    body += chain("Start", "t", "x", "End")
    body += on_event("ev", refer("signal", "S"), user("h"), "h", "h")
    key = stage.played(drawing(body, extra=signal("S", "s")))
    assert stage.names() == ["h"]
    assert "n" not in stage.variables(key)


def test_a_signal_reaches_its_own_instance_once(stage):
    body = SE + throw("t", refer("signal", "S")) + user("u") + chain("Start", "t", "u", "End")
    body += on_event("ev", refer("signal", "S"), user("h"), "h", "h", interrupting=False)
    xml = drawing(body, extra=signal("S", "s"))
    stage.deploy(xml)
    first = stage.start()
    stage.deliver_jobs()
    assert sorted(stage.names(first)) == ["h", "u"]
    second = stage.start()
    stage.deliver_jobs()
    assert sorted(stage.names(first)) == ["h", "h", "u"], "and all others by the worker"
    assert sorted(stage.names(second)) == ["h", "u"]


def test_a_terminate_inside_ends_the_event_sub_process_alone(stage):
    s = inner_start("s", timer("Duration", "PT1H"), interrupting=False)
    s += gateway("g", "parallel") + user("h") + end("t", TERMINATE)
    s += chain("s", "g", "h") + chain("g", "t")
    body = SE + user("u") + chain("Start", "u", "End")
    body += f'<subProcess id="ev" triggeredByEvent="true">{s}</subProcess>'
    stage.played(drawing(body))
    stage.pass_time(hours=1)
    assert stage.names() == ["u"]


def test_a_terminate_beside_it_ends_what_it_runs(stage):
    body = SE.replace('<endEvent id="End"/>', end("End", TERMINATE)) + user("u")
    body += chain("Start", "u", "End")
    body += on_event("ev", timer("Duration", "PT1H"), user("h"), "h", "h", interrupting=False)
    key = stage.played(drawing(body))
    stage.pass_time(hours=1)
    stage.complete("u")
    assert stage.done(key)
    assert stage.names() == []


def test_event_sub_processes_nest(stage):
    inner = on_event("deep", timer("Duration", "PT1H"), user("d"), "d", "d", interrupting=False)
    s = inner_start("s", refer("message", "M"), interrupting=False) + user("h") + inner
    s += chain("s", "h")
    body = SE + user("u") + chain("Start", "u", "End")
    body += f'<subProcess id="ev" triggeredByEvent="true">{s}</subProcess>'
    key = stage.played(drawing(body, extra=message("M", "m", "=k")), k="1")
    assert stage.row(key).due_at is None
    stage.publish("m", "1")
    stage.pass_time(hours=1)
    assert sorted(stage.names()) == ["d", "h", "u"]


def test_cancelling_an_instance_ends_what_waits_beside_its_flow(stage):
    xml = beside(refer("message", "M"), interrupting=False, extra=message("M", "m", "=k"))
    key = stage.played(xml, k="1")
    stage.publish("m", "1")
    stage.cancel(key)
    assert stage.names() == []
    assert stage.tables.subscriptions == {}


def test_a_fault_in_the_handler_is_its_incident_alone(stage):
    handler = script("c", "n", 'assert(1, ok = "yes")') + user("h") + chain("c", "h")
    body = SE + user("u") + chain("Start", "u", "End")
    body += on_event("ev", timer("Duration", "PT1H"), handler, "c", "h", interrupting=False)
    key = stage.played(drawing(body))
    stage.pass_time(hours=1)
    assert [i.element_id for i in stage.incidents(key)] == ["c"]
    assert stage.names() == ["u"]
    stage.set(key, ok="yes")
    stage.retry(key)
    assert sorted(stage.names()) == ["h", "u"]


def test_a_waiting_event_does_not_hide_a_join_that_can_never_fire(memory_stage):
    body = SE + gateway("x", default="no") + gateway("j", "parallel")
    body += chain("Start", "x") + flow("x", "j", "=false") + flow("x", "j", id_="no")
    body += chain("j", "End")
    body += on_event("ev", timer("Duration", "PT9H"), user("h"), "h", "h")
    key = memory_stage.played(drawing(body))
    assert [i.kind for i in memory_stage.incidents(key)] == ["stall"]


def test_operations_throw_errors_into_it():
    def fail(_call):
        raise BpmnErrorThrown("x", "no", {"a": 1})

    stage = Stage(operations={"regu.fail": fail})
    body = SE + service("f", "regu.fail") + chain("Start", "f", "End")
    body += on_event("ev", refer("error", "X"), user("h"), "h", "h")
    key = stage.played(drawing(body, extra=error("X", "x")))
    assert stage.names() == ["h"]
    assert stage.variables(key) == {"a": 1}


@pytest.mark.parametrize("interrupting", [True, False])
def test_a_condition_starts_it(stage, interrupting):
    xml = beside(conditional("=level > 3"), interrupting=interrupting)
    key = stage.played(xml, level=1)
    assert stage.names() == ["u"]
    stage.set(key, level=4)
    assert stage.names() == (["h"] if interrupting else ["u", "h"])
