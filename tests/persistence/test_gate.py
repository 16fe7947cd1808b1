from __future__ import annotations

import subprocess
import sys
import threading
from types import SimpleNamespace

import pytest
import sqlalchemy as sa

from engine.persistence import database as database_module
from engine.persistence.database import POOL_SIZE, DatabaseRefused, open_database
from engine.persistence.gate.fifo import GateBusy, GateFault, WriteGate


def test_writers_pass_in_the_order_of_their_arrival(tmp_path):
    gate, passed, threads = WriteGate(tmp_path / "gate"), [], []
    gate.acquire()
    for number in range(6):

        def enter(number=number):
            gate.acquire()
            passed.append(number)
            gate.release()

        threads.append(threading.Thread(target=enter))
        threads[-1].start()
        while len(gate._queue) <= number:
            pass
    gate.release()
    for thread in threads:
        thread.join(10)
    assert passed == list(range(6))


def test_writers_wait_in_the_line_without_a_connection_in_hand(sqlite_database):
    gate, pool = sqlite_database.gate, sqlite_database.writing.pool

    def write():
        connection, transaction = sqlite_database.begin(writes=True)
        with connection, transaction:
            pass

    threads = [threading.Thread(target=write) for _ in range(8)]
    connection, transaction = sqlite_database.begin(writes=True)
    with connection, transaction:
        for thread in threads:
            thread.start()
        while len(gate._queue) < len(threads):
            pass
        assert pool.checkedout() == 1
    for thread in threads:
        thread.join(10)
    assert not gate._held


def test_a_turn_in_which_nothing_begins_is_given_back(tmp_path):
    gate = WriteGate(tmp_path / "gate")
    with pytest.raises(ValueError, match="no connection"), gate.turn():
        raise ValueError("no connection")
    with gate.turn():
        gate.begin()
        with pytest.raises(GateFault):
            gate.begin()
    assert gate._held
    gate.release()


def test_a_writer_that_waits_for_itself_is_told(sqlite_database):
    with sqlite_database.writing.begin(), pytest.raises(GateFault):
        sqlite_database.writing.connect().begin()
    with sqlite_database.writing.begin():
        pass


def test_a_writer_that_waits_too_long_leaves_the_line(tmp_path):
    gate = WriteGate(tmp_path / "gate")
    gate.acquire()
    late = []

    def wait():
        with pytest.raises(GateBusy):
            gate.acquire(timeout_s=0.01)
        late.append(True)

    thread = threading.Thread(target=wait)
    thread.start()
    thread.join(10)
    assert late
    gate.release()
    gate.acquire()
    gate.release()


@pytest.mark.parametrize("way_out", ["commit", "rollback", "error", "close"])
def test_the_gate_opens_whichever_way_a_transaction_ends(sqlite_database, way_out):
    for _ in range(3):
        connection = sqlite_database.writing.connect()
        transaction = connection.begin()
        assert sqlite_database.gate._held
        if way_out == "error":
            with pytest.raises(sa.exc.OperationalError):
                connection.exec_driver_sql("SELECT nonsense FROM nowhere")
        if way_out == "commit":
            transaction.commit()
        elif way_out == "rollback":
            transaction.rollback()
        connection.close()
        assert not sqlite_database.gate._held


def test_a_begin_that_fails_leaves_the_gate_open(sqlite_database):
    url = sqlite_database.url
    with open_database(url).writing.connect() as other:
        bare = other.connection.dbapi_connection
        bare.execute("BEGIN IMMEDIATE")  # somebody who does not know the gate
        with sqlite_database.writing.connect() as connection:
            connection.connection.dbapi_connection.execute("PRAGMA busy_timeout=1")
            with pytest.raises(sa.exc.OperationalError, match="locked"):
                connection.begin()
        assert not sqlite_database.gate._held
        bare.execute("ROLLBACK")
    with sqlite_database.writing.begin():
        pass


