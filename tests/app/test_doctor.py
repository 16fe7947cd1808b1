from __future__ import annotations

import fcntl
import io
import json
import shutil
import socket
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from app import doctor
from app.beats import program_version
from app.doctor import database as of_database
from app.passwords import Passwords
from app.settings import from_environment
from app.wiring import wire
from engine.domain.people import Person
from engine.domain.units import Agency
from engine.persistence import beats
from engine.persistence.beats import Beat
from engine.persistence.migrate import migrate_down
from engine.persistence.tables.contributions import evidence
from engine.persistence.tables.work import background_job, outbox
from engine.usecases import accounts, reach

ROOT = Path(__file__).parents[2]
SECRET = "0123456789abcdef" * 4


@pytest.fixture
def env(sqlite_template, tmp_path):
    folder = tmp_path / "var"
    folder.mkdir(mode=0o700)
    shutil.copyfile(sqlite_template, folder / "regu.db")
    (folder / "secret").write_text(SECRET)
    (folder / "secret").chmod(0o600)
    return {"REGU_DATA_DIR": str(folder)}


@pytest.fixture
def house(env):
    wired = wire(from_environment(env))
    with reach.everywhere():
        accounts.create_admin(
            wired.house,
            Passwords(memory_kib=64, passes=1),
            login="root",
            password="Long-Enough-4-Everybody",  # noqa: S106 - of an invented account
            agency_id=None,
        )
        yield wired
    wired.close()


def found(env):
    """Codes of what is to mend; that a test may run as root is nobody's fault."""
    remarks = list(doctor.examine(env))
    assert all(one.words and SECRET not in one.words + one.remedy for one in remarks)
    return {one.code for one in remarks if one.to_mend} - {"root", "disk-room", "fonts", "pango"}


def test_a_house_in_order_has_nothing_to_mend(env, house):
    assert found(env) == set()
    notes = {one.code for one in doctor.examine(env) if not one.to_mend}
    assert {"rows", "no-worker", "no-mail"} <= notes


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"REGU_DATBASE_URL": "sqlite:////x"}, "unknown-setting"),
        ({"REGU_PORT": "many"}, "setting"),
        ({"REGU_PUBLIC_URL": "https://regu.example"}, "https-off"),
        ({"REGU_PUBLIC_URL": "http://regu.example"}, "no-tls"),
        ({"REGU_HTTPS": "1"}, "public-url-http"),
        ({"REGU_HTTPS": "1"}, "proxy-untrusted"),
        ({"REGU_HOST": "0.0.0.0"}, "public-url-local"),  # noqa: S104 - what is found fault with
        ({"REGU_CLOCK": "movable", "REGU_PUBLIC_URL": "http://regu.example"}, "movable-clock"),
        ({"REGU_METRICS_TOKEN_FILE": "/nowhere/token"}, "secret-missing"),
        ({"REGU_DATA_DIR": "/nowhere/at/all"}, "data-dir-missing"),
        ({"REGU_DATABASE_URL": "mysql://x"}, "database"),
        ({"REGU_DATABASE_URL": "postgresql://nobody:x@127.0.0.1:1/x"}, "database-fault"),
    ],
)
def test_a_wrong_setting_is_found(env, house, changes, code):
    assert code in found(env | changes)


def test_secrets_that_others_read_or_guess_are_found(env, house):
    path = Path(env["REGU_DATA_DIR"]) / "secret"
    path.chmod(0o644)
    assert "secret-open" in found(env)
    path.chmod(0o600)
    path.write_text("changeme")
    assert "secret-weak" in found(env)
    Path(env["REGU_DATA_DIR"]).chmod(0o755)
    assert "data-dir-open" in found(env)


def test_a_mail_server_that_does_not_answer_is_found(env, house):
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        env["REGU_SMTP_URL"] = f"smtp://127.0.0.1:{closed.getsockname()[1]}"
        assert found(env) == {"mail-server"}
        closed.listen()
        assert found(env) == set()


