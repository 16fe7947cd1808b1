"""Sixteen clients at once: nobody completes twice, nobody's state is lost.

Each promise has a twin that does it naively and must show the bug: the race can be seen here.
"""

from __future__ import annotations

import multiprocessing
import threading
from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from engine.persistence.database import open_database
from engine.persistence.tables.process import process_instance, user_task
from engine.usecases.errors import Conflict, StaleWrite
from engine.usecases.ports.process import ProcessChanges, SubscriptionKind, SubscriptionRow
from tests.persistence.building import NOON, act, complete, definition, units_of, with_instances

CLIENTS = 16


def _together(clients, work):
    """Run `work(client)` in threads that start at one moment; all errors and results."""
    start, results, errors = threading.Barrier(clients), [], []

    def run(client):
        start.wait(30)
        try:
            results.append(work(client))
        except Exception as fault:  # noqa: BLE001 - the proof is that there is none
            errors.append(fault)

    threads = [threading.Thread(target=run, args=(client,)) for client in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return results, errors


def _completed(units):
    """How often each task was completed, by its audit entries."""
    with units.reading() as uow:
        facts = uow.connection.exec_driver_sql("SELECT facts FROM audit").scalars()
        return Counter(facts)


def _try(units, task_key):
    """One completion, as a command does it."""
    with units.writing() as uow:
        if not complete(uow, task_key):
            return False
        uow.commit()
        return True


def _naive(units, task_key, meanwhile):
    """What a program without locks does: read, think, write."""
    with units.reading() as uow:
        row = uow.processes.task(task_key)
        owner = uow.processes.instance(row.instance_key)
    meanwhile.wait(30)
    if row.state != "created":
        return False
    with units.writing() as uow:
        run = uow.connection.execute
        run(sa.update(user_task).where(user_task.c.key == task_key).values(state="completed"))
        run(
            sa.update(process_instance)
            .where(process_instance.c.key == owner.key)
            .values(state=owner.state + b"x")
        )
        uow.audit.append(act("account", task=str(task_key)))
        uow.commit()
    return True


def test_the_naive_way_completes_the_same_task_more_than_once(units):
    with_instances(units, 1)
    meanwhile = threading.Barrier(CLIENTS)
    results, errors = _together(CLIENTS, lambda _n: _naive(units, 1000, meanwhile))
    assert errors == []
    assert results.count(True) > 1


def test_the_naive_way_loses_updates_of_one_instance(units):
    with_instances(units, 1, tasks_each=CLIENTS)
    meanwhile = threading.Barrier(CLIENTS)
    _together(CLIENTS, lambda number: _naive(units, 1000 + number, meanwhile))
    with units.reading() as uow:
        assert uow.processes.instance(1).state.count(b"x") < CLIENTS


def test_the_same_task_is_completed_once_by_sixteen_clients(units):
    rounds = 4
    with_instances(units, rounds)
    for key in range(1, rounds + 1):
        results, errors = _together(CLIENTS, lambda _n, key=key: _try(units, key * 1000))
        assert errors == []
        assert results.count(True) == 1
    assert set(_completed(units).values()) == {1}
    with units.reading() as uow:
        assert uow.audit.verify() == []


def test_no_state_is_lost_when_sixteen_clients_complete_tasks_of_one_instance(units):
    with_instances(units, 1, tasks_each=CLIENTS)
    results, errors = _together(CLIENTS, lambda number: _try(units, 1000 + number))
    assert errors == []
    assert results == [True] * CLIENTS
    with units.reading() as uow:
        row = uow.processes.instance(1)
        assert (row.state.count(b"x"), row.version, row.audit_seq) == (
            CLIENTS,
            CLIENTS + 1,
            CLIENTS,
        )
        assert uow.audit.verify() == []


def test_different_tasks_are_completed_by_sixteen_clients_at_once(units):
    with_instances(units, CLIENTS)
    results, errors = _together(CLIENTS, lambda number: _try(units, (number + 1) * 1000))
    assert errors == []
    assert results == [True] * CLIENTS


def test_one_audit_stream_of_sixteen_clients_is_one_chain(units):
    def tell(_client):
        with units.writing() as uow:
            uow.audit.append(act("account"))
            uow.audit.append(act("agency:a1"))
            uow.commit()

    _, errors = _together(CLIENTS, tell)
    assert errors == []
    with units.reading() as uow:
        assert uow.audit.verify() == []
        assert uow.connection.exec_driver_sql("SELECT count(*) FROM audit").scalar() == 32


def test_a_stale_version_is_refused_even_by_code_that_forgot_the_lock(units):
    with_instances(units, 1)
    read = threading.Barrier(4)

    def forgetful(_client):
        with units.reading() as uow:
            row = uow.processes.instance(1)
        read.wait(30)
        row.version += 1
        with units.writing() as uow:
            uow.processes.flush(ProcessChanges(changed_instances=[row]))
            uow.commit()

    results, errors = _together(4, forgetful)
    assert len(results) == 1
    assert all(isinstance(fault, Conflict) for fault in errors)


def test_twins_with_one_idempotency_key_do_the_thing_once(units):
    def once(client):
        with units.writing() as uow:
            found = uow.idempotency.recall("p1", "k", "h")
            if found is not None:
                return found["by"]
            uow.audit.append(act("account"))
            uow.idempotency.remember("p1", "k", "h", {"by": client}, units.clock.now())
            uow.commit()
            return client

    results, errors = _together(CLIENTS, once)
    assert errors == []
    assert len(results) == CLIENTS
    assert len(set(results)) == 1
    assert sum(_completed(units).values()) == 1


def test_a_deadlock_ends_as_a_stale_write_that_may_be_tried_again(postgres_database):
    units = units_of(postgres_database)
    with_instances(units, 2)
    both = threading.Barrier(2)

    def cross(client):
        first, second = (1, 2) if client else (2, 1)
        with units.writing() as uow:
            uow.processes.lock(first)
            both.wait(30)
            uow.processes.lock(second)
            return True

    results, errors = _together(2, cross)
    assert results == [True]
    assert [type(fault) for fault in errors] == [StaleWrite]


def test_a_due_start_is_fired_by_one_of_two_workers(units):
    start = SubscriptionRow(
        key=1,
        kind=SubscriptionKind.TIMER,
        name="",
        correlation_key=None,
        process_id="planning",
        definition_key=1,
        element_id="yearly",
        due_at=NOON,
    )
    with units.writing() as uow:
        uow.processes.replace_start_subscriptions("planning", [start])
        uow.commit()

    def fire(_client):
        with units.writing() as uow:
            due = uow.processes.due_starts(NOON, 5)
            if due:
                later = replace(start, due_at=NOON + timedelta(days=365))
                uow.processes.replace_start_subscriptions("planning", [later])
                uow.commit()
            return bool(due)

    results, errors = _together(4, fire)
    assert errors == []
    assert results.count(True) == 1


def test_two_deployments_never_share_a_version(units):
    both = threading.Barrier(2)

    def deploy(client):
        with units.reading() as uow:
            assert uow.processes.latest_definition("planning") is None
        both.wait(30)
        with units.writing() as uow:
            uow.processes.add_definition(definition(client + 1))
            uow.commit()

    results, errors = _together(2, deploy)
    assert len(results) == 1
    assert [type(fault) for fault in errors] == [StaleWrite]


def _process(url, first, keys, tell):
    """Another process with four clients: tries every task once."""
    database = open_database(url)
    units = units_of(database, first=first)
    results, errors = _together(4, lambda _n: [_try(units, key) for key in keys])
    tell.put((sum(map(sum, results)), [repr(fault) for fault in errors]))
    database.close()


@pytest.mark.timeout(120)
def test_two_processes_complete_every_task_once(units):
    with_instances(units, 5, tasks_each=3)
    keys = [key * 1000 + number for key in range(1, 6) for number in range(3)]
    spawn = multiprocessing.get_context("spawn")
    tell = spawn.Queue()
    children = [
        spawn.Process(target=_process, args=(units.database.url, first, keys, tell))
        for first in (5_000_000, 6_000_000)
    ]
    for child in children:
        child.start()
    told = [tell.get(timeout=100) for _ in children]
    for child in children:
        child.join(30)
    assert [errors for _, errors in told] == [[], []]
    assert sum(done for done, _ in told) == len(keys)
    assert set(_completed(units).values()) == {1}
    with units.reading() as uow:
        assert [uow.processes.instance(key).state.count(b"x") for key in range(1, 6)] == [3] * 5
        assert uow.audit.verify() == []
