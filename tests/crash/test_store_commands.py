from __future__ import annotations

import pytest

from engine.persistence.jobs.table import Worker
from engine.usecases.ports.process import ClosedTask, ProcessChanges, TaskState
from tests.crash.harness import examine
from tests.persistence.building import NOON, act, complete, units_of, with_instances


@pytest.fixture
def fresh(database, copy_of):
    """Copies of a database with two open tasks and a waiting job."""
    units = units_of(database)
    with_instances(units, 2, assignee="p1")
    with units.writing() as uow:
        uow.jobs.enqueue("mass_start", "c1", {"from": 0})
        uow.commit()
    return lambda: copy_of(database)


def _complete_once(database):
    """Complete a task under an idempotency key, with all that belongs to it."""
    units = units_of(database, first=9_000_000)
    with units.writing() as uow:
        found = uow.idempotency.recall("p1", "k", "h")
        if found is not None:
            return found
        complete(uow, 1000)
        uow.jobs.enqueue("deliver", "1", {})
        uow.outbox.put("mail", "1", {})
        uow.audit.append(act("account"))
        answer = {"taskKey": "1000"}
        uow.idempotency.remember("p1", "k", "h", answer, NOON)
        uow.commit()
        return answer


def test_a_completion_killed_anywhere_leaves_nothing_half_done_and_its_retry_does_it_once(fresh):
    found = examine(fresh, _complete_once)
    assert found.torn == ()
    assert found.not_once == ()
    assert len(found.points) >= 12
    assert found.points.count("before COMMIT") == 1


def _in_two_transactions(database):
    """A planted bug: the task ends in one transaction, its act is told in the next."""
    units = units_of(database, first=9_000_000)
    with units.writing() as uow:
        task = uow.processes.task(1000)
        if task.state is TaskState.CREATED:
            end = ClosedTask(key=1000, state=TaskState.COMPLETED, at=NOON, by="p1")
            uow.processes.flush(ProcessChanges(closed_tasks=[end]))
            uow.commit()
    with units.writing() as uow:
        uow.audit.append(act("instance:1"))
        uow.commit()


def test_the_harness_sees_a_command_that_commits_twice(fresh):
    found = examine(fresh, _in_two_transactions)
    assert any("COMMIT" in point for point in found.torn)


def _without_key(database):
    """A planted bug: nothing tells the retry that the act was done already."""
    with units_of(database, first=9_000_000).writing() as uow:
        uow.audit.append(act("account"))
        uow.commit()


def test_the_harness_sees_a_retry_that_does_it_again(fresh):
    found = examine(fresh, _without_key)
    assert found.torn == ()
    assert [point for point in found.not_once if "after COMMIT" in point]


def _run_job(database):
    """A worker runs a job in three chunks; killed, another one goes on when the lease is over."""
    with database.reading.connect() as connection:
        leases = connection.exec_driver_sql("SELECT sum(fence) FROM background_job").scalar() or 0
    units = units_of(database, first=9_000_000 + 1000 * leases)
    units.clock.real = NOON.replace(year=2027 + leases)

    def chunk(uow, args):
        uow.outbox.put("effect", f"chunk {args['from']}", {})
        return {"from": args["from"] + 1} if args["from"] < 2 else None

    Worker(units, {"mass_start": chunk}).run_until_idle()


def _effects(database):
    with database.reading.connect() as connection:
        return connection.exec_driver_sql("SELECT key FROM outbox ORDER BY key").scalars().all()


def test_a_chunked_job_killed_anywhere_is_finished_with_nothing_lost_or_doubled(fresh):
    found = examine(fresh, _run_job, look=_effects)
    assert found.not_once == ()
    assert found.points.count("before COMMIT") == 4
