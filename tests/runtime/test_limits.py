"""Every bound is met by a test."""

from __future__ import annotations

import pytest

from engine.runtime import command, instance, state
from engine.runtime.limits import (
    MAX_CARDINALITY,
    MAX_DEPTH,
    MAX_STATE_BYTES,
    MAX_STEPS,
    MAX_TOKENS,
    MAX_VARIABLE_BYTES,
)
from engine.runtime.program import Programs
from engine.usecases.errors import InputRefused
from tests.runtime.drawn import SE, call, chain, drawing, flow, gateway, multi, script, user


def test_too_many_steps_are_an_incident_and_the_rest_goes_on_later(stage):
    body = SE + gateway("s", "parallel") + gateway("m") + script("c", "n", "n + 1")
    body += (
        gateway("x", default="d") + user("u") + chain("Start", "s", "m", "c", "x") + chain("s", "u")
    )
    body += flow("x", "m", id_="d") + flow("x", "End", "=n < 0") + chain("u", "End")
    key = stage.played(drawing(body), n=0)
    (incident,) = stage.incidents(key)
    assert incident.kind == "limit"
    assert "too many steps" in incident.message
    assert stage.names() == ["u"]
    assert MAX_STEPS / 4 < stage.variables(key)["n"] < MAX_STEPS


def test_too_many_tokens_are_an_incident(stage, monkeypatch):
    monkeypatch.setattr(state, "MAX_TOKENS", 5)
    assert MAX_TOKENS > 500
    body = (
        SE
        + gateway("s", "parallel")
        + "".join(user(f"u{i}") for i in range(8))
        + chain("Start", "s")
    )
    body += "".join(chain("s", f"u{i}", "End") for i in range(8))
    key = stage.played(drawing(body))
    assert [(i.element_id, i.kind) for i in stage.incidents(key)] == [("s", "limit")]
    assert stage.names() == []


def test_too_many_items_are_an_incident(stage):
    body = SE + user("mi", body=multi()) + chain("Start", "mi", "End")
    key = stage.played(drawing(body), items=[0] * (MAX_CARDINALITY + 1))
    assert stage.incidents(key)[0].kind == "limit"


def test_a_variable_that_is_too_large_is_refused_from_people_and_an_incident_inside(stage):
    body = SE + user("u") + script("c", "big", "[a, a, a, a]") + chain("Start", "u", "c", "End")
    key = stage.played(drawing(body))
    with pytest.raises(InputRefused):
        stage.complete("u", a="x" * MAX_VARIABLE_BYTES)
    stage.complete("u", a="x" * (MAX_VARIABLE_BYTES // 3))
    assert [(i.element_id, i.kind) for i in stage.incidents(key)] == [("c", "limit")]


def test_a_state_that_is_too_large_is_an_incident(stage):
    body = (
        SE
        + user("u")
        + gateway("m")
        + script("c", "n", "n + 1")
        + chain("Start", "u", "m", "c", "End")
    )
    key = stage.played(drawing(body), n=0)
    part = "x" * (MAX_VARIABLE_BYTES - 100)
    stage.set(key, a=part, b=part, c=part)
    with pytest.raises(InputRefused):
        stage.set(key, d=part, e=part)
    assert len(stage.row(key).state) < MAX_STATE_BYTES


def test_rewriting_a_variable_often_does_not_count_as_size(stage):
    body = SE + gateway("m") + script("c", "n", "n + 1") + gateway("x", default="d")
    body += script("p", "pad", 'string join(for i in 1..2000 return "0123456789")')
    body += (
        chain("Start", "m", "c", "p", "x") + flow("x", "m", id_="d") + flow("x", "End", "=n > 60")
    )
    key = stage.played(drawing(body), n=0)
    assert stage.done(key)


def test_calls_inside_each_other_are_bounded(stage):
    key = stage.played(drawing(SE + call("c", "P") + chain("Start", "c", "End")))
    assert stage.incidents(key)[0].kind == "limit"
    assert len(stage.tables.instances) == MAX_DEPTH + 1


def test_compiled_definitions_are_forgotten_when_there_are_many(stage):
    for n in range(4):
        stage.deploy(drawing(SE + user(f"u{n}") + chain("Start", f"u{n}", "End")))
    programs = Programs(frozenset(), size=2)
    rows = list(stage.tables.definitions.values())
    for row in rows:
        programs.get(row)
    assert programs.known(rows[0].key) is None
    assert programs.known(rows[-1].key) is programs.get(rows[-1])


def test_the_modules_read_the_named_limits():
    assert command.MAX_STEPS == MAX_STEPS
    assert state.MAX_STATE_BYTES == MAX_STATE_BYTES
    assert instance.Instance is not None
