"""Damage in the files: found and named; what it does not touch goes on, and nothing is guessed."""

from __future__ import annotations

import os
import random
import resource
import signal
import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa

from app import logs
from app.cli import main
from app.wiring import wire
from engine.persistence.database import open_database
from engine.persistence.schema_proof import schema_faults, standing
from engine.persistence.tables.process import process_definition, process_instance, user_task
from engine.persistence.tables.waiting import incident
from engine.usecases import processes, reach, tasks
from engine.usecases.errors import Conflict
from engine.usecases.ports.process import Resource
from engine.usecases.proof import prove
from tests.crash.restore_drill import Drill
from tests.crash.stage import NOON


@pytest.fixture
def drill(sqlite_database, tmp_path, monkeypatch):
    made = Drill(sqlite_database, tmp_path, 6)
    monkeypatch.setattr(logs, "configure", lambda *_given: None)  # it would outlive the test
    monkeypatch.setenv("REGU_DATABASE_URL", made.settings.database_url)
    monkeypatch.setenv("REGU_DATA_DIR", str(made.settings.data_dir))
    wired = wire(made.settings)
    with reach.everywhere():
        for key in made.keys[:3]:
            made.complete(wired, key)
        wired.worker().round()
    wired.close()
    return made


@pytest.fixture
def wired(drill):
    house = wire(drill.settings)
    with reach.everywhere():
        yield house
    house.close()


def _file(drill):
    return Path(drill.settings.database_url.removeprefix("sqlite:///"))


def _settled(path):
    """All of it in the one file."""
    with sa.create_engine(f"sqlite:///{path}").connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")


def _mangle(wired, table, column, change, *where):
    """Change a value behind the back of every writer; the keys it was changed for."""
    with wired.house.writing() as uow:
        key = next(iter(table.primary_key))
        for row in uow.connection.execute(sa.select(key, column).where(*where)).all():
            values = {column.name: change(bytes(row[1]))}
            uow.connection.execute(table.update().where(key == row[0]).values(values))
        uow.commit()


def _flipped(blob):
    """The same with one bit of a variable's text changed: still JSON, still a state."""
    assert blob.count(b'"sari') or b"n" in blob
    at = blob.rindex(b'"') - 1
    return blob[:at] + bytes([blob[at] ^ 1]) + blob[at + 1 :]


@pytest.mark.parametrize("change", [_flipped, lambda blob: blob[:40], lambda _blob: b"\xff"])
def test_an_instance_whose_state_was_damaged_is_refused_by_name_and_others_go_on(
    drill, wired, change
):
    first, second, _ = drill.keys[3:]
    with wired.house.reading() as uow:
        task = uow.connection.execute(sa.select(user_task).where(user_task.c.key == first)).one()
    root = task.root_key
    _mangle(wired, process_instance, process_instance.c.state, change,
            process_instance.c.key == root)  # fmt: skip
    command = tasks.CompleteTask(task_key=first, variables={"note": "x"})
    with pytest.raises(Conflict, match=f"state of instance {root} cannot be read"):
        tasks.complete_task(wired.house, drill.sari, command)
    drill.complete(wired, second)
    assert [fault.split(":")[0] for fault in prove(wired.house)] == [f"instance {root}"]


def test_a_timer_of_a_damaged_instance_becomes_an_incident_and_others_fire(drill, wired):
    with wired.house.reading() as uow:
        due = sorted(uow.processes.due_instances(NOON.replace(year=2030), 100))
    broken = due[0]
    _mangle(wired, process_instance, process_instance.c.state, _flipped,
            process_instance.c.key == broken)  # fmt: skip
    with wired.house.writing() as uow:
        uow.clock.pin(NOON.replace(day=25))
        uow.commit()
    wired.house.clock.now()
    again = wire(drill.settings)
    again.worker().drain()
    with again.house.reading() as uow:
        told = uow.connection.execute(sa.select(incident)).all()
        assert [(row.instance_key, row.kind) for row in told] == [(broken, "state")]
        assert not uow.processes.due_instances(NOON.replace(day=25), 100)
    again.close()


