"""Guarded acts, verification of evidence, samples for audit, peer reviews: the store."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from engine.domain.protection import Grievance, LoweringKind, RecordedLowering


@dataclass(frozen=True, slots=True, kw_only=True)
class GuardedAct:
    """A guarded act as internal audit reads it."""

    id: str
    at: datetime
    kind: LoweringKind
    subject_id: str
    actor_id: str
    actor_name: str
    on_behalf_of: str | None
    person_id: str
    person_name: str
    second_id: str
    second_name: str


class AssuranceStore(Protocol):
    """What looks after those who judge; part of the unit of work."""

    def add(self, rows: Sequence[RecordedLowering]) -> None:
        """Insert rows; `Conflict` names a broken constraint."""
        ...

    def grievances(self, person_id: str, about: Sequence[str]) -> Sequence[Grievance]:
        """How a person spoke up about any of these people, oldest first."""
        ...

    def lowering_acts(self, person_id: str, by: Sequence[str]) -> Sequence[RecordedLowering]:
        """Acts of these people, or in their place, that lowered something of a person."""
        ...

    def guarded_acts(self, agency_id: str) -> Sequence[GuardedAct]:
        """Guarded acts about people of an agency, newest first."""
        ...
