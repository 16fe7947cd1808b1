"""What is kept with a hash or a checksum of its own, for the proof to read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator


class SoundnessStore(Protocol):
    """Everything that can be held against itself."""

    def contents(self) -> Iterator[tuple[str, bytes, str]]:
        """Drawings, tables, forms and scenarios: (name, content, SHA-256 in hex)."""
        ...

    def live_states(self) -> Iterator[tuple[int, bytes]]:
        """States of instances that have not ended: (key, state)."""
        ...
