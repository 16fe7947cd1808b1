"""Bring a database to a revision, up or down, without an ini file."""

from __future__ import annotations

import time
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from engine.persistence.database import DatabaseRefused
from engine.persistence.partitions import make_ahead, prove_ahead
from engine.usecases import reach

if TYPE_CHECKING:
    from collections.abc import Iterator

    from engine.persistence.database import Database

_SCRIPTS = Path(__file__).parent / "migrations"

#: advisory lock of PostgreSQL: several processes may start at once
_LOCK = 0x52656775
#: what PostgreSQL says of a lock that it did not give: lock_timeout, deadlock
_IN_USE = frozenset({"55P03", "40P01"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How a step asks for the locks of tables that are in use (PostgreSQL).

    Who waits for a lock makes everybody wait who comes after him, so a step waits briefly, lets
    all of them pass, and asks again.
    """

    lock_ms: int = 3_000
    tries: int = 40
    pause_s: float = 1.0


class TablesInUse(DatabaseRefused):
    """Somebody kept a table for too long; the step was undone, those before it stand."""

    def __init__(self, revision: str) -> None:
        super().__init__(
            f"revision {revision} waits for a table that a long transaction holds; nothing of it "
            "was done. pg_stat_activity shows the oldest transaction: end it, then migrate again"
        )
        self.revision = revision


def migrate(
    database: Database, revision: str = "head", *, patience: Patience | None = None
) -> None:
    """Upgrade to a revision; nothing of a step that fails is done.

    An empty database and SQLite take all steps in one transaction; a PostgreSQL in use takes each
    in its own and holds no lock while it waits for another (`TablesInUse` at the end of patience).
    """
    if revision != "head" or current_revision(database) != head_revision():
        _prepare(database, patience or Patience())
        if database.is_sqlite or current_revision(database) is None:
            with _changing(database) as connection:
                command.upgrade(_config(connection), revision)
        else:
            while step := _next_step(current_revision(database), revision):
                _take(database, step, revision, patience or Patience())
    make_ahead(database)


def _next_step(current: str | None, target: str) -> str | None:
    """The first revision after this one on the way to the target; None: it is reached."""
    script = ScriptDirectory.from_config(_config(None))
    ahead = list(script.iterate_revisions(target, current or "base"))
    return ahead[-1].revision if ahead else None


def _take(database: Database, step: str, target: str, patience: Patience) -> None:
    """Take one step; a table in use is asked for again after a pause."""
    for _ in range(patience.tries):
        try:
            with _changing(database) as connection:
                now = MigrationContext.configure(connection).get_current_revision()
                if _next_step(now, target) != step:  # another process was faster
                    return
                connection.execute(sa.text(f"SET LOCAL lock_timeout = {patience.lock_ms:d}"))
                command.upgrade(_config(connection), step)
        except sa.exc.OperationalError as error:
            if getattr(error.orig, "sqlstate", None) not in _IN_USE:
                raise
            time.sleep(patience.pause_s)
        else:
            return
    raise TablesInUse(step)


def migrate_down(database: Database, revision: str) -> None:
    """Downgrade to a revision ("base": an empty database, "-1": one step)."""
    with _changing(database) as connection:
        command.downgrade(_config(connection), revision)


def current_revision(database: Database) -> str | None:
    """Revision the database is at; None before the first."""
    with database.reading.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


@cache
def head_revision() -> str | None:
    """Revision this program is written for."""
    return ScriptDirectory.from_config(_config(None)).get_current_head()


def _prepare(database: Database, patience: Patience) -> None:
    """What a step wants proved in transactions of its own, so that it holds no lock for long."""
    if database.is_sqlite:
        return
    for _ in range(patience.tries):
        try:
            prove_ahead(database, patience.lock_ms)
        except sa.exc.OperationalError as error:
            if getattr(error.orig, "sqlstate", None) not in _IN_USE:
                raise
            time.sleep(patience.pause_s)
        else:
            return
    raise TablesInUse("0051")


@contextmanager
def _changing(database: Database) -> Iterator[sa.Connection]:
    """One transaction for changes of tables.

    SQLite alters a table by making it anew: meanwhile foreign keys and triggers of other tables
    speak of a table that is not there. So they are looked at as a whole at the end.
    """
    with reach.everywhere(), database.writing.connect() as connection:
        driver = connection.connection.dbapi_connection
        if database.is_sqlite and driver is not None:
            _pragmas(driver, foreign_keys="OFF", legacy_alter_table="ON")
        try:
            with connection.begin():
                _alone(connection)
                yield connection
                if database.is_sqlite:
                    _whole(connection)
        finally:
            if database.is_sqlite and driver is not None:
                _pragmas(driver, foreign_keys="ON", legacy_alter_table="OFF")


def _pragmas(driver: Any, **settings: str) -> None:
    for name, value in settings.items():
        driver.execute(f"PRAGMA {name}={value}")


def _whole(connection: sa.Connection) -> None:
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
    if broken:
        raise sa.exc.IntegrityError(
            "PRAGMA foreign_key_check", None, ValueError(f"rows without what they name: {broken}")
        )


def _alone(connection: sa.Connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_LOCK)))


def _config(connection: sa.Connection | None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(_SCRIPTS).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config
