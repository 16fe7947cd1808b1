"""Instances move to another version with all that waits, or stay as they were and say why."""

from __future__ import annotations

import random

import pytest

from engine.usecases.errors import Conflict
from tests.runtime import drawn as d
from tests.runtime.event_model import EventModel
from tests.runtime.event_trees import EventDrawer, EventMaker
from tests.runtime.moved import MigrationRefused, again, keys, migrate, plan, undo, widened
from tests.runtime.play import ANI, Stage
from tests.runtime.random_processes import act, compare, compare_end
from tests.runtime.random_trees import Drawer, Maker
from tests.runtime.reference_model import Model

ONE = d.drawing(d.SE + d.user("A") + d.chain("Start", "A", "End"))


def check(stage, key, wanted):
    return [
        (o.code, o.element_id)
        for o in stage.look(lambda uow: stage.runner.check_migration(uow, key, wanted))
    ]


def test_a_task_goes_on_in_the_new_version_with_its_key_holder_and_due_date(stage):
    due = '<zeebe:taskSchedule dueDate="2026-02-01T00:00:00Z"/>'
    who = '<zeebe:assignmentDefinition candidateGroups="hr"/>'
    stage.deploy(
        d.drawing(d.SE + d.user("A", due + who, name="Old") + d.chain("Start", "A", "End"))
    )
    key = stage.start(n=1)
    before = stage.task("A")
    body = d.SE + d.user("A", name="New") + d.script("B", "n", "n + 1")
    again(stage, d.drawing(body + d.chain("Start", "A", "B", "End")))
    done = migrate(stage, key, plan(stage))

    task = stage.task("A")
    assert (task.key, task.candidates, task.due_at) == (
        before.key,
        before.candidates,
        before.due_at,
    )
    assert (task.name, task.definition_key) == ("New", keys(stage)[1])
    assert task.version == before.version + 1
    assert (done.tokens, done.dropped) == (1, ())
    stage.complete("A")
    assert stage.done(key)
    assert stage.variables(key)["n"] == 2


def test_an_element_that_got_another_id_is_found_by_its_name(stage):
    stage.deploy(d.drawing(d.SE + d.user("A", name="Write it") + d.chain("Start", "A", "End")))
    key = stage.start()
    again(stage, d.drawing(d.SE + d.user("B", name="write  it") + d.chain("Start", "B", "End")))
    migrate(stage, key, plan(stage))
    assert stage.names() == ["B"]
    stage.complete("B")
    assert stage.done(key)


def test_a_token_without_a_pair_stays_where_it_was_and_says_so(stage):
    stage.deploy(ONE)
    key = stage.start()
    again(stage, d.drawing(d.SE + d.user("B") + d.chain("Start", "B", "End")))
    before = stage.row(key).state
    assert check(stage, key, plan(stage)) == [("unmapped", "A")]
    with pytest.raises(MigrationRefused) as refused:
        migrate(stage, key, plan(stage))
    assert [o.code for o in refused.value.obstacles] == ["unmapped"]
    assert stage.row(key).state == before
    migrate(stage, key, plan(stage, elements={"A": "B"}))
    stage.complete("B")
    assert stage.done(key)


def test_ended_instances_and_those_of_other_versions_do_not_move(stage):
    stage.deploy(ONE)
    key, other = stage.start(), stage.start()
    stage.cancel(other)
    again(stage, d.drawing(d.SE + d.user("A") + d.user("B") + d.chain("Start", "A", "B", "End")))
    wanted = plan(stage)
    assert check(stage, other, wanted) == [("ended", "")]
    migrate(stage, key, wanted)
    assert check(stage, key, wanted) == [("version", "")]


def test_timers_keep_their_due_time_unless_the_plan_says_anew(stage):
    def body(hours):
        text = d.timer("Duration", f"PT{hours}H")
        edge = d.boundary("T", "A", text) + d.end("Late") + d.chain("T", "Late")
        return d.drawing(d.SE + d.user("A") + edge + d.chain("Start", "A", "End"))

    stage.deploy(body(10))
    kept, anew = stage.start(), stage.start()
    first = stage.row(kept).due_at
    again(stage, body(2))
    migrate(stage, kept, plan(stage))
    migrate(stage, anew, plan(stage, anew=frozenset({"T"})))
    assert stage.row(kept).due_at == first
    assert (first - stage.row(anew).due_at).total_seconds() == 8 * 3600
    stage.pass_time(hours=3)
    assert (stage.done(anew), stage.done(kept)) == (True, False)
    stage.pass_time(hours=7)
    assert stage.done(kept)


