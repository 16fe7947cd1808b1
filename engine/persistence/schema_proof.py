"""The schema as it stands, held against the one that the migrations make.

A trigger that was dropped, or a condition in which one letter changed, lets through what it was
made to refuse, and no row tells of it.
"""

from __future__ import annotations

import re
import tempfile
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import sqlalchemy as sa

from engine.persistence.database import open_database
from engine.persistence.migrate import current_revision, head_revision, migrate

if TYPE_CHECKING:
    from engine.persistence.database import Database

_STANDING = "SELECT type, name, coalesce(sql, '') FROM sqlite_master"
_BETWEEN = re.compile(r"[\s,]+")
_SWITCHED_OFF = sa.text(
    "SELECT DISTINCT t.tgname AS name, c.relname AS owner FROM pg_trigger t "
    "JOIN pg_class c ON c.oid = t.tgrelid "
    "WHERE t.tgenabled = 'D' AND NOT t.tgisinternal ORDER BY 1, 2"
)


def schema_faults(database: Database) -> list[str]:
    """What is missing or was changed; on PostgreSQL triggers that are switched off.

    SQLite: the migrations are run in a temporary file (some seconds) and every table, index and
    trigger of theirs is compared. What others put beside them is none of it.
    """
    if not database.is_sqlite:
        with database.reading.begin() as connection:
            return [
                f"trigger {row.name} of {row.owner} is switched off"
                for row in connection.execute(_SWITCHED_OFF)
            ]
    if current_revision(database) != head_revision():
        return [f"the database is at revision {current_revision(database)}: run regu migrate"]
    wanted = _made()
    try:
        found = standing(database)
    except (sa.exc.DatabaseError, UnicodeDecodeError) as error:
        return [f"schema: it cannot be read: {error}"]
    return [
        f"{kind} {name} is {'missing' if (kind, name) not in found else 'not what was made'}"
        for (kind, name), words in sorted(wanted.items())
        if found.get((kind, name)) != words
    ]


@cache
def _made() -> dict[tuple[str, str], list[str]]:
    """What the migrations of this program make."""
    with tempfile.TemporaryDirectory() as folder:
        fresh = open_database(f"sqlite:///{Path(folder) / 'made.db'}")
        try:
            migrate(fresh)
            return standing(fresh)
        finally:
            fresh.close()


def standing(database: Database) -> dict[tuple[str, str], list[str]]:
    """(kind, name) -> the words of every table, index and trigger of a SQLite database.

    Sorted: where a migration makes a table anew, its constraints come in any order.
    """
    with database.reading.connect() as connection:
        rows = connection.exec_driver_sql(_STANDING).all()
    return {(str(kind), str(name)): sorted(_BETWEEN.split(sql)) for kind, name, sql in rows}