def test_work_that_was_given_up_or_waits_too_long_is_found(env, house):
    with house.house.writing() as uow:
        for number in ("1", "2"):
            uow.jobs.enqueue("effect", number, {})
        uow.outbox.put("remind", "1", {})
        uow.commit()
    old = datetime.now(UTC) - timedelta(days=2)
    with house.database.writing.begin() as connection:
        connection.exec_driver_sql("UPDATE background_job SET state = 'dead' WHERE key = '2'")
        connection.execute(background_job.update().values(enqueued_at=old))
        connection.execute(outbox.update().values(put_at=old))
    assert found(env) == {"dead-jobs", "old-jobs", "old-letters"}


def test_a_schema_of_another_version_is_found(env, house):
    migrate_down(house.database, "-1")
    assert found(env) == {"schema-older"}


def test_evidence_that_this_machine_does_not_see_is_found(env, house):
    with house.house.writing() as uow:
        uow.agency.add([Agency(id="a", code="A", name="A", timezone="Asia/Jakarta")])
        uow.agency.add([Person(id="p", agency_id="a", nip="199001012015011001", name="P")])
        uow.commit()
    kept = house.files.keep(io.BytesIO(b"a note"), "note.txt")
    row = {"filename": "note.txt", "media_type": "text/plain", "size_bytes": 6}
    row |= {"uploaded_by": "p", "at": datetime.now(UTC), "status": "unverified"}
    with house.database.writing.begin() as connection:
        connection.execute(evidence.insert().values(id="1", sha256=kept.sha256, **row))
    assert found(env) == set()
    with house.database.writing.begin() as connection:
        connection.execute(evidence.insert().values(id="2", sha256="0" * 64, **row))
    assert found(env) == {"evidence-missing"}


def test_processes_of_two_versions_are_found(env, house):
    now = datetime.now(UTC)
    facts = {"role": "serve", "host": "other", "works": True, "started_at": now, "seen_at": now}
    beats.note(house.database, Beat(id=1, process=7, version=program_version(), **facts))
    assert found(env) == set()
    beats.note(house.database, Beat(id=2, process=8, version="0.0.9", **facts))
    assert found(env) == {"versions"}


def test_a_house_without_an_administrator_is_found(env):
    assert found(env) == {"no-admin"}


def test_a_gate_that_somebody_keeps_is_found(env, house, monkeypatch):
    monkeypatch.setattr(of_database, "_GATE_SECONDS", 0.1)
    with (Path(env["REGU_DATA_DIR"]) / "regu.db.gate").open("a+b") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        assert found(env) == {"gate-held"}
    assert found(env) == set()


@pytest.mark.parametrize(
    ("address", "codes"),
    [
        ("postgresql://x@db.agency.example/regu", ["database-tls"]),
        ("postgresql://x@10.0.0.5/regu?sslmode=prefer", ["database-tls"]),
        ("postgresql://x@db.agency.example/regu?sslmode=verify-full", []),
        ("postgresql://x@database/regu", []),
        ("postgresql://x@/regu?host=/run/postgresql", []),
    ],
)
def test_a_way_to_the_database_without_tls_is_found(postgres_database, address, codes):
    settings = from_environment({"REGU_DATABASE_URL": address})
    with postgres_database.reading.connect() as connection:
        assert [one.code for one in of_database.server(connection, settings)] == codes


def test_a_clock_that_differs_from_the_databases_is_found(postgres_database, monkeypatch):
    class Late(datetime):
        @classmethod
        def now(cls, tz=None):
            return datetime.now(tz) - timedelta(minutes=5)

    settings = from_environment({"REGU_DATABASE_URL": postgres_database.url})
    with postgres_database.reading.connect() as connection:
        assert list(of_database.server(connection, settings)) == []
        monkeypatch.setattr(of_database, "datetime", Late)
        (told,) = of_database.server(connection, settings)
    assert told.code == "clock-skew"
    assert "300 s" in told.words


def test_the_command_says_what_to_do_and_ends_with_1(env, house):
    env["REGU_PUBLIC_URL"] = "https://regu.example"
    path = "/usr/bin:/bin"

    def run(*words):
        command = [sys.executable, "-m", "app.cli", "doctor", *words]
        return subprocess.run(
            command,
            env={"PATH": path, **env},
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )

    answer = run()
    assert answer.returncode == 1
    assert "-> set REGU_HTTPS=1" in answer.stdout
    told = json.loads(run("--json").stdout)
    assert told["good"] is False
    assert "https-off" in {one["code"] for one in told["remarks"]}
