"""Compensation: completed activities are undone, the latest first, with what they knew."""

from __future__ import annotations

import pytest

from tests.runtime.drawn import (
    SE,
    boundary,
    call,
    catch,
    chain,
    drawing,
    end,
    error,
    flow,
    gateway,
    io,
    multi,
    process,
    refer,
    script,
    start,
    sub,
    throw,
    timer,
    user,
)
from tests.runtime.event_trees import compensate, inner_start

CANCEL = "<cancelEventDefinition/>"


def undone(host, *, by="script", note=None, inner=""):
    """The boundary event, association and handler of an activity; it adds to `trail`."""
    handler, event, note = f"{host}_h", f"{host}_b", note or f'"{host}"'
    value = f"append(get or else(trail, []), {note})"
    made = script(handler, "trail", value)
    if by == "user":
        made = user(handler, inner or io(None, {"trail": f"={value}"}))
    made = made.replace("Task id=", "Task isForCompensation='true' id=", 1)
    link = f'<association id="{host}_a" sourceRef="{event}" targetRef="{handler}"/>'
    return boundary(event, host, compensate()) + made + link


def steps(*names):
    return "".join(script(n, f"v_{n}", "1") + undone(n) for n in names)


def test_what_was_completed_is_undone_in_reverse_order(stage):
    body = SE + steps("a", "b", "c") + throw("t", compensate()) + user("u")
    key = stage.played(drawing(body + chain("Start", "a", "b", "c", "t", "u", "End")))
    assert stage.variables(key)["trail"] == ["c", "b", "a"]
    assert stage.names() == ["u"]
    assert stage.tokens(key) == {"u": 1}


def test_one_activity_can_be_named(stage):
    body = '<startEvent id="Start"/>' + steps("a", "b") + throw("t", compensate("a"))
    body += end("all", compensate())
    key = stage.played(drawing(body + chain("Start", "a", "b", "t", "all")))
    assert stage.variables(key)["trail"] == ["a", "b"]
    assert stage.done(key)


def test_nothing_to_undo_passes(stage):
    body = SE + throw("t", compensate()) + steps("a") + chain("Start", "t", "a", "End")
    key = stage.played(drawing(body))
    assert stage.done(key)
    assert "trail" not in stage.variables(key)


def test_each_completion_of_a_loop_is_undone_once(stage):
    body = SE + gateway("m") + steps("a") + script("n", "n", "n + 1")
    body += gateway("x", default="out") + throw("t", compensate()) + throw("t2", compensate())
    body += (
        chain("Start", "m", "a", "n", "x") + flow("x", "m", "=n < 3") + flow("x", "t", id_="out")
    )
    key = stage.played(drawing(body + chain("t", "t2", "End")), n=0)
    assert stage.variables(key)["trail"] == ["a", "a", "a"]


def test_what_is_active_or_was_interrupted_is_not_undone(stage):
    body = SE + gateway("g", "parallel") + user("w") + undone("w") + user("late")
    body += boundary("ti", "w", timer("Duration", "PT1H")) + user("open") + undone("open")
    body += throw("t", compensate()) + user("u")
    body += chain("Start", "g", "w", "End") + chain("ti", "t", "u") + chain("g", "open")
    body = body.replace(user("late"), "")
    key = stage.played(drawing(body))
    stage.pass_time(hours=1)
    assert sorted(stage.names()) == ["open", "u"]
    assert "trail" not in stage.variables(key)


def test_the_throw_waits_for_people_who_undo_one_after_the_other(stage):
    body = SE + user("a") + undone("a", by="user") + user("b") + undone("b", by="user")
    body += throw("t", compensate()) + user("u")
    key = stage.played(drawing(body + chain("Start", "a", "b", "t", "u", "End")))
    stage.complete("a")
    stage.complete("b")
    assert stage.names() == ["b_h"]
    assert stage.tokens(key) == {"t": 1, "b_h": 1}
    stage.complete("b_h")
    assert stage.names() == ["a_h"]
    stage.complete("a_h")
    assert stage.names() == ["u"]
    assert stage.variables(key)["trail"] == ["b", "a"]


def test_a_throw_that_does_not_wait_goes_on(stage):
    body = SE + user("a") + undone("a", by="user") + user("u")
    body += throw("t", "<compensateEventDefinition waitForCompletion='false'/>")
    key = stage.played(drawing(body + chain("Start", "a", "t", "u", "End")))
    stage.complete("a")
    assert sorted(stage.names()) == ["a_h", "u"]
    stage.complete("u")
    assert not stage.done(key)
    stage.complete("a_h")
    assert stage.done(key)


