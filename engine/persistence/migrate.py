"""Bring a database to a revision, up or down, without an ini file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

if TYPE_CHECKING:
    from engine.persistence.database import Database

_SCRIPTS = Path(__file__).parent / "migrations"

#: advisory lock of PostgreSQL: several processes may start at once
_LOCK = 0x52656775


def migrate(database: Database, revision: str = "head") -> None:
    """Upgrade to a revision in one transaction; nothing changes when a step fails."""
    with database.writing.begin() as connection:
        _alone(connection)
        command.upgrade(_config(connection), revision)


def migrate_down(database: Database, revision: str) -> None:
    """Downgrade to a revision ("base": an empty database, "-1": one step)."""
    with database.writing.begin() as connection:
        _alone(connection)
        command.downgrade(_config(connection), revision)


def current_revision(database: Database) -> str | None:
    """Revision the database is at; None before the first."""
    with database.reading.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def head_revision() -> str | None:
    """Revision this program is written for."""
    return ScriptDirectory.from_config(_config(None)).get_current_head()


def _alone(connection: sa.Connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_LOCK)))


def _config(connection: sa.Connection | None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(_SCRIPTS).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config
