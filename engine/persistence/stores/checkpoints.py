"""The log over all audit streams, on SQL."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa

from engine.persistence.stores.audit import INSTANCE_STREAM
from engine.persistence.stores.transaction import Store
from engine.persistence.tables.checkpoints import audit_block, audit_checkpoint, audit_leaf
from engine.persistence.tables.process import process_instance
from engine.persistence.tables.work import audit, audit_head
from engine.usecases.errors import StaleWrite
from engine.usecases.ports.checkpoints import BLOCK, Checkpoint, Leaf, Unlogged

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

_A, _L, _B, _C = audit.c, audit_leaf.c, audit_block.c, audit_checkpoint.c
_H, _I = audit_head.c, process_instance.c
_HASH_BYTES: Final = 32
_ROWS_AT_ONCE: Final = 1000
_SAME: Final = (_L.stream == _A.stream) & (_L.seq == _A.seq)
_ADD_LEAVES, _ADD_BLOCKS = audit_leaf.insert(), audit_block.insert()
_UNLOGGED: Final = (
    sa.select(_A.stream, _A.seq, _A.at, _A.hash)
    .outerjoin(audit_leaf, _SAME)
    .where(_L.log_index.is_(None))
)


class SqlCheckpointStore(Store):
    """`CheckpointStore` on SQL."""

    def last(self) -> Checkpoint | None:
        """The newest checkpoint."""
        return self._one(sa.select(audit_checkpoint).order_by(_C.size.desc()).limit(1))

    def unlogged(self, since: datetime | None, limit: int) -> Sequence[Unlogged]:
        """Entries without a leaf, by business time; None: however old.

        Whoever committed late is found as well: nothing is skipped by a mark, only what has a
        leaf. So `since` may only reach back far enough.
        """
        wanted = _UNLOGGED.order_by(_A.at, _A.stream, _A.seq).limit(limit)
        if since is not None:
            wanted = wanted.where(_A.at >= since)
        return [
            Unlogged(stream=row.stream, seq=row.seq, at=row.at, hash=bytes(row.hash))
            for row in self._tx.execute(wanted)
        ]

    def unlogged_extent(self) -> tuple[int, datetime | None]:
        """How many entries have no leaf yet, and when the oldest of them was recorded."""
        counted = (
            sa.select(sa.func.count().label("entries"), sa.func.min(_A.recorded_at).label("since"))
            .select_from(audit.outerjoin(audit_leaf, _SAME))
            .where(_L.log_index.is_(None))
        )
        row = self._tx.execute(counted).one()
        return int(row.entries), row.since

    def add(self, leaves: Sequence[Leaf], blocks: Iterable[bytes], made: Checkpoint) -> None:
        """Append a batch and its checkpoint; `StaleWrite` when another sequencer was faster."""
        self._tx.lock_name("audit-log")
        size = int(self._tx.execute(sa.select(sa.func.max(_C.size))).scalar() or 0)
        if size != leaves[0].log_index:
            raise StaleWrite("another sequencer was faster", size=size)
        self._tx.execute_many(
            _ADD_LEAVES,
            [
                {"log_index": one.log_index, "stream": one.stream, "seq": one.seq, "hash": one.hash}
                for one in leaves
            ],
        )
        first = size // BLOCK
        self._tx.execute_many(
            _ADD_BLOCKS,
            [{"number": first + at, "root": root} for at, root in enumerate(blocks)],
        )
        self._tx.execute(
            audit_checkpoint.insert(),
            {
                "size": made.size,
                "root": made.root,
                "nodes": b"".join(made.nodes),
                "at": made.at,
                "reached_at": made.reached_at,
                "note": made.note,
            },
        )

    def checkpoints(self, after: int, limit: int) -> Sequence[Checkpoint]:
        """Checkpoints of more than `after` leaves, smallest first."""
        wanted = sa.select(audit_checkpoint).where(_C.size > after).order_by(_C.size).limit(limit)
        return [_checkpoint(row) for row in self._tx.execute(wanted)]

    def checkpoint(self, size: int) -> Checkpoint | None:
        """The checkpoint of that size."""
        return self._one(sa.select(audit_checkpoint).where(_C.size == size))

    def leaf(self, stream: str, seq: int) -> Leaf | None:
        """Where an entry stands."""
        wanted = sa.select(audit_leaf).where(_L.stream == stream, _L.seq == seq)
        row = self._tx.execute(wanted).first()
        if row is None:
            return None
        return Leaf(log_index=row.log_index, stream=stream, seq=seq, hash=bytes(row.hash))

    def hashes(self, low: int, high: int) -> Sequence[bytes]:
        """Entry hashes of the leaves from `low` up to, not with, `high`."""
        wanted = sa.select(_L.hash).where(_L.log_index >= low, _L.log_index < high)
        return [bytes(one) for one in self._tx.execute(wanted.order_by(_L.log_index)).scalars()]

    def block_roots(self, low: int, high: int) -> Sequence[bytes]:
        """Roots of the blocks from `low` up to, not with, `high`."""
        wanted = sa.select(_B.root).where(_B.number >= low, _B.number < high)
        return [bytes(one) for one in self._tx.execute(wanted.order_by(_B.number)).scalars()]

    def leaf_faults(self) -> Iterator[str]:
        """Leaves that contradict the entries they name."""
        wanted = (
            sa.select(_L.log_index, _L.stream, _L.seq, _A.hash)
            .outerjoin_from(audit_leaf, audit, _SAME)
            .where(sa.or_(_A.hash.is_(None), _A.hash != _L.hash))
            .order_by(_L.log_index)
        )
        for row in self._rows(wanted):
            name = f"{row.stream} #{row.seq}"
            if row.hash is None:
                yield f"{name}: it is gone, and the log holds it at {row.log_index}"
            else:
                yield f"{name}: it is not the entry that the log holds at {row.log_index}"

    def all_hashes(self) -> Iterator[tuple[int, bytes]]:
        """Every leaf as (log index, entry hash), in order."""
        wanted = sa.select(_L.log_index, _L.hash).order_by(_L.log_index)
        return ((row.log_index, bytes(row.hash)) for row in self._rows(wanted))

    def entries(self) -> Iterator[Mapping[Any, Any]]:
        """Every audit entry by stream and number, with `log_index` and `leaf_hash` beside it."""
        wanted = (
            sa.select(audit, _L.log_index, _L.hash.label("leaf_hash"))
            .outerjoin(audit_leaf, _SAME)
            .order_by(_A.stream, _A.seq)
        )
        return iter(self._rows(wanted).mappings())

    def heads(self) -> Iterator[tuple[str, int, bytes]]:
        """The head of every stream: (stream, number of its last entry, its hash)."""
        for stream, seq, head in (
            (_H.stream, _H.seq, _H.hash),
            (sa.literal(INSTANCE_STREAM) + sa.cast(_I.key, sa.Text), _I.audit_seq, _I.audit_head),
        ):
            wanted = sa.select(stream.label("stream"), seq.label("seq"), head.label("head"))
            for row in self._rows(wanted.where(seq > 0)):
                yield row.stream, row.seq, bytes(row.head)

    def stray_leaves(self) -> Iterator[Leaf]:
        """Leaves whose entries are gone."""
        wanted = (
            sa.select(audit_leaf)
            .outerjoin(audit, _SAME)
            .where(_A.seq.is_(None))
            .order_by(_L.log_index)
        )
        for row in self._rows(wanted):
            yield Leaf(
                log_index=row.log_index, stream=row.stream, seq=row.seq, hash=bytes(row.hash)
            )

    def _rows(self, wanted: sa.Select[Any]) -> sa.CursorResult[Any]:
        options = {"yield_per": _ROWS_AT_ONCE}
        return self._tx.connection.execute(wanted, execution_options=options)

    def _one(self, wanted: sa.Select[Any]) -> Checkpoint | None:
        row = self._tx.execute(wanted).first()
        return None if row is None else _checkpoint(row)


def _checkpoint(row: sa.Row[Any]) -> Checkpoint:
    nodes = bytes(row.nodes)
    return Checkpoint(
        size=row.size,
        root=bytes(row.root),
        nodes=tuple(nodes[at : at + _HASH_BYTES] for at in range(0, len(nodes), _HASH_BYTES)),
        at=row.at,
        reached_at=row.reached_at,
        note=row.note,
    )