def test_a_drawing_that_is_not_what_was_deployed_runs_nowhere_and_others_do(drill, wired):
    errand = Path("tests/drawings/errand.bpmn").read_bytes()
    form = Path("tests/drawings/errand.form").read_bytes()
    operator = replace(drill.sari, groups=frozenset({"admin", "process_owner"}))
    files = (Resource(name="errand.bpmn", content=errand),
             Resource(name="errand.form", content=form))  # fmt: skip
    processes.deploy(wired.house, operator, files)
    relay = process_definition.c.process_id == "relay"
    _mangle(wired, process_definition, process_definition.c.xml,
            lambda xml: xml.replace(b"Hand over", b"Hand 0ver"), relay)  # fmt: skip
    again = wire(drill.settings)  # compiled drawings live in memory
    command = tasks.CompleteTask(task_key=drill.keys[3], variables={"note": "x"})
    with pytest.raises(Conflict, match="is not what was deployed"):
        tasks.complete_task(again.house, drill.sari, command)
    start = processes.StartProcess(process_id="relay", variables={})
    with pytest.raises(Conflict, match="is not what was deployed"):
        processes.start_process(again.house, operator, start)
    processes.start_process(again.house, operator, replace(start, process_id="errand"))
    assert "drawing relay version 1: it is not what was deployed" in prove(again.house)
    again.close()


