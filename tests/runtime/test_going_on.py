"""Work that one command left over goes on at once, piece after piece."""

from __future__ import annotations

from engine.runtime.limits import CHUNK
from tests.runtime.drawn import SE, chain, drawing, multi, user


def test_going_on_with_a_long_multi_instance_counts_as_moving(stage):
    stage.deploy(drawing(SE + user("u", body=multi()) + chain("Start", "u", "End")))
    key = stage.start(items=list(range(2 * CHUNK + 1)))

    moved = []
    while stage.look(lambda uow: uow.processes.due_instances(stage.clock.now(), 1)):
        moved.append(stage.do(lambda uow: stage.runner.fire_due(uow, key)))

    assert moved == [1, 1]
    assert stage.do(lambda uow: stage.runner.fire_due(uow, key)) == 0
