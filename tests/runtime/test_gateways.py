"""Gateways: which way a token goes, and when tokens meet."""

from __future__ import annotations

import random

import pytest

from tests.runtime.drawn import (
    SE,
    TERMINATE,
    boundary,
    catch,
    chain,
    drawing,
    end,
    flow,
    gateway,
    message,
    refer,
    script,
    start,
    sub,
    timer,
    user,
)


def three_ways():
    return drawing(
        SE
        + gateway("g", default="fd")
        + "".join(script(n, "w", f'"{n}"') for n in "abd")
        + chain("Start", "g")
        + flow("g", "d", id_="fd")
        + flow("g", "b", "=x > 1")
        + flow("g", "a", "=x > 0")
        + chain("a", "End")
        + chain("b", "End")
        + chain("d", "End")
    )


@pytest.mark.parametrize(("x", "way"), [(2, "b"), (1, "a"), (0, "d")])
def test_an_exclusive_gateway_takes_the_first_true_flow_in_document_order(stage, x, way):
    key = stage.played(three_ways(), x=x)
    assert stage.variables(key)["w"] == way


def test_a_condition_that_is_null_is_an_incident_and_no_silent_way(stage):
    key = stage.played(three_ways())
    (incident,) = stage.incidents(key)
    assert (incident.element_id, incident.kind) == ("g", "condition")
    assert "'x'" in incident.cause
    stage.set(key, x=2)
    stage.retry(key)
    assert stage.variables(key)["w"] == "b"
    assert stage.incidents(key) == []
    assert stage.row(key).incidents == 0


def test_no_true_condition_and_no_default_is_an_incident(stage):
    body = SE + gateway("g") + user("a") + user("b") + chain("Start", "g")
    body += (
        flow("g", "a", "=x = 1") + flow("g", "b", "=x = 2") + chain("a", "End") + chain("b", "End")
    )
    key = stage.played(drawing(body), x=3)
    assert "no condition is true" in stage.incidents(key)[0].message


def test_two_flows_between_the_same_nodes_are_two_flows(stage):
    body = SE + gateway("s", "parallel") + gateway("j", "parallel") + script("c", "n", "n + 1")
    body += chain("Start", "s") + flow("s", "j", id_="f1") + flow("s", "j", id_="f2")
    key = stage.played(drawing(body + chain("j", "c", "End")), n=0)
    assert stage.variables(key)["n"] == 1


def loop(kind):
    return drawing(
        SE
        + gateway("m")
        + gateway("sp", kind)
        + user("u1")
        + user("u2")
        + gateway("j", kind)
        + script("c", "n", "n + 1")
        + gateway("x", default="again")
        + chain("Start", "m", "sp")
        + flow("sp", "u1", "=true" if kind == "inclusive" else None)
        + flow("sp", "u2", "=true" if kind == "inclusive" else None)
        + chain("u1", "j", "c", "x")
        + chain("u2", "j")
        + flow("x", "End", "=n >= 4")
        + flow("x", "m", id_="again")
    )


@pytest.mark.parametrize("kind", ["parallel", "inclusive"])
@pytest.mark.parametrize("seed", range(8))
def test_a_join_in_a_loop_waits_for_both_in_every_order_and_loses_no_write(stage, kind, seed):
    rnd = random.Random(seed)  # noqa: S311 - repeatable by its seed
    key = stage.played(loop(kind), n=0)
    rounds = 0
    while not stage.done(key):
        assert sorted(stage.names()) == ["u1", "u2"]
        for name in rnd.sample(["u1", "u2"], 2):
            stage.complete(name, **{name: rounds})
        rounds += 1
        variables = stage.variables(key)
        assert (variables["u1"], variables["u2"], variables["n"]) == (
            rounds - 1,
            rounds - 1,
            rounds,
        )
    assert rounds == 4


