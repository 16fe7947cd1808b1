"""Scopes, sub-processes, calls, multi-instances."""

from __future__ import annotations

import pytest

from tests.runtime.drawn import (
    SE,
    boundary,
    call,
    catch,
    chain,
    drawing,
    gateway,
    io,
    multi,
    process,
    script,
    service,
    start,
    sub,
    timer,
    user,
)
from tests.runtime.play import Stage

# ---- variables


def test_inputs_see_the_earlier_ones_and_stay_inside(stage):
    inner = io({"a": "=x * 10", "b": "=a + 1"})
    body = SE + user("u", inner) + chain("Start", "u", "End")
    key = stage.played(drawing(body), x=2)
    (task,) = stage.open_tasks()
    seen = stage.look(lambda uow: stage.runner.task_variables(uow, task.key))
    assert (seen["a"], seen["b"], seen["x"]) == (20, 21, 2)
    stage.complete("u", note="n", a=5)
    assert stage.variables(key) == {"x": 2, "note": "n"}


def test_with_outputs_only_those_leave(stage):
    body = SE + user("u", io(outputs={"sum": "=p + q", "box.part": "=p"}))
    key = stage.played(drawing(body + chain("Start", "u", "End")), box={"old": 1})
    stage.complete("u", p=1, q=2)
    assert stage.variables(key) == {"sum": 3, "box": {"old": 1, "part": 1}}


def test_a_write_goes_to_the_nearest_scope_that_has_the_name_else_to_the_root(stage):
    inner = '<startEvent id="is"/>' + script("c1", "x", "x + 1") + script("c2", "loc", "loc + 1")
    inner += script("c3", "fresh", "loc") + chain("is", "c1", "c2", "c3")
    body = SE + sub("box", inner, io({"loc": "=1"})) + chain("Start", "box", "End")
    key = stage.played(drawing(body), x=1)
    assert stage.variables(key) == {"x": 2, "fresh": 2}


def test_decimals_keep_34_digits_over_save_and_load(stage):
    body = SE + script("a", "third", "1 / 3") + user("u") + script("b", "back", "third * 3")
    key = stage.played(drawing(body + chain("Start", "a", "u", "b", "End")))
    stage.complete("u")
    assert str(stage.variables(key)["third"]) == "0." + "3" * 34
    assert str(stage.variables(key)["back"]) == "0." + "9" * 34


def test_temporal_values_travel_as_text(stage):
    body = SE + script("a", "d", 'date(today()) + duration("P1D")') + chain("Start", "a", "End")
    key = stage.played(drawing(body))
    assert stage.variables(key)["d"] == "2026-01-06"


def test_now_is_the_clock_in_the_agencys_zone(stage):
    body = SE + script("a", "d", "string(now())") + chain("Start", "a", "End")
    key = stage.played(drawing(body))
    assert stage.variables(key)["d"].startswith("2026-01-05T08:00:00")


def test_camundas_extras_work(stage):
    body = SE + script("a", "r", "[is defined(x), is defined(y), get or else(y, 7)]")
    key = stage.played(drawing(body + chain("Start", "a", "End")), x=1)
    assert stage.variables(key)["r"] == [True, False, 7]


# ---- sub-processes


def boxed(boundaries=""):
    inner = (
        '<startEvent id="is"/>' + user("iu") + script("ic", "y", "x + loc") + '<endEvent id="ie"/>'
    )
    inner += chain("is", "iu", "ic", "ie")
    mapping = io({"loc": "=x * 10"}, {"res": "=y"})
    return SE + sub("box", inner, mapping) + boundaries + chain("Start", "box", "End")


def test_a_sub_process_is_a_scope(stage):
    key = stage.played(drawing(boxed()), x=2)
    stage.complete("iu")
    assert stage.done(key)
    assert stage.variables(key) == {"x": 2, "y": 22, "res": 22}


def test_a_boundary_timer_interrupts_a_sub_process_with_all_inside(stage):
    body = boxed(
        boundary("t", "box", timer("Duration", "PT1H")) + user("late") + chain("t", "late", "End")
    )
    key = stage.played(drawing(body), x=2)
    stage.pass_time(hours=2)
    assert stage.names() == ["late"]
    assert stage.tokens(key) == {"late": 1}
    assert b'"loc"' not in stage.row(key).state
    assert stage.history("cancelled") == ["iu", "box"]


def test_an_output_that_fails_is_an_incident_of_the_sub_process(stage):
    inner = '<startEvent id="is"/>' + user("iu") + chain("is", "iu")
    body = SE + sub("box", inner, io(outputs={"res": "=if y > 0 then 1 else 2"}))
    key = stage.played(drawing(body + chain("Start", "box", "End")))
    stage.complete("iu", y=3)
    assert stage.done(key)
    assert stage.variables(key)["res"] == 1


# ---- calls


def calling(extra="", inner="", body=""):
    called = process("Q", start("qs") + user("q") + chain("qs", "q"))
    return drawing(
        SE + call("c", "Q", inner) + extra + chain("Start", "c", "End") + body, more=called
    )


