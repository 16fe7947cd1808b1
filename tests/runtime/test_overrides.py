"""SpiffWorkflow 3.2.0's faults, reproduced, and ours beside them (docs/decisions/0002).

When a release cures a fault, its reproduction fails here: the override may go.
"""

from __future__ import annotations

import inspect
import time
from importlib.metadata import version
from itertools import pairwise

import pytest
from SpiffWorkflow.bpmn.parser.BpmnParser import BpmnParser
from SpiffWorkflow.bpmn.script_engine import PythonScriptEngine, TaskDataEnvironment
from SpiffWorkflow.bpmn.specs.bpmn_process_spec import BpmnProcessSpec
from SpiffWorkflow.bpmn.specs.defaults import (
    BoundaryEvent,
    EndEvent,
    ExclusiveGateway,
    NoneTask,
    ParallelGateway,
    ScriptTask,
    StartEvent,
    UserTask,
)
from SpiffWorkflow.bpmn.specs.event_definitions.simple import NoneEventDefinition
from SpiffWorkflow.bpmn.specs.event_definitions.timer import TimerEventDefinition
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.util.task import TaskIterator, TaskState

from engine.runtime.scripting import ENGINE
from engine.runtime.specs.base import Element, Lean
from engine.runtime.token import Token
from tests.runtime.drawn import SE, chain, drawing, flow, gateway, script, user


class PythonHere:
    """A script engine for the stock workflow: Python on one dict."""

    def __init__(self, **variables):
        self.variables = variables

    def evaluate(self, _task, expression, external_context=None):  # noqa: ARG002 - the port
        return eval(expression, {}, self.variables)  # noqa: S307 - the stock way, shown

    def execute(self, _task, text, external_context=None):  # noqa: ARG002 - the port
        exec(text, {}, self.variables)  # noqa: S102 - the stock way, shown
        return True


def stock(name="P"):
    spec = BpmnProcessSpec(name)
    first, last = (
        StartEvent(spec, "st", NoneEventDefinition()),
        EndEvent(spec, "en", NoneEventDefinition()),
    )
    spec.start.connect(first)
    last.connect(spec.end)
    return spec, first, last


def run(spec, **variables):
    workflow = BpmnWorkflow(spec, script_engine=PythonHere(**variables))
    workflow.do_engine_steps()
    return workflow


def joined(*specs):
    for a, b in pairwise(specs):
        a.connect(b)


def stock_from_xml(xml, **kwargs):
    parser = BpmnParser()
    parser.add_bpmn_str(xml)
    engine = PythonScriptEngine(TaskDataEnvironment(kwargs))
    workflow = BpmnWorkflow(
        parser.get_spec("P"), parser.get_subprocess_specs("P"), script_engine=engine
    )
    workflow.do_engine_steps()
    return workflow


def test_the_library_is_the_one_these_overrides_were_measured_on():
    assert version("SpiffWorkflow") == "3.2.0"


def test_prediction_doubles_with_each_parallel_pair_but_not_ours(stage):
    """`Lean._predict`."""
    spec, first, last = stock()
    at = first
    for i in range(9):
        s, a, b, j = (
            ParallelGateway(spec, f"s{i}"),
            UserTask(spec, f"a{i}"),
            UserTask(spec, f"b{i}"),
            ParallelGateway(spec, f"j{i}"),
        )
        joined(at, s, a, j)
        joined(s, b, j)
        at = j
    at.connect(last)
    assert len(BpmnWorkflow(spec, script_engine=PythonHere()).tasks) > 1000
    body, before = SE, "Start"
    for i in range(9):
        body += (
            gateway(f"s{i}", "parallel")
            + user(f"a{i}")
            + user(f"b{i}")
            + gateway(f"j{i}", "parallel")
        )
        body += chain(before, f"s{i}", f"a{i}", f"j{i}") + chain(f"s{i}", f"b{i}", f"j{i}")
        before = f"j{i}"
    key = stage.played(drawing(body + chain(before, "End")))
    assert sum(stage.tokens(key).values()) == 2


