"""Copies of a whole database while others write to it, and back again.

SQLite: its online backup, in steps inside one read transaction, so that the copy is one moment
and no writer can make it begin anew. PostgreSQL: pg_dump from an exported snapshot.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import time
from contextlib import contextmanager
from dataclasses import dataclass
from tempfile import NamedTemporaryFile
from typing import TYPE_CHECKING, Any, Final

import psycopg
import sqlalchemy as sa
from sqlalchemy.engine import make_url

from engine.persistence.database import sqlite_driver
from engine.persistence.schema_grants import make_alike

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from engine.persistence.database import Database

#: name of the copy inside a backup
SQLITE_NAME: Final = "regu.db"
POSTGRESQL_NAME: Final = "postgresql"
#: pages of one step: 4 MB, so that the copy never holds the interpreter for long
PAGES: Final = 1024
#: seconds between two steps, for whoever writes meanwhile
PAUSE_S: Final = 0.001
_VERSION: Final = re.compile(r"\(PostgreSQL\) (\d+)")
#: a schema in the table of contents of a dump
_SCHEMA: Final = re.compile(r"\d+; \d+ \d+ SCHEMA - (\S+) ")
_FAILED_MAX: Final = 2000


class CopyRefused(RuntimeError):
    """The copy cannot be made, or not be read; the message says what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tools:
    """pg_dump and pg_restore."""

    #: None: wherever PATH leads
    folder: Path | None

    def run(self, name: str, *arguments: str, secret: str = "") -> str:
        """Run one; `CopyRefused` with what it said."""
        environment = {**os.environ, "PGPASSWORD": secret} if secret else dict(os.environ)
        done = subprocess.run(  # noqa: S603 - our own arguments, no shell
            [self._path(name), *arguments],
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise CopyRefused(f"{name}: {done.stderr.strip()[:_FAILED_MAX]}")
        return done.stdout

    def require(self, name: str, server: int) -> None:
        """`CopyRefused` when a tool is missing or older than the server."""
        found = _VERSION.search(self.run(name, "--version"))
        major = int(found.group(1)) if found else 0
        if major < server:
            raise CopyRefused(
                f"{self._path(name)} is of PostgreSQL {major}, the server of {server}: name the "
                "folder of newer ones in REGU_PG_BIN"
            )

    def _path(self, name: str) -> str:
        place = shutil.which(name, path=str(self.folder) if self.folder else None)
        if place is None:
            raise CopyRefused(f"{name} is not found; name its folder in REGU_PG_BIN")
        return place


@contextmanager
def copied(database: Database, folder: Path, tools: Tools) -> Iterator[sa.Connection]:
    """Copy a database into a folder; inside the block a connection sees what was copied."""
    if database.is_sqlite:
        target = folder / SQLITE_NAME
        _copy_sqlite(database, target)
        with opened_copy(target) as connection:
            yield connection
        return
    with database.reading.connect() as connection, connection.begin():
        tools.require("pg_dump", _server_major(connection))
        snapshot = connection.exec_driver_sql("SELECT pg_export_snapshot()").scalar_one()
        where, secret = _conninfo(database.url)
        target = folder / POSTGRESQL_NAME
        tools.run(
            "pg_dump", "--format=directory", "--jobs=2", "--no-owner", "--no-acl", "--no-password",
            f"--snapshot={snapshot}", f"--file={target}", f"--dbname={where}", secret=secret,
        )  # fmt: skip
        yield connection


@contextmanager
def opened_copy(path: Path) -> Iterator[sa.Connection]:
    """A copied SQLite file, read as it lies there: nothing is written beside it."""
    driver = sqlite_driver()
    uri = f"{path.resolve().as_uri()}?mode=ro&immutable=1"
    engine = sa.create_engine("sqlite://", creator=lambda: driver.connect(uri, uri=True))
    try:
        with engine.connect() as connection:
            yield connection
    finally:
        engine.dispose()


def restore_sqlite(copy: Path, target: Path) -> None:
    """Put a copy in its place, on the disk before this returns; the place is empty."""
    target.parent.mkdir(parents=True, exist_ok=True)
    fresh = target.with_name(target.name + ".part")
    shutil.copyfile(copy, fresh)
    with fresh.open("rb") as file:
        os.fsync(file.fileno())
    fresh.replace(target)


def restore_postgresql(database: Database, folder: Path, tools: Tools) -> None:
    """Fill an empty database from a dump, in one transaction: whole or not at all.

    Schemas that are there stay, for the rights on them are the target's.
    """
    with database.reading.connect() as connection:
        tools.require("pg_restore", _server_major(connection))
        there = set(connection.exec_driver_sql("SELECT nspname FROM pg_namespace").scalars())
    where, secret = _conninfo(database.url)
    dump = str(folder / POSTGRESQL_NAME)
    listed = tools.run("pg_restore", "--list", dump).splitlines()
    wanted = [line for line in listed if _schema_of(line) not in there]
    with NamedTemporaryFile("w", suffix=".list") as contents:
        contents.write("\n".join(wanted))
        contents.flush()
        tools.run(
            "pg_restore", "--single-transaction", "--exit-on-error", "--no-owner", "--no-acl",
            "--no-password", f"--use-list={contents.name}", f"--dbname={where}", dump,
            secret=secret,
        )  # fmt: skip


def _schema_of(line: str) -> str | None:
    """The schema that a line of a table of contents makes; None for all else."""
    found = _SCHEMA.match(line)
    return found[1] if found else None


def readable_dump(folder: Path, tools: Tools) -> int:
    """How many objects the table of contents of a dump names; `CopyRefused` without one."""
    listed = tools.run("pg_restore", "--list", str(folder / POSTGRESQL_NAME))
    return sum(not line.startswith(";") for line in listed.splitlines() if line)


def schemas_in_use(database: Database) -> list[str]:
    """Schemas of a PostgreSQL database that hold tables."""
    wanted = sa.text(
        "SELECT DISTINCT schemaname FROM pg_tables "
        "WHERE schemaname NOT IN ('pg_catalog', 'information_schema') ORDER BY 1"
    )
    with database.reading.begin() as connection:
        return list(connection.execute(wanted).scalars())


def set_aside(database: Database, schemas: list[str], suffix: str) -> None:
    """Rename schemas, so that what they hold is neither lost nor in the way.

    Empty ones take their place, in which the same roles may do the same.
    """
    with database.writing.begin() as connection:
        quoted = connection.dialect.identifier_preparer.quote
        for name in schemas:
            new = f"{name}_{suffix}"
            connection.exec_driver_sql(f"ALTER SCHEMA {quoted(name)} RENAME TO {quoted(new)}")
            make_alike(connection, name, new)


def _copy_sqlite(database: Database, target: Path) -> None:
    driver: Any = sqlite_driver()
    source = driver.connect(make_url(database.url).database, isolation_level=None, timeout=30.0)
    copy = driver.connect(str(target), isolation_level=None)
    try:
        source.execute("BEGIN")
        source.execute("SELECT count(*) FROM sqlite_master").fetchone()  # from here on one moment
        source.backup(copy, pages=PAGES, progress=lambda *_left: time.sleep(PAUSE_S))
        source.execute("ROLLBACK")
        copy.execute("PRAGMA journal_mode=DELETE")  # one file, whole by itself
    except driver.DatabaseError as error:
        raise CopyRefused(f"the database cannot be copied: {error}") from error
    finally:
        copy.close()
        source.close()


def _server_major(connection: sa.Connection) -> int:
    return int(connection.exec_driver_sql("SHOW server_version_num").scalar_one()) // 10_000


def _conninfo(url: str) -> tuple[str, str]:
    """How libpq's tools reach the database, and the password, which no list of processes shows."""
    plain = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    parts = psycopg.conninfo.conninfo_to_dict(plain)
    secret = str(parts.pop("password", "") or "")
    return psycopg.conninfo.make_conninfo("", **parts), secret
