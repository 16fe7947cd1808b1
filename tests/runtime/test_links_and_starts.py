"""Links, multiple events, definitions beside the processes, and the ways to start a process."""

from __future__ import annotations

import pytest

from engine.usecases.errors import Conflict, NotFound
from engine.usecases.ports.process import SubscriptionKind
from tests.runtime.drawn import (
    SE,
    boundary,
    catch,
    chain,
    drawing,
    end,
    error,
    escalation,
    flow,
    gateway,
    io,
    message,
    multi,
    process,
    refer,
    signal,
    start,
    sub,
    throw,
    timer,
    user,
)


def link(name):
    return f'<linkEventDefinition name="{name}"/>'


def test_a_link_leads_to_its_catch_from_several_places(stage):
    body = SE + gateway("x", default="d") + throw("t1", link("L")) + throw("t2", link("L"))
    body += catch("c", link("L")) + user("u") + chain("Start", "x") + flow("x", "t1", "=left")
    body += flow("x", "t2", id_="d") + chain("c", "u", "End")
    stage.deploy(drawing(body))
    for left in (True, False):
        key = stage.start(left=left)
        assert stage.names(key) == ["u"]
        stage.complete("u")
        assert stage.done(key)


def test_an_inclusive_join_knows_that_a_link_may_still_come(stage):
    body = SE + gateway("s", "parallel") + user("a") + throw("t", link("L")) + catch("c", link("L"))
    body += user("b") + gateway("j", "inclusive") + user("u") + chain("Start", "s", "a", "t")
    body += chain("c", "j", "u", "End") + chain("s", "b", "j")
    key = stage.played(drawing(body))
    stage.complete("b")
    assert stage.names() == ["a"]
    stage.complete("a")
    assert stage.names() == ["u"]
    stage.complete("u")
    assert stage.done(key)


def several(*refs, parallel=False, at="catch"):
    inner = "".join(refs)
    word = f" parallelMultiple='{str(parallel).lower()}'"
    if at == "catch":
        return f'<intermediateCatchEvent id="c"{word}>{inner}</intermediateCatchEvent>'
    word += ' attachedToRef="u" cancelActivity="false"'
    return f'<boundaryEvent id="c"{word}>{inner}</boundaryEvent>'


EXTRA = signal("S", "s") + message("M", "m", "=k")


def test_any_part_of_a_multiple_event_is_enough(stage):
    body = SE + several(refer("signal", "S"), refer("message", "M"), timer("Duration", "PT1H"))
    stage.deploy(drawing(body + user("u") + chain("Start", "c", "u", "End"), extra=EXTRA))
    for happen in (
        lambda: stage.broadcast("s"),
        lambda: stage.publish("m", "1"),
        lambda: stage.pass_time(hours=1),
    ):
        key = stage.start(k="1")
        happen()
        assert stage.names(key) == ["u"]
        assert stage.tables.subscriptions == {}
        assert stage.row(key).due_at is None
        stage.complete("u")


def test_all_parts_of_a_parallel_multiple_event_are_needed(stage):
    body = SE + several(refer("signal", "S"), refer("message", "M"), parallel=True)
    stage.deploy(drawing(body + user("u") + chain("Start", "c", "u", "End"), extra=EXTRA))
    key = stage.start(k="1")
    stage.broadcast("s", a=1)
    stage.broadcast("s", a=2)
    assert stage.names() == []
    stage.publish("m", "1", b=3)
    assert stage.names() == ["u"]
    assert stage.variables(key) == {"k": "1", "a": 2, "b": 3}
    assert stage.tables.subscriptions == {}


def test_a_parallel_multiple_boundary_event_gathers_again(stage):
    body = SE + user("u") + user("h")
    body += several(refer("signal", "S"), refer("message", "M"), parallel=True, at="boundary")
    body += chain("Start", "u", "End") + chain("c", "h", "End")
    stage.played(drawing(body, extra=EXTRA), k="1")
    for seen in (1, 2):
        stage.publish("m", "1")
        assert stage.names().count("h") == seen - 1
        stage.broadcast("s")
        assert stage.names().count("h") == seen


def test_an_error_may_be_one_part_of_a_boundary_event(stage):
    inner = start("is") + end("bad", refer("error", "X")) + chain("is", "bad")
    body = SE + sub("box", inner) + user("h")
    parts = refer("error", "X") + timer("Duration", "PT1H")
    body += boundary("b", "box", parts) + chain("Start", "box", "End") + chain("b", "h", "End")
    stage.played(drawing(body, extra=error("X", "x")))
    assert stage.names() == ["h"]


def test_a_multiple_throw_throws_all_its_parts(stage):
    inner = start("is") + throw("t", refer("signal", "S") + refer("escalation", "C"))
    inner += user("w") + chain("is", "t", "w")
    body = SE + sub("box", inner) + user("s") + user("e")
    body += boundary("bs", "box", refer("signal", "S"), interrupting=False)
    body += boundary("be", "box", refer("escalation", "C"), interrupting=False)
    body += chain("Start", "box", "End") + chain("bs", "s", "End") + chain("be", "e", "End")
    stage.played(drawing(body, extra=signal("S", "s") + escalation("C", "c")))
    assert sorted(stage.names()) == ["e", "s", "w"]


