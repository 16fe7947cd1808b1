"""A process owner holds instances, moves their tokens, changes their scopes and restarts them."""

from __future__ import annotations

import pytest

from engine.usecases.errors import Conflict, InputRefused
from engine.usecases.ports.process import InstanceStatus
from engine.usecases.ports.steering import Shift, Where
from tests.runtime import drawn as d
from tests.runtime.play import ANI

TWO = d.drawing(d.SE + d.user("A") + d.user("B") + d.chain("Start", "A", "B", "End"))


def hold(stage, key):
    stage.do(lambda uow: stage.runner.suspend(uow, key, ANI))


def release(stage, key):
    stage.do(lambda uow: stage.runner.resume(uow, key, ANI))


def shift(stage, key, *shifts, **one):
    wanted = shifts or (Shift(**one),)
    return stage.do(lambda uow: stage.runner.modify(uow, key, wanted, ANI))


def preview(stage, key, **one):
    return stage.look(lambda uow: stage.runner.preview(uow, key, (Shift(**one),)))


def around_a(inner, outputs=None):
    body = d.start("S") + d.end("E") + inner
    return d.drawing(
        d.SE + d.sub("Box", body, d.io({"here": "=1"}, outputs)) + d.user("After")
        + d.chain("Start", "Box", "After", "End")
    )  # fmt: skip


INSIDE = around_a(d.user("In") + d.user("In2") + d.chain("S", "In", "In2", "E"))


# ---- holding


def test_no_task_of_a_held_instance_ends_and_its_timers_rest_until_it_is_released(stage):
    edge = d.boundary("T", "A", d.timer("Duration", "PT1H")) + d.user("Late") + d.chain("T", "Late")
    stage.deploy(d.drawing(
        d.SE + d.user("A") + edge + d.end("E") + d.chain("Late", "E") + d.chain("Start", "A", "End")
    ))  # fmt: skip
    key = stage.start()
    hold(stage, key)
    with pytest.raises(Conflict, match="suspended"):
        stage.complete("A")
    stage.pass_time(hours=3)
    assert stage.names() == ["A"]
    release(stage, key)
    stage.work_due()
    assert stage.names() == ["Late"]


def test_everything_below_is_held_too_and_only_the_outermost_can_be(stage):
    other = d.process("Q", d.start("S") + d.end("E") + d.user("X") + d.chain("S", "X", "E"))
    stage.deploy(d.drawing(d.SE + d.call("C", "Q") + d.chain("Start", "C", "End"), more=other))
    key = stage.start()
    child = stage.rows_below(key)[0].key
    with pytest.raises(Conflict):
        hold(stage, child)
    hold(stage, key)
    assert stage.row(child).status is InstanceStatus.SUSPENDED
    with pytest.raises(Conflict):
        stage.complete("X")
    with pytest.raises(Conflict):
        hold(stage, key)
    release(stage, key)
    stage.complete("X")
    assert stage.done(key)


def test_a_held_instance_takes_variables_and_can_be_cancelled_with_all_below(stage):
    loop = d.multi("=[1,2]")
    stage.deploy(d.drawing(d.SE + d.user("A", body=loop) + d.chain("Start", "A", "End")))
    key = stage.start()
    hold(stage, key)
    stage.set(key, n=5)
    assert stage.variables(key)["n"] == 5
    stage.cancel(key)
    assert {r.status for r in stage.rows_below(key)} == {InstanceStatus.CANCELLED}
    assert stage.open_tasks() == []


def test_a_message_for_a_held_instance_is_refused_and_comes_in_after_its_release(stage):
    ears = d.message("M", "told")
    stage.deploy(d.drawing(
        d.SE + d.catch("C", d.refer("message", "M")) + d.chain("Start", "C", "End"), extra=ears
    ))  # fmt: skip
    key = stage.start(key="k")
    hold(stage, key)
    with pytest.raises(Conflict):
        stage.publish("told", "k")
    release(stage, key)
    assert stage.publish("told", "k")
    assert stage.done(key)


# ---- tokens


def test_a_token_moves_before_another_element_and_the_task_it_left_is_cancelled(stage):
    key = stage.played(TWO)
    task = stage.task("A")
    told = shift(stage, key, ends_element="A", begins="B")
    assert [t.element_id for t in told.ends] == ["A"]
    assert [t.element_id for t in told.begins] == ["B"]
    assert told.tasks == (task.key,)
    assert stage.names() == ["B"]


def test_a_token_after_an_element_takes_its_flows(stage):
    key = stage.played(TWO)
    shift(stage, key, ends_element="A", begins="A", where=Where.AFTER)
    assert stage.names() == ["B"]


def test_a_preview_tells_the_same_and_changes_nothing(stage):
    key = stage.played(INSIDE)
    told = preview(stage, key, ends_element="Box", begins="After")
    assert sorted(t.element_id for t in told.ends) == ["Box", "In"]
    assert [t.element_id for t in told.begins] == ["After"]
    assert stage.names() == ["In"]
    done = shift(stage, key, ends_element="Box", begins="After")
    assert [t.element_id for t in done.ends] == [t.element_id for t in told.ends]
    assert stage.names() == ["After"]


def test_moving_inside_a_sub_process_stays_in_the_same_one(stage):
    key = stage.played(INSIDE)
    shift(stage, key, ends_element="In", begins="In2")
    stage.complete("In2")
    assert stage.names() == ["After"]


