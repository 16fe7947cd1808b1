"""Conditional events: they fire when their condition becomes true, not while it is."""

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
    start,
    sub,
    timer,
    user,
)
from tests.runtime.event_trees import conditional


def waiting(text="=level > 3"):
    body = SE + catch("c", conditional(text)) + user("u") + chain("Start", "c", "u", "End")
    return drawing(body)


def test_a_catch_event_waits_until_its_condition_is_true(stage):
    key = stage.played(waiting(), level=1)
    assert stage.tokens(key) == {"c": 1}
    stage.set(key, level=2)
    assert stage.names() == []
    stage.set(key, level=4)
    assert stage.names() == ["u"]


def test_a_condition_that_is_true_already_passes_at_once(stage):
    stage.played(waiting(), level=9)
    assert stage.names() == ["u"]


def test_a_variable_that_is_missing_is_not_true_yet(stage):
    key = stage.played(waiting())
    assert stage.incidents(key) == []
    stage.set(key, level=4)
    assert stage.names() == ["u"]


def test_a_condition_that_is_no_boolean_is_an_incident_until_it_is_mended(stage):
    key = stage.played(waiting("=level"), level=1)
    (incident,) = stage.incidents(key)
    assert (incident.element_id, incident.kind) == ("c", "condition")
    stage.set(key, level=True)
    assert stage.names() == [], "what is broken rests until it is retried"
    stage.retry(key)
    assert stage.names() == ["u"]
    assert stage.incidents(key) == []


def test_what_is_broken_and_retried_in_vain_is_one_incident(stage):
    key = stage.played(waiting("=level"), level=1)
    stage.retry(key)
    assert len(stage.incidents(key)) == 1
    assert stage.row(key).incidents == 1


def bounded(*, interrupting):
    body = SE + user("u") + user("h")
    body += boundary("b", "u", conditional("=level > 3"), interrupting=interrupting)
    return drawing(body + chain("Start", "u", "End") + chain("b", "h", "End"))


def test_a_boundary_event_fires_on_each_change_to_true(stage):
    key = stage.played(bounded(interrupting=False), level=1)
    for level, seen in ((4, 1), (5, 1), (1, 1), (7, 2)):
        stage.set(key, level=level)
        assert stage.names().count("h") == seen
    assert stage.names().count("u") == 1


def test_an_interrupting_boundary_event_takes_the_task_away(stage):
    key = stage.played(bounded(interrupting=True), level=1)
    stage.set(key, level=4)
    assert stage.names() == ["h"]
    stage.set(key, level=1)
    stage.set(key, level=4)
    assert stage.names() == ["h"]


def test_a_boundary_event_that_is_true_when_the_task_begins_fires_at_once(stage):
    stage.played(bounded(interrupting=True), level=4)
    assert stage.names() == ["h"]
    assert [t.element_id for t in stage.tables.tasks.values()] == ["h"], "u was never offered"


def test_what_another_branch_writes_is_seen_between_two_steps(stage):
    body = SE + gateway("g", "parallel") + catch("c", conditional("=ready"))
    body += user("u") + script("on", "ready", "true") + script("off", "ready", "false")
    body += chain("Start", "g", "c", "u", "End") + chain("g", "on", "off", "End")
    key = stage.played(drawing(body))
    assert stage.names() == ["u"]
    assert stage.variables(key)["ready"] is False


def test_completing_a_task_may_fulfil_a_condition(stage):
    body = SE + gateway("g", "parallel") + catch("c", conditional('=answer = "yes"'))
    body += user("u") + user("ask") + chain("Start", "g", "c", "u", "End") + chain("g", "ask")
    stage.played(drawing(body))
    stage.complete("ask", answer="yes")
    assert stage.names() == ["u"]


def test_an_event_based_gateway_races_with_a_condition(stage):
    body = SE + gateway("g", "eventBased") + catch("c", conditional("=level > 3"))
    body += catch("t", timer("Duration", "PT1H")) + user("u") + user("late")
    body += chain("Start", "g", "c", "u", "End") + chain("g", "t", "late", "End")
    stage.deploy(drawing(body))
    key = stage.start(level=1)
    stage.set(key, level=4)
    assert stage.names() == ["u"]
    assert stage.row(key).due_at is None
    other = stage.start(level=1)
    stage.pass_time(hours=1)
    assert stage.names(other) == ["late"]


def test_a_condition_sees_the_local_variables_of_its_activity(stage):
    body = SE + user("u", io({"limit": "=base + 1"})) + user("h")
    body += boundary("b", "u", conditional("=level > limit"), interrupting=True)
    key = stage.played(
        drawing(body + chain("Start", "u", "End") + chain("b", "h", "End")), base=4, level=5
    )
    assert stage.names() == ["u"]
    stage.set(key, level=6)
    assert stage.names() == ["h"]


def test_children_of_a_multi_instance_see_what_changes_around_them(stage):
    inner = start("is") + catch("c", conditional("=level > item")) + user("u")
    body = SE + sub("box", inner + chain("is", "c", "u") + multi("=[1, 5]"))
    key = stage.played(drawing(body + chain("Start", "box", "End")), level=0)
    assert stage.names() == []
    stage.set(key, level=3)
    assert stage.names() == ["u"]
    stage.set(key, level=6)
    assert stage.names() == ["u", "u"]


def test_a_called_process_looks_at_its_own_variables_only(stage):
    below = start("a") + catch("c", conditional("=level > 3")) + user("v") + chain("a", "c", "v")
    body = SE + call("call", "Q") + chain("Start", "call", "End")
    key = stage.played(drawing(body, more=process("Q", below)), level=1)
    stage.set(key, level=9)
    assert stage.names() == []
    (row,) = stage.rows_below(key)
    stage.set(row.key, level=9)
    assert stage.names() == ["v"]


@pytest.mark.parametrize("interrupting", [True, False])
def test_a_condition_on_a_sub_process_stops_it_before_its_first_step(stage, interrupting):
    inner = start("is") + script("x", "n", "1") + chain("is", "x")
    body = SE + sub("box", inner) + user("h")
    body += boundary("b", "box", conditional("=go"), interrupting=interrupting)
    key = stage.played(
        drawing(body + chain("Start", "box", "End") + chain("b", "h", "End")), go=True
    )
    assert stage.names() == ["h"]
    assert ("n" in stage.variables(key)) is not interrupting
