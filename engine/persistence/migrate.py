"""Bring a database to a revision, up or down, without an ini file."""

from __future__ import annotations

from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

if TYPE_CHECKING:
    from collections.abc import Iterator

    from engine.persistence.database import Database

_SCRIPTS = Path(__file__).parent / "migrations"

#: advisory lock of PostgreSQL: several processes may start at once
_LOCK = 0x52656775


def migrate(database: Database, revision: str = "head") -> None:
    """Upgrade to a revision in one transaction; nothing changes when a step fails."""
    if revision == "head" and current_revision(database) == head_revision():
        return
    with _changing(database) as connection:
        command.upgrade(_config(connection), revision)


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


@contextmanager
def _changing(database: Database) -> Iterator[sa.Connection]:
    """One transaction for changes of tables.

    SQLite alters a table by making it anew: meanwhile foreign keys and triggers of other tables
    speak of a table that is not there. So they are looked at as a whole at the end.
    """
    with database.writing.connect() as connection:
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