def test_a_called_process_is_a_row_and_its_variables_come_back(stage):
    key = stage.played(calling(), x=1)
    assert stage.names() == ["q"]
    (below,) = stage.rows_below(key)
    assert (below.process_id, below.root_key) == ("Q", key)
    assert stage.variables(below.key) == {"x": 1}
    stage.complete("q", y=3)
    assert stage.done(key)
    assert stage.done(below.key)
    assert stage.variables(key) == {"x": 1, "y": 3}


def test_what_was_only_passed_down_does_not_overwrite_what_the_caller_wrote(stage):
    called = process("Q", start("qs") + user("q") + chain("qs", "q"))
    body = SE + gateway("s", "parallel") + call("c", "Q") + user("u") + gateway("j", "parallel")
    body += chain("Start", "s", "c", "j", "End") + chain("s", "u", "j")
    key = stage.played(drawing(body, more=called), x=1)
    stage.complete("u", x=2)
    stage.complete("q", y=3)
    assert stage.variables(key) == {"x": 2, "y": 3}


def test_a_call_can_pass_its_inputs_and_outputs_only(stage):
    called = process("Q", start("qs") + user("q") + chain("qs", "q"))
    body = SE + call("c", "Q", io({"a": "=x"}, {"res": "=y"}), propagateAllParentVariables="false")
    key = stage.played(drawing(body + chain("Start", "c", "End"), more=called), x=1, secret=9)
    (below,) = stage.rows_below(key)
    assert stage.variables(below.key) == {"a": 1}
    stage.complete("q", y=3, z=4)
    assert stage.variables(key) == {"x": 1, "secret": 9, "res": 3}


def test_cancel_goes_down_all_levels(stage):
    third = process("R", start("rs") + user("r") + chain("rs", "r"))
    second = process("Q", start("qs") + call("qc", "R") + chain("qs", "qc"))
    body = SE + call("c", "Q") + boundary("t", "c", timer("Duration", "PT1H")) + user("late")
    body += chain("Start", "c", "End") + chain("t", "late", "End")
    key = stage.played(drawing(body, more=second + third))
    assert stage.names() == ["r"]
    stage.pass_time(hours=1)
    assert stage.names() == ["late"]
    assert [r.status for r in stage.tables.instances.values() if r.key != key] == ["cancelled"] * 2


def test_cancelling_the_root_closes_everything_below(stage):
    key = stage.played(calling(), x=1)
    stage.cancel(key)
    assert {r.status for r in stage.tables.instances.values()} == {"cancelled"}
    assert stage.open_tasks() == []


def test_a_missing_process_is_an_incident_that_a_later_deployment_cures(stage):
    key = stage.played(drawing(SE + call("c", "Q") + chain("Start", "c", "End")))
    assert "'Q' is not deployed" in stage.incidents(key)[0].message
    stage.deploy(("q.bpmn", drawing(start("qs") + user("q") + chain("qs", "q"), pid="Q")))
    stage.retry(key)
    assert stage.names() == ["q"]


def test_a_process_that_calls_itself_for_ever_is_stopped(stage):
    key = stage.played(drawing(SE + call("c", "P") + chain("Start", "c", "End")))
    (incident,) = stage.incidents(key)
    assert incident.kind == "limit"


# ---- multi-instances


def many(loop, task=None):
    return drawing(SE + (task or user("mi", body=loop)) + chain("Start", "mi", "End"))


LOOP = {"out": "outs", "out_element": "=item * factor + got"}


def test_children_are_rows_and_outputs_stand_in_input_order(stage):
    key = stage.played(many(multi(**LOOP)), items=[1, 2, 3], factor=10)
    assert stage.names() == ["mi"] * 3
    first, second, third = [t.key for t in stage.open_tasks()]
    stage.complete_key(third, got=3)
    stage.complete_key(first, got=1)
    assert not stage.done(key)
    stage.complete_key(second, got=2)
    assert stage.variables(key) == {"items": [1, 2, 3], "factor": 10, "outs": [11, 22, 33]}


def test_a_step_of_a_child_never_loads_its_siblings(memory_stage):
    key = memory_stage.played(many(multi(**LOOP)), items=list(range(20)), factor=1)
    memory_stage.renew()
    with memory_stage.database.work() as uow:
        task = memory_stage.open_tasks()[5]
        memory_stage.runner.complete_task(uow, task.key, {"got": 1}, actor=_ani())
        assert set(uow.processes.loaded) == {task.instance_key, key}
        assert uow.processes.flushes == 1
        uow.commit()


def _ani():
    from tests.runtime.play import ANI  # noqa: PLC0415

    return ANI


def test_a_sequential_one_makes_the_next_child_when_the_last_is_done(stage):
    key = stage.played(many(multi(sequential=True, **LOOP)), items=[1, 2], factor=10)
    assert len(stage.rows_below(key)) == 1
    stage.complete("mi", got=0)
    assert len(stage.rows_below(key)) == 2
    stage.complete("mi", got=0)
    assert stage.variables(key)["outs"] == [10, 20]


