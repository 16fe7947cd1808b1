"""What DBOS adds to the promises of the table (`test_jobs.py`), and what keeps it on a leash."""

from __future__ import annotations

import base64
import json
import os
import pickle
import signal
import socket
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from engine.persistence.database import open_database
from engine.persistence.jobs import carrier, leash, slots
from engine.persistence.jobs.carried import Worker
from engine.persistence.jobs.table import JobRules
from engine.usecases import reach
from tests.crash.harness import run_in_child
from tests.persistence.building import units_of

NEVER = threading.Event()


@pytest.fixture
def units(database):
    yield units_of(database)
    carrier.leave(database)


def _enqueue(units, *names):
    with units.writing() as uow:
        for name in names:
            uow.jobs.enqueue("effect", name, {"name": name})
        uow.commit()


def _effect(uow, args):
    uow.outbox.put("effect", args["name"], {})


def _effects(units):
    with units.reading() as uow:
        return sorted(uow.connection.exec_driver_sql("SELECT key FROM outbox").scalars())


def _die(uow, args):
    _effect(uow, args)
    os.kill(os.getpid(), signal.SIGKILL)


def _killed(url):
    """A worker of slot s1 that dies in the middle of its job."""
    units = units_of(open_database(url))
    Worker(units, {"effect": _die}, slot="s1").run_once()


@pytest.fixture
def orphan(units):
    """A job whose worker was killed; its lease does not end, for the clock stands."""
    _enqueue(units, "a")
    url = units.database.url
    assert run_in_child(url, lambda _: _killed(url), opening=lambda _: None, die_at=-1).killed
    assert Worker(units, {"effect": _effect}, slot="s2").run_until_idle() == 0
    assert _effects(units) == []
    carrier.leave(units.database)
    return units


def _runs(units):
    """Records of runs in DBOS's tables: (executor, status)."""
    asked = "SELECT executor_id, status FROM workflow_status"
    with units.reading() as uow:
        return [tuple(row) for row in uow.connection.exec_driver_sql(_theirs(units, asked))]


def _theirs(units, statement):
    """The statement on DBOS's tables, which have a schema on PostgreSQL."""
    return (
        statement
        if units.database.is_sqlite
        else statement.replace(" workflow_", " dbos.workflow_")
    )


def test_what_a_dead_worker_left_goes_on_before_its_lease_ends_when_its_slot_is_adopted(orphan):
    assert _runs(orphan) == [("s1", "PENDING")]
    assert Worker(orphan, {"effect": _effect}, slot="s1").adopt(NEVER) == 1
    assert _effects(orphan) == ["a"]
    assert _runs(orphan) == [("s1", "SUCCESS")]


def test_whoever_never_comes_back_is_outlived_by_the_lease_and_finds_nothing_left(orphan):
    orphan.clock.real += JobRules().lease
    assert Worker(orphan, {"effect": _effect}, slot="s2").run_until_idle() == 1
    carrier.leave(orphan.database)
    assert Worker(orphan, {"effect": _effect}, slot="s1").adopt(NEVER) == 1
    assert _effects(orphan) == ["a"]


def test_an_adopted_job_that_kills_its_workers_is_set_aside(orphan):
    with orphan.writing() as uow:
        uow.connection.exec_driver_sql("UPDATE background_job SET attempts = 3")
        uow.commit()
    Worker(orphan, {"effect": _effect}, slot="s1", rules=JobRules(attempts_max=3)).adopt(NEVER)
    with orphan.reading() as uow:
        [state] = uow.connection.exec_driver_sql("SELECT state FROM background_job").scalars()
    assert state == "dead"
    assert _effects(orphan) == []


class _Trap:
    """Whoever reads its pickle makes a file."""

    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return (Path.touch, (self.path,))


def test_a_row_with_a_pickle_is_refused(orphan, tmp_path):
    trap = base64.b64encode(pickle.dumps(_Trap(tmp_path / "ran"))).decode()
    with orphan.writing() as uow:
        for planted in (
            "UPDATE workflow_status SET serialization = 'py_pickle'",
            f"UPDATE workflow_input SET inputs = '{trap}'",  # noqa: S608 - of this test
        ):
            uow.connection.exec_driver_sql(_theirs(orphan, planted))
        uow.commit()
    Worker(orphan, {"effect": _effect}, slot="s1").adopt(NEVER)
    assert not (tmp_path / "ran").exists()
    assert _runs(orphan) == [("s1", "ERROR")]
    assert _effects(orphan) == []
    pickle.loads(base64.b64decode(trap))  # noqa: S301 - the trap works
    assert (tmp_path / "ran").exists()