def test_moving_into_a_sub_process_opens_it_with_its_inputs(stage):
    key = stage.played(around_a(
        d.user("In") + d.user("In2") + d.chain("S", "In", "In2", "E"), {"out": "=here"}
    ))  # fmt: skip
    shift(stage, key, ends_element="Box", begins="After")
    told = shift(stage, key, ends_element="After", begins="In2")
    assert [t.element_id for t in told.begins] == ["Box", "In2"]
    stage.complete("In2")
    assert stage.names() == ["After"]
    assert stage.variables(key)["out"] == 1


def test_a_sub_process_that_loses_its_last_token_ends_with_it(stage):
    key = stage.played(INSIDE)
    shift(stage, key, Shift(ends_element="In"), Shift(begins="After"))
    assert stage.names() == ["After"]
    assert stage.tokens(key) == {"After": 1}


def test_nothing_may_remain_only_by_cancelling(stage):
    key = stage.played(TWO)
    with pytest.raises(Conflict, match="cancel"):
        shift(stage, key, ends_element="A")
    assert stage.names() == ["A"]


@pytest.mark.parametrize("one", [
    {"ends_element": "Nowhere", "begins": "B"}, {"begins": "Nowhere"}, {},
])  # fmt: skip
def test_changes_that_mean_nothing_are_refused_and_leave_everything(memory_stage, one):
    stage = memory_stage
    key = stage.played(TWO)
    with pytest.raises((Conflict, InputRefused)):
        shift(stage, key, **one)
    assert stage.names() == ["A"]


def test_the_inside_of_a_multi_instance_is_changed_in_one_of_its_children(stage):
    inner = (
        d.start("S") + d.end("E") + d.user("In") + d.user("In2") + d.chain("S", "In", "In2", "E")
    )
    loop = d.multi("=[1,2]")
    stage.deploy(d.drawing(
        d.SE + f'<subProcess id="Box">{inner}{loop}</subProcess>' + d.chain("Start", "Box", "End")
    ))  # fmt: skip
    key = stage.start()
    with pytest.raises(InputRefused, match="repeats"):
        shift(stage, key, begins="In2")
    child = stage.rows_below(key)[0].key
    shift(stage, child, ends_element="In", begins="In2")
    assert sorted(stage.names()) == ["In", "In2"]


def test_variables_are_set_where_the_token_begins(stage):
    key = stage.played(INSIDE)
    shift(stage, key, ends_element="In", begins="In2", variables={"fresh": 7})
    seen = stage.look(lambda uow: stage.runner.task_variables(uow, stage.task("In2").key))
    assert seen["fresh"] == 7
    assert "fresh" not in stage.variables(key)


def test_a_token_passes_a_join_to_which_no_flow_brought_it(stage):
    fork = d.gateway("F", "parallel") + d.gateway("J", "parallel") + d.user("A") + d.user("B")
    key = stage.played(d.drawing(
        d.SE + fork + d.user("C") + d.chain("Start", "F", "A", "J", "C", "End")
        + d.chain("F", "B", "J")
    ))  # fmt: skip
    shift(stage, key, Shift(ends_element="A", begins="J"), Shift(ends_element="B"))
    assert stage.names() == ["C"]


def test_an_incident_is_stepped_over_by_going_on_after_it(stage):
    key = stage.played(d.drawing(
        d.SE + d.gateway("X") + d.user("B") + d.end("O") + d.chain("Start", "X")
        + d.flow("X", "B", "=n > 5") + d.flow("X", "O", "=n > 9") + d.chain("B", "End")
    ), n=1)  # fmt: skip
    assert len(stage.incidents()) == 1
    shift(stage, key, ends_element="X", begins="B")
    assert stage.incidents() == []
    assert stage.names() == ["B"]


# ---- variables of scopes


def test_variables_change_as_seen_from_a_token_or_exactly_there(stage):
    key = stage.played(INSIDE, n=1)
    token = stage.task("In").token
    write = stage.runner.set_variables_at
    stage.do(lambda uow: write(uow, key, {"here": 2, "n": 3}, ANI, token=token))
    stage.do(lambda uow: write(uow, key, {"mine": 4}, ANI, token=token, local=True))
    seen = stage.look(lambda uow: stage.runner.task_variables(uow, stage.task("In").key))
    assert (seen["here"], seen["n"], seen["mine"]) == (2, 3, 4)
    assert stage.variables(key) == {"n": 3}
    stage.complete("In")
    assert stage.names() == ["In2"]


# ---- restart


def test_an_ended_instance_begins_anew_at_a_chosen_element_with_its_variables(stage):
    key = stage.played(TWO, n=4)
    with pytest.raises(Conflict):
        stage.do(lambda uow: stage.runner.restart(uow, key, (Shift(begins="B"),), ANI))
    stage.cancel(key)
    made = stage.do(lambda uow: stage.runner.restart(uow, key, (Shift(begins="B"),), ANI))
    assert made != key
    assert stage.variables(made) == {"n": 4}
    assert stage.names(made) == ["B"]
    stage.complete("B")
    assert stage.done(made)


# ---- who may start


def test_a_suspended_version_starts_nothing_until_it_is_released(stage):
    stage.deploy(TWO)
    newest = stage.look(lambda uow: uow.processes.latest_definition("P"))

    def stand(at):
        held = {"suspended_at": at, "pilot_units": None}
        stage.do(lambda uow: uow.upkeep.put_standing(newest.key, **held))

    stand(stage.clock.now())
    with pytest.raises(Conflict):
        stage.start()
    stand(None)
    stage.start()
    assert stage.names() == ["A"]
