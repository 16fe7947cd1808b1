from __future__ import annotations

import threading
from datetime import timedelta

import pytest

from engine.persistence.jobs import carried, carrier, table
from engine.persistence.jobs.table import JobRules, dead_jobs, revive
from engine.usecases.ports.mail import Outcome
from tests.persistence.building import NOON, act, units_of

RULES = JobRules(attempts_max=3)
MINUTE = timedelta(minutes=1)


@pytest.fixture(params=[table.Worker, carried.Worker], ids=["table", "dbos"])
def hire(request):
    """The worker of each adapter: all that is said here is promised by both."""
    on = {"database", "postgres_database"}.intersection(request.fixturenames).pop()
    database = request.getfixturevalue(on)
    yield request.param
    carrier.leave(database)


def _enqueue(units, *jobs, due_at=None):
    with units.writing() as uow:
        for kind, key, args in jobs:
            uow.jobs.enqueue(kind, key, args, due_at=due_at)
        uow.commit()


def _rows(units):
    with units.reading() as uow:
        rows = uow.connection.exec_driver_sql("SELECT * FROM background_job ORDER BY id")
        return [dict(row) for row in rows.mappings()]


def _effects(units):
    """Keys of the effects that were committed, in order."""
    with units.reading() as uow:
        rows = uow.connection.exec_driver_sql("SELECT key FROM outbox ORDER BY id")
        return rows.scalars().all()


def _effect(uow, args):
    uow.outbox.put("effect", args["name"], {})


def test_a_job_leaves_with_its_effect(hire, units):
    _enqueue(units, ("effect", "1", {"name": "a"}), ("effect", "2", {"name": "b"}))
    assert hire(units, {"effect": _effect}).run_until_idle() == 2
    assert _effects(units) == ["a", "b"]
    assert _rows(units) == []


def test_a_rolled_back_command_leaves_no_job(hire, units):
    with units.writing() as uow:
        uow.jobs.enqueue("effect", "1", {"name": "a"})
    assert hire(units, {"effect": _effect}).run_until_idle() == 0


def test_a_waiting_job_is_enqueued_once_and_keeps_its_arguments(hire, units):
    _enqueue(units, ("effect", "1", {"name": "a"}), ("effect", "1", {"name": "b"}))
    _enqueue(units, ("effect", "1", {"name": "c"}))
    hire(units, {"effect": _effect}).run_until_idle()
    assert _effects(units) == ["a"]
    assert _rows(units) == []


def test_a_job_enqueued_while_it_runs_runs_once_more(hire, units):
    def handler(uow, args):
        if args["name"] == "a":
            # on SQLite nobody else writes meanwhile; the job itself asks for another round
            uow.jobs.enqueue("effect", "1", {"name": "b"}, due_at=NOON + timedelta(hours=1))
        _effect(uow, args)

    _enqueue(units, ("effect", "1", {"name": "a"}))
    worker = hire(units, {"effect": handler})
    assert worker.run_until_idle() == 1
    units.clock.pass_by(hours=1)
    assert worker.run_until_idle() == 1
    assert _effects(units) == ["a", "b"]
    assert _rows(units) == []


def test_another_transaction_wakes_a_running_job_on_postgresql(hire, postgres_database):
    units = units_of(postgres_database)

    def handler(uow, args):
        if args["name"] == "a":
            _enqueue(units, ("effect", "1", {"name": "b"}))
        _effect(uow, args)

    _enqueue(units, ("effect", "1", {"name": "a"}))
    assert hire(units, {"effect": handler}).run_until_idle() == 2
    assert _effects(units) == ["a", "b"]


def test_a_job_runs_when_it_is_due_in_business_time(hire, units):
    _enqueue(units, ("effect", "1", {"name": "late"}), due_at=NOON + timedelta(days=30))
    _enqueue(units, ("effect", "2", {"name": "soon"}), due_at=NOON + timedelta(days=1))
    worker = hire(units, {"effect": _effect})
    assert worker.run_until_idle() == 0
    units.clock.at += timedelta(days=30)
    assert worker.run_until_idle() == 2
    assert _effects(units) == ["soon", "late"]


def test_a_worker_leaves_kinds_it_does_not_know(hire, units):
    _enqueue(units, ("other", "1", {}))
    assert hire(units, {"effect": _effect}).run_until_idle() == 0
    assert len(_rows(units)) == 1