def test_two_tokens_on_one_flow_are_not_two_flows(stage):
    body = SE + gateway("s", "parallel") + gateway("m") + user("a") + user("b") + user("c")
    body += gateway("j", "parallel") + user("z")
    body += (
        chain("Start", "s", "a", "m", "j", "z", "End") + chain("s", "b", "m") + chain("s", "c", "j")
    )
    key = stage.played(drawing(body))
    stage.complete("a")
    stage.complete("b")
    assert stage.names() == ["c"]
    stage.complete("c")
    assert stage.names() == ["z"]
    assert stage.tokens(key) == {"z": 1, "j": 1}


def inclusive_split():
    return drawing(
        SE
        + gateway("s", "inclusive", default="fd")
        + gateway("j", "inclusive")
        + user("a")
        + user("b")
        + user("d")
        + user("z")
        + chain("Start", "s")
        + flow("s", "a", "=a")
        + flow("s", "b", "=b")
        + flow("s", "d", id_="fd")
        + chain("a", "j")
        + chain("b", "j")
        + chain("d", "j", "z", "End")
    )


@pytest.mark.parametrize(
    ("a", "b", "open_"),
    [(True, True, ["a", "b"]), (True, False, ["a"]), (False, False, ["d"])],
)
def test_an_inclusive_join_waits_for_exactly_the_branches_that_were_taken(stage, a, b, open_):
    stage.played(inclusive_split(), a=a, b=b)
    assert stage.names() == open_
    for name in open_[:-1]:
        stage.complete(name)
        assert "z" not in stage.names()
    stage.complete(open_[-1])
    assert stage.names() == ["z"]


def test_an_inclusive_join_does_not_wait_for_a_token_that_can_only_come_around(stage):
    body = SE + gateway("s", "parallel") + user("a") + user("b") + gateway("j", "inclusive")
    body += user("z") + chain("Start", "s", "a", "j", "z", "End") + chain("s", "b", "End")
    stage.played(drawing(body))
    stage.complete("a")
    assert sorted(stage.names()) == ["b", "z"]


def test_a_failed_inclusive_choice_is_one_incident_and_can_be_retried(stage):
    body = SE + gateway("s", "parallel") + user("a") + user("b") + gateway("j", "inclusive")
    body += user("y") + user("z")
    body += chain("Start", "s", "a", "j") + chain("s", "b", "j")
    body += (
        flow("j", "y", "=go") + flow("j", "z", "=not(go)") + chain("y", "End") + chain("z", "End")
    )
    key = stage.played(drawing(body))
    stage.complete("a")
    stage.complete("b")
    assert [i.element_id for i in stage.incidents(key)] == ["j"]
    stage.set(key, go=True)
    stage.retry(key)
    assert stage.names() == ["y"]
    stage.complete("y")
    assert stage.done(key)


def race():
    return drawing(
        SE
        + gateway("g", "eventBased")
        + catch("m", refer("message", "M"))
        + catch("t", timer("Duration", "P14D"))
        + user("heard")
        + user("late")
        + chain("Start", "g", "m", "heard", "End")
        + chain("g", "t", "late", "End"),
        extra=message("M", "dispute", "=output_id"),
    )


def test_an_event_based_gateway_goes_on_with_the_first_event_only(stage):
    key = stage.played(race(), output_id="o1")
    assert stage.publish("dispute", "o1", claim="c")
    assert stage.names() == ["heard"]
    assert stage.variables(key)["claim"] == "c"
    stage.pass_time(days=20)
    assert stage.names() == ["heard"]
    assert not stage.publish("dispute", "o1")


def test_an_event_based_gateway_goes_on_with_the_timer(stage):
    stage.played(race(), output_id="o1")
    stage.pass_time(days=14)
    assert stage.names() == ["late"]
    assert not stage.publish("dispute", "o1")


def test_terminate_ends_its_own_scope_only(stage):
    inner = '<startEvent id="is"/>' + gateway("s", "parallel") + user("i1") + user("i2")
    inner += end("stop", TERMINATE) + chain("is", "s", "i1", "stop") + chain("s", "i2")
    body = SE + sub("box", inner) + user("after") + chain("Start", "box", "after", "End")
    stage.played(drawing(body))
    stage.complete("i1")
    assert stage.names() == ["after"]


