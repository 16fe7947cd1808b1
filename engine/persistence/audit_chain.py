"""What chains the entries of an audit stream, and what breaks a chain; no database is needed."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any, Final

from engine.persistence.json_text import canonical

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    import sqlalchemy as sa

#: what the first entry of a stream is chained to
ORIGIN: Final = b""


def entry_hash(row: Mapping[str, Any] | sa.RowMapping) -> bytes:
    """SHA-256 over the hash before and the canonical JSON of all other columns."""
    told = [
        row["stream"],
        row["seq"],
        row["act"],
        row["actor"],
        row["on_behalf_of"],
        row["at"].isoformat(timespec="microseconds"),
        row["recorded_at"].isoformat(timespec="microseconds"),
        row["facts"],
    ]
    return hashlib.sha256(bytes(row["prev_hash"]) + canonical(told)).digest()


def broken_links(rows: Iterable[Mapping[str, Any] | sa.RowMapping]) -> Iterator[str]:
    """Faults of all chains; the rows come by stream and number."""
    stream, seq, head = "", 0, ORIGIN
    for row in rows:
        if row["stream"] != stream:
            stream, seq, head = row["stream"], 0, ORIGIN
        name = f"{stream} #{row['seq']}"
        if row["seq"] != seq + 1:
            yield f"{name}: entry {seq + 1} is missing"
        elif bytes(row["prev_hash"]) != head:
            yield f"{name}: not chained to the entry before it"
        if entry_hash(row) != bytes(row["hash"]):
            yield f"{name}: its content was changed"
        seq, head = row["seq"], bytes(row["hash"])
