"""The way back of a migration: what it gives back, what stands, and when nobody goes back."""

from __future__ import annotations

import zlib
from dataclasses import replace

import orjson
import pytest

from engine.usecases.ports.runner import Assignment
from tests.runtime import drawn as d
from tests.runtime.moved import MigrationRefused, again, keys, migrate, plan, undo
from tests.runtime.play import ANI

TWO = d.drawing(d.SE + d.user("A") + d.user("B") + d.chain("Start", "A", "B", "End"))
HR, PERF_ADMIN = ((("group", "hr"),), (("group", "perf_admin"),))


def laned(group, name="A"):
    lane = f'<lane id="l" name="{group}"><flowNodeRef>A</flowNodeRef></lane>'
    body = f'<laneSet id="ls">{lane}</laneSet>' + d.SE + d.user("A", name=name)
    return d.drawing(body + d.chain("Start", "A", "End"))


def assigned(**given):
    who = "<zeebe:assignmentDefinition " + " ".join(f"{n}='{v}'" for n, v in given.items()) + "/>"
    return d.drawing(d.SE + d.user("A", who) + d.chain("Start", "A", "End"))


def moved(stage, old, new, *, ask=True):
    """An instance of the old drawing, moved to the new one: its key, and what was kept of it."""
    stage.deploy(old)
    key = stage.start()
    again(stage, new)
    return key, migrate(stage, key, replace(plan(stage), ask_people=ask)).before


def people(stage):
    task = stage.task("A")
    return task.assignee, task.candidates, task.orphaned


def hold(stage, key):
    stage.do(lambda uow: stage.runner.suspend(uow, key, ANI))


def release(stage, key):
    stage.do(lambda uow: stage.runner.resume(uow, key, ANI))


def given_to(stage, assignee, candidates, owner=None):
    """The task of A changes hands."""
    task = stage.task("A")

    def give(uow):
        uow.work_list.move(task, Assignment(assignee=assignee, candidates=candidates))
        if owner is not None:
            version = task.version + 1
            uow.work_list.entrust(task.key, owner=owner, assignee=assignee, version=version)

    stage.do(give)


# ---- whose the tasks are


def test_a_lane_of_another_group_takes_its_tasks_along_and_the_undo_gives_them_back(stage):
    key, before = moved(stage, laned("hr"), laned("perf_admin"))
    assert people(stage) == (None, PERF_ADMIN, False)
    undo(stage, key, before)
    assert people(stage) == (None, HR, False)
    assert stage.task("A").definition_key == keys(stage)[0]
    stage.complete("A")
    assert stage.done(key)


def test_nobody_is_asked_unless_the_plan_says_so(stage):
    key, before = moved(stage, laned("hr"), laned("perf_admin"), ask=False)
    assert people(stage) == (None, HR, False)
    undo(stage, key, before)
    assert people(stage) == (None, HR, False)


def test_a_task_that_nobody_had_is_marked_so_again_after_the_undo(stage):
    key, before = moved(stage, assigned(assignee="=nobody"), laned("perf_admin"))
    assert people(stage) == (None, PERF_ADMIN, False)
    undo(stage, key, before)
    assert people(stage) == (None, PERF_ADMIN, True)


def test_who_had_taken_a_task_and_for_whom_comes_back_with_the_undo(stage):
    stage.deploy(laned("hr"))
    key = stage.start()
    given_to(stage, "ani", HR, owner="budi")
    again(stage, laned("perf_admin"))
    before = migrate(stage, key, replace(plan(stage), ask_people=True)).before
    assert (people(stage), stage.task("A").owner) == ((None, PERF_ADMIN, False), None)
    undo(stage, key, before)
    assert (people(stage), stage.task("A").owner) == (("ani", HR, False), "budi")


def test_who_took_a_task_after_the_move_keeps_it_and_the_drawing_offers_it_as_before(stage):
    key, before = moved(stage, laned("hr"), laned("perf_admin"))
    given_to(stage, "ani", PERF_ADMIN, owner="budi")
    undo(stage, key, before)
    assert (people(stage), stage.task("A").owner) == (("ani", HR, False), "budi")


