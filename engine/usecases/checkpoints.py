"""Checkpoints over all audit streams: made by the sequencer, read and proved by auditors.

Each stream is a chain, which cannot tell that its own end or a whole stream was taken away or
written anew. So every entry gets a place in one log, a Merkle tree (RFC 6962) over the hashes of
the entries, whose root is signed and published outside the database.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from engine.domain.merkle import (
    CompactRange,
    consistency_path,
    inclusion_path,
    leaf_hash,
    tree_root,
)
from engine.usecases import rights
from engine.usecases.errors import NotFound, StaleWrite
from engine.usecases.log_check import Body, Told, body_text, log_faults, read_body
from engine.usecases.ports.checkpoints import BLOCK, Checkpoint, Leaf

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from engine.usecases.actor import Actor
    from engine.usecases.ports.checkpoints import CheckpointStore, Notary, Unlogged
    from engine.usecases.ports.work import House, UnitOfWork

#: entries of one checkpoint at most: on SQLite others wait while they are written
BATCH: Final = 10_000
#: business time by which a transaction may commit after one that was logged
OVERLAP: Final = timedelta(minutes=10)
_PAGE: Final = 1000
_SEQ_MAX: Final = 2**31 - 1


class LogForked(RuntimeError):
    """What the database holds does not go on from what was published: nothing more is signed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Inclusion:
    """Proof that an entry stands in the log: a path from its leaf to a checkpoint's root."""

    leaf: Leaf
    leaf_hash: bytes
    path: Sequence[bytes]
    checkpoint: Checkpoint


@dataclass(frozen=True, slots=True, kw_only=True)
class Consistency:
    """Proof that a checkpoint only appends to an earlier one."""

    first: Checkpoint
    second: Checkpoint
    path: Sequence[bytes]


def extend(house: House, *, whole: bool = False) -> int:
    """Log a batch of entries under one signed checkpoint; how many.

    `whole`: look through all entries, not only from shortly before the newest one logged.
    `LogForked` when the newest checkpoint was changed, or what was published is not there.
    """
    notary = house.notary
    if notary is None:
        return 0
    with house.reading() as uow:
        last = uow.checkpoints.last()
        _goes_on(uow, notary, last)
        since = None if whole or last is None else last.reached_at - OVERLAP
        found = uow.checkpoints.unlogged(since, BATCH)
    if not found:
        return 0
    leaves, blocks, made = _batch(house, notary, last, found)
    try:
        with house.writing() as uow:
            uow.checkpoints.add(leaves, blocks, made)
            uow.commit()
    except StaleWrite:  # a twin on another machine logged them
        return 0
    return len(leaves)


def publish(house: House) -> int:
    """Append to the published file what it lacks; how many checkpoints."""
    notary, count = house.notary, 0
    if notary is None:
        return 0
    shown = notary.last_published()
    after = read_body(shown).size if shown else 0
    while True:
        with house.reading() as uow:
            found = uow.checkpoints.checkpoints(after, _PAGE)
        if not found:
            return count
        notary.publish([one.note for one in found])
        after, count = found[-1].size, count + len(found)


def faults(uow: UnitOfWork, notary: Notary) -> Iterator[str]:
    """Every fault of the log: against the entries, the checkpoints kept and those published."""
    yield from uow.checkpoints.leaf_faults()
    told = []
    for one in every(uow.checkpoints):
        told.append(Told(name="checkpoint", note=one.note))
        if not _fits(one):
            yield f"checkpoint of {one.size} entries: its row does not fit its note"
    told += [Told(name="published checkpoint", note=note) for note in notary.published()]
    yield from log_faults(uow.checkpoints.all_hashes(), told, notary.opened)


def every(store: CheckpointStore) -> Iterator[Checkpoint]:
    """All checkpoints, smallest first."""
    after = 0
    while found := store.checkpoints(after, _PAGE):
        yield from found
        after = found[-1].size


def listed(house: House, actor: Actor, *, after: int, limit: int) -> Sequence[Checkpoint]:
    """Checkpoints of more than `after` entries, for auditors."""
    rights.require(actor, "proof:read")
    with house.reading() as uow:
        return uow.checkpoints.checkpoints(after, limit)


