"""Time and identity: nothing inside the engine asks the operating system."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, runtime_checkable

if TYPE_CHECKING:
    from datetime import datetime

    from engine.usecases.ports.work import UnitOfWork


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


class ClockStore(Protocol):
    """The pinned business time that all processes of one installation share."""

    def pinned_at(self) -> datetime | None:
        """The moment business time stands at; None: it was never moved."""
        ...

    def pin(self, at: datetime) -> None:
        """Pin business time."""
        ...


@runtime_checkable
class MovableClock(Clock, Protocol):
    """The clock of a rehearsal; pinned once it was moved."""

    def refreshed(self, uow: UnitOfWork) -> datetime:
        """Business time as the store has it inside this unit of work."""
        ...

    def pinned(self, at: datetime) -> None:
        """Tell the clock of this process that the move is committed."""
        ...
