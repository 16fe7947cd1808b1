"""Sixteen clients complete tasks at once: each once, nothing lost, the slower told by whom."""

from __future__ import annotations

import threading
from collections import Counter

import pytest

from app import wiring
from engine.usecases import processes, tasks
from tests.crash.stage import Stage, contradictions, settings_of
from tests.races.crowd import CLIENTS, Refused, attempt, crowd
from tests.races.naive import naive
from tests.races.wide import drawings

#: rounds of the default run and of the long one
ROUNDS = [3, pytest.param(60, marks=pytest.mark.long)]


@pytest.fixture
def stage(database):
    made = Stage(database, [drawings(CLIENTS)])
    yield made
    made.close()


@pytest.fixture
def pair(stage):
    """Two people who may take the tasks of the group."""
    return stage.actor("joko"), stage.actor("lina")


def _complete(wired, actor, task_key, *, key=None, **variables):
    command = tasks.CompleteTask(task_key=task_key, variables=variables, idempotency_key=key)
    return tasks.complete_task(wired.house, actor, command)


def _keys(stage, element, root=None):
    return [t.key for t in stage.open(element) if root in (None, t.root_key)]


def _whole(stage):
    assert contradictions(stage.house) == []


@pytest.mark.parametrize("rounds", ROUNDS)
def test_the_same_tasks_are_completed_once_each_and_the_slower_learn_who_was_faster(
    stage, pair, rounds
):
    for _ in range(rounds):
        stage.start("pick")
    keys = _keys(stage, "one")
    stage.wired.close()

    def work(wired, client):
        return [attempt(_complete, wired, pair[client % 2], key) for key in keys]

    for key, answers in zip(keys, zip(*crowd(stage.url, work), strict=True), strict=True):
        refused = [answer for answer in answers if isinstance(answer, Refused)]
        assert len(refused) == CLIENTS - 1
        with stage.house.reading() as uow:
            ended = uow.processes.task(key)
        told = {(r.kind, r.facts["by"], r.facts["byName"], r.facts["at"]) for r in refused}
        names = {pair[0].name: "Joko", pair[1].name: "Lina"}
        by = ended.completed_by
        assert told == {("Conflict", by, names[by], ended.completed_at.isoformat())}
    _whole(stage)


@pytest.mark.parametrize("rounds", ROUNDS)
def test_different_tasks_are_all_completed(stage, pair, rounds):
    for _ in range(rounds * CLIENTS):
        stage.start("pick")
    keys = _keys(stage, "one")
    stage.wired.close()

    def work(wired, client):
        return [attempt(_complete, wired, pair[0], key) for key in keys[client::CLIENTS]]

    answers = [answer for client in crowd(stage.url, work) for answer in client]
    assert Counter(map(type, answers)) == {dict: rounds * CLIENTS}
    assert _keys(stage, "one") == []
    _whole(stage)


@pytest.mark.parametrize("rounds", ROUNDS)
def test_branches_of_one_instance_lose_no_variable_and_join_once(stage, pair, rounds):
    roots = [stage.start("wide") for _ in range(rounds)]
    branches = {
        (t.instance_key, int(t.element_id.removeprefix("branch_"))): t.key
        for number in range(CLIENTS)
        for t in stage.open(f"branch_{number}")
    }
    stage.wired.close()

    def work(wired, client):
        return [
            attempt(
                lambda key=branches[root, client]: _complete(
                    wired, pair[0], key, **{f"r{client}": client}
                )
            )
            for root in roots
        ]

    answers = [answer for client in crowd(stage.url, work) for answer in client]
    assert Counter(map(type, answers)) == {dict: rounds * CLIENTS}
    for root in roots:
        assert len(_keys(stage, "after", root)) == 1
        with stage.house.reading() as uow:
            held = stage.house.runner.view(uow, root).variables
        assert {f"r{n}": n for n in range(CLIENTS)}.items() <= held.items()
    _whole(stage)


@pytest.mark.parametrize("rounds", ROUNDS)
def test_rows_of_one_multi_instance_are_all_collected_in_order(stage, pair, rounds):
    roots = [stage.start("many", numbers=list(range(CLIENTS))) for _ in range(rounds)]
    rows = {root: _keys(stage, "each", root) for root in roots}
    stage.wired.close()

    def work(wired, client):
        return [
            attempt(lambda key=rows[root][client]: _complete(wired, pair[0], key, square=client**2))
            for root in roots
        ]

    answers = [answer for client in crowd(stage.url, work) for answer in client]
    assert Counter(map(type, answers)) == {dict: rounds * CLIENTS}
    for root in roots:
        assert len(_keys(stage, "then", root)) == 1
        with stage.house.reading() as uow:
            held = stage.house.runner.view(uow, root).variables
        assert held["squares"] == [n**2 for n in range(CLIENTS)]
    _whole(stage)


def test_one_request_sent_sixteen_times_has_one_effect_and_one_answer(stage, pair):
    stage.start("pick")
    (key,) = _keys(stage, "one")
    stage.wired.close()
    answers = crowd(stage.url, lambda wired, _n: _complete(wired, pair[0], key, key="same", x=1))
    assert answers == [answers[0]] * CLIENTS
    _whole(stage)


def test_one_start_sent_sixteen_times_starts_one_instance(stage, pair):
    stage.wired.close()
    command = processes.StartProcess(process_id="pick", variables={}, idempotency_key="same")
    answers = crowd(stage.url, lambda w, _n: processes.start_process(w.house, pair[0], command))
    assert answers == [answers[0]] * CLIENTS
    assert len(_keys(stage, "one")) == 1
    _whole(stage)


# ---- the same without locks and versions: the race can be seen


def _naively(stage, work):
    """Sixteen threads that all read before the first one writes."""
    wired = wiring.wire(settings_of(stage.url))
    meanwhile, results = threading.Barrier(CLIENTS), []

    def run(client):
        results.append(work(wired, meanwhile, client))

    threads = [threading.Thread(target=run, args=(client,)) for client in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    wired.close()
    return results


def test_without_locks_the_same_task_is_completed_more_than_once(stage, pair):
    stage.start("pick")
    (key,) = _keys(stage, "one")

    def work(wired, meanwhile, client):
        command = tasks.CompleteTask(task_key=key, variables={})
        return attempt(tasks.complete_task, naive(wired, meanwhile, key), pair[client % 2], command)

    answers = _naively(stage, work)
    assert len([answer for answer in answers if isinstance(answer, dict)]) > 1
    assert contradictions(stage.house) != []


def test_without_locks_branches_lose_variables_and_the_join(stage, pair):
    root = stage.start("wide")
    keys = [_keys(stage, f"branch_{n}")[0] for n in range(CLIENTS)]

    def work(wired, meanwhile, client):
        command = tasks.CompleteTask(task_key=keys[client], variables={f"r{client}": client})
        house = naive(wired, meanwhile, keys[client])
        return attempt(tasks.complete_task, house, pair[0], command)

    _naively(stage, work)
    with stage.house.reading() as uow:
        held = stage.house.runner.view(uow, root).variables
    assert len(held) < CLIENTS
    assert _keys(stage, "after") == []