def test_a_truncated_wal_loses_its_tail_and_a_published_checkpoint_says_so(
    drill, capsys, monkeypatch
):
    """The tail is gone, what is left is whole, and the checkpoint outside tells of the rest."""
    _settled(_file(drill))
    wired = wire(drill.settings)
    with reach.everywhere():
        for key in drill.keys[3:]:
            drill.complete(wired, key)
        wired.worker().round()
    wal = _file(drill).with_name("regu.db-wal")
    copy = drill.folder / "cut"
    copy.mkdir()
    (copy / "regu.db").write_bytes(_file(drill).read_bytes())
    (copy / "regu.db-wal").write_bytes(wal.read_bytes()[: wal.stat().st_size // 3])
    wired.close()
    assert main(["verify"]) == 0
    monkeypatch.setenv("REGU_DATABASE_URL", f"sqlite:///{copy / 'regu.db'}")
    assert main(["verify"]) == 1
    told = capsys.readouterr().err.splitlines()
    assert told
    assert all(line.startswith("published checkpoint of") for line in told), told


def test_evidence_that_was_cut_is_named(drill, wired, capsys):
    with Path("tests/conftest.py").open("rb") as content:
        kept = wired.files.keep(content, "notes.txt")
    _prove_by(wired, kept.sha256)
    place = wired.settings.data_dir / "evidence" / kept.sha256[:2] / kept.sha256[2:4] / kept.sha256
    assert main(["verify", "--files"]) == 0
    place.write_bytes(place.read_bytes()[:100])
    assert main(["verify", "--files"]) == 1
    assert f"evidence {kept.sha256}: its content was changed" in capsys.readouterr().err
    place.unlink()
    assert main(["verify", "--files"]) == 1
    assert f"evidence {kept.sha256}: it is missing" in capsys.readouterr().err


def _prove_by(wired, sha256):
    from engine.persistence.tables.contributions import evidence  # noqa: PLC0415 - used here only

    with wired.house.writing() as uow:
        person = uow.connection.execute(sa.text("SELECT id FROM person LIMIT 1")).scalar_one()
        required = {
            column.name: "" for column in evidence.columns
            if not column.nullable and column.server_default is None
        }  # fmt: skip
        values = {"id": "e1", "sha256": sha256, "uploaded_by": person, "at": NOON}
        values |= {"size_bytes": 1} if "size_bytes" in required else {}
        status = {"status": "unverified"}
        uow.connection.execute(evidence.insert().values({**required, **values, **status}))
        uow.commit()


def _finder(drill):
    """What names the damage: the file's own check, the proof, an error, or nothing."""
    from app.cli_keep import _part_faults  # noqa: PLC0415 - as the command does it
    from engine.persistence.integrity import integrity_faults, value_faults  # noqa: PLC0415
    from engine.usecases.proof import PARTS  # noqa: PLC0415

    try:
        wired = wire(drill.settings)
    except (sa.exc.DatabaseError, UnicodeDecodeError):  # `regu verify` names both
        return "refused at start"
    try:
        if integrity_faults(wired.database):
            return "integrity_check"
        for part in PARTS:
            if _part_faults(wired, part):
                return f"proof: {part}"
        try:  # what `regu verify` compares
            if standing(wired.database) != drill.schema:
                return "schema"
        except sa.exc.DatabaseError:
            return "schema"
        return "values" if value_faults(wired.database) else "nobody"
    finally:
        wired.close()


def _content(path):
    """Every row of every table, as far as it can be read."""
    engine, found = sa.create_engine(f"sqlite:///{path}"), {}
    with engine.connect() as connection:
        schema = "SELECT type, name, sql FROM sqlite_master"
        words = [" ".join(map(str, row)).split() for row in connection.exec_driver_sql(schema)]
        found["sqlite_master"] = sorted(words)
        for table in sa.inspect(connection).get_table_names():
            rows = connection.exec_driver_sql(f'SELECT * FROM "{table}"').all()  # noqa: S608
            found[table] = sorted(map(repr, rows))
    engine.dispose()
    return found


#: every bit of these is under a hash that the proof recomputes
PROVED = {"sqlite_master", "audit", "audit_leaf", "audit_checkpoint", "transfer"}


def flipped(drill, count, seed):
    """Flip one random bit of the file at a time: who named it, and what nobody named."""
    path = _file(drill)
    _settled(path)
    whole, draw = path.read_bytes(), random.Random(seed)  # noqa: S311 - repeatable
    before, found, silent = _content(path), Counter(), Counter()
    database = open_database(drill.settings.database_url)
    drill.schema = standing(database)
    database.close()
    used = [at for at, byte in enumerate(whole) if byte]  # most of a small file is empty pages
    for _ in range(count):
        content = bytearray(whole)
        content[draw.choice(used)] ^= 1 << draw.randrange(8)
        path.write_bytes(content)
        who = _finder(drill)
        if who == "nobody":
            path.write_bytes(content)
            after = _content(path)
            changed = {name for name in before if before[name] != after[name]}
            assert not changed & PROVED, changed
            who = "no row changed" if not changed else "a value without a hash"
            silent.update(changed)
        found[who] += 1
        for suffix in ("-wal", "-shm"):
            path.with_name(path.name + suffix).unlink(missing_ok=True)
    path.write_bytes(whole)
    sys.stdout.write(f"{count} flips, seed {seed}: {dict(found)}; unnamed in {dict(silent)}\n")
    return found


def test_a_flipped_bit_is_named_or_lies_where_no_hash_does(drill):
    found = flipped(drill, 12, seed=5)
    assert found.total() - found["no row changed"] - found["a value without a hash"] > 0


@pytest.mark.long
def test_many_flipped_bits(drill):
    flipped(drill, 200, seed=9)


def test_a_full_disk_is_said_clearly_and_what_was_there_stays_readable(drill, capfd):
    """A limit on the size of files: the disk takes no more, in a child that survives it."""
    child = os.fork()
    if child == 0:
        os._exit(_fill(drill))
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0, capfd.readouterr().err
    acked = drill.acked()
    again = wire(drill.settings)
    with reach.everywhere():
        assert prove(again.house) == []
        (left,) = [key for key in drill.keys if key not in acked][:1]
        drill.complete(again, left)
    again.close()


def _fill(drill):
    """0 when the first refusal is a problem of the storage and reading goes on behind it."""
    from app.problems import problem_of  # noqa: PLC0415 - in the child only

    try:
        _settled(_file(drill))
        wired = wire(drill.settings)
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        room = 64 * 1024
        resource.setrlimit(resource.RLIMIT_FSIZE, (room, room))
        with reach.everywhere():
            for key in drill.keys[3:]:
                try:
                    drill.complete(wired, key)
                except sa.exc.DatabaseError as error:
                    problem = problem_of(error)
                    break
            assert problem.status in (503, 507), problem
            assert problem.slug.startswith("storage-"), problem
            assert prove(wired.house) == []
    except BaseException as error:  # noqa: BLE001 - a child must never run the parent's code
        sys.stderr.write(f"{error!r}\n")
        return 1
    return 0


def test_a_guard_that_was_taken_away_or_weakened_is_named(database):
    assert schema_faults(database) == []
    with database.writing.begin() as connection:
        if database.is_sqlite:
            weaker = "SELECT replace(sql, '<', '>') FROM sqlite_master WHERE name = :name"
            (sql,) = connection.execute(
                sa.text(weaker), {"name": "tr_ledger_balance_low"}
            ).scalars()
            connection.exec_driver_sql("DROP TRIGGER tr_ledger_balance_low")
            connection.exec_driver_sql(sql)
            connection.exec_driver_sql("DROP TRIGGER tr_audit_delete")
        else:
            connection.exec_driver_sql("ALTER TABLE audit DISABLE TRIGGER tr_audit_rows")
    expected = {
        True: ["trigger tr_audit_delete is missing",
               "trigger tr_ledger_balance_low is not what was made"],
        False: ["trigger tr_audit_rows of audit is switched off"],
    }  # fmt: skip
    assert schema_faults(database) == expected[database.is_sqlite]
    if not database.is_sqlite:  # the next test gets this database
        with database.writing.begin() as connection:
            connection.exec_driver_sql("ALTER TABLE audit ENABLE TRIGGER tr_audit_rows")
