"""BPMN errors and escalations: who catches them, and what they interrupt."""

from __future__ import annotations

import pytest

from engine.runtime import state
from engine.usecases.ports.runner import BpmnErrorThrown
from tests.runtime.drawn import (
    SE,
    boundary,
    call,
    chain,
    drawing,
    end,
    error,
    escalation,
    flow,
    gateway,
    multi,
    process,
    refer,
    service,
    start,
    sub,
    throw,
    user,
)
from tests.runtime.play import ANI, Stage


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


@pytest.mark.parametrize("kind", ["error", "escalation"])
def test_a_catch_in_another_row_that_fails_is_an_incident_where_it_was_thrown(
    stage, monkeypatch, kind
):
    extra = error("E1", "one") + escalation("C1", "look")
    ref = "E1" if kind == "error" else "C1"
    called = process("Q", start("a") + user("q") + end("boom", refer(kind, ref)))
    called = called.replace("</process>", chain("a", "q", "boom") + "</process>")
    body = SE + call("c", "Q") + boundary("b", "c", refer(kind, ref)) + user("h")
    body += gateway("s", "parallel") + user("u1") + user("u2")
    body += chain("Start", "s", "c", "End") + chain("b", "h", "End")
    body += chain("s", "u1", "End") + chain("s", "u2", "End")
    key = stage.played(drawing(body, extra=extra, more=called))
    before = stage.tokens(key)
    monkeypatch.setattr(state, "MAX_TOKENS", 3)
    stage.complete("q")
    (incident,) = stage.incidents(key)
    assert (incident.element_id, incident.kind) == ("boom", "limit")
    assert stage.tokens(key) == before
    assert stage.names() == ["u1", "u2"]
    monkeypatch.undo()
    stage.retry(key)
    assert sorted(stage.names()) == ["h", "u1", "u2"]
    assert stage.incidents(key) == []
    assert [r.status for r in stage.rows_below(key)] == ["cancelled"]


def test_a_worker_error_whose_catch_fails_in_another_row_is_an_incident(stage, monkeypatch):
    called = process("Q", start("a") + service("j", "mail") + end("e") + chain("a", "j", "e"))
    body = SE + call("c", "Q") + boundary("b", "c", refer("error")) + user("h")
    body += gateway("s", "parallel") + user("u1") + chain("Start", "s", "c", "End")
    body += chain("b", "h", "End") + chain("s", "u1", "End")
    key = stage.played(drawing(body, more=called))
    (job,) = stage.tables.jobs
    monkeypatch.setattr(state, "MAX_TOKENS", 2)
    stage.do(lambda uow: stage.runner.throw_worker_error(uow, job, "one", "", {}, ANI))
    assert [(i.element_id, i.kind) for i in stage.incidents(key)] == [("j", "limit")]
    assert stage.tokens(key) == {"c": 1, "u1": 1}
