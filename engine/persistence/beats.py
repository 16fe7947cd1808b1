"""Beats: each running process says in the database, every few seconds, that it lives.

Writing a beat goes the way of every command, so it proves as well that writing works.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

import sqlalchemy as sa

from engine.persistence.tables.work import process_beat

if TYPE_CHECKING:
    from datetime import datetime

    from engine.persistence.database import Database

_B = process_beat.c


@dataclass(frozen=True, slots=True, kw_only=True)
class Beat:
    """A running process as it was last seen."""

    id: int
    #: the command that runs: serve or worker
    role: str
    host: str
    #: its number on that machine
    process: int
    version: str
    #: whether its worker's thread runs
    works: bool
    #: real times
    started_at: datetime
    seen_at: datetime


def note(database: Database, beat: Beat) -> None:
    """Write the newest beat of a process over the one before."""
    values = asdict(beat)
    seen = process_beat.update().where(_B.id == beat.id)
    with database.writing.begin() as connection:
        if connection.execute(seen.values(works=beat.works, seen_at=beat.seen_at)).rowcount == 0:
            connection.execute(process_beat.insert().values(values))


def forget(database: Database, beat_id: int, before: datetime) -> None:
    """Delete a process that ended, and all that were not seen since then."""
    gone = sa.or_(_B.id == beat_id, _B.seen_at < before)
    with database.writing.begin() as connection:
        connection.execute(process_beat.delete().where(gone))


def beats(connection: sa.Connection) -> list[Beat]:
    """All processes that are known, the one seen last first."""
    rows = connection.execute(sa.select(process_beat).order_by(_B.seen_at.desc(), _B.id))
    return [Beat(**row) for row in rows.mappings()]
