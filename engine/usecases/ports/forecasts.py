"""Records that forecasts learn from, and early warnings as they are kept."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import date, datetime

    from engine.domain.coaching import Competency
    from engine.domain.forecasts import EarlyWarning, History, Need
    from engine.domain.indicators import Aspect


@dataclass(frozen=True, slots=True, kw_only=True)
class Track:
    """An indicator of a fixed plan with what was recorded for it."""

    person_id: str
    cycle_id: str
    indicator_id: str
    #: the result (RHK)
    title: str
    #: the indicator
    text: str
    aspect: Aspect
    #: percent with elapsed share; silent periods between the points are counted in
    history: History
    #: number of the period of the last point, 0 when nothing was recorded
    last_number: int
    #: that period
    last_period_id: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class WarningRow:
    """An early warning with the names that a list shows."""

    warning: EarlyWarning
    name: str
    unit_id: str
    title: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WarningScope:
    """Whose early warnings are asked for; only those that are open to others."""

    cycle_id: str
    #: the day on which people belong to their units
    on: date
    now: datetime
    #: units whose people count; None: the whole agency
    unit_ids: Collection[str] | None = None
    #: never his own
    but: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Cluster:
    """People with the same need, by what their indicators measure."""

    #: None: it comes from guidance sessions, not from an indicator
    aspect: Aspect | None
    #: None: it comes from guidance sessions
    need: Need | None
    competency: Competency | None
    people: int
    units: int


class ForecastStore(Protocol):
    """Part of the unit of work."""

    def histories(self, agency_id: str, limit: int = 1_000) -> Sequence[History]:
        """At most so many recorded histories of the agency's cycles, the same ones each time."""
        ...

    def tracks(
        self, cycle_id: str, *, person_id: str | None = None, after: str = "", people: int = 500
    ) -> Sequence[Track]:
        """Indicators of home results in fixed plans, of one person or of the next people by id."""
        ...

    def add(self, rows: Sequence[EarlyWarning]) -> None:
        """Keep new warnings."""
        ...

    def put(self, row: EarlyWarning) -> None:
        """Write what people said to a warning; its figures never change."""
        ...

    def warnings_of(self, person_id: str, cycle_id: str) -> Sequence[EarlyWarning]:
        """A person's warnings, newest first."""
        ...

    def named(self, indicator_id: str) -> tuple[str, str]:
        """Result and words of an indicator, empty when there is none."""
        ...

    def known(self, cycle_id: str, people: Collection[str]) -> Collection[tuple[str, str]]:
        """(indicator, period) pairs that these people were warned of."""
        ...

    def opened(
        self, scope: WarningScope, *, after: tuple[str, str] | None = None, limit: int
    ) -> Sequence[WarningRow]:
        """Warnings open to others, keyset paged by (name, id)."""
        ...

    def clusters(self, scope: WarningScope) -> Sequence[Cluster]:
        """Needs that were said to warnings, and low competencies of guidance, by size."""
        ...