def test_what_undoes_an_activity_sees_its_local_variables_as_they_were(stage):
    body = SE + user("a", io({"price": "=cost * 2"}, {"paid": "=price"}))
    body += undone("a", note="price") + throw("t", compensate())
    key = stage.played(drawing(body + user("w") + chain("Start", "a", "w", "t", "End")), cost=5)
    stage.complete("a")
    stage.set(key, cost=100)
    stage.complete("w")
    assert stage.variables(key)["trail"] == [10]


def test_the_inside_of_a_sub_process_is_undone_with_its_variables(stage):
    inner = start("is") + script("a", "x", "x + 1") + undone("a", note="x") + steps("b")
    inner += chain("is", "a", "b")
    body = SE + sub("box", inner, io({"x": "=41"})) + steps("c") + throw("t", compensate())
    key = stage.played(drawing(body + chain("Start", "box", "c", "t", "End")))
    assert stage.variables(key)["trail"] == ["c", "b", 42]
    assert stage.done(key)


def test_a_sub_process_with_a_handler_of_its_own_is_undone_by_it_alone(stage):
    inner = start("is") + steps("a") + chain("is", "a")
    body = SE + sub("box", inner) + undone("box") + throw("t", compensate("box"))
    key = stage.played(drawing(body + chain("Start", "box", "t", "End")))
    assert stage.variables(key)["trail"] == ["box"]


def event_handler(name, *, ref=None):
    there = inner_start(f"{name}_s", compensate(), interrupting=True)
    there += script("one", "trail", 'append(trail, "before")') + throw(f"{name}_t", compensate(ref))
    there += script("two", "trail", 'append(trail, "after")')
    there += chain(f"{name}_s", "one", f"{name}_t", "two")
    return f'<subProcess id="{name}" triggeredByEvent="true">{there}</subProcess>'


def test_a_compensation_event_sub_process_undoes_its_sub_process(stage):
    inner = start("is") + steps("a", "b") + event_handler("ev") + chain("is", "a", "b")
    body = SE + sub("box", inner) + throw("t", compensate()) + chain("Start", "box", "t", "End")
    key = stage.played(drawing(body), trail=[])
    assert stage.variables(key)["trail"] == ["before", "b", "a", "after"]
    assert stage.done(key)


def test_it_may_undo_a_part_only(stage):
    inner = start("is") + steps("a", "b") + event_handler("ev", ref="a") + chain("is", "a", "b")
    body = SE + sub("box", inner) + throw("t", compensate()) + chain("Start", "box", "t", "End")
    key = stage.played(drawing(body), trail=[])
    assert stage.variables(key)["trail"] == ["before", "a", "after"]


def test_an_event_sub_process_undoes_what_is_around_it(stage):
    handler = start("s", refer("error", "X")).replace("<startEvent ", "<startEvent ")
    handler += throw("undo", compensate()) + chain("s", "undo")
    body = SE + steps("a", "b") + end("bad", refer("error", "X")) + chain("Start", "a", "b", "bad")
    body += f'<subProcess id="ev" triggeredByEvent="true">{handler}</subProcess>'
    body = body.replace('<endEvent id="End"/>', "")
    key = stage.played(drawing(body, extra=error("X", "x")))
    assert stage.variables(key)["trail"] == ["b", "a"]
    assert stage.done(key)


@pytest.mark.parametrize("sequential", [True, False])
def test_children_of_a_multi_instance_are_undone_the_latest_first(stage, sequential):
    inner = start("is") + user("a") + undone("a", note="item") + chain("is", "a")
    body = SE + sub("box", inner + multi("=[1, 2, 3]", sequential=sequential))
    key = stage.played(drawing(body + throw("t", compensate()) + chain("Start", "box", "t", "End")))
    for _ in range(3):
        stage.complete("a")
    assert stage.variables(key)["trail"] == [3, 2, 1]
    assert stage.done(key)


def test_a_multi_instance_with_a_handler_is_undone_once(stage):
    body = SE + user("a", body=multi("=[1, 2]")) + undone("a") + throw("t", compensate())
    key = stage.played(drawing(body + chain("Start", "a", "t", "End")))
    stage.complete("a")
    stage.complete("a")
    assert stage.variables(key)["trail"] == ["a"]


def test_a_called_process_is_undone_by_the_handler_of_its_call(stage):
    below = start("q") + steps("b") + chain("q", "b")
    body = SE + call("c", "Q") + undone("c") + throw("t", compensate())
    key = stage.played(drawing(body + chain("Start", "c", "t", "End"), more=process("Q", below)))
    assert stage.variables(key)["trail"] == ["c"]


