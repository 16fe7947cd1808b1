"""The audit log: every stream is a chain of hashes whose last link is kept apart from it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from engine.persistence.audit_chain import ORIGIN, broken_links, entry_hash
from engine.persistence.json_text import canonical
from engine.persistence.stores.transaction import Store, Transaction
from engine.persistence.tables.process import process_instance
from engine.persistence.tables.work import audit, audit_head
from engine.usecases.errors import NotFound

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from engine.persistence.stores.instances import InstanceStore
    from engine.usecases.ports.work import AuditEntry

#: streams of instances: "instance:<key of the root>"
INSTANCE_STREAM = "instance:"

_A, _H, _I = audit.c, audit_head.c, process_instance.c
_INSERT = audit.insert()
_ROWS_AT_ONCE = 1000


class SqlAuditLog(Store):
    """`AuditLog` on SQL.

    Entries wait until the commit, so that the head of a stream is locked for a moment only and
    an instance's head goes into the row that its command writes anyway.
    """

    def __init__(self, transaction: Transaction, instances: InstanceStore) -> None:
        super().__init__(transaction)
        self._instances = instances
        self._waiting: list[AuditEntry] = []

    def append(self, entry: AuditEntry) -> None:
        """Chain an entry to its stream; the commit writes it."""
        self._waiting.append(entry)

    def verify(self) -> Sequence[str]:
        """All faults found in all chains; empty when every chain holds."""
        self._tx.write_pending()
        return [*self._broken_links(), *self._broken_heads()]

    def mark(self) -> int:
        """How many entries wait."""
        return len(self._waiting)

    def rewind(self, mark: int) -> None:
        """Forget the entries since then."""
        del self._waiting[mark:]

    def write(self) -> None:
        """Chain and insert what waits; streams in one order, so that two writers never cross."""
        if not self._waiting:
            return
        waiting, self._waiting = self._waiting, []
        rows: list[dict[str, Any]] = []
        for stream in sorted({entry.stream for entry in waiting}):
            mine = [entry for entry in waiting if entry.stream == stream]
            seq, head = self._head(stream)
            for entry in mine:
                row = _link(entry, seq + 1, head)
                seq, head = row["seq"], row["hash"]
                rows.append(row)
            self._put_head(stream, seq, head)
        self._tx.execute_many(_INSERT, rows)

    def extent(self) -> tuple[int, int]:
        """How many chains and how many entries there are."""
        counted = sa.select(
            sa.func.count(_A.stream.distinct()).label("chains"),
            sa.func.count(_A.seq).label("entries"),
        )
        row = self._tx.execute(counted).one()
        return int(row.chains), int(row.entries)

    def _head(self, stream: str) -> tuple[int, bytes]:
        key = _instance_key(stream)
        if key is not None:
            found = self._instances.head(key)
            if found is None:
                raise NotFound("instance", key)
            return found
        insert = (postgresql if self._tx.is_postgresql else sqlite).insert(audit_head)
        # an update that changes nothing locks the row and returns it, new or old
        lock = insert.on_conflict_do_update(
            index_elements=["stream"], set_={"stream": insert.excluded.stream}
        ).returning(_H.seq, _H.hash)
        row = self._tx.execute(lock, {"stream": stream, "seq": 0, "hash": ORIGIN}).one()
        return int(row.seq), bytes(row.hash)

    def _put_head(self, stream: str, seq: int, last: bytes) -> None:
        key = _instance_key(stream)
        if key is not None:
            self._instances.put_head(key, seq, last)
            return
        change = audit_head.update().where(_H.stream == stream)
        self._tx.execute(change.values(seq=seq, hash=last))

    def _broken_links(self) -> Iterator[str]:
        rows = self._tx.connection.execute(
            sa.select(audit).order_by(_A.stream, _A.seq),
            execution_options={"yield_per": _ROWS_AT_ONCE},
        )
        return broken_links(rows.mappings())

    def _broken_heads(self) -> Iterator[str]:
        last, beyond = audit.alias("last"), audit.alias("beyond")
        for stream, seq, head in (
            (_H.stream, _H.seq, _H.hash),
            (sa.literal(INSTANCE_STREAM) + sa.cast(_I.key, sa.Text), _I.audit_seq, _I.audit_head),
        ):
            question: sa.Select[Any] = (
                sa.select(stream.label("stream"), seq.label("seq"))
                .outerjoin(last, (last.c.stream == stream) & (last.c.seq == seq))
                .outerjoin(beyond, (beyond.c.stream == stream) & (beyond.c.seq == seq + 1))
                .where(
                    sa.or_(
                        (seq > 0) & sa.or_(last.c.hash.is_(None), last.c.hash != head),
                        beyond.c.seq.is_not(None),
                    )
                )
            )
            for row in self._tx.execute(question).mappings():
                yield f"{row['stream']} #{row['seq']}: the head does not match the last entry"
        yield from self._headless()

    def _headless(self) -> Iterator[str]:
        first = sa.select(_A.stream).where(_A.seq == 1).order_by(_A.stream)
        with_head = sa.select(_H.stream).union_all(
            sa.select(sa.literal(INSTANCE_STREAM) + sa.cast(_I.key, sa.Text))
        )
        for stream in self._tx.execute(first.where(_A.stream.not_in(with_head))).scalars():
            yield f"{stream}: the stream has no head"


def _instance_key(stream: str) -> int | None:
    return int(stream.removeprefix(INSTANCE_STREAM)) if stream.startswith(INSTANCE_STREAM) else None


def _link(entry: AuditEntry, seq: int, head: bytes) -> dict[str, Any]:
    row = {
        "stream": entry.stream,
        "seq": seq,
        "act": entry.act,
        "actor": entry.actor,
        "on_behalf_of": entry.on_behalf_of,
        "at": entry.at,
        "recorded_at": entry.recorded_at,
        "facts": canonical(entry.facts).decode(),
        "prev_hash": head,
    }
    return row | {"hash": entry_hash(row)}
