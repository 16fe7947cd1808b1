"""What fails after a step stood, in another row or in the house, is an incident all the same."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from engine.feel import HostFunction
from engine.runtime import jsonvalues, state
from engine.usecases.ports.process import MessageRow, ProcessChanges
from tests.runtime.drawn import (
    SE,
    boundary,
    call,
    chain,
    drawing,
    gateway,
    message,
    multi,
    process,
    refer,
    script,
    start,
    sub,
    user,
)
from tests.runtime.play import Stage


def kept(stage, name, key):
    """A message that waits already."""
    now = stage.clock.now()
    row = MessageRow(
        key=stage.ids.key(),
        name=name,
        correlation_key=key,
        message_id=None,
        variables={"v": 1},
        published_at=now,
        expires_at=now + timedelta(days=1),
        agency_id=None,
        everywhere=True,
    )
    stage.do(lambda uow: uow.processes.flush(ProcessChanges(messages=[row])))
    return row


def test_a_kept_message_that_cannot_be_taken_is_an_incident_and_comes_with_the_retry(
    stage, monkeypatch
):
    body = SE + user("a") + user("u") + chain("Start", "a", "u", "End")
    for n in "12":
        body += boundary(f"b{n}", "u", refer("message", f"M{n}"), interrupting=False)
        body += user(f"h{n}") + chain(f"b{n}", f"h{n}", "End")
    extra = message("M1", "m1") + message("M2", "m2")
    key = stage.played(drawing(body, extra=extra), key="k")
    first, second = kept(stage, "m1", "k"), kept(stage, "m2", "k")
    monkeypatch.setattr(state, "MAX_TOKENS", 2)
    stage.complete("a")
    assert [(i.element_id, i.kind) for i in stage.incidents(key)] == [
        ("u", "limit"),
        ("b1", "limit"),
    ]
    assert stage.names() == ["u"]
    assert set(stage.tables.delivered) == {(first.key, "P")}
    monkeypatch.undo()
    stage.retry(key)
    assert stage.incidents(key) == []
    assert sorted(stage.names()) == ["h1", "h2", "u"]
    assert set(stage.tables.delivered) == {(first.key, "P"), (second.key, "P")}


def test_a_call_that_would_be_given_too_much_is_an_incident_of_the_call(stage, monkeypatch):
    called = process("Q", start("qs") + user("q") + chain("qs", "q"))
    inner = start("is") + script("own", "mine", "text") + call("c", "Q") + chain("is", "own", "c")
    body = SE + sub("box", inner + multi()) + chain("Start", "box", "End")
    stage.deploy(drawing(body, more=called))
    monkeypatch.setattr(state, "MAX_STATE_BYTES", 5_000)
    key = stage.start(items=[1], text="x" * 2_800)
    assert [(i.element_id, i.kind) for i in stage.incidents(key)] == [("c", "limit")]
    monkeypatch.undo()
    stage.retry(key)
    assert stage.names() == ["q"]


def test_an_item_too_large_for_a_variable_is_an_incident_of_the_multi_instance(stage, monkeypatch):
    monkeypatch.setattr(jsonvalues, "MAX_VARIABLE_BYTES", 1_000)
    collection = "=for i in 1..2 return [text, text]"
    body = SE + user("mi", body=multi(collection)) + chain("Start", "mi", "End")
    key = stage.played(drawing(body), text="x" * 600)
    assert [(i.element_id, i.kind) for i in stage.incidents(key)] == [("mi", "limit")]


def test_a_collection_counts_as_state(stage, monkeypatch):
    monkeypatch.setattr(state, "MAX_STATE_BYTES", 5_000)
    collection = "=for i in 1..20 return text"
    body = SE + user("mi", body=multi(collection, sequential=True)) + chain("Start", "mi", "End")
    key = stage.played(drawing(body), text="x" * 600)
    assert [(i.element_id, i.kind) for i in stage.incidents(key)] == [("mi", "limit")]


@pytest.mark.parametrize("failure", [ValueError("badly formed"), KeyError("nobody")])
def test_a_question_that_breaks_in_the_house_is_an_incident(failure):
    def broken(_person):
        raise failure

    stage = Stage(functions={"rater": HostFunction("rater", ("person",), broken)})
    body = SE + user("a") + script("s", "r", 'rater("x")') + chain("Start", "a", "s", "End")
    key = stage.played(drawing(body))
    stage.complete("a")
    (incident,) = stage.incidents(key)
    assert (incident.element_id, incident.kind) == ("s", "expression")
    assert "rater" in incident.message
    assert incident.cause == type(failure).__name__


def corrupted(stage, key):
    stage.tables.instances[key] = replace(stage.row(key), state=b"R9x[]")


def test_an_instance_whose_child_cannot_be_read_can_be_cancelled(memory_stage):
    stage = memory_stage
    called = process("Q", start("qs") + user("q") + chain("qs", "q"))
    body = SE + gateway("s", "parallel") + call("c", "Q") + user("u")
    body += chain("Start", "s", "c", "End") + chain("s", "u", "End")
    key = stage.played(drawing(body, more=called))
    (below,) = stage.rows_below(key)
    corrupted(stage, below.key)
    stage.cancel(key)
    assert [r.status for r in (stage.row(key), stage.row(below.key))] == ["cancelled"] * 2
    assert stage.names() == []
    assert stage.incidents(key) == []


def test_an_instance_that_cannot_be_read_can_be_cancelled_with_all_below(memory_stage):
    stage = memory_stage
    called = process("Q", start("qs") + user("q") + chain("qs", "q"))
    body = SE + gateway("s", "parallel") + call("c", "Q") + user("u", "", multi("=[1, 2]"))
    body += chain("Start", "s", "c", "End") + chain("s", "u", "End")
    key = stage.played(drawing(body, more=called))
    assert stage.names() == ["q", "u", "u"]
    corrupted(stage, key)
    stage.cancel(key)
    assert {r.status for r in stage.tables.instances.values()} == {"cancelled"}
    assert stage.names() == []
