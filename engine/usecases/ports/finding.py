"""The one search: people, tasks, squads and outputs that its reader may see."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import date, datetime

    from engine.domain.outputs import OutputStatus
    from engine.usecases.actor import Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """Who searches, and over which time squads make people peers."""

    person_id: str | None
    #: his agency's rows are all his to see; None: he sees what is near him only
    agency_id: str | None
    today: date
    #: the cycle's first and last day
    first: date
    last: date


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundPerson:
    """A person whose name or NIP fits."""

    id: str
    nip: str
    name: str
    unit: str | None
    post: str | None
    #: visible for sure; else only when the reader stands above him in the rating line
    near: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundSquad:
    """A squad whose name, code or letter fits."""

    id: str
    code: str
    name: str
    unit: str
    ends_on: date
    #: visible for sure; else only when the reader stands above one of its members
    near: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundOutput:
    """An output whose title fits."""

    id: str
    title: str
    squad_id: str
    squad: str
    status: OutputStatus
    due_on: date
    #: visible for sure; else only when the reader stands above one of its squad's members
    near: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundTask:
    """An open task of the reader's whose name, subject or person fits."""

    key: int
    name: str
    process: str
    subject: str | None
    about: str | None
    due_at: datetime | None


class FindingStore(Protocol):
    """Part of the unit of work; each question is one statement."""

    def people(self, reader: Reader, words: str, limit: int) -> Sequence[FoundPerson]:
        """People by name: every word in the name, or a NIP that begins so."""
        ...

    def squads(self, reader: Reader, words: str, limit: int) -> Sequence[FoundSquad]:
        """Squads by name: every word in its name, code or letter."""
        ...

    def outputs(self, reader: Reader, words: str, limit: int) -> Sequence[FoundOutput]:
        """Outputs, latest due first: every word in the title."""
        ...

    def tasks(self, actor: Actor, words: str, now: datetime, limit: int) -> Sequence[FoundTask]:
        """Open tasks that the actor may take, earliest due first."""
        ...

    def members_below(self, reader: Reader, squads: Collection[str]) -> Sequence[tuple[str, str]]:
        """(squad, member) where the reader may stand above the member."""
        ...
