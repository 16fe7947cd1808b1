"""The floor: one row selected, updated and committed, of all bytes that a command writes."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import sqlalchemy as sa

if TYPE_CHECKING:
    from bench.lanes import Lane
    from engine.persistence.database import Database

_ROWS = 100

_TABLE = sa.Table(
    "bench_floor",
    sa.MetaData(),
    sa.Column("key", sa.Integer, primary_key=True),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("state", sa.LargeBinary, nullable=False),
)
_SELECT = sa.select(_TABLE.c.version, _TABLE.c.state).where(_TABLE.c.key == sa.bindparam("at"))
_UPDATE = (
    _TABLE.update()
    .where(_TABLE.c.key == sa.bindparam("at"), _TABLE.c.version == sa.bindparam("old"))
    .values(version=sa.bindparam("new"), state=sa.bindparam("body"))
)


def floor(database: Database, size_bytes: int) -> Lane:
    """A lane of the cheapest honest write through SQLAlchemy Core, same pragmas and gate."""
    body = bytes(size_bytes)
    with database.writing.begin() as connection:
        _TABLE.create(connection)
        rows = [{"key": key, "version": 1, "state": body} for key in range(_ROWS)]
        connection.execute(_TABLE.insert(), rows)
    keys = itertools.cycle(range(_ROWS))

    def write(key: int) -> None:
        with database.writing.begin() as connection:
            version, state = connection.execute(_SELECT, {"at": key}).one()
            change = {"at": key, "old": version, "new": version + 1, "body": bytes(state)}
            connection.execute(_UPDATE, change)

    def prepare() -> object:
        key = next(keys)
        return lambda: write(key)

    return prepare  # type: ignore[return-value]
