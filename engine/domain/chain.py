"""The hash chain of the ledger: SHA-256 of a row as canonical JSON, naming the row before."""

from __future__ import annotations

import hashlib
import json
from dataclasses import fields, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from engine.domain.errors import Malformed, Violation
from engine.domain.ledger import Transfer

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


def canonical(row: Transfer) -> bytes:
    """Promise: the same bytes for the same row on every machine: all fields but `hash`.

    JSON with sorted keys, no spaces, UTF-8; times in UTC with microseconds. Raises Malformed for
    a naive time.
    """
    facts = {f.name: _plain(getattr(row, f.name)) for f in fields(Transfer) if f.name != "hash"}
    text = json.dumps(facts, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return text.encode()


def row_hash(row: Transfer) -> str:
    """Promise: SHA-256 of the canonical row, hex."""
    return hashlib.sha256(canonical(row)).hexdigest()


def chained(row: Transfer, *, row_id: int, prev_hash: str) -> Transfer:
    """Promise: the row with its place in the ledger and its hash, ready to store."""
    placed = replace(row, id=row_id, prev_hash=prev_hash)
    return replace(placed, hash=row_hash(placed))


def append(ledger: Sequence[Transfer], rows: Iterable[Transfer]) -> tuple[Transfer, ...]:
    """Promise: the ledger with the rows chained behind it, ids counting on by 1."""
    out = list(ledger)
    for row in rows:
        last = out[-1] if out else None
        place, before = (last.id + 1, last.hash) if last is not None else (1, "")
        out.append(chained(row, row_id=place, prev_hash=before))
    return tuple(out)


def verify_chain(rows: Iterable[Transfer], prev_hash: str = "") -> tuple[Violation, ...]:
    """Promise: every row whose hash, predecessor or order is wrong (I13).

    `prev_hash`: hash of the row before the first, "" for the whole ledger.
    """
    found: list[Violation] = []
    before_id = 0
    for row in rows:
        if row.hash != row_hash(row):
            found.append(_fault(row, "its content does not fit its hash"))
        if row.prev_hash != prev_hash:
            found.append(_fault(row, "it does not follow the row before"))
        if row.id <= before_id:
            found.append(_fault(row, f"its id does not follow {before_id}"))
        prev_hash, before_id = row.hash, row.id
    return tuple(found)


def seal_hash(rows: Iterable[Transfer]) -> str:
    """Promise: one hash over the given rows' hashes in order: the seal of a period or an output."""
    return hashlib.sha256("".join(row.hash for row in rows).encode()).hexdigest()


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise Malformed("time", value, "has no zone")
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    return value


def _fault(row: Transfer, message: str) -> Violation:
    return Violation(code="I13", subject=str(row.id), message=message)