def test_events_on_an_edge_that_are_new_begin_to_wait_and_those_gone_end(stage):
    ears = d.message("M", "told", '="k"') + d.message("N", "asked", '="k"')

    def body(event, ref):
        edge = d.boundary(event, "A", d.refer("message", ref)) + d.end("X") + d.chain(event, "X")
        return d.drawing(d.SE + d.user("A") + edge + d.chain("Start", "A", "End"), extra=ears)

    stage.deploy(body("E", "M"))
    key = stage.start()
    again(stage, body("F", "N"))
    done = migrate(stage, key, plan(stage))
    assert done.dropped == ("E",)
    assert not stage.publish("told", "k")
    assert stage.publish("asked", "k")
    assert stage.done(key)


def test_a_message_subscription_survives_with_its_key(stage):
    ears = d.message("M", "told")
    again(stage, d.drawing(
        d.SE + d.catch("C", d.refer("message", "M")) + d.chain("Start", "C", "End"), extra=ears
    ))  # fmt: skip
    key = stage.start(key="k1")
    stage.do(lambda uow: stage.runner.set_variables(uow, key, {"key": "changed"}, ANI))
    again(stage, d.drawing(
        d.SE + d.catch("C", d.refer("message", "M")) + d.user("A")
        + d.chain("Start", "C", "A", "End"),
        extra=ears,
    ))  # fmt: skip
    migrate(stage, key, plan(stage))
    assert stage.publish("told", "k1", heard=1)
    assert stage.names() == ["A"]
    assert stage.variables(key)["heard"] == 1


def test_multi_instance_children_move_with_their_process_and_their_outputs_stay(stage):
    def body(more):
        loop = d.multi(out="results", out_element="=w")
        return d.drawing(
            d.SE + d.user("A", body=loop) + (d.user("B") if more else "")
            + d.chain(*["Start", "A", *(["B"] if more else []), "End"])
        )  # fmt: skip

    stage.deploy(body(more=False))
    key = stage.start(items=[1, 2, 3])
    stage.complete("A", 1, w=20)
    again(stage, body(more=True))
    done = migrate(stage, key, plan(stage))
    assert done.tokens == 3  # the frame and two children
    stage.complete("A", 0, w=10)
    stage.complete("A", 0, w=30)
    assert stage.names() == ["B"]
    assert stage.variables(key)["results"] == [10, 20, 30]
    rows = {r.definition_key for r in stage.rows_below(key) if r.status.lives}
    assert rows <= {keys(stage)[1]}


def test_a_sequential_multi_instance_makes_its_next_children_by_the_new_version(stage):
    loop = d.multi(sequential=True)
    stage.deploy(d.drawing(d.SE + d.user("A", body=loop) + d.chain("Start", "A", "End")))
    key = stage.start(items=[1, 2])
    again(stage, d.drawing(
        d.SE + d.user("A", name="New", body=loop) + d.chain("Start", "A", "End")
    ))  # fmt: skip
    migrate(stage, key, plan(stage))
    stage.complete("A")
    assert stage.task("A").name == "New"
    stage.complete("A")
    assert stage.done(key)


def test_called_instances_stay_on_their_version_and_come_back_to_the_new_one(stage):
    other = d.process("Q", d.start("S") + d.end("E") + d.user("X") + d.chain("S", "X", "E"))
    stage.deploy(d.drawing(d.SE + d.call("C", "Q") + d.chain("Start", "C", "End"), more=other))
    key = stage.start()
    again(stage, d.drawing(
        d.SE + d.call("C", "Q") + d.user("A") + d.chain("Start", "C", "A", "End")
    ))  # fmt: skip
    migrate(stage, key, plan(stage))
    stage.complete("X")
    assert stage.names() == ["A"]


