"""Open a database: the engine that writes and the engine that reads."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.engine import make_url

from engine.persistence.gate import postgresql as postgresql_gate
from engine.persistence.gate import sqlite as sqlite_gate
from engine.persistence.gate.fifo import WriteGate

if TYPE_CHECKING:
    from types import ModuleType

#: SQLite before this may corrupt a WAL database when two connections reset the log at once
SQLITE_VERSION_MIN = (3, 51, 3)

#: how long a machine that does not answer is waited for
CONNECT_SECONDS = 10

POOL_SIZE = 10
POOL_OVERFLOW = 20


class DatabaseRefused(RuntimeError):
    """This database cannot be used; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Database:
    """One database with two engines; on PostgreSQL both share a pool."""

    url: str
    writing: sa.Engine
    reading: sa.Engine
    gate: WriteGate | None = None

    @property
    def is_sqlite(self) -> bool:
        """Whether it is the embedded one."""
        return self.gate is not None

    def begin(self, *, writes: bool) -> tuple[sa.Connection, sa.RootTransaction]:
        """A connection and its transaction; who writes to SQLite has waited for his turn.

        `GateBusy` when the writers before took too long, `GateFault` when this thread writes.
        """
        if not writes or self.gate is None:
            return _begun(self.writing if writes else self.reading)
        with self.gate.turn():
            return _begun(self.writing)

    def close(self) -> None:
        """Close all connections that nobody uses."""
        self.writing.dispose()
        self.reading.dispose()
        if self.gate is not None:
            self.gate.close()


def _begun(engine: sa.Engine) -> tuple[sa.Connection, sa.RootTransaction]:
    connection = engine.connect()
    try:
        return connection, connection.begin()
    except BaseException:
        connection.close()
        raise


def open_database(url: str) -> Database:
    """Open "sqlite:///file" or "postgresql://…"; `DatabaseRefused` says what to do instead."""
    parsed = make_url(url)
    backend = parsed.get_backend_name()
    if backend == "sqlite":
        return _open_sqlite(parsed)
    if backend == "postgresql":
        return _open_postgresql(parsed)
    raise DatabaseRefused(f"{backend} is not supported; use sqlite:/// or postgresql://")


def _open_sqlite(url: sa.URL) -> Database:
    if not url.database or url.database == ":memory:":
        raise DatabaseRefused("SQLite needs a file: sqlite:////path/to/regu.db")
    driver = sqlite_driver()
    path = Path(url.database).resolve()
    path.parent.mkdir(parents=True, exist_ok=True)
    gate = WriteGate(path.with_name(path.name + ".gate"))
    plain = sa.URL.create("sqlite", database=str(path))
    options: dict[str, Any] = {
        "module": driver,
        "pool_size": POOL_SIZE,
        "max_overflow": POOL_OVERFLOW,
        # the connection used last is warm; else every one of them fills a page cache of its own
        "pool_use_lifo": True,
        "connect_args": {"timeout": 30.0, "check_same_thread": False},
    }
    writing, reading = sa.create_engine(plain, **options), sa.create_engine(plain, **options)
    sqlite_gate.prepare(writing, read_only=False)
    sqlite_gate.begin_writing(writing, gate)
    sqlite_gate.prepare(reading, read_only=True)
    sqlite_gate.begin_reading(reading)
    return Database(str(plain), writing, reading, gate)


def sqlite_driver() -> ModuleType:
    """The driver of SQLite; `DatabaseRefused` when its library may corrupt a database."""
    try:
        driver = import_module("pysqlite3.dbapi2")
    except ImportError:  # there are wheels for Linux only; elsewhere Python's own must be new
        driver = import_module("sqlite3")
    if driver.sqlite_version_info < SQLITE_VERSION_MIN:
        wanted = ".".join(map(str, SQLITE_VERSION_MIN))
        raise DatabaseRefused(
            f"SQLite {driver.sqlite_version} can corrupt a database in WAL mode; {wanted} or newer "
            "is needed: pip install --upgrade pysqlite3, or set REGU_DATABASE_URL to a PostgreSQL"
        )
    return driver


def _open_postgresql(url: sa.URL) -> Database:
    engine = sa.create_engine(
        url.set(drivername="postgresql+psycopg"),
        pool_size=POOL_SIZE,
        max_overflow=POOL_OVERFLOW,
        pool_pre_ping=True,
        isolation_level="AUTOCOMMIT",  # BEGIN is ours
        connect_args={
            "options": "-c timezone=UTC -c lock_timeout=60s",
            "connect_timeout": CONNECT_SECONDS,
        },
    )
    shown = url.render_as_string(hide_password=False)
    postgresql_gate.begin(engine)
    reading = engine.execution_options(**{postgresql_gate.READS: True})
    return Database(shown, engine, reading)