def inclusion(house: House, actor: Actor, stream: str, seq: int) -> Inclusion:
    """Proof that an entry stands in the log, under the newest checkpoint; `NotFound` if not."""
    rights.require(actor, "proof:read")
    if not 0 < seq <= _SEQ_MAX:
        raise NotFound("log entry", f"{stream} #{seq}")
    with house.reading() as uow:
        leaf, last = uow.checkpoints.leaf(stream, seq), uow.checkpoints.last()
        if leaf is None or last is None:
            raise NotFound("log entry", f"{stream} #{seq}")
        path = inclusion_path(leaf.log_index, last.size, _Ranges(uow.checkpoints).root)
    return Inclusion(leaf=leaf, leaf_hash=leaf_hash(leaf.hash), path=path, checkpoint=last)


def consistency(house: House, actor: Actor, first: int, second: int) -> Consistency:
    """Proof between two checkpoints by their sizes, in whichever order; `NotFound` without one."""
    rights.require(actor, "proof:read")
    with house.reading() as uow:
        small, large = (
            _of_size(uow.checkpoints, size) for size in (min(first, second), max(first, second))
        )
        path = consistency_path(small.size, large.size, _Ranges(uow.checkpoints).root)
    return Consistency(first=small, second=large, path=path)


class _Ranges:
    """Hashes of ranges of leaves, out of kept roots of full blocks where there are."""

    def __init__(self, store: CheckpointStore) -> None:
        self._store = store

    def root(self, low: int, high: int) -> bytes:
        """Hash of the leaves from `low` up to, not with, `high`, as they stand in the tree."""
        cut = high - high % BLOCK
        if high - low < BLOCK:
            return tree_root(leaf_hash(one) for one in self._store.hashes(low, high))
        nodes = list(self._store.block_roots(low // BLOCK, cut // BLOCK))
        if cut < high:
            nodes.append(tree_root(leaf_hash(one) for one in self._store.hashes(cut, high)))
        return tree_root(nodes)


def _fits(made: Checkpoint) -> bool:
    """Whether a checkpoint's columns say what its note says."""
    try:
        body = read_body(made.note)
        root = CompactRange(made.size, made.nodes).root()
    except ValueError:
        return False
    return body.size == made.size and body.root == made.root == root


def _of_size(store: CheckpointStore, size: int) -> Checkpoint:
    found = store.checkpoint(size)
    if found is None:
        raise NotFound("checkpoint", size)
    return found


def _goes_on(uow: UnitOfWork, notary: Notary, last: Checkpoint | None) -> None:
    """The newest checkpoint is signed and whole, and so is the newest that was published."""
    if last is not None:
        if notary.opened(last.note) is None:
            raise LogForked(f"the checkpoint of {last.size} entries is not signed by a known key")
        if not _fits(last):
            raise LogForked(f"the checkpoint of {last.size} entries was changed")
    shown = notary.last_published()
    if not shown:
        return
    size = read_body(shown).size
    kept = uow.checkpoints.checkpoint(size)
    if kept is None or kept.note != shown:
        raise LogForked(
            f"a checkpoint of {size} entries was published, and the database does not hold it"
        )


def _batch(
    house: House, notary: Notary, last: Checkpoint | None, found: Sequence[Unlogged]
) -> tuple[list[Leaf], list[bytes], Checkpoint]:
    """Leaves, roots of the blocks that they fill, and the signed checkpoint."""
    size, nodes = (last.size, last.nodes) if last is not None else (0, ())
    cut = (size // BLOCK).bit_count()
    outer, inner = CompactRange(size // BLOCK, nodes[:cut]), CompactRange(size % BLOCK, nodes[cut:])
    leaves, blocks = [], []
    for index, one in enumerate(found, start=size):
        leaves.append(Leaf(log_index=index, stream=one.stream, seq=one.seq, hash=one.hash))
        inner.append(leaf_hash(one.hash))
        if inner.size == BLOCK:
            blocks.append(inner.root())
            outer.append(blocks[-1])
            inner = CompactRange()
    size += len(found)
    now_nodes = (*outer.nodes, *inner.nodes)
    root = CompactRange(size, now_nodes).root()
    latest = max(one.at for one in found)
    made = Checkpoint(
        size=size,
        root=root,
        nodes=now_nodes,
        at=house.clock.real_now(),
        reached_at=latest if last is None else max(latest, last.reached_at),
        note=notary.signed(body_text(Body(origin=notary.origin, size=size, root=root))),
    )
    return leaves, blocks, made
