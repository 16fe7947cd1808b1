"""A transaction that must give way to another is repeated whole; it is nobody's incident."""

from __future__ import annotations

import pytest

from engine.persistence.stores.entities import translated
from engine.usecases import tasks
from engine.usecases.errors import StaleWrite
from tests.crash.stage import Stage, contradictions

_DEADLOCK = "DO $$ BEGIN RAISE EXCEPTION 'deadlock detected' USING ERRCODE = '40P01'; END $$"


def _stale(_call):
    raise StaleWrite("another transaction was faster")


def _deadlock(call):
    call.uow.connection.exec_driver_sql(_DEADLOCK)


def _deadlock_in_a_store(call):
    with translated():
        call.uow.connection.exec_driver_sql(_DEADLOCK)


def _completed_when_a_step_fails_once(stage, fails):
    """Complete a task whose service task `regu.notify.remind` loses one race; open incidents."""
    held = stage.house.host._operations
    works, calls = held["regu.notify.remind"], []

    def once(call):
        calls.append(call)
        return fails(call) if len(calls) == 1 else works(call)

    held["regu.notify.remind"] = once
    root = stage.start("relay", who=stage.ids["sari"], number="n1")
    command = tasks.CompleteTask(task_key=stage.open("hand_over")[0].key, variables={"note": "x"})
    tasks.complete_task(stage.house, stage.actor("sari"), command)
    assert len(calls) == 2
    with stage.house.reading() as uow:
        return [(row.kind, row.message) for row in uow.processes.incidents(root)]


def test_a_step_that_finds_itself_overtaken_repeats_the_command(database):
    stage = Stage(database)
    assert _completed_when_a_step_fails_once(stage, _stale) == []
    assert contradictions(stage.house) == []
    stage.close()


@pytest.mark.parametrize("fails", [_deadlock, _deadlock_in_a_store])
def test_a_deadlock_in_a_step_repeats_the_command(postgres_database, fails):
    stage = Stage(postgres_database)
    assert _completed_when_a_step_fails_once(stage, fails) == []
    assert contradictions(stage.house) == []
    stage.close()
