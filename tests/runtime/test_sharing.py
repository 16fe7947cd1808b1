"""Compiled definitions are shared by instances and threads, and nothing of an instance is kept."""

from __future__ import annotations

import threading

from tests.runtime.drawn import SE, chain, drawing, flow, gateway, multi, script, sub, user
from tests.runtime.play import ANI, Stage


def busy():
    inner = '<startEvent id="is"/>' + script("ic", "v", "item * 2") + chain("is", "ic")
    inner += multi(out="outs", out_element="=v")
    body = SE + gateway("m") + gateway("s", "parallel") + user("a") + user("b")
    body += gateway("j", "parallel") + sub("box", inner) + script("c", "n", "n + 1")
    body += gateway("x", default="d") + chain("Start", "m", "s", "a", "j", "box", "c", "x")
    body += chain("s", "b", "j") + flow("x", "m", id_="d") + flow("x", "End", "=n >= 3")
    return drawing(body)


def test_four_threads_share_one_compiled_definition():
    first = Stage()
    first.deploy(busy())
    failures = []

    def work(number):
        try:
            stage = Stage()
            stage.deploy(busy())
            stage.runner = first.runner
            for i in range(10):
                key = stage.start(n=0, items=[number, i])
                while not stage.done(key):
                    stage.complete("b")
                    stage.complete("a")
                assert stage.variables(key)["outs"] == [2 * number, 2 * i]
        except Exception as problem:  # noqa: BLE001 - a thread's failure must reach the test
            failures.append(problem)

    threads = [threading.Thread(target=work, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []


def test_running_changes_nothing_in_the_specs():
    stage = Stage()
    stage.deploy(busy())
    (row,) = stage.tables.definitions.values()
    program = stage.runner._engine.programs.get(row)

    def picture():
        return {
            name: (spec._inputs[:], spec._outputs[:], dict(spec.data))
            for name, spec in program.main.task_specs.items()
        }

    before = picture()
    key = stage.start(n=0, items=[1])
    while not stage.done(key):
        stage.complete("a")
        stage.complete("b")
    assert picture() == before
    assert stage.runner._engine.programs.get(row) is program


def test_a_command_writes_once_and_only_its_own_rows():
    stage = Stage()
    stage.deploy(busy())
    keys = [stage.start(n=0, items=[]) for _ in range(3)]
    versions = {k: stage.row(k).version for k in keys}
    with stage.database.work() as uow:
        stage.runner.complete_task(uow, stage.task("a").key, {}, ANI)
        assert uow.processes.flushes == 1
        uow.commit()
    assert [stage.row(k).version - versions[k] for k in keys] == [1, 0, 0]


def test_an_abandoned_unit_of_work_leaves_nothing_behind():
    stage = Stage()
    key = stage.played(busy(), n=0, items=[])
    before = (stage.row(key).state, len(stage.tables.told))
    task = stage.task("a")
    with stage.database.work() as uow:
        stage.runner.complete_task(uow, task.key, {}, ANI)
    assert (stage.row(key).state, len(stage.tables.told)) == before
    stage.complete_key(task.key)
    assert stage.names() == ["b"]
