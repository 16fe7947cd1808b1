"""Flows chosen out of activities and events, and numbers of tokens."""

from __future__ import annotations

import pytest

from engine.runtime.drawing.rules_activities import MAX_QUANTITY
from engine.usecases.errors import DrawingRefused
from tests.runtime.drawn import SE, chain, drawing, end, flow, gateway, script, start, user
from tests.runtime.play import Stage


def _fork(*flows, default=None):
    given = f' default="{default}"' if default else ""
    task = f'<task id="t"{given}/>'
    return (
        start("Start")
        + task
        + user("a")
        + user("b")
        + user("c")
        + flow("Start", "t")
        + "".join(flows)
    )


@pytest.mark.parametrize(
    ("x", "names"), [(0, ["b", "c"]), (1, ["a", "b"])], ids=["default", "condition"]
)
def test_plain_flows_are_taken_and_the_default_stands_in_for_conditions(stage, x, names):
    body = _fork(flow("t", "a", "=x > 0"), flow("t", "b"), flow("t", "c", id_="d"), default="d")
    key = stage.played(drawing(body), x=x)
    assert sorted(stage.names(key)) == names


def test_every_condition_that_holds_is_a_way(stage):
    body = _fork(flow("t", "a", "=x > 0"), flow("t", "b", "=x > 1"), flow("t", "c", "=x > 2"))
    assert sorted(stage.names(stage.played(drawing(body), x=2))) == ["a", "b"]


def test_a_token_that_can_go_nowhere_is_an_incident_and_goes_on_after_a_retry(stage):
    body = _fork(flow("t", "a", "=x > 0"), flow("t", "b", "=x > 1")) + flow("a", "c")
    key = stage.played(drawing(body), x=0)
    (incident,) = stage.incidents(key)
    assert (incident.kind, incident.element_id) == ("condition", "t")
    stage.set(key, x=1)
    stage.retry(key)
    assert (stage.names(key), stage.incidents(key)) == (["a"], [])


def test_a_condition_reads_what_the_activity_just_wrote(stage):
    body = start("Start") + user("u") + user("a") + user("b")
    body += flow("Start", "u") + flow("u", "a", "=good") + flow("u", "b", "=not(good)")
    key = stage.played(drawing(body))
    stage.complete("u", good=False)
    assert stage.names(key) == ["b"]


def test_an_event_with_several_flows_takes_them_all(stage):
    body = SE + user("a") + user("b") + gateway("j", "parallel")
    body += flow("Start", "a") + flow("Start", "b") + chain("a", "j", "End") + flow("b", "j")
    key = stage.played(drawing(body))
    assert sorted(stage.names(key)) == ["a", "b"]
    stage.complete("a")
    stage.complete("b")
    assert stage.done(key)


def test_flows_that_meet_at_an_activity_begin_it_once_each(stage):
    body = SE + '<task id="t"/>' + user("m") + flow("Start", "t") + flow("t", "m") + flow("t", "m")
    key = stage.played(drawing(body + flow("m", "End")))
    assert stage.names(key) == ["m", "m"]


def test_an_inclusive_join_behind_an_implicit_split_waits_for_what_was_chosen(stage):
    body = _fork(flow("t", "a", "=x > 0"), flow("t", "b", "=x > 1"), flow("t", "c")) + end("End")
    body += gateway("j", "inclusive") + user("z") + chain("j", "z", "End")
    body += flow("a", "j") + flow("b", "j") + flow("c", "j")
    key = stage.played(drawing(body), x=1)
    stage.complete("a")
    assert stage.names(key) == ["c"]
    stage.complete("c")
    assert stage.names(key) == ["z"]


def test_conditions_out_of_a_parallel_gateway_mean_nothing(stage):
    body = start("Start") + gateway("g", "parallel") + user("a") + user("b") + flow("Start", "g")
    body += flow("g", "a", "=false") + flow("g", "b")
    assert sorted(stage.names(stage.played(drawing(body)))) == ["a", "b"]


# ---- quantities


def _gather(count, more=""):
    task = f'<userTask id="m" startQuantity="{count}"><extensionElements>'
    task += '<zeebe:userTask xmlns:zeebe="http://camunda.org/schema/zeebe/1.0"/>'
    task += f"</extensionElements>{more}</userTask>"
    body = SE + user("a") + user("b") + task + flow("Start", "a") + flow("Start", "b")
    return body + flow("a", "m") + flow("b", "m") + flow("m", "End")


def test_an_activity_begins_when_so_many_tokens_are_there(stage):
    key = stage.played(drawing(_gather(2)))
    stage.complete("a")
    stage.renew()
    assert stage.names(key) == ["b"]
    assert stage.incidents(key) == []
    stage.complete("b")
    assert stage.names(key) == ["m"]
    stage.complete("m")
    assert stage.done(key)


def test_too_few_tokens_are_an_incident_when_no_more_can_come(stage):
    key = stage.played(drawing(_gather(3)))
    stage.complete("a")
    stage.complete("b")
    (incident,) = stage.incidents(key)
    assert (incident.kind, incident.element_id) == ("stall", "m")
    stage.retry(key)
    assert [i.kind for i in stage.incidents(key)] == ["stall"]
    stage.cancel(key)
    assert stage.incidents(key) == []


def test_an_activity_leaves_so_many_tokens_on_each_flow(stage):
    body = (
        start("Start")
        + '<task id="t" completionQuantity="3"/>'
        + user("a")
        + chain("Start", "t", "a")
    )
    key = stage.played(drawing(body))
    assert stage.names(key) == ["a", "a", "a"]


def test_quantities_are_numbers_from_one_to_their_limit():
    for given in ('startQuantity="0"', f'completionQuantity="{MAX_QUANTITY + 1}"'):
        body = SE + f'<task id="t" {given}/>' + chain("Start", "t", "End")
        with pytest.raises(DrawingRefused) as refused:
            Stage().deploy(drawing(body))
        assert [f.code for f in refused.value.findings] == ["quantity"]
    most = f'<task id="t" completionQuantity="{MAX_QUANTITY}"/>'
    stage = Stage()
    body = start("S") + most + script("n", "n", "get or else(n, 0) + 1") + end("E")
    key = stage.played(drawing(body + chain("S", "t", "n", "E")))
    assert stage.variables(key)["n"] == MAX_QUANTITY