def test_an_error_while_activating_the_next_element_hits_the_one_before_but_not_ours(stage):
    """`Lean._update`."""
    spec, first, last = stock()
    u, c = UserTask(spec, "u"), UserTask(spec, "c")
    joined(first, u, c, last)
    c._on_ready_hook = lambda _: 1 / 0
    workflow = run(spec)
    with pytest.raises(ZeroDivisionError):
        workflow.get_next_task(spec_name="u").run()
    assert workflow.get_next_task(spec_name="u").state == TaskState.COMPLETED
    inner = '<zeebe:priorityDefinition priority="=500"/>'
    key = stage.played(drawing(SE + user("u") + user("c", inner) + chain("Start", "u", "c", "End")))
    stage.complete("u")
    assert [i.element_id for i in stage.incidents(key)] == ["c"]


def test_a_failing_script_is_dead_in_stock_and_waits_for_a_retry_in_ours(stage):
    """`Lean._run`."""
    spec, first, last = stock()
    c = ScriptTask(spec, "c", "y = nope")
    joined(first, c, last)
    workflow = BpmnWorkflow(spec, script_engine=PythonHere())
    with pytest.raises(NameError):
        workflow.do_engine_steps()
    assert workflow.get_next_task(spec_name="c").state == TaskState.ERROR
    body = SE + script("c", "y", "assert(1, ok)") + chain("Start", "c", "End")
    key = stage.played(drawing(body))
    stage.set(key, ok=True)
    stage.retry(key)
    assert stage.done(key)


def test_end_is_a_magic_name_in_stock_but_not_in_ours(stage):
    """`Instance._task_completed_notify`, `ProcessSpec.__init__`."""
    with pytest.raises(KeyError):
        UserTask(stock()[0], "End")
    body = '<startEvent id="Start"/>' + user("End") + user("after") + '<endEvent id="Root"/>'
    stage.played(drawing(body + chain("Start", "End", "after", "Root")))
    stage.complete("End")
    assert stage.names() == ["after"]


def test_a_join_in_a_loop_fires_early_in_stock_but_not_in_ours():
    """`gateways.Parallel`: ours counts tokens per incoming flow; test_gateways has all orders."""
    spec, first, last = stock()
    m, x = ExclusiveGateway(spec, "m"), ExclusiveGateway(spec, "x")
    s, j = ParallelGateway(spec, "s"), ParallelGateway(spec, "j")
    u1, u2 = UserTask(spec, "u1"), UserTask(spec, "u2")
    joined(first, m, s, u1, j, x)
    joined(s, u2, j)
    x.connect_outgoing_if("False", last)
    x.connect(m)
    wrong = 0
    for order in (("u1", "u2", "u1"), ("u1", "u2", "u2"), ("u2", "u1", "u1"), ("u2", "u1", "u2")):
        workflow = run(spec)
        try:
            for name in order:
                found = [
                    t for t in workflow.get_tasks(state=TaskState.READY) if t.task_spec.name == name
                ]
                found[-1].run()
                workflow.do_engine_steps()
        except AttributeError:
            wrong += 1
            continue
        ready = sorted(
            t.task_spec.name for t in workflow.get_tasks(state=TaskState.READY, manual=True)
        )
        wrong += ready != [{"u1": "u2", "u2": "u1"}[order[2]]]
    assert wrong > 0


def test_two_flows_to_one_node_are_one_in_stock_but_two_in_ours(stage):
    """`gateways.Exclusive`, `State.add`: a token knows the flow it came by."""
    spec, first, last = stock()
    g, m = ExclusiveGateway(spec, "g"), NoneTask(spec, "m")
    first.connect(g)
    g.connect_outgoing_if("False", m)
    g.connect(m)
    m.connect(last)
    task = run(spec).get_next_task(spec_name="m")
    assert not hasattr(task, "flow")
    body = SE + gateway("g", default="d") + user("m") + chain("Start", "g")
    body += flow("g", "m", "=false", id_="c") + flow("g", "m", id_="d") + chain("m", "End")
    key = stage.played(drawing(body))
    assert b'"d"' in stage.row(key).state


