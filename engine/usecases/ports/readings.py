"""Who read what about whom: the store."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from engine.domain.access import Resource
    from engine.usecases.actor import Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingScope:
    """Which readings are asked for; what is None is not asked."""

    #: agency of the people whose records were read
    agency_id: str | None = None
    person_id: str | None = None
    #: account name of the reader; a person's id for a human
    reader: str | None = None
    #: the same, any of several
    people: frozenset[str] | None = None
    readers: frozenset[str] | None = None
    #: first moment, and the moment before which
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingRow:
    """A reading with the names of both, as a list shows it."""

    #: UUIDv7 text
    id: str
    person_id: str
    person_name: str
    nip: str
    reader: str
    #: "" for an account without a person
    reader_name: str
    #: word of `Resource`
    resource: str
    #: the first time on that day
    at: datetime


class ReadingStore(Protocol):
    """Readings by others, once a day for a reader, a person and a kind of record."""

    def note(self, actor: Actor, person_id: str, resource: Resource) -> None:
        """Somebody is about to see this; what one reads of oneself, and the system, is not kept.

        A unit of work that only reads keeps it when it ends: nobody sees what could not be noted.
        """
        ...

    def page(
        self, scope: ReadingScope, *, after: tuple[datetime, str] | None = None, limit: int
    ) -> Sequence[ReadingRow]:
        """Readings, newest first, keyset paged by (at, id)."""
        ...

    def named(self, agency_id: str, words: str, *, limit: int) -> Sequence[str]:
        """Ids of people of an agency by NIP, or by part of a name, in order of name."""
        ...
