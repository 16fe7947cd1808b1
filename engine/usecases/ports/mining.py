"""History read by the thousand: times of elements, ways taken, and all that happened."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """Which history is meant."""

    process_id: str
    #: rows of this agency's instances
    agency_id: str | None
    #: one version; None: all of them
    definition_key: int | None = None
    #: from then, and before then; None: whenever
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ElementTimes:
    """How often an element was visited and how long it took, from entering to leaving."""

    element_id: str
    element_type: str
    #: visits that ended
    ended: int
    #: visits that have not
    waiting: int
    #: seconds at the fractions asked for (nearest rank); empty when none ended
    quantiles_s: tuple[float, ...]
    #: incidents that were ever written
    incidents: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LoggedEvent:
    """One history row with what an event log says beside it."""

    key: int
    instance_key: int
    root_key: int
    process_id: str
    definition_key: int
    version: int
    element_id: str
    element_type: str
    token: int
    #: "activated", "completed", "cancelled" or "decision"
    event: str
    at: datetime
    actor: str
    on_behalf_of: str | None
    #: of the root instance
    business_key: str | None
    detail: str | None


class MiningStore(Protocol):
    """Set-based questions over history; part of the unit of work."""

    def element_times(self, window: Window, fractions: Sequence[float]) -> Sequence[ElementTimes]:
        """Times of every element, by element id; one statement."""
        ...

    def ways(self, window: Window) -> Sequence[tuple[str, str, int]]:
        """(element, detail of the completed row, how often) where several flows leave."""
        ...

    def hands(self, window: Window) -> Mapping[str, int]:
        """User task -> how many different people ended it; one statement."""
        ...

    def starts(self, window: Window) -> tuple[int, datetime | None, datetime | None]:
        """How many instances started, the first and the last."""
        ...

    def events(self, window: Window, after: int, limit: int) -> Sequence[LoggedEvent]:
        """What happened, in order of keys, behind one."""
        ...
