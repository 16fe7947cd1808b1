"""New identities: time-ordered keys that no two processes share, and UUIDv7."""

from __future__ import annotations

import secrets
import threading
import uuid
from typing import TYPE_CHECKING

from engine.persistence.tables.work import node_counter

if TYPE_CHECKING:
    from collections.abc import Callable

    from engine.persistence.database import Database

#: 2024-01-01T00:00:00Z: 41 bits of milliseconds from here last until 2093
EPOCH_MS = 1_704_067_200_000

NODE_BITS = 10
SEQUENCE_BITS = 12
NODES = 1 << NODE_BITS
_SEQUENCES = 1 << SEQUENCE_BITS
_UUID_MS_MAX = (1 << 48) - 1


class TimeOrderedIds:
    """`Ids`: keys of 41 bits milliseconds, 10 bits node, 12 bits sequence; thread-safe.

    Keys of one instance only grow, also when the clock steps back; a burst of more than 4,096
    keys in a millisecond borrows from the next ones.
    """

    def __init__(self, node: int, now_ms: Callable[[], int]) -> None:
        """`now_ms` is real time in milliseconds since 1970."""
        if not 0 <= node < NODES:
            raise ValueError(f"a node number is 0 to {NODES - 1}, not {node}")
        self._node = node
        self._now_ms = now_ms
        self._lock = threading.Lock()
        self._last_ms = 0
        self._sequence = 0
        self._uuid_ms = 0
        self._uuid_sequence = 0

    def key(self) -> int:
        """A 63-bit time-ordered integer, unique over processes and machines."""
        with self._lock:
            now = max(self._now_ms() - EPOCH_MS, 0)
            if now > self._last_ms:
                self._last_ms, self._sequence = now, 0
            elif self._sequence + 1 < _SEQUENCES:
                self._sequence += 1
            else:
                self._last_ms, self._sequence = self._last_ms + 1, 0
            moment, sequence = self._last_ms, self._sequence
        return (moment << (NODE_BITS + SEQUENCE_BITS)) | (self._node << SEQUENCE_BITS) | sequence

    def uuid(self) -> str:
        """A UUIDv7 as text; those of one instance only grow (RFC 9562, 6.2 method 1)."""
        moment, sequence = self._next_uuid()
        number = (moment << 80) | (0x7 << 76) | (sequence << 64) | (0b10 << 62)
        return str(uuid.UUID(int=number | secrets.randbits(62)))

    def _next_uuid(self) -> tuple[int, int]:
        """Milliseconds and a counter inside them, begun at random with half its room left."""
        with self._lock:
            moment = self._now_ms() & _UUID_MS_MAX
            if moment > self._uuid_ms:
                self._uuid_ms, self._uuid_sequence = moment, secrets.randbits(SEQUENCE_BITS - 1)
            else:
                self._uuid_sequence += 1
            if self._uuid_sequence >= _SEQUENCES:
                self._uuid_ms, self._uuid_sequence = self._uuid_ms + 1, 0
            return self._uuid_ms, self._uuid_sequence


def claim_node(database: Database) -> int:
    """The next node number; it comes round after 1,024 starts of a process."""
    take = (
        node_counter.update()
        .values(next_node=node_counter.c.next_node + 1)
        .returning(node_counter.c.next_node)
    )
    with database.writing.begin() as connection:
        return int(connection.execute(take).scalar_one()) % NODES
