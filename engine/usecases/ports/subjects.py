"""All that is kept about one person: reading it as a whole, and erasing who it was."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from engine.domain.people import Person
    from engine.usecases.ports.process import Json


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """How long somebody serves."""

    #: in office or in a squad on the day, or will be
    serves: bool
    #: first day after the last appointment and membership; None: there was none, or no end
    left_on: date | None
    #: open tasks that are his, or that another does for him
    open_tasks: int


class SubjectStore(Protocol):
    """Rows of all tables by the person they are about."""

    def by_nip(self, nip: str) -> Person | None:
        """The person of any agency within reach."""
        ...

    def nip_taken(self, nip: str) -> bool:
        """Whether a person or an account has that number."""
        ...

    def rows(self, person_id: str) -> Mapping[str, Sequence[Mapping[str, Json]]]:
        """What is kept about him, by table; tables without a row are missing."""
        ...

    def left_out(self) -> Mapping[str, str]:
        """Tables that name people and are not handed out, with the reason."""
        ...

    def service(self, person_id: str, today: date) -> Service:
        """How long he serves, seen on that day."""
        ...

    def erase(self, person: Person, *, name: str, nip: str) -> Mapping[str, int]:
        """Put these in the place of his name and NIP, and delete what was his alone.

        Rows changed or deleted, by table.
        """
        ...

    def traces(self, words: Sequence[str]) -> Mapping[str, int]:
        """Rows in which one of the words still stands, by table; reads every text."""
        ...

    def kept(self) -> Mapping[str, str]:
        """Tables in which a name may stand for good, with the reason."""
        ...