def test_a_fault_while_undoing_is_an_incident_there_and_goes_on_after_a_retry(stage):
    body = SE + steps("a") + script("b", "v_b", "1") + undone("b", note="assert(ok, ok)")
    body += throw("t", compensate()) + chain("Start", "a", "b", "t", "End")
    key = stage.played(drawing(body), ok=False)
    assert [i.element_id for i in stage.incidents(key)] == ["b_h"]
    stage.set(key, ok=True)
    stage.retry(key)
    assert stage.variables(key)["trail"] == [True, "a"]
    assert stage.done(key)


def test_cancelling_while_things_are_undone_leaves_nothing_behind(stage):
    body = SE + user("a") + undone("a", by="user") + throw("t", compensate())
    key = stage.played(drawing(body + chain("Start", "a", "t", "End")))
    stage.complete("a")
    stage.cancel(key)
    assert stage.names() == []
    assert stage.row(key).status.value == "cancelled"


def test_an_interruption_stops_the_undoing(stage):
    inner = start("is") + user("a") + undone("a", by="user") + end("e", compensate())
    body = SE + sub("box", inner + chain("is", "a", "e")) + user("late")
    body += boundary("ti", "box", timer("Duration", "PT1H"))
    key = stage.played(drawing(body + chain("Start", "box", "End") + chain("ti", "late", "End")))
    stage.complete("a")
    assert stage.names() == ["a_h"]
    stage.pass_time(hours=1)
    assert stage.names() == ["late"]
    assert stage.tokens(key) == {"late": 1}


# ---- transactions


def transaction(id_, body, boundary_to=None):
    made = f'<transaction id="{id_}">{body}</transaction>'
    if boundary_to:
        made += boundary(f"{id_}_b", id_, CANCEL) + chain(f"{id_}_b", boundary_to)
    return made


def test_a_cancelled_transaction_is_undone_and_left_by_its_boundary(stage):
    inner = start("is") + gateway("g", "parallel") + steps("a") + user("open") + end("no", CANCEL)
    inner += user("w") + chain("is", "g", "a", "w", "no") + chain("g", "open")
    body = SE + transaction("tx", inner, "after") + user("after") + user("fine")
    key = stage.played(drawing(body + chain("Start", "tx", "fine", "End") + chain("after", "End")))
    assert sorted(stage.names()) == ["open", "w"]
    stage.complete("w")
    assert stage.names() == ["after"]
    assert stage.variables(key)["trail"] == ["a"]
    assert stage.tokens(key) == {"after": 1}


def test_people_may_undo_what_a_transaction_did_before_it_is_left(stage):
    inner = start("is") + user("a") + undone("a", by="user") + end("no", CANCEL)
    inner += chain("is", "a", "no")
    body = SE + transaction("tx", inner, "after") + user("after")
    stage.played(drawing(body + chain("Start", "tx", "End") + chain("after", "End")))
    stage.complete("a")
    assert stage.names() == ["a_h"]
    stage.complete("a_h")
    assert stage.names() == ["after"]


def test_a_transaction_that_ends_well_goes_on_and_can_be_undone_later(stage):
    inner = start("is") + steps("a") + end("yes") + chain("is", "a", "yes")
    body = SE + transaction("tx", inner) + throw("t", compensate())
    key = stage.played(drawing(body + chain("Start", "tx", "t", "End")))
    assert stage.variables(key)["trail"] == ["a"]


def test_an_error_leaves_a_transaction_without_undoing(stage):
    inner = start("is") + steps("a") + end("bad", refer("error", "X")) + chain("is", "a", "bad")
    body = SE + transaction("tx", inner) + user("h") + boundary("b", "tx", refer("error", "X"))
    body += chain("Start", "tx", "End") + chain("b", "h", "End")
    key = stage.played(drawing(body, extra=error("X", "x")))
    assert stage.names() == ["h"]
    assert "trail" not in stage.variables(key)


def test_one_cancelled_child_cancels_the_multi_instance_transaction(stage):
    inner = start("is") + user("a") + end("no", CANCEL) + chain("is", "a", "no")
    body = SE + transaction("tx", inner + multi("=[1, 2]"), "after") + user("after")
    key = stage.played(drawing(body + chain("Start", "tx", "End") + chain("after", "End")))
    stage.complete("a")
    assert stage.names() == ["after"]
    assert {r.status.value for r in stage.rows_below(key)} == {"cancelled"}


_ = catch