def test_what_is_written_is_json(units):
    _enqueue(units, "a")
    Worker(units, {"effect": _effect}).run_until_idle()
    with units.reading() as uow:
        ask = uow.connection.exec_driver_sql
        [format_] = ask(_theirs(units, "SELECT serialization FROM workflow_status")).scalars()
        [inputs] = ask(_theirs(units, "SELECT inputs FROM workflow_input")).scalars()
    assert format_ == "portable_json"
    assert json.loads(inputs)["positionalArgs"][:2] == ["effect", "a"]


def test_a_slot_is_one_process_s_and_without_a_name_the_first_free_one_is_taken(units):
    Worker(units, {}, slot="s1").begin()
    there = carrier.launched(units.database)
    file = Path(units.database.url.removeprefix("sqlite:///")) if units.database.is_sqlite else None
    with pytest.raises(slots.SlotTaken):
        slots.take_slot(there.engine, file, "s1")
    first = slots.take_slot(there.engine, file, "")
    second = slots.take_slot(there.engine, file, "")
    assert first.name.removesuffix("-1") == second.name.removesuffix("-2")
    first.let_go()
    again = slots.take_slot(there.engine, file, "")
    assert again.name == first.name
    for slot in (second, again):
        slot.let_go()


def _cut(database):
    """End all connections to a database, as a restart or a fail-over does, and see them gone."""
    with database.writing.connect() as connection:
        connection.exec_driver_sql(
            "SELECT pg_terminate_backend(pid, 30000) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


@pytest.fixture
def cut_worker(postgres_database):
    """A worker of slot s1 whose connections were all cut."""
    units = units_of(postgres_database)
    worker = Worker(units, {"effect": _effect}, slot="s1")
    worker.begin()
    _cut(postgres_database)
    yield units, worker
    carrier.leave(postgres_database)


def test_a_slot_whose_connection_was_cut_is_taken_again_at_the_next_look(cut_worker):
    units, worker = cut_worker
    _enqueue(units, "a")
    assert worker.run_once() == 1
    with pytest.raises(slots.SlotTaken):
        slots.take_slot(units.database.writing, None, "s1")
    assert _effects(units) == ["a"]


def test_a_worker_that_lost_its_slot_to_another_stops_by_name_and_goes_on_when_it_is_free(
    cut_worker,
):
    units, worker = cut_worker
    quicker = slots.take_slot(units.database.writing, None, "s1")
    _enqueue(units, "a")
    for _ in range(2):
        with pytest.raises(slots.SlotTaken):
            worker.run_once()
        assert carrier.launched(units.database) is None
    assert _effects(units) == []
    quicker.let_go()
    assert worker.run_once() == 1
    assert _effects(units) == ["a"]


def test_a_worker_without_a_name_that_lost_its_slot_takes_the_next_free_one(postgres_database):
    units = units_of(postgres_database)
    worker = Worker(units, {"effect": _effect})
    worker.begin()
    lost = carrier.launched(postgres_database).slot.name
    _cut(postgres_database)
    quicker = slots.take_slot(postgres_database.writing, None, lost)
    _enqueue(units, "a")
    assert worker.run_once() == 1
    assert carrier.launched(postgres_database).slot.name != lost
    quicker.let_go()
    carrier.leave(postgres_database)


def test_records_of_runs_are_deleted_when_they_are_old(units):
    _enqueue(units, "a")
    worker = Worker(units, {"effect": _effect}, slot="s1")
    worker.run_until_idle()
    units.clock.real = datetime.now(UTC) + timedelta(days=29)
    assert worker.sweep(timedelta(days=30), NEVER) == 0
    units.clock.real += timedelta(days=2)
    assert worker.sweep(timedelta(days=30), NEVER) == 1
    assert _runs(units) == []


def test_bounds_and_name_of_a_carrier_are_ours(units):
    Worker(units, {}, slot="s1", at_once=3).begin()
    there = carrier.launched(units.database)
    from dbos import _dbos, _utils  # noqa: PLC0415 - as the carrier does

    running = _dbos._dbos_global_instance
    at_once = 1 if units.database.is_sqlite else 3
    assert there.engine.pool.size() >= 2 * at_once + 10
    assert running._executor._max_workers == at_once + 4
    assert _utils.GlobalParams.executor_id == "s1"
    assert _utils.GlobalParams.app_version == leash.VERSION
    assert running.conductor_websocket is None
    assert running._config["telemetry"]["disable_otlp"]


def test_dbos_asks_nobody_and_listens_to_nobody(sqlite_database, monkeypatch, caplog):
    asked = []
    for act in ("connect", "bind", "listen"):
        monkeypatch.setattr(
            socket.socket, act, lambda *given, act=act: asked.append((act, given)), raising=False
        )
    units = units_of(sqlite_database)
    _enqueue(units, "a")
    Worker(units, {"effect": _effect}).run_until_idle()
    carrier.leave(sqlite_database)
    assert _effects(units) == ["a"]
    assert asked == []
    assert [record for record in caplog.records if record.name.startswith("dbos")] == []


def test_every_write_of_dbos_on_sqlite_passes_our_gate_under_our_pragmas(sqlite_database):
    units = units_of(sqlite_database)
    worker = Worker(units, {"effect": _effect})
    worker.begin()
    engine, gate = carrier.launched(sqlite_database).engine, sqlite_database.gate
    seen = []

    @sa.event.listens_for(engine, "before_cursor_execute")
    def _watch(_connection, _cursor, statement, *_more):
        if not statement.lstrip().startswith(("SELECT", "PRAGMA")):
            seen.append((statement, gate._holder == threading.get_ident()))

    _enqueue(units, "a")
    worker.run_until_idle()
    with engine.connect() as connection:
        mode = connection.exec_driver_sql("PRAGMA journal_mode").scalar()
        trusted = connection.exec_driver_sql("PRAGMA trusted_schema").scalar()
    carrier.leave(sqlite_database)
    assert any(statement.startswith("INSERT INTO main.workflow_status") for statement, _ in seen)
    assert [statement for statement, held in seen if not held] == []
    assert (mode, trusted) == ("wal", 0)


def test_jobs_of_one_worker_run_together_on_postgresql(postgres_database):
    units = units_of(postgres_database)
    together = threading.Barrier(3)

    def meet(uow, args):
        assert reach.current() == reach.EVERYWHERE
        together.wait(20)
        _effect(uow, args)

    _enqueue(units, "a", "b", "c")
    with reach.everywhere():
        Worker(units, {"effect": meet}, at_once=3).run_once()
    carrier.leave(postgres_database)
    assert _effects(units) == ["a", "b", "c"]


def test_a_plain_role_works_on_tables_that_the_owner_made(plain_database):
    units = units_of(plain_database)
    with reach.everywhere():
        _enqueue(units, "a")
        Worker(units, {"effect": _effect}).run_until_idle()
        carrier.leave(plain_database)
        assert _effects(units) == ["a"]


def test_a_role_that_may_not_make_the_tables_is_told_who_must(plain_database, postgres_database):
    with postgres_database.writing.begin() as connection:
        connection.exec_driver_sql("DROP SCHEMA dbos CASCADE")
    with pytest.raises(leash.TablesMissing, match="regu migrate"):
        Worker(units_of(plain_database), {}).begin()
    assert carrier.launched(plain_database) is None


def test_a_worker_of_another_database_takes_the_place_of_one_at_rest(sqlite_database, tmp_path):
    from engine.persistence.migrate import migrate  # noqa: PLC0415 - only here

    other = open_database(f"sqlite:///{tmp_path / 'other.db'}")
    migrate(other)
    pair = [units_of(sqlite_database), units_of(other)]
    for units in (*pair, *pair):
        _enqueue(units, f"{len(_effects(units))}")
        assert Worker(units, {"effect": _effect}).run_until_idle() == 1
    carrier.leave(sqlite_database)
    carrier.leave(other)
    other.close()
    assert [_effects(pair[0])] == [["0", "1"]]
