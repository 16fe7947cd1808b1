"""What the steps of one instance send to a database of ours."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from bench.watch import Traffic, watched

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from engine.persistence.database import Database


@contextmanager
def _traffic(database: Database) -> Iterator[Traffic]:
    """All that both engines send; on PostgreSQL one listener hears both."""
    with watched(database.writing) as traffic:
        if not database.is_sqlite:
            yield traffic
            return
        with watched(database.reading) as read:
            yield traffic
        traffic.statements += read.statements


def counts(database: Database, steps: Sequence[Callable[[], object]]) -> list[dict[str, int]]:
    """Statements, commits and bytes written of each step."""
    found = []
    for step in steps:
        with _traffic(database) as traffic:
            step()
        sent = [text for text in traffic.statements if not text.startswith("PRAGMA")]
        found.append(
            {
                "statements": len(sent),
                "commits": traffic.commits,
                "bytes": traffic.bytes_written,
            }
        )
    return found