def test_terminate_of_the_process_ends_it(stage):
    body = SE + gateway("s", "parallel") + user("a") + user("b") + end("stop", TERMINATE)
    key = stage.played(drawing(body + chain("Start", "s", "a", "stop") + chain("s", "b", "End")))
    stage.complete("a")
    assert stage.done(key)
    assert stage.names() == []


def test_sixteen_parallel_pairs_need_three_task_objects(stage):
    body, last = SE, "Start"
    for i in range(16):
        body += gateway(f"s{i}", "parallel") + user(f"a{i}") + user(f"b{i}")
        body += gateway(f"j{i}", "parallel")
        body += chain(last, f"s{i}", f"a{i}", f"j{i}") + chain(f"s{i}", f"b{i}", f"j{i}")
        last = f"j{i}"
    key = stage.played(drawing(body + chain(last, "End")))
    for i in range(16):
        assert sum(stage.tokens(key).values()) == 2
        stage.complete(f"b{i}")
        stage.complete(f"a{i}")
    assert stage.done(key)


def test_a_long_loop_keeps_its_size(stage):
    body = SE + gateway("m") + user("u") + script("c", "n", "n + 1") + gateway("x", default="d")
    body += (
        chain("Start", "m", "u", "c", "x") + flow("x", "m", id_="d") + flow("x", "End", "=n >= 300")
    )
    key = stage.played(drawing(body), n=0)
    while not stage.done(key):
        stage.complete("u")
        assert len(stage.row(key).state) < 200
        stage.tables.history.clear()
    assert stage.variables(key)["n"] == 300


def test_two_inclusive_gateways_that_wait_for_each_other_are_an_incident(stage):
    body = SE + gateway("s", "parallel") + user("a") + user("b") + user("u")
    body += gateway("j", "inclusive") + gateway("k", "inclusive") + gateway("x", default="xe")
    body += gateway("y", default="ye")
    body += chain("Start", "s", "a", "j", "x") + chain("s", "b", "k", "y") + chain("s", "u", "End")
    body += flow("x", "k", "=true") + flow("x", "End", id_="xe")
    body += flow("y", "j", "=true") + flow("y", "End", id_="ye")
    key = stage.played(drawing(body))
    stage.complete("a")
    assert stage.incidents(key) == []
    stage.complete("b")
    (incident,) = stage.incidents(key)
    assert (incident.element_id, incident.kind) == ("j", "stall")
    assert stage.names() == ["u"]
    stage.complete("u")
    assert len(stage.incidents(key)) == 1
    stage.retry(key)
    assert [i.element_id for i in stage.incidents(key)] == ["j"]
    stage.cancel(key)
    assert stage.incidents(key) == []


def test_a_parallel_join_whose_partner_never_comes_is_an_incident_when_nothing_else_moves(stage):
    body = SE + gateway("s", "parallel") + user("a") + user("b") + gateway("x", default="d")
    body += gateway("j", "parallel") + end("away") + chain("Start", "s", "a", "j", "End")
    body += chain("s", "b", "x") + flow("x", "j", id_="d") + flow("x", "away", "=lost")
    key = stage.played(drawing(body))
    stage.complete("a")
    assert stage.incidents(key) == []
    stage.complete("b", lost=True)
    assert [(i.element_id, i.kind) for i in stage.incidents(key)] == [("j", "stall")]


def test_a_join_that_stands_still_inside_a_sub_process_ends_with_it(stage):
    inner = start("is") + gateway("s", "parallel") + user("a") + gateway("x", default="d")
    inner += gateway("j", "parallel") + end("away") + end("ie") + chain("is", "s", "a", "j", "ie")
    inner += chain("s", "x") + flow("x", "j", "=false") + flow("x", "away", id_="d")
    body = SE + sub("box", inner) + boundary("b", "box", timer("Duration", "PT1H")) + user("h")
    key = stage.played(drawing(body + chain("Start", "box", "End") + chain("b", "h", "End")))
    stage.complete("a")
    assert [i.element_id for i in stage.incidents(key)] == ["j"]
    stage.pass_time(hours=2)
    assert stage.names() == ["h"]
    assert stage.incidents(key) == []
    assert stage.row(key).incidents == 0
