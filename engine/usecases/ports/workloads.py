"""The load of many people at once: each question is one statement.

A month counts in the unit of the post whose month it is (`domain.staffing.posts_by_month`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from engine.domain.cycles import Cycle


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadScope:
    """Whose load is asked for."""

    cycle: Cycle
    #: units whose people count; None: the whole agency
    unit_ids: Collection[str] | None = None
    #: only people with a month above full time
    over_only: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadRow:
    """A person's load by month, 1 to 12, basis points of full time."""

    person_id: str
    name: str
    nip: str
    #: of his last month of the year in the scope
    unit_id: str
    #: 0 for months in which he has no post in the scope
    months: tuple[int, ...]

    @property
    def most(self) -> int:
        """His heaviest month."""
        return max(self.months)


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitLoad:
    """A unit's people together, summed over the twelve months, basis points of one month."""

    unit_id: str
    #: months of all its people together
    person_months: int
    #: people with a month above full time
    over: int
    home_bp: int
    #: in squads that this unit hosts
    own_squads_bp: int
    #: lent to squads of other units
    lent_bp: int
    #: what people of other units bring to its squads
    borrowed_bp: int


@dataclass(frozen=True, slots=True, kw_only=True)
class JobMonth:
    """What the holders of one job in one unit work in a month, basis points of one month."""

    unit_id: str
    #: title of the post
    job: str
    month: int
    people: int
    home_bp: int
    own_squads_bp: int
    lent_bp: int


@dataclass(frozen=True, slots=True, kw_only=True)
class JobPersonMonth:
    """One holder's month behind the figures of a job."""

    person_id: str
    name: str
    nip: str
    month: int
    home_bp: int
    own_squads_bp: int
    lent_bp: int


class WorkloadStore(Protocol):
    """Part of the unit of work; the numbers are those of `usecases.load` for one person."""

    def page(
        self, scope: LoadScope, *, after: tuple[str, str] | None = None, limit: int
    ) -> Sequence[LoadRow]:
        """People with their load, keyset paged by (name, id)."""
        ...

    def people(self, scope: LoadScope) -> Mapping[str, int]:
        """Unit -> how many people belong to it at some time of the year."""
        ...

    def units(self, scope: LoadScope) -> Sequence[UnitLoad]:
        """Totals of each unit."""
        ...

    def borrowed(self, scope: LoadScope) -> Mapping[str, int]:
        """Host unit -> what people of other units bring to its squads."""
        ...

    def jobs(self, scope: LoadScope) -> Sequence[JobMonth]:
        """Months of each job of the units, by unit, job and month; one statement."""
        ...

    def job_people(self, scope: LoadScope, job: str) -> Sequence[JobPersonMonth]:
        """Months of the holders of a job in the units, by name and month; one statement."""
        ...
