"""What happens when a step fails: it alone is undone, and can be tried again."""

from __future__ import annotations

from dataclasses import replace

import pytest

from engine.usecases.errors import Conflict, FieldFault, InputRefused, NotFound
from engine.usecases.ports.runner import BpmnErrorThrown
from tests.runtime.drawn import (
    SE,
    boundary,
    chain,
    drawing,
    error,
    flow,
    gateway,
    io,
    message,
    props,
    refer,
    script,
    service,
    timer,
    user,
)
from tests.runtime.play import ANI, Stage


def failing_once():
    state = {"ready": False, "calls": 0}

    def operation(call):
        state["calls"] += 1
        call.uow.tables.notes.append(state["calls"])
        if not state["ready"]:
            raise Conflict("the ledger is closed")
        return {"r": 1}

    return state, operation


def line(inner=""):
    return drawing(
        SE + user("u") + service("s", "regu.op", inner) + chain("Start", "u", "s", "End")
    )


def test_a_failed_operation_rolls_back_alone_and_retry_resumes_there():
    state, operation = failing_once()
    stage = Stage(operations={"regu.op": operation})
    key = stage.played(line())
    stage.complete("u", x=1)
    (incident,) = stage.incidents(key)
    assert (incident.element_id, incident.kind, incident.cause) == ("s", "operation", "Conflict")
    assert stage.tables.notes == []
    assert stage.variables(key) == {"x": 1}, "what was typed before is kept"
    assert stage.row(key).incidents == 1
    state["ready"] = True
    stage.retry(key)
    assert stage.done(key)
    assert stage.tables.notes == [2]
    assert stage.history("incident", "resolved") == ["s", "s"]


def test_a_failed_retry_is_a_new_incident():
    _, operation = failing_once()
    stage = Stage(operations={"regu.op": operation})
    key = stage.played(line())
    stage.complete("u")
    first = stage.incidents(key)[0].key
    stage.retry(key)
    (second,) = stage.incidents(key)
    assert second.key != first
    assert stage.row(key).incidents == 1


def test_a_failed_output_does_not_run_the_operation_again():
    state, operation = failing_once()
    state["ready"] = True
    stage = Stage(operations={"regu.op": operation})
    key = stage.played(line(io(outputs={"out": "=assert(y, y > 0)"})))
    stage.complete("u")
    assert stage.incidents(key)[0].element_id == "s"
    stage.set(key, y=1)
    stage.retry(key)
    assert stage.done(key)
    assert state["calls"] == 1
    assert stage.variables(key) == {"y": 1, "out": 1}


def test_an_unknown_operation_is_refused_at_deploy(stage):
    findings = stage.runner.check([_resource(line())])
    assert [f.element_id for f in findings if f.severity == "error"] == ["s"]


def _resource(xml):
    from engine.usecases.ports.process import Resource  # noqa: PLC0415

    return Resource(name="p.bpmn", content=xml)


def submitting(operation):
    stage = Stage(operations={"regu.submit": operation})
    body = SE + user("u", props(regu_submit="regu.submit")) + script("c", "n", "n + 1")
    body += boundary("b", "u", refer("error", "E1")) + user("h")
    body += chain("Start", "u", "c", "End") + chain("b", "h", "End")
    return stage, stage.played(drawing(body, extra=error("E1", "one")), n=0)


def test_a_submit_operation_runs_first_as_the_human_and_its_result_stands_for_the_form():
    seen = []

    def operation(call):
        seen.append((call.actor.name, dict(call.form), call.variables["n"], call.element_id))
        return {"claim_id": "c1"}

    stage, key = submitting(operation)
    stage.complete("u", share=5)
    assert seen == [("ani", {"share": 5}, 0, "u")]
    assert stage.variables(key) == {"n": 1, "claim_id": "c1"}


def test_a_submit_that_refuses_changes_nothing():
    def operation(call):
        call.uow.tables.notes.append("x")
        raise InputRefused(FieldFault(field="share", code="band", message="too much"))

    stage, key = submitting(operation)
    before = stage.row(key).version
    with pytest.raises(InputRefused):
        stage.complete("u", share=5)
    assert stage.names() == ["u"]
    assert stage.row(key).version == before
    assert stage.tables.notes == []


def test_a_submit_may_throw_a_bpmn_error_to_the_edge_of_its_task():
    def operation(call):
        raise BpmnErrorThrown("one", variables={"why": "w"})

    stage, key = submitting(operation)
    stage.complete("u")
    assert stage.names() == ["h"]
    assert stage.variables(key)["why"] == "w"


def test_a_submit_error_that_nobody_catches_refuses_the_completion():
    def operation(call):
        raise BpmnErrorThrown("other")

    stage, _ = submitting(operation)
    with pytest.raises(Conflict):
        stage.complete("u")
    assert stage.names() == ["u"]


def test_a_task_that_is_done_says_who_did_it_and_when(stage):
    stage.played(drawing(SE + user("u") + user("v") + chain("Start", "u", "v", "End")))
    task = stage.task("u")
    stage.complete("u")
    with pytest.raises(Conflict) as caught:
        stage.complete_key(task.key)
    assert caught.value.facts["by"] == "ani"
    assert caught.value.facts["at"] is not None
    with pytest.raises(NotFound):
        stage.complete_key(999_999)


def test_what_is_no_json_is_refused_with_its_field(stage):
    stage.played(drawing(SE + user("u") + chain("Start", "u", "End")))
    with pytest.raises(InputRefused) as caught:
        stage.complete("u", good=1, bad={1, 2})
    assert [f.field for f in caught.value.faults] == ["bad"]
    with pytest.raises(InputRefused):
        stage.start(x=object())