def test_a_join_remembers_by_which_flow_its_tokens_came_though_flows_are_numbered_anew(stage):
    def body(between):
        put = "".join(f'<task id="{n}"/>' for n in between)
        left = ["A", *between, "J"]
        return d.drawing(
            d.SE + d.gateway("S", "parallel") + d.gateway("J", "parallel") + d.user("A")
            + d.user("B") + put + d.chain("Start", "S", "A") + d.chain(*left)
            + d.chain("S", "B", "J") + d.chain("J", "End")
        )  # fmt: skip

    stage.deploy(body([]))
    key = stage.start()
    stage.complete("A")
    again(stage, body(["N", "M"]))
    migrate(stage, key, plan(stage))
    assert not stage.done(key)
    stage.complete("B")
    assert stage.done(key)


def test_a_join_that_the_new_version_does_not_need_any_more_goes_on(stage):
    fork = d.SE + d.gateway("S", "parallel") + d.gateway("J", "parallel") + d.user("A")
    stage.deploy(d.drawing(
        fork + d.user("B") + d.chain("Start", "S", "A", "J", "End") + d.chain("S", "B", "J")
    ))  # fmt: skip
    key = stage.start()
    stage.complete("A")
    again(stage, d.drawing(
        fork + d.user("B") + d.chain("Start", "S", "A", "J", "End") + d.chain("S", "B", "End")
    ))  # fmt: skip
    migrate(stage, key, plan(stage))
    assert stage.names() == ["B"]
    stage.complete("B")
    assert stage.done(key)


def test_an_incident_moves_along_and_a_retry_runs_the_new_drawing(stage):
    stage.deploy(d.drawing(
        d.SE + d.gateway("X") + d.end("Other") + d.chain("Start", "X")
        + d.flow("X", "End", "=n > 5") + d.flow("X", "Other", "=n > 9")
    ))  # fmt: skip
    key = stage.start(n=1)
    assert [i.element_id for i in stage.incidents()] == ["X"]
    again(stage, d.drawing(
        d.SE + d.gateway("X") + d.end("Other") + d.chain("Start", "X")
        + d.flow("X", "End", "=n > 0") + d.flow("X", "Other", "=n > 9")
    ))  # fmt: skip
    migrate(stage, key, plan(stage))
    assert [i.definition_key for i in stage.incidents()] == [keys(stage)[1]]
    stage.retry(key)
    assert stage.done(key)
    assert stage.incidents() == []


def test_scopes_of_sub_processes_survive_with_their_variables(stage):
    def body(more):
        inner = d.start("S") + d.end("E") + d.user("A") + d.script("R", "local", "local + 1")
        inner += d.chain("S", "A", "R", "E")
        outside = d.io({"local": "=4"}, {"out": "=local"})
        return d.drawing(
            d.SE + d.sub("B", inner, outside) + more + d.chain("Start", "B", "End")
        )  # fmt: skip

    stage.deploy(body(""))
    key = stage.start()
    again(stage, body("<!-- new -->"))
    migrate(stage, key, plan(stage))
    stage.complete("A")
    assert stage.variables(key)["out"] == 5


def test_a_plan_that_changes_kinds_scopes_or_edges_is_refused_as_a_whole(memory_stage):
    stage = memory_stage
    inner = d.start("S") + d.end("E") + d.user("A") + d.chain("S", "A", "E")
    stage.deploy(
        d.drawing(d.SE + d.sub("B", inner) + d.user("U") + d.chain("Start", "B", "U", "End"))
    )
    again(stage, d.drawing(
        d.SE + d.user("A") + d.script("U", "x", "1") + d.chain("Start", "A", "U", "End")
    ))  # fmt: skip
    wanted = plan(stage, elements={"A": "A", "U": "U", "B": "nowhere", "Z": "A"})
    found = stage.look(lambda uow: stage.runner.check_plan(uow, wanted))
    assert sorted((o.code, o.element_id) for o in found) == [
        ("kind", "U"), ("scope", "A"), ("unknown-element", "B"), ("unknown-element", "Z"),
    ]  # fmt: skip


