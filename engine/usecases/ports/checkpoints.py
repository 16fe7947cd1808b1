"""The log over all audit streams: its leaves, its checkpoints, and who signs and publishes them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

#: leaves of a block whose root is kept
BLOCK = 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Unlogged:
    """An audit entry that has no place in the log yet."""

    stream: str
    seq: int
    #: business time
    at: datetime
    hash: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaf:
    """Where an audit entry stands in the log."""

    log_index: int
    stream: str
    seq: int
    #: hash of the entry
    hash: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkpoint:
    """The root over the first `size` leaves, signed."""

    size: int
    root: bytes
    #: roots of the perfect subtrees, largest first
    nodes: tuple[bytes, ...]
    #: real time
    at: datetime
    #: latest business time of an entry covered
    reached_at: datetime
    #: signed note (C2SP)
    note: str


class CheckpointStore(Protocol):
    """The log; append-only."""

    def last(self) -> Checkpoint | None:
        """The newest checkpoint."""
        ...

    def unlogged(self, since: datetime | None, limit: int) -> Sequence[Unlogged]:
        """Entries without a leaf, by business time; None: however old."""
        ...

    def unlogged_extent(self) -> tuple[int, datetime | None]:
        """How many entries have no leaf yet, and when the oldest of them was recorded."""
        ...

    def add(self, leaves: Sequence[Leaf], blocks: Iterable[bytes], made: Checkpoint) -> None:
        """Append a batch and its checkpoint; `StaleWrite` when another sequencer was faster."""
        ...

    def checkpoints(self, after: int, limit: int) -> Sequence[Checkpoint]:
        """Checkpoints of more than `after` leaves, smallest first."""
        ...

    def checkpoint(self, size: int) -> Checkpoint | None:
        """The checkpoint of that size."""
        ...

    def leaf(self, stream: str, seq: int) -> Leaf | None:
        """Where an entry stands."""
        ...

    def hashes(self, low: int, high: int) -> Sequence[bytes]:
        """Entry hashes of the leaves from `low` up to, not with, `high`."""
        ...

    def block_roots(self, low: int, high: int) -> Sequence[bytes]:
        """Roots of the blocks from `low` up to, not with, `high`."""
        ...

    def leaf_faults(self) -> Iterator[str]:
        """Leaves that contradict the entries they name."""
        ...

    def entries(self) -> Iterator[Mapping[Any, Any]]:
        """Every audit entry by stream and number, with `log_index` and `leaf_hash` beside it."""
        ...

    def heads(self) -> Iterator[tuple[str, int, bytes]]:
        """The head of every stream: (stream, number of its last entry, its hash)."""
        ...

    def stray_leaves(self) -> Iterator[Leaf]:
        """Leaves whose entries are gone."""
        ...

    def all_hashes(self) -> Iterator[tuple[int, bytes]]:
        """Every leaf as (log index, entry hash), in order."""
        ...


class Notary(Protocol):
    """Who signs checkpoints and publishes them outside the database; implemented in `app`."""

    @property
    def origin(self) -> str:
        """Name of the log: first line of every checkpoint."""
        ...

    @property
    def key(self) -> str:
        """The public key as a line (C2SP verifier key)."""
        ...

    def signed(self, text: str) -> str:
        """The text as a signed note."""
        ...

    def opened(self, note: str) -> str | None:
        """The text of a note that a known key signed; None for any other."""
        ...

    def published(self) -> Iterator[str]:
        """Notes that were published from this machine, in order."""
        ...

    def last_published(self) -> str | None:
        """The last of them."""
        ...

    def publish(self, notes: Sequence[str]) -> None:
        """Append notes to what is published."""
        ...
