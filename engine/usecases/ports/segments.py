"""Changes of roles, snapshots of closed segments, interim ratings: the store."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, TypeVar

from engine.domain.segments import RoleChange
from engine.domain.snapshots import SegmentRating, SegmentSnapshot

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import date

    from engine.domain.calendar import Pause
    from engine.domain.people import Appointment, Substitution
    from engine.usecases.ports.process import UserTaskRow

#: what this store keeps; rows are added and never changed
SegmentEntity = RoleChange | SegmentSnapshot | SegmentRating
SegmentKept = TypeVar("SegmentKept", RoleChange, SegmentSnapshot, SegmentRating)


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceState:
    """How well a plan is proved on a day."""

    items: int
    documented_items: int
    evidence: int
    verified_evidence: int


class SegmentStore(Protocol):
    """Changes of roles, snapshots, interim ratings; part of the unit of work."""

    def add(self, rows: Sequence[SegmentEntity]) -> None:
        """Insert rows; `Conflict` names a broken constraint."""
        ...

    def get(self, kind: type[SegmentKept], row_id: str) -> SegmentKept | None:
        """A row by id."""
        ...

    def changes(self, person_id: str) -> Sequence[RoleChange]:
        """Every recorded change of a person, oldest first."""
        ...

    def appointments(self, person_id: str) -> Sequence[tuple[Appointment, str]]:
        """Every appointment of a person with the unit of its post, oldest first."""
        ...

    def letters(self, substitute_id: str) -> Sequence[Substitution]:
        """Letters by which a person stands in for others, oldest first."""
        ...

    def substitutions(self, agency_id: str, on: date) -> Sequence[Substitution]:
        """Substitutions in force in an agency on a day."""
        ...

    def substitutions_around(
        self, people: Sequence[str], first: date, last: date | None
    ) -> Sequence[Substitution]:
        """Substitutions within two steps of these people that share a day with a time."""
        ...

    def snapshots(self, person_id: str, cycle_id: str) -> Sequence[SegmentSnapshot]:
        """Closed segments of a person in a cycle, oldest first."""
        ...

    def snapshot_of(self, change_id: str) -> SegmentSnapshot | None:
        """The segment that a change closed."""
        ...

    def interims(self, snapshot_ids: Sequence[str]) -> Mapping[str, SegmentRating]:
        """Interim ratings by snapshot id."""
        ...

    def raters(self, person_id: str, cycle_id: str) -> frozenset[str]:
        """Everybody who rated a closed segment of a person in a cycle, or was to rate it."""
        ...

    def raters_of(
        self, people: Collection[str], cycle_ids: Collection[str]
    ) -> Mapping[str, frozenset[str]]:
        """The same of several people: one statement."""
        ...

    def departed(self, cycle_id: str) -> Sequence[str]:
        """Ids of people who left their agency in a cycle and did not come back, in order."""
        ...

    def pauses_of(self, person_id: str, first: date, last: date) -> tuple[Pause, ...]:
        """Days between two on which a person's clocks stand still."""
        ...

    def evidence_state(self, plan_id: str) -> EvidenceState:
        """How well a plan is proved now."""
        ...

    def open_tasks_of(self, people: Sequence[str]) -> Sequence[UserTaskRow]:
        """Open work-list rows that these people hold, or may take as named candidates, by key."""
        ...