def test_a_boundary_whose_timer_is_null_is_an_incident_of_its_host(stage):
    body = SE + user("u") + boundary("t", "u", timer("Duration", "=wait")) + user("v")
    key = stage.played(drawing(body + chain("Start", "u", "End") + chain("t", "v", "End")))
    assert stage.incidents(key)[0].element_id == "u"
    assert stage.open_tasks() == []
    stage.set(key, wait="P1D")
    stage.retry(key)
    assert stage.names() == ["u"]


def test_one_failing_branch_does_not_stop_the_other(stage):
    body = SE + gateway("s", "parallel") + script("bad", "r", "assert(1, false)") + user("u")
    body += gateway("j", "parallel") + chain("Start", "s", "bad", "j", "End") + chain("s", "u", "j")
    key = stage.played(drawing(body))
    assert stage.names() == ["u"]
    stage.complete("u")
    assert stage.tokens(key) == {"bad": 1, "j": 1}


# ---- external workers


def working(extra=""):
    body = SE + service("w", "print-letter") + extra + user("u") + chain("Start", "w", "u", "End")
    return drawing(body, extra=error("E1", "one"))


def test_a_job_of_an_external_worker_waits_and_is_completed(stage):
    key = stage.played(working())
    (job,) = stage.tables.jobs.values()
    assert (job.type, job.retries) == ("print-letter", 3)
    stage.do(lambda uow: stage.runner.complete_worker_job(uow, job.key, {"sent": True}, ANI))
    assert stage.names() == ["u"]
    assert stage.variables(key) == {"sent": True}
    assert stage.tables.jobs == {}
    with pytest.raises(NotFound):
        stage.do(lambda uow: stage.runner.complete_worker_job(uow, job.key, {}, ANI))


def test_a_job_without_retries_is_an_incident_and_retry_offers_it_again(stage):
    key = stage.played(working())
    (job,) = stage.tables.jobs.values()
    stage.do(lambda uow: stage.runner.fail_worker_job(uow, job.key, "no paper", ANI))
    assert [(i.kind, i.message) for i in stage.incidents(key)] == [("job", "no paper")]
    assert stage.tables.jobs == {}
    stage.retry(key)
    (again,) = stage.tables.jobs.values()
    assert again.key != job.key
    stage.do(lambda uow: stage.runner.complete_worker_job(uow, again.key, {}, ANI))
    assert stage.names() == ["u"]


def test_a_worker_throws_a_bpmn_error(stage):
    key = stage.played(
        working(boundary("b", "w", refer("error", "E1")) + user("h") + chain("b", "h", "End"))
    )
    (job,) = stage.tables.jobs.values()
    stage.do(lambda uow: stage.runner.throw_worker_error(uow, job.key, "one", "", {"a": 1}, ANI))
    assert stage.names() == ["h"]
    assert stage.variables(key)["a"] == 1
    second = stage.start()
    job = next(j for j in stage.tables.jobs.values() if j.instance_key == second)
    stage.do(lambda uow: stage.runner.throw_worker_error(uow, job.key, "two", "m", {}, ANI))
    assert [(i.kind, i.cause) for i in stage.incidents(second)] == [("uncaught-error", "m")]


# ---- states that cannot be read


def test_an_unreadable_state_is_an_incident_of_that_instance_alone(memory_stage):
    body = SE + user("u") + boundary("t", "u", timer("Duration", "PT1H")) + user("v")
    key = memory_stage.played(drawing(body + chain("Start", "u", "End") + chain("t", "v", "End")))
    other = memory_stage.start()
    readable = memory_stage.row(key).state
    memory_stage.tables.instances[key] = replace(memory_stage.row(key), state=b"R9x[]")
    with pytest.raises(Conflict):
        memory_stage.complete("u")
    memory_stage.pass_time(hours=1)
    assert [(i.kind, i.element_id) for i in memory_stage.incidents(key)] == [("state", "")]
    assert memory_stage.row(key).due_at is None
    assert memory_stage.names(other) == ["v"]
    assert memory_stage.look(lambda uow: memory_stage.runner.view(uow, key)).tokens == {}
    memory_stage.tables.instances[key] = replace(memory_stage.row(key), state=readable)
    memory_stage.retry(key)
    assert memory_stage.incidents(key) == []
    memory_stage.work_due()
    assert memory_stage.names(key) == ["v"]


def test_the_undo_of_a_step_restores_tokens_scopes_and_counters(stage):
    inner = '<startEvent id="is"/>' + user("iu") + chain("is", "iu")
    body = (
        SE + user("a") + gateway("s", "parallel") + user("b") + user("c") + chain("Start", "a", "s")
    )
    body += chain("s", "b", "End") + chain("s", "c", "End")
    body += boundary("m", "b", refer("message", "M")) + chain("m", "End")
    del inner
    key = stage.played(drawing(body, extra=message("M", "m", "=k")))
    stage.complete("a")
    state = stage.row(key).state
    assert stage.names() == ["c"]
    stage.retry(key)
    assert stage.row(key).state == state
    stage.set(key, k="1")
    stage.retry(key)
    assert sorted(stage.names()) == ["b", "c"]


def test_interruptions_come_before_the_next_step_of_a_branch(stage):
    body = SE + user("u") + gateway("x", default="d") + script("c", "n", "n + 1")
    body += chain("Start", "u", "x") + flow("x", "c", "=more") + flow("x", "End", id_="d")
    key = stage.played(drawing(body + chain("c", "End")), n=0)
    stage.complete("u", more=True)
    assert stage.variables(key)["n"] == 1
