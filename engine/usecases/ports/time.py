"""Time and identity: nothing inside the engine asks the operating system."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from datetime import datetime


class Clock(Protocol):
    """Business time (movable in a rehearsal) and real time."""

    def now(self) -> datetime:
        """Business time, aware UTC."""
        ...

    def real_now(self) -> datetime:
        """Real time, aware UTC: sessions, leases, rate limits, `recorded_at`."""
        ...


class Ids(Protocol):
    """New identities."""

    def key(self) -> int:
        """A 63-bit time-ordered integer, unique over processes and machines."""
        ...

    def uuid(self) -> str:
        """A UUIDv7 as text."""
        ...
