"""What a rater asks about all his people at once: each question is one statement."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import date, datetime

    from engine.domain.people import Person
    from engine.domain.plans import PlanStatus
    from engine.domain.ratings import Rating
    from engine.domain.squads import Membership, Squad
    from engine.usecases.ports.formation import HomeTime


@dataclass(frozen=True, slots=True, kw_only=True)
class Seated:
    """A person with his definitive post."""

    person_id: str
    post_title: str
    unit_id: str
    unit_name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Proven:
    """How far a person's plan is proved."""

    person_id: str
    status: PlanStatus
    #: part of full time planned for home, basis points
    home_effort_bp: int | None
    results: int
    #: results that no verified evidence stands behind
    unproven: int
    #: pieces of evidence of the person's work, rejected ones left out
    evidence: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Abroad:
    """A contribution in a squad of another unit, with who attested it (None: not yet)."""

    person_id: str
    title: str
    squad_name: str
    host_unit: str
    share_bp: int
    attester_id: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Errand:
    """An open task of the reader about somebody."""

    person_id: str
    key: int
    process_id: str
    element_id: str
    name: str
    subject: str | None
    due_at: datetime | None


class TeamStore(Protocol):
    """Part of the unit of work; every answer takes one statement, whatever the size of a team."""

    def people(self, people: Collection[str]) -> Sequence[Person]:
        """The people, by name."""
        ...

    def seats(self, people: Collection[str], on: date) -> Mapping[str, Seated]:
        """Definitive post of each on a day."""
        ...

    def proven(self, people: Collection[str], cycle_id: str) -> Mapping[str, Proven]:
        """The newest plan of each that was not dropped, with its results and evidence."""
        ...

    def ratings(self, people: Collection[str], cycle_id: str) -> Mapping[str, Rating]:
        """The newest version of each one's rating."""
        ...

    def signed(self, rating_ids: Collection[str]) -> frozenset[str]:
        """Those of the ratings that their rater signed."""
        ...

    def heard(self, people: Collection[str], cycle_id: str) -> frozenset[str]:
        """Those who evaluated themselves."""
        ...

    def abroad(self, people: Collection[str], cycle_id: str) -> Sequence[Abroad]:
        """Claims in squads of other units with the newest word about each, by person."""
        ...

    def disputed(self, people: Collection[str], cycle_id: str) -> Mapping[str, int]:
        """Open disputes on outputs in which each has a claim."""
        ...

    def met(self, people: Collection[str], cycle_id: str) -> Mapping[str, date]:
        """Day of each one's last check-in that took place."""
        ...

    def memberships(
        self, people: Collection[str], starts_on: date, ends_on: date
    ) -> Mapping[str, Sequence[tuple[Membership, Squad]]]:
        """Squads of each in a time, by the squad's code."""
        ...

    def home_times(self, people: Collection[str]) -> Mapping[str, Sequence[HomeTime]]:
        """Home time by each membership's newest answer, the newest answer last."""
        ...

    def late(self, people: Collection[str], now: datetime) -> Mapping[str, int]:
        """Open tasks of each that are past their due date."""
        ...

    def errands(self, readers: Collection[str], people: Collection[str]) -> Sequence[Errand]:
        """Open tasks assigned to one of the readers about the people, earliest due first."""
        ...