def test_walks_over_the_task_tree_end_at_a_thousand_levels_but_ours_is_flat(stage):
    """`State`: tokens hang below one root, and what is finished is gone."""
    depth = inspect.signature(TaskIterator.__init__).parameters["max_depth"].default
    assert depth == 1000
    body = SE + gateway("m") + script("c", "n", "n + 1") + gateway("x", default="d")
    body += chain("Start", "m", "c", "x") + flow("x", "m", id_="d") + flow("x", "End", "=n >= 1500")
    key = stage.played(drawing(body), n=0)
    assert stage.done(key)
    assert stage.variables(key)["n"] == 1500


def test_each_state_change_reads_the_wall_clock_in_stock_but_not_in_ours(stage, monkeypatch):
    """`Token._set_state`."""
    spec, first, last = stock()
    u = UserTask(spec, "u")
    joined(first, u, last)
    task = run(spec).get_next_task(spec_name="u")
    before = task.last_state_change
    monkeypatch.setattr(time, "time", lambda: before + 1000)
    task._set_state(TaskState.STARTED)
    assert task.last_state_change == before + 1000
    assert Token._set_state is not type(task)._set_state


def test_timers_read_the_wall_clock_in_stock_and_the_port_in_ours():
    """`arming`, `timing`: stock timer definitions are not used."""
    source = inspect.getsource(TimerEventDefinition)
    assert "datetime.now" in source
    assert BoundaryEvent is not None


def test_a_workflow_without_an_engine_of_its_own_runs_python_but_ours_refuses_all(stage):
    """`ScriptEngine`."""
    spec, first, last = stock()
    c = ScriptTask(spec, "c", "x = __import__('os').getpid()")
    joined(first, c, last)
    workflow = BpmnWorkflow(spec)
    workflow.do_engine_steps()
    assert workflow.data["x"] > 0
    for call in (
        lambda: ENGINE.environment.evaluate("1", {}),
        lambda: ENGINE.environment.execute("x = 1", {}),
        lambda: ENGINE.environment.call_service({}),
    ):
        with pytest.raises(NotImplementedError):
            call()


def test_a_flow_without_id_is_dropped_by_the_stock_parser_but_followed_by_ours(stage):
    """`drawing.reader`: every node and flow gets an id; the stock parser is not used."""
    seen = []
    body = '<startEvent id="a"/><scriptTask id="t"><script>log(1)</script></scriptTask>'
    body += '<sequenceFlow sourceRef="a" targetRef="t"/><endEvent id="e"/>'
    body += '<sequenceFlow sourceRef="t" targetRef="e"/>'
    stock_from_xml(drawing(body), log=seen.append)
    assert seen == []
    key = stage.played(drawing(SE + user("u") + chain("Start", "u", "End")))
    assert stage.names(key) == ["u"]


def test_joins_merge_data_in_stock_and_synchronise_tokens_only_in_ours(stage):
    """`Element`: `task.data` stays empty, so no join can overwrite a variable with a stale copy."""
    body = SE + gateway("s", "parallel") + user("a") + user("b") + gateway("j", "parallel")
    body += chain("Start", "s", "a", "j", "End") + chain("s", "b", "j")
    key = stage.played(drawing(body), st="init")
    stage.complete("b", st="approved")
    stage.complete("a")
    assert stage.variables(key)["st"] == "approved"


def test_only_the_methods_that_the_decision_names_are_replaced():
    replaced = {n for n in vars(Lean) if n.startswith("_") and not n.startswith("__")}
    assert replaced == {
        "_predict",
        "_update",
        "_run",
        "_run_hook",
        "_on_complete_hook",
        "_on_cancel",
    }
    assert issubclass(Element, Lean)
