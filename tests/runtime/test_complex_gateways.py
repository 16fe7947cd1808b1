"""The complex gateway: begins by its condition, resets when nothing more can come."""

from __future__ import annotations

import pytest

from engine.usecases.errors import DrawingRefused
from tests.runtime.drawn import SE, chain, drawing, end, flow, gateway, start, user
from tests.runtime.play import Stage


def complex_gateway(id_, condition=None, default=None):
    given = f' default="{default}"' if default else ""
    inner = f"<activationCondition>{condition}</activationCondition>" if condition else ""
    return f'<complexGateway id="{id_}"{given}>{inner}</complexGateway>'


def _joined(condition, *out):
    body = start("Start") + gateway("g", "parallel") + flow("Start", "g") + user("z")
    for name in "abc":
        body += user(name) + chain("g", name, "j")
    return body + complex_gateway("j", condition) + "".join(out or (flow("j", "z"),))


def test_it_begins_when_enough_came_and_takes_the_rest_in_silence(stage):
    key = stage.played(drawing(_joined("=activationCount &gt;= 2")))
    stage.complete("a")
    assert stage.names(key) == ["b", "c"]
    stage.renew()
    stage.complete("b")
    assert stage.names(key) == ["c", "z"]
    stage.renew()
    stage.complete("c")
    assert stage.names(key) == ["z"]
    stage.complete("z")
    assert stage.done(key)


def test_it_ends_when_the_rest_can_no_longer_come(stage):
    body = start("Start") + gateway("g", "parallel") + user("a") + user("b") + user("z")
    body += (
        gateway("x", default="d") + end("out") + complex_gateway("j", "=activationCount &gt;= 1")
    )
    body += chain("Start", "g", "a", "j", "z", "out") + chain("g", "b", "x")
    body += flow("x", "j", "=back") + flow("x", "out", id_="d")
    key = stage.played(drawing(body))
    stage.complete("a")
    stage.complete("z")
    assert not stage.done(key)
    stage.complete("b", back=False)
    assert stage.done(key)
    assert stage.incidents(key) == []


def test_a_flow_with_a_condition_tells_the_reset(stage):
    out = flow("j", "z", "=waitingForStart"), user("y"), flow("j", "y", "=not(waitingForStart)")
    key = stage.played(drawing(_joined("=activationCount &gt;= 1", *out)))
    stage.complete("a")
    assert stage.names(key) == ["b", "c", "z"]
    stage.complete("b")
    assert stage.names(key) == ["c", "z"]
    stage.complete("c")
    assert stage.names(key) == ["z", "y"]


def test_it_begins_anew_after_its_reset(stage):
    body = start("Start") + gateway("m") + gateway("g", "parallel") + user("a") + user("b")
    body += complex_gateway("j", "=activationCount &gt;= 1") + user("z") + gateway("x", default="d")
    body += end("End") + chain("Start", "m", "g", "a", "j", "z", "x") + chain("g", "b", "j")
    body += flow("x", "m", "=again") + flow("x", "End", id_="d")
    key = stage.played(drawing(body))
    for again in (True, False):
        stage.complete("b")
        stage.complete("a")
        assert stage.names(key) == ["z"]
        stage.complete("z", again=again)
    assert stage.done(key)


def test_a_token_that_comes_twice_on_its_flow_waits_for_the_reset(stage):
    body = start("Start") + gateway("g", "parallel") + user("a") + user("b") + user("z")
    body += (
        gateway("m") + gateway("h", "parallel") + complex_gateway("j", "=activationCount &gt;= 1")
    )
    body += chain("Start", "g", "h", "m", "a", "j", "z") + flow("h", "m") + chain("g", "b", "j")
    key = stage.played(drawing(body))
    stage.complete("a")
    assert sorted(stage.names(key)) == ["a", "b", "z"]
    stage.complete("a")
    assert sorted(stage.names(key)) == ["b", "z"]
    stage.complete("b")
    assert stage.names(key) == ["z", "z"]
    stage.complete("z")
    stage.complete("z")
    assert stage.done(key)


def test_too_few_for_its_condition_is_an_incident(stage):
    key = stage.played(drawing(_joined("=activationCount &gt;= 4")))
    for name in "abc":
        stage.complete(name)
    assert [(i.kind, i.element_id) for i in stage.incidents(key)] == [("stall", "j")]


def test_a_condition_that_is_null_is_an_incident_and_asks_again_after_a_retry(stage):
    key = stage.played(drawing(_joined("=activationCount &gt;= wanted")))
    stage.complete("a")
    assert [i.kind for i in stage.incidents(key)] == ["condition"]
    stage.set(key, wanted=1)
    stage.retry(key)
    assert stage.names(key) == ["b", "c", "z"]


@pytest.mark.parametrize(("x", "names"), [(0, ["c"]), (1, ["a"]), (2, ["a", "b"])])
def test_a_split_takes_every_flow_whose_condition_holds_else_the_default(stage, x, names):
    body = start("Start") + complex_gateway("g", default="d") + flow("Start", "g")
    body += user("a") + user("b") + user("c")
    body += flow("g", "a", "=x > 0") + flow("g", "b", "=x > 1")
    key = stage.played(drawing(body + flow("g", "c", id_="d")), x=x)
    assert stage.names(key) == names


def test_a_join_without_a_condition_is_refused():
    body = SE + complex_gateway("j") + flow("Start", "j") + flow("Start", "j") + flow("j", "End")
    with pytest.raises(DrawingRefused) as refused:
        Stage().deploy(drawing(body))
    assert [f.code for f in refused.value.findings] == ["activation-missing"]
