"""Work that lasts longer than its lease: done once, by whoever works, and by another when he dies.

Time is real here, for who works renews his lease as it goes by.
"""

from __future__ import annotations

import os
import signal
import threading
import time
from datetime import UTC, datetime, timedelta

import pytest

from engine.persistence.database import open_database
from engine.persistence.jobs import carried, carrier, table
from engine.persistence.jobs.table import JobRules
from tests.crash.harness import run_in_child
from tests.persistence.building import units_of

LEASE_S = 0.6
LONG_S = 2.5 * LEASE_S
RULES = JobRules(lease=timedelta(seconds=LEASE_S), look_every_s=0.05)
PATIENCE_S = 30


class RunningClock:
    """The time of now."""

    def now(self):
        return datetime.now(UTC)

    real_now = now


@pytest.fixture
def units(database):
    return units_of(database, clock=RunningClock())


@pytest.fixture(params=[table.Worker, carried.Worker], ids=["table", "dbos"])
def hire(request, database):
    """The worker of each adapter: all that is said here is promised by both."""
    yield request.param
    carrier.leave(database)


class Long:
    """What takes long stands before the transaction; each beginning is noted."""

    def __init__(self, act):
        self.begun, self._act = [], act

    def prepare(self, args, _renew):
        self.begun.append(args["name"])
        self._act(len(self.begun))
        return args

    def __call__(self, uow, args):
        uow.outbox.put("effect", args["name"], {})

    def gave_up(self, uow, _args, told):
        uow.outbox.put("gave up", told, {})


def _takes_long(_time):
    time.sleep(LONG_S)


def _enqueue(units, *names):
    with units.writing() as uow:
        for name in names:
            uow.jobs.enqueue("long", name, {"name": name})
        uow.commit()


def _column(units, words):
    with units.reading() as uow:
        return list(uow.connection.exec_driver_sql(words).scalars())


def _effects(units):
    return sorted(_column(units, "SELECT key FROM outbox"))


def _until(fact):
    end = time.monotonic() + PATIENCE_S
    while not fact():
        assert time.monotonic() < end, "it does not come"
        time.sleep(0.05)


def _worked(units, hire, *handlers, rules=RULES):
    """One worker for each handler, until no job is left."""
    stop = threading.Event()
    workers = [hire(units, {"long": one}, rules=rules) for one in handlers]
    threads = [threading.Thread(target=one.run, args=(stop,)) for one in workers]
    for thread in threads:
        thread.start()
    try:
        _until(lambda: _column(units, "SELECT id FROM background_job") == [])
    finally:
        stop.set()
        for thread in threads:
            thread.join(PATIENCE_S)


def test_work_longer_than_its_lease_is_begun_once_with_two_workers(hire, units):
    work = Long(_takes_long)
    _enqueue(units, "a")
    _worked(units, hire, work, work)
    assert (work.begun, _effects(units)) == (["a"], ["a"])


def test_a_transaction_longer_than_its_lease_is_begun_once_with_two_workers(hire, units):
    begun = []

    def slow(uow, args):
        begun.append(args["name"])
        uow.outbox.put("effect", args["name"], {})
        uow.processes.definition(1)  # the transaction is open in earnest
        time.sleep(LONG_S)

    _enqueue(units, "a")
    _worked(units, hire, slow, slow)
    assert (begun, _effects(units)) == (["a"], ["a"])


def test_jobs_that_wait_for_their_turn_behind_a_long_one_stay_with_their_worker(hire, units):
    work = Long(_takes_long)
    _enqueue(units, "a", "b", "c")
    _worked(units, hire, work, work)
    assert sorted(work.begun) == _effects(units) == ["a", "b", "c"]


def test_work_that_asks_for_itself_once_more_is_renewed_without_waiting_for_itself(hire, units):
    def slow(uow, args):
        if args["name"] == "a" and not _effects(units):
            uow.jobs.enqueue("long", "a", {"name": "again"})
            uow.processes.definition(1)
            uow.outbox.put("effect", "a", {})
            uow._tx.write_pending()  # the row of the job is locked by its own chunk
            time.sleep(LONG_S)
            return
        uow.outbox.put("effect", args["name"], {})

    _enqueue(units, "a")
    _worked(units, hire, slow, slow)
    assert _effects(units) == ["a", "again"]


def _die(_time):
    time.sleep(LONG_S)  # it has renewed before
    os.kill(os.getpid(), signal.SIGKILL)


def test_a_worker_that_dies_in_long_work_is_followed_after_its_lease(hire, units):
    _enqueue(units, "a")
    url = units.database.url

    def killed(_):
        there = units_of(open_database(url), clock=RunningClock())
        hire(there, {"long": Long(_die)}, rules=RULES).run_once()

    assert run_in_child(url, killed, opening=lambda _: None, die_at=-1).killed
    work = Long(lambda _time: None)
    _worked(units, hire, work)
    assert (work.begun, _effects(units)) == (["a"], ["a"])


def test_who_was_taken_for_dead_renews_no_lease_of_his_successor_and_leaves_no_effect(hire, units):
    def taken_over(_time):
        with units.writing() as uow:
            uow.connection.exec_driver_sql("UPDATE background_job SET fence = fence + 1")
            uow.commit()
        before = _column(units, "SELECT available_at FROM background_job")
        time.sleep(LONG_S)
        assert _column(units, "SELECT available_at FROM background_job") == before

    work = Long(taken_over)
    _enqueue(units, "a")
    assert hire(units, {"long": work}, rules=RULES).run_once() == 1
    assert (work.begun, _effects(units)) == (["a"], [])
    assert _column(units, "SELECT error FROM background_job") == [None]


def test_a_worker_that_hangs_keeps_its_job_no_longer_than_work_may_last(hire, units):
    goes_on = threading.Event()

    def hang(time_):
        if time_ == 1:
            goes_on.wait(PATIENCE_S)

    work = Long(hang)
    _enqueue(units, "a")
    rules = JobRules(lease=RULES.lease, look_every_s=0.05, work_max=timedelta(seconds=LEASE_S))
    threading.Timer(4 * LEASE_S, goes_on.set).start()
    _worked(units, hire, work, work, rules=rules)
    assert (work.begun, _effects(units)) == (["a", "a"], ["a"])