def test_a_commit_that_fails_opens_the_gate_with_its_rollback(sqlite_database):
    defined = (
        "INSERT INTO process_definition (key, deployment_key, process_id, version, name,"
        " resource_name, xml, sha256, deployed_at, deployed_by)"
        " VALUES (1, 1, 'p', 1, 'n', 'r', x'', 's', '2026', 'o')"
    )
    orphan = (
        "INSERT INTO process_instance (key, root_key, process_id, definition_key, status,"
        " version, incidents, started_at, started_by, audit_seq, audit_head, state)"
        " VALUES (1, 99, 'p', 1, 'active', 1, 0, '2026', 'o', 0, x'', x'')"
    )
    with sqlite_database.writing.connect() as connection:
        transaction = connection.begin()
        connection.exec_driver_sql(defined)
        connection.exec_driver_sql(orphan)  # its root is looked for at the commit
        with pytest.raises(sa.exc.IntegrityError):
            transaction.commit()
    assert not sqlite_database.gate._held
    with sqlite_database.writing.begin() as again:
        assert again.exec_driver_sql("SELECT count(*) FROM process_definition").scalar() == 0


def test_a_reader_passes_beside_a_writer_and_sees_what_was_committed(sqlite_database):
    with sqlite_database.writing.begin() as writer:
        writer.exec_driver_sql("UPDATE clock SET pinned_at = '2026'")
        with sqlite_database.reading.begin() as reader:
            found = reader.exec_driver_sql("SELECT pinned_at FROM clock").scalar()
            assert found is None


def test_another_process_waits_at_the_gate_and_gets_in_when_the_holder_dies(tmp_path):
    holder = (
        "import sys, time; from pathlib import Path\n"
        "from engine.persistence.gate.fifo import WriteGate\n"
        "WriteGate(Path(sys.argv[1])).acquire(); print('in', flush=True); time.sleep(60)"
    )
    path = tmp_path / "gate"
    child = subprocess.Popen([sys.executable, "-c", holder, str(path)], stdout=subprocess.PIPE)
    assert child.stdout.readline() == b"in\n"
    inside = threading.Event()

    def enter():
        gate = WriteGate(path)
        gate.acquire()
        inside.set()
        gate.release()

    thread = threading.Thread(target=enter)
    thread.start()
    assert not inside.wait(0.2)
    child.kill()
    child.wait()
    child.stdout.close()
    assert inside.wait(10)
    thread.join(10)


def test_an_old_sqlite_is_refused_with_what_to_do(monkeypatch, tmp_path):
    old = SimpleNamespace(sqlite_version="3.40.1", sqlite_version_info=(3, 40, 1))
    monkeypatch.setattr(database_module, "import_module", lambda _name: old)
    with pytest.raises(DatabaseRefused, match=r"3\.51\.3 or newer .* pip install"):
        open_database(f"sqlite:///{tmp_path}/x.db")


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:", "mysql://x/y"])
def test_a_database_that_cannot_be_used_is_refused(url):
    with pytest.raises(DatabaseRefused):
        open_database(url)


def test_every_connection_is_set_to_be_safe(pragmas_as_shipped, sqlite_database):
    wanted = {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "recursive_triggers": 1,
        "trusted_schema": 0,
    }
    for engine in (sqlite_database.writing, sqlite_database.reading):
        with engine.connect() as connection:
            for name, value in wanted.items():
                assert connection.exec_driver_sql(f"PRAGMA {name}").scalar() == value


def test_pages_held_by_all_connections_at_once_stay_within_twenty_megabytes(
    pragmas_as_shipped, sqlite_database
):
    most = 0
    for engine in (sqlite_database.writing, sqlite_database.reading):
        with engine.connect() as connection:
            kib = -connection.exec_driver_sql("PRAGMA cache_size").scalar()
        most += kib * POOL_SIZE
    assert 0 < most <= 20_000
