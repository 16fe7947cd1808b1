"""The clocks: real time, and the movable business time of a rehearsal."""

from __future__ import annotations

import threading
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from engine.usecases.ports.work import UnitOfWork

#: how long one process may miss a move made by another
REFRESH_SECONDS = 0.5


class RealClock:
    """Business time is real time."""

    def now(self) -> datetime:
        """Business time, aware UTC."""
        return datetime.now(UTC)

    def real_now(self) -> datetime:
        """Real time, aware UTC."""
        return datetime.now(UTC)


class RehearsalClock:
    """Business time stands where it was pinned, in the database; unpinned it is real time."""

    def __init__(self, reading: Callable[[], UnitOfWork]) -> None:
        self._reading = reading
        self._pinned: datetime | None = None
        self._fresh_until = 0.0
        self._lock = threading.Lock()

    def now(self) -> datetime:
        """Business time, aware UTC; never goes back."""
        if time.monotonic() >= self._fresh_until:
            with self._reading() as uow:
                stored = uow.clock.pinned_at()
            self._learn(stored)
        return self._pinned or datetime.now(UTC)

    def real_now(self) -> datetime:
        """Real time, aware UTC."""
        return datetime.now(UTC)

    def refreshed(self, uow: UnitOfWork) -> datetime:
        """Business time as the store has it inside this unit of work."""
        return uow.clock.pinned_at() or datetime.now(UTC)

    def pinned(self, at: datetime) -> None:
        """The move to this moment is committed."""
        self._learn(at)

    def _learn(self, stored: datetime | None) -> None:
        with self._lock:
            if stored is not None and (self._pinned is None or stored > self._pinned):
                self._pinned = stored
            self._fresh_until = time.monotonic() + REFRESH_SECONDS
