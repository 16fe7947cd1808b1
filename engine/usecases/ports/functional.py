"""Functional levels, credit by month, papers of credit: the store."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from engine.domain.credit_papers import CreditPaper, PaperFlag, PaperSource
from engine.domain.functional import CreditMonth, FunctionalStanding

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import date, datetime

#: what this store keeps
FunctionalEntity = FunctionalStanding | CreditPaper | CreditMonth | PaperSource | PaperFlag


@dataclass(frozen=True, slots=True, kw_only=True)
class Official:
    """A person with his home unit, as lists show him."""

    person_id: str
    name: str
    nip: str
    unit_id: str


class FunctionalStore(Protocol):
    """Functional levels, credit by month, papers; part of the unit of work."""

    def add(self, rows: Sequence[FunctionalEntity]) -> None:
        """Insert rows, parents before children; `Conflict` names a broken constraint."""
        ...

    def cancel(self, paper_id: str, by: str, reason: str, at: datetime) -> None:
        """End a paper and its months; `Conflict` where the database refuses it."""
        ...

    def standings(self, people: Collection[str]) -> Mapping[str, Sequence[FunctionalStanding]]:
        """What decrees say of these people, by person, oldest first day first."""
        ...

    def months(self, people: Collection[str]) -> Mapping[str, Sequence[CreditMonth]]:
        """Live months of these people, by person, in order."""
        ...

    def months_of(self, paper_id: str) -> Sequence[CreditMonth]:
        """Months that a conversion brought, in order."""
        ...

    def papers(self, people: Collection[str]) -> Mapping[str, Sequence[CreditPaper]]:
        """Papers of these people, cancelled ones too, by person, newest first."""
        ...

    def paper(self, paper_id: str) -> CreditPaper | None:
        """A paper by id."""
        ...

    def paper_coded(self, code: str) -> CreditPaper | None:
        """A paper by its code."""
        ...

    def cited(self, conversion_id: str) -> bool:
        """Whether a live PAK adds a conversion up."""
        ...

    def adding_up(self, conversion_ids: Collection[str]) -> Sequence[CreditPaper]:
        """Live PAK that add up one of these conversions, oldest first."""
        ...

    def flags(self, paper_ids: Collection[str]) -> Mapping[str, Sequence[PaperFlag]]:
        """Flags by paper, oldest first."""
        ...

    def officials(
        self,
        agency_id: str,
        on: date,
        *,
        unit_ids: Collection[str] | None = None,
        after: tuple[str, str] | None = None,
        limit: int = 50,
    ) -> Sequence[Official]:
        """People of whom a level or contract is recorded, keyset paged by (name, id)."""
        ...