def test_events_may_refer_to_definitions_beside_the_processes(stage):
    extra = '<timerEventDefinition id="T"><timeDuration>PT1H</timeDuration></timerEventDefinition>'
    extra += error("X", "x") + '<errorEventDefinition id="E" errorRef="X"/>'
    ref = "<eventDefinitionRef>{}</eventDefinitionRef>"
    inner = start("is") + catch("c", ref.format("T")) + end("bad", ref.format("E"))
    body = SE + sub("box", inner + chain("is", "c", "bad")) + user("h")
    body += boundary("b", "box", ref.format("E"))
    body += chain("Start", "box", "End") + chain("b", "h", "End")
    stage.played(drawing(body, extra=extra))
    stage.pass_time(hours=1)
    assert stage.names() == ["h"]


def test_a_signal_end_of_a_sub_process_reaches_its_own_edge(stage):
    inner = start("is") + end("ie", refer("signal", "S")) + chain("is", "ie")
    body = SE + sub("box", inner) + user("h") + boundary("b", "box", refer("signal", "S"))
    stage.played(
        drawing(
            body + chain("Start", "box", "End") + chain("b", "h", "End"), extra=signal("S", "s")
        )
    )
    assert stage.names() == ["h"]


def test_a_child_reaches_the_edge_of_its_multi_instance_by_a_signal(stage):
    inner = start("is") + user("w") + throw("t", refer("signal", "S")) + user("more")
    body = SE + sub("box", inner + chain("is", "w", "t", "more") + multi("=[1, 2]")) + user("h")
    body += boundary("b", "box", refer("signal", "S"))
    key = stage.played(
        drawing(
            body + chain("Start", "box", "End") + chain("b", "h", "End"), extra=signal("S", "s")
        )
    )
    stage.complete("w")
    assert stage.names() == ["h"]
    stage.deliver_jobs()
    assert stage.names() == ["h"]
    assert {r.status.value for r in stage.rows_below(key)} == {"cancelled"}


def test_who_begins_to_wait_after_a_signal_in_the_same_tree_does_not_hear_it(stage):
    body = SE + throw("t", refer("signal", "S")) + catch("c", refer("signal", "S")) + user("u")
    key = stage.played(drawing(body + chain("Start", "t", "c", "u", "End"), extra=signal("S", "s")))
    stage.deliver_jobs()
    assert stage.tokens(key) == {"c": 1}
    stage.broadcast("s")
    assert stage.names() == ["u"]


def test_who_is_about_to_wait_beside_the_throw_hears_it(stage):
    body = SE + gateway("g", "parallel") + throw("t", refer("signal", "S"))
    body += catch("c", refer("signal", "S")) + user("u") + chain("Start", "g", "t", "End")
    stage.played(drawing(body + chain("g", "c", "u", "End"), extra=signal("S", "s")))
    assert stage.names() == ["u"]


# ---- starts


def starts():
    body = start("a") + start("b") + start("m", refer("message", "M")) + end("End")
    body += user("ua") + user("ub") + user("um")
    return drawing(
        body + chain("a", "ua", "End") + chain("b", "ub", "End") + chain("m", "um", "End"),
        extra=message("M", "m", None),
    )


def test_each_start_event_begins_an_instance_of_its_own(stage):
    stage.deploy(starts())
    assert stage.names(stage.start()) == ["ua"]
    assert stage.names(stage.start(start_event="b")) == ["ub"]
    assert stage.names(stage.start(start_event="m", n=1)) == ["um"]
    assert stage.publish("m", "7")
    assert stage.names().count("um") == 2


def test_a_start_event_that_is_not_there_starts_nothing(stage):
    stage.deploy(starts())
    with pytest.raises(NotFound):
        stage.start(start_event="ua")


def test_any_part_of_a_multiple_start_event_begins_an_instance(stage):
    given = start("s", refer("signal", "S") + refer("message", "M"))
    stage.deploy(drawing(given + user("u") + end("e") + chain("s", "u", "e"), extra=EXTRA))
    stage.broadcast("s")
    stage.publish("m", "1")
    assert stage.names() == ["u", "u"]
    with pytest.raises(Conflict):
        stage.start()


def test_a_signal_of_a_drawing_starts_processes_that_wait_for_it(stage):
    thrower = SE + throw("t", refer("signal", "S"), io({"n": "=7"})) + chain("Start", "t", "End")
    given = start("s", refer("signal", "S")) + user("u") + chain("s", "u")
    xml = drawing(thrower, more=process("Q", given), extra=signal("S", "s"))
    stage.played(xml)
    assert stage.names() == []
    stage.deliver_jobs()
    (task,) = stage.open_tasks()
    assert task.process_id == "Q"
    assert stage.variables(task.instance_key) == {"n": 7}


def test_a_receive_task_may_start_its_process(stage):
    body = '<receiveTask id="r" messageRef="M" instantiate="true"/>' + user("u") + end("e")
    stage.deploy(drawing(body + chain("r", "u", "e"), extra=message("M", "m", None)))
    assert stage.publish("m", "9", n=1)
    (task,) = stage.open_tasks()
    assert stage.variables(task.instance_key) == {"n": 1}
    assert stage.row(task.instance_key).business_key == "9"
    found = stage.look(lambda uow: uow.processes.subscriptions(SubscriptionKind.MESSAGE, "m"))
    assert [s.element_id for s in found] == ["r"]