def test_nothing_in_the_collection_is_skipped_with_an_empty_output(stage):
    key = stage.played(many(multi(**LOOP)), items=[])
    assert stage.done(key)
    assert stage.variables(key)["outs"] == []


@pytest.mark.parametrize("items", [None, "abc", 3])
def test_no_list_is_an_incident(stage, items):
    key = stage.played(many(multi()), items=items)
    assert "no list" in stage.incidents(key)[0].message


def test_loop_counter_begins_at_one(stage):
    loop = multi(out="outs", out_element="=n")
    key = stage.played(many(loop, script("mi", "n", "loopCounter", loop)), items=["a", "b"])
    assert stage.variables(key)["outs"] == [1, 2]


@pytest.mark.parametrize("sequential", [False, True])
def test_a_completion_condition_cancels_the_rest(stage, sequential):
    loop = multi(
        out="outs",
        out_element="=ok",
        sequential=sequential,
        until="=numberOfCompletedInstances >= 2 and numberOfInstances = 4",
    )
    key = stage.played(many(loop), items=[1, 2, 3, 4])
    stage.complete("mi", ok=True)
    stage.complete("mi", ok=False)
    assert stage.done(key)
    assert stage.open_tasks() == []
    assert stage.variables(key)["outs"] == [True, False, None, None]
    left = [r.status for r in stage.rows_below(key)].count("cancelled")
    assert left == (0 if sequential else 2)


def test_a_completion_condition_that_is_no_boolean_is_an_incident_of_the_child(stage):
    key = stage.played(many(multi(until="=enough")), items=[1, 2])
    stage.complete("mi")
    (incident,) = stage.incidents(key)
    assert incident.instance_key != key
    stage.set(key, enough=True)
    stage.retry(key)
    assert stage.done(key)


def test_writes_of_a_child_end_at_its_own_root(stage):
    key = stage.played(many(multi()), items=[1, 2], got=0)
    stage.complete("mi", got=5)
    stage.complete("mi", got=6)
    assert stage.variables(key) == {"items": [1, 2], "got": 0}


def test_a_multi_instance_sub_process_and_a_nested_one(stage):
    inner = '<startEvent id="is"/>' + script(
        "in", "v", "cell * factor", multi("=row", "cell", out="vs", out_element="=v")
    )
    inner += chain("is", "in") + multi("=items", "row", out="all", out_element="=vs")
    body = SE + sub("out", inner) + chain("Start", "out", "End")
    key = stage.played(drawing(body), items=[[1, 2], [], [3]], factor=10)
    assert stage.variables(key)["all"] == [[10, 20], [], [30]]


def test_a_multi_instance_of_services_and_of_calls():
    stage = Stage(operations={"regu.sq": lambda c: {"r": c.variables["item"] ** 2}})
    called = process("Q", start("qs") + script("q", "r2", "item + 100") + chain("qs", "q"))
    first = service("s", "regu.sq", body=multi(out="a", out_element="=r"))
    second = call("c", "Q", body=multi(out="b", out_element="=r2"))
    body = SE + first + second + chain("Start", "s", "c", "End")
    key = stage.played(drawing(body, more=called), items=[1, 2, 3])
    assert stage.variables(key)["a"] == [1, 4, 9]
    assert stage.variables(key)["b"] == [101, 102, 103]


def test_a_boundary_timer_ends_a_multi_instance_with_all_children(stage):
    body = SE + user("mi", body=multi()) + boundary("t", "mi", timer("Duration", "P1D"))
    body += user("late") + chain("Start", "mi", "End") + chain("t", "late", "End")
    key = stage.played(drawing(body), items=[1, 2, 3])
    stage.complete("mi")
    stage.pass_time(days=1)
    assert stage.names() == ["late"]
    assert [r.status for r in stage.rows_below(key)] == ["completed", "cancelled", "cancelled"]


def test_many_children_are_made_in_chunks_by_the_worker(stage):
    key = stage.played(many(multi(**LOOP)), items=list(range(250)), factor=1)
    assert len(stage.rows_below(key)) == 100
    assert stage.row(key).due_at == stage.clock.now()
    stage.complete("mi", got=0)
    stage.work_due()
    assert len(stage.rows_below(key)) == 250
    while stage.open_tasks():
        stage.complete("mi", got=0)
    assert stage.variables(key)["outs"] == list(range(250))


def test_timers_of_children_lie_in_their_own_rows(stage):
    inner = '<startEvent id="is"/>' + catch(
        "t", timer("Duration", '=duration("PT" + string(item) + "H")')
    )
    inner += user("iu") + chain("is", "t", "iu") + multi()
    key = stage.played(drawing(SE + sub("mi", inner) + chain("Start", "mi", "End")), items=[1, 2])
    assert stage.row(key).due_at is None
    stage.pass_time(hours=1)
    assert stage.names() == ["iu"]
    stage.pass_time(hours=1)
    assert stage.names() == ["iu", "iu"]