def test_a_failing_job_is_undone_tried_again_later_and_at_last_set_aside(hire, units):
    tried = []

    def handler(uow, args):
        tried.append(args["name"])
        _effect(uow, args)
        raise LookupError("no such plan")

    _enqueue(units, ("effect", "1", {"name": "a"}))
    worker = hire(units, {"effect": handler}, rules=RULES)
    assert worker.run_until_idle() == 1
    units.clock.pass_by(seconds=1)
    assert worker.run_until_idle() == 0
    for _ in range(5):
        units.clock.pass_by(minutes=1)
        worker.run_until_idle()
    assert len(tried) == 3
    assert _effects(units) == []
    with units.reading() as uow:
        [dead] = dead_jobs(uow.connection)
    assert dead["error"] == "LookupError: no such plan"


def test_a_dead_job_stands_in_nobodys_way_and_can_be_revived(hire, units):
    def failing(_uow, _args):
        raise LookupError("x")

    _enqueue(units, ("effect", "1", {"name": "a"}))
    hire(units, {"effect": failing}, rules=JobRules(attempts_max=1)).run_until_idle()
    _enqueue(units, ("effect", "1", {"name": "b"}))
    worker = hire(units, {"effect": _effect})
    worker.run_until_idle()
    with units.writing() as uow:
        [dead] = dead_jobs(uow.connection)
        assert revive(uow.connection, dead["id"])
        assert not revive(uow.connection, dead["id"])
        uow.commit()
    worker.run_until_idle()
    assert _effects(units) == ["b", "a"]


def test_what_a_handler_may_not_raise_stops_the_worker_and_the_job_is_free_after_its_lease(
    hire, units
):
    def handler(_uow, _args):
        raise ZeroDivisionError

    _enqueue(units, ("effect", "1", {"name": "a"}))
    with pytest.raises(ZeroDivisionError):
        hire(units, {"effect": handler}, retry_on=(LookupError,)).run_once()
    survivor = hire(units, {"effect": _effect})
    assert survivor.run_until_idle() == 0
    units.clock.real += JobRules().lease
    assert survivor.run_until_idle() == 1
    assert _effects(units) == ["a"]


def test_a_job_that_kills_its_workers_is_set_aside(hire, units):
    def handler(_uow, _args):
        raise KeyboardInterrupt

    _enqueue(units, ("effect", "1", {"name": "a"}))
    worker = hire(units, {"effect": handler}, rules=RULES)
    for _ in range(RULES.attempts_max):
        with pytest.raises(KeyboardInterrupt):
            worker.run_once()
        units.clock.real += RULES.lease
    worker.run_once()
    assert [row["state"] for row in _rows(units)] == ["dead"]


def test_a_long_job_goes_on_chunk_by_chunk_from_its_checkpoint(hire, units):
    def handler(uow, args):
        _effect(uow, {"name": f"chunk {args['from']}"})
        return {"from": args["from"] + 1} if args["from"] < 4 else None

    _enqueue(units, ("mass_start", "c1", {"from": 0}))
    hire(units, {"mass_start": handler}).run_until_idle()
    assert _effects(units) == [f"chunk {number}" for number in range(5)]
    assert _rows(units) == []


def test_a_worker_stopped_in_mid_chunk_gives_back_what_remains_and_another_resumes(hire, units):
    stop = threading.Event()

    def handler(uow, args):
        _effect(uow, {"name": f"chunk {args['from']}"})
        if args["from"] == 1:
            stop.set()
        return {"from": args["from"] + 1} if args["from"] < 3 else None

    _enqueue(units, ("mass_start", "c1", {"from": 0}), ("mass_start", "c2", {"from": 3}))
    hire(units, {"mass_start": handler}).run(stop)
    assert _effects(units) == ["chunk 0", "chunk 1"]
    hire(units, {"mass_start": handler}).run_until_idle()
    assert sorted(_effects(units)) == [f"chunk {number}" for number in range(4)]


def test_a_chunk_that_fails_is_repeated_alone(hire, units):
    failures = [True]

    def handler(uow, args):
        _effect(uow, {"name": f"chunk {args['from']}"})
        if args["from"] == 2 and failures:
            failures.pop()
            raise LookupError("once")
        return {"from": args["from"] + 1} if args["from"] < 3 else None

    _enqueue(units, ("mass_start", "c1", {"from": 0}))
    worker = hire(units, {"mass_start": handler})
    worker.run_until_idle()
    units.clock.pass_by(minutes=1)
    worker.run_until_idle()
    assert _effects(units) == [f"chunk {number}" for number in range(4)]