def test_a_task_offered_to_others_by_hand_after_the_move_stays_theirs(stage):
    key, before = moved(stage, laned("hr"), laned("perf_admin"))
    offered = (("user", "citra"),)
    given_to(stage, None, offered)
    undo(stage, key, before)
    assert people(stage) == (None, offered, False)


# ---- what moving on means


@pytest.mark.parametrize("released", [False, True])
def test_an_instance_held_since_goes_back_and_stays_as_it_is_held_or_not(stage, released):
    one = d.drawing(d.SE + d.user("A") + d.chain("Start", "A", "End"))
    key, before = moved(stage, one, TWO, ask=False)
    hold(stage, key)
    if released:
        release(stage, key)
    undo(stage, key, before)
    assert stage.row(key).definition_key == keys(stage)[0]
    assert stage.row(key).status.value == ("active" if released else "suspended")
    if not released:
        release(stage, key)
    stage.complete("A")
    assert stage.done(key)


def test_children_of_a_multi_instance_that_were_held_go_back_with_it(stage):
    loop = d.multi("=[1,2]", out="seen", out_element="=item")
    many = d.SE + d.user("A", body=loop)
    key, before = moved(
        stage,
        d.drawing(many + d.chain("Start", "A", "End")),
        d.drawing(many + d.user("B") + d.chain("Start", "A", "B", "End")),
        ask=False,
    )
    hold(stage, key)
    undo(stage, key, before)
    old = keys(stage)[0]
    assert {row.definition_key for row in stage.tables.instances.values()} == {old}
    release(stage, key)
    stage.complete("A")
    stage.complete("A")
    assert stage.done(key)
    assert stage.variables(key)["seen"] == [1, 2]


@pytest.mark.parametrize("held", [False, True])
def test_an_instance_whose_variables_changed_since_does_not_go_back_and_loses_nothing(stage, held):
    key, before = moved(stage, laned("hr"), laned("perf_admin"))
    stage.set(key, note="typed since")
    if held:
        hold(stage, key)
    with pytest.raises(MigrationRefused, match="moved on"):
        undo(stage, key, before)
    assert stage.variables(key) == {"note": "typed since"}


def test_an_instance_that_moved_a_second_time_does_not_go_back_to_its_first_version(stage):
    key, before = moved(stage, laned("hr"), laned("hr", name="Second"))
    again(stage, laned("hr", name="Third"))
    migrate(stage, key, plan(stage))
    with pytest.raises(MigrationRefused, match="moved on"):
        undo(stage, key, before)
    assert stage.row(key).definition_key == keys(stage)[2]


def test_a_token_that_went_and_came_back_has_moved(stage):
    back = d.flow("G", "A", "=again") + d.flow("G", "End", id_="out")
    old = d.SE + d.user("A") + d.user("B") + d.gateway("G", default="out")
    drawn = d.drawing(old + d.chain("Start", "A", "B", "G") + back)
    key, before = moved(stage, drawn, drawn.replace(b"</definitions>", b"<!-- --></definitions>"))
    stage.complete("A", again=True)
    stage.complete("B")
    assert stage.names() == ["A"]
    with pytest.raises(MigrationRefused, match="moved on"):
        undo(stage, key, before)


@pytest.mark.parametrize("held", [False, True])
def test_what_was_kept_before_there_were_digests_goes_back_while_the_row_was_not_written(
    stage, held
):
    key, before = moved(stage, laned("hr"), laned("hr", name="New"))
    told = orjson.loads(zlib.decompress(before[2:]))
    del told["people"]
    for row in told["rows"]:
        del row["after"]
    old = before[:2] + zlib.compress(orjson.dumps(told))
    if held:
        hold(stage, key)
        with pytest.raises(MigrationRefused, match="moved on"):
            undo(stage, key, old)
    else:
        undo(stage, key, old)
    assert stage.row(key).definition_key == keys(stage)[1 if held else 0]
