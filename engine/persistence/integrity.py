"""What the database itself says about its file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import sqlalchemy as sa

from engine.persistence.schema import metadata

if TYPE_CHECKING:
    from engine.persistence.database import Database

_FAULTS_MAX: Final = 100


def integrity_faults(database: Database) -> list[str]:
    """Faults of the structure of the file, and rows without what they name; SQLite only.

    PostgreSQL checks each page that it reads against the page's checksum; a page that does not
    fit it is an error of the reading, which `regu verify` names.
    """
    if not database.is_sqlite:
        return []
    try:
        with database.reading.connect() as connection:
            told = connection.exec_driver_sql(f"PRAGMA integrity_check({_FAULTS_MAX})").scalars()
            found = [f"database file: {line}" for line in told if line != "ok"]
            orphans = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
            return found + [f"database: {row[0]} row {row[1]} names nothing" for row in orphans]
    except sa.exc.DatabaseError as error:
        return [f"database file: {error.orig}"]
    except UnicodeDecodeError as error:  # the message quotes what is damaged
        return [f"database file: it cannot be read: {error}"]


def value_faults(database: Database) -> list[str]:
    """Tables with a value that is not of its kind: no text, no time, no JSON; all rows are read.

    One fault for each table, with the row read before it.
    """
    return [fault for table in metadata.sorted_tables if (fault := _unreadable(database, table))]


def _unreadable(database: Database, table: sa.Table) -> str:
    before: object = "the first row"
    try:
        with database.reading.connect() as connection:
            rows = connection.execute(sa.select(table), execution_options={"yield_per": 1000})
            for row in rows:
                before = tuple(row[: len(table.primary_key)])
    except (sa.exc.DatabaseError, ValueError, TypeError, ArithmeticError) as error:
        told = error.orig if isinstance(error, sa.exc.DatabaseError) else error
        return f"table {table.name}: a value behind {before} cannot be read: {told}"
    return ""