def test_a_worker_whose_lease_was_taken_over_leaves_no_effect(hire, units):
    """The old holder comes back from a long pause after another one has the job."""
    taken_over = []

    def slow(uow, args):
        _effect(uow, {"name": "old holder"})
        if not taken_over:
            taken_over.append(True)
            units.clock.real += JobRules().lease
            # what the other worker's lease does to the row
            uow.connection.exec_driver_sql("UPDATE background_job SET fence = fence + 1")

    _enqueue(units, ("effect", "1", {"name": "a"}))
    hire(units, {"effect": slow}).run_once()
    assert _effects(units) == []
    hire(units, {"effect": _effect}).run_until_idle()
    assert _effects(units) == ["a"]


def test_the_effect_of_the_new_holder_stands_when_the_old_one_comes_back(hire, postgres_database):
    units = units_of(postgres_database)
    other = hire(units, {"effect": _effect})

    def slow(uow, args):
        _effect(uow, {"name": "old holder"})
        units.clock.real += JobRules().lease
        assert other.run_once() == 1

    _enqueue(units, ("effect", "1", {"name": "new holder"}))
    hire(units, {"effect": slow}).run_once()
    assert _effects(units) == ["new holder"]
    assert _rows(units) == []


def test_many_workers_run_every_job_once(hire, database):
    units = units_of(database)
    names = [f"{number:03d}" for number in range(60)]
    _enqueue(units, *(("effect", name, {"name": name}) for name in names))
    ran, lock = [], threading.Lock()

    def handler(uow, args):
        _effect(uow, args)
        with lock:
            ran.append(args["name"])

    threads = [
        threading.Thread(target=lambda: hire(units, {"effect": handler}).run_until_idle())
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    hire(units, {"effect": handler}).run_until_idle()
    assert sorted(ran) == names
    assert sorted(_effects(units)) == names


def test_an_act_of_a_job_is_audited_in_its_transaction(hire, units):
    def handler(uow, _args):
        uow.audit.append(act("account"))

    _enqueue(units, ("k", "1", {}))
    hire(units, {"k": handler}).run_until_idle()
    with units.reading() as uow:
        assert uow.audit.verify() == []


def test_outbox_messages_are_kept_once_per_key_and_sent_once(units):
    with units.writing() as uow:
        uow.outbox.put("mail", "k", {"to": "a"})
        uow.outbox.put("mail", "k", {"to": "b"})
        uow.commit()
    with units.writing() as uow:
        uow.outbox.put("mail", "k", {"to": "c"})
        [(message_id, key, payload)] = uow.outbox.waiting("mail")
        assert (key, payload) == ("k", {"to": "a"})
        assert uow.outbox.sent(message_id, NOON)
        assert not uow.outbox.sent(message_id, NOON)
        assert uow.outbox.waiting("mail") == []


def test_a_message_is_one_senders_until_its_claim_ends_and_says_how_it_ended(units):
    with units.writing() as uow:
        uow.outbox.put("mail", "k", {})
        uow.commit()
    with units.writing() as uow:
        [(message_id, _key, _payload)] = uow.outbox.waiting("mail", free_at=NOON)
        assert uow.outbox.claim(message_id, NOON, NOON + MINUTE) == 1
        assert uow.outbox.claim(message_id, NOON, NOON + MINUTE) is None
        assert uow.outbox.waiting("mail", free_at=NOON) == []
        assert uow.outbox.waiting("mail", free_at=NOON + MINUTE) != []

        uow.outbox.failed(message_id, "451 try later", NOON + 2 * MINUTE)
        assert uow.outbox.claim(message_id, NOON + MINUTE, NOON + 3 * MINUTE) is None
        assert uow.outbox.claim(message_id, NOON + 2 * MINUTE, NOON + 3 * MINUTE) == 2
        assert uow.outbox.sent(message_id, NOON, Outcome.REFUSED, "550 nobody here")
        uow.commit()
    with units.reading() as uow:
        ended = uow.connection.exec_driver_sql("SELECT outcome, attempts, error FROM outbox")
        assert ended.first() == ("refused", 2, "550 nobody here")
