"""Every guard that a room names is in the database after all migrations, on both databases."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

import sqlalchemy as sa

import engine.persistence.tables as rooms
from engine.persistence.tables.guards import Guard


def named():
    """Guards of all rooms: tuples of `Guard` in their modules."""
    found = {}
    for module in iter_modules(rooms.__path__):
        room = import_module(f"{rooms.__name__}.{module.name}")
        for held in vars(room).values():
            if isinstance(held, tuple):
                found |= {one.name: one.table for one in held if isinstance(one, Guard)}
    return found


def test_no_later_migration_lost_a_guard(database):
    """SQLite drops the triggers of a table that a migration makes anew."""
    with database.reading.connect() as connection:
        query = (
            "SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger'"
            if database.is_sqlite
            else "SELECT t.tgname, c.relname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid"
        )
        held = {tuple(row) for row in connection.execute(sa.text(query))}
    missing = {name for name, table in named().items() if (f"tr_{name}", table) not in held}
    assert missing == set()