def test_an_instance_that_has_not_moved_since_goes_back_exactly(stage):
    edge = d.boundary("T", "A", d.timer("Duration", "PT5H")) + d.end("L") + d.chain("T", "L")
    old = d.drawing(d.SE + d.user("A", name="Old") + edge + d.chain("Start", "A", "End"))
    stage.deploy(old)
    key = stage.start(n=1)
    was, task = stage.row(key), stage.task("A")
    again(stage, d.drawing(d.SE + d.user("A", name="New") + d.chain("Start", "A", "End")))
    before = migrate(stage, key, plan(stage)).before
    assert stage.row(key).due_at is None
    undo(stage, key, before)
    now, again_task = stage.row(key), stage.task("A")
    assert (now.state, now.definition_key, now.due_at) == (
        was.state,
        was.definition_key,
        was.due_at,
    )
    assert (again_task.name, again_task.key) == ("Old", task.key)
    stage.pass_time(hours=6)
    assert stage.done(key)


def test_an_instance_that_moved_on_does_not_go_back(stage):
    stage.deploy(ONE)
    key = stage.start()
    again(stage, d.drawing(d.SE + d.user("A") + d.user("B") + d.chain("Start", "A", "B", "End")))
    before = migrate(stage, key, plan(stage)).before
    stage.complete("A")
    with pytest.raises(MigrationRefused, match="moved on"):
        undo(stage, key, before)
    stage.complete("B")
    assert stage.done(key)


def test_a_suspended_instance_moves_and_stays_suspended(stage):
    stage.deploy(ONE)
    key = stage.start()
    stage.do(lambda uow: stage.runner.suspend(uow, key, ANI))
    again(stage, d.drawing(d.SE + d.user("A") + d.user("B") + d.chain("Start", "A", "B", "End")))
    migrate(stage, key, plan(stage))
    with pytest.raises(Conflict):
        stage.complete("A")
    stage.do(lambda uow: stage.runner.resume(uow, key, ANI))
    stage.complete("A")
    assert stage.names() == ["B"]


def journey(seed, stage=None, size=14, *, events=False):
    """Play a random process, moving it (and back, sometimes) between versions on the way."""
    rnd = random.Random(seed)  # noqa: S311 - a game, repeatable by its seed
    tree = (EventMaker if events else Maker)(rnd, size).tree()
    xml = (EventDrawer if events else Drawer)().draw(tree)
    stage = stage or Stage()
    stage.deploy(xml)
    shared = {f"s{i}": 0 for i in range(1, 5)}
    key, actions, moved = stage.start(**shared), 0, 0
    model = (EventModel if events else Model)(tree, shared)
    while not model.done and actions < 300:
        compare(stage, key, model, seed)
        if rnd.random() < 0.25:
            moved += _move_all(stage, widened(xml, rnd), rnd)
            compare(stage, key, model, seed)
        act(stage, model, rnd, actions)
        actions += 1
    if model.done:
        compare_end(stage, key, model, seed)
    return moved


def _move_all(stage, xml, rnd):
    """Deploy another version and move what lives to it, each process for itself."""
    stage.deploy(xml)
    moved = 0
    for row in [r for r in stage.tables.instances.values() if r.status.lives and r.body is None]:
        target = keys(stage, row.process_id)[-1]
        if row.definition_key == target or rnd.random() < 0.2:
            continue
        source = row.definition_key
        found = stage.look(lambda uow, s=source, t=target: stage.runner.propose(uow, s, t)).plan
        before = migrate(stage, row.key, found).before
        moved += 1
        if rnd.random() < 0.3 and before is not None:
            undo(stage, row.key, before)
    return moved


@pytest.mark.parametrize("first", range(0, 20, 10))
def test_random_processes_moved_at_random_points_end_as_the_reference_says(first):
    assert sum(journey(seed) for seed in range(first, first + 10)) > 0


@pytest.mark.parametrize("first", [0])
def test_random_processes_of_events_moved_at_random_points_end_as_the_reference_says(first):
    assert sum(journey(seed, events=True) for seed in range(first, first + 10)) > 0


def test_a_random_process_moves_on_both_databases_as_in_memory(stage):
    assert journey(501, stage=stage, size=10) > 0


@pytest.mark.long
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("first", range(20_000, 25_000, 500))
def test_five_thousand_random_processes_moved_at_random_points(first):
    for seed in range(first, first + 500):
        journey(seed, events=bool(seed % 2))
