"""What the pages remember for a person, and long work that people wait for: rows and the store."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import date, datetime

    from engine.usecases.ports.process import Json


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """What the frame of every page says about its reader; one statement."""

    #: leads a squad today
    leads: bool = False
    #: holds the post of a head today, by appointment or acting, and so rates others
    heads: bool = False
    #: notices not read yet
    unread: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """Something a person is told about, inside Regu; never about how somebody performs."""

    #: UUIDv7 text
    id: str
    person_id: str
    #: what happened, a word from engine/usecases/notices.py
    kind: str
    #: one notice per person and key
    key: str
    #: page where he reads it
    path: str
    #: references for the sentence, such as output_id
    facts: Mapping[str, Json]
    at: datetime
    read_at: datetime | None = None


class Digest(StrEnum):
    """When letters leave."""

    #: each by itself
    EACH = "each"
    #: one a day
    DAILY = "daily"
    #: one a week, on Monday
    WEEKLY = "weekly"


class Calls(StrEnum):
    """Of which open calls for volunteers a person is told."""

    #: of none
    NONE = "none"
    #: inside Regu of those of his unit and of the units around it
    NEAR = "near"
    #: of every call of the agency, by letter too
    ALL = "all"


@dataclass(frozen=True, slots=True, kw_only=True)
class Preference:
    """How a person wants to be told; rows exist for those who chose."""

    person_id: str
    digest: Digest = Digest.EACH
    #: no letter leaves from this minute of his agency's day …
    quiet_from_min: int = 0
    #: … to this one; equal: no quiet hours
    quiet_to_min: int = 0
    calls: Calls = Calls.NEAR


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedFilter:
    """A question that a person keeps under a name."""

    id: str
    person_id: str
    #: endpoint of the list
    screen: str
    name: str
    #: the query string
    query: str
    #: who of his agency reads it besides him: "" nobody, "agency", or a group
    shared_with: str = ""
    agency_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Snooze:
    """A task that a person does not want to see before a time."""

    person_id: str
    task_key: int
    until_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """What a person saw on a screen when he was there last."""

    person_id: str
    screen: str
    at: datetime
    #: figures and references to compare with; never texts
    seen: Mapping[str, Json]


class Pace(StrEnum):
    """How far long work has come."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Undertaking:
    """Long work that somebody waits for: an import, a mass start, sealing, an export."""

    #: UUIDv7 text
    id: str
    #: None: work of the installation, before it has an agency
    agency_id: str | None
    #: a word of engine/usecases/undertakings.py
    kind: str
    #: what it works on, as its starter reads it
    title: str
    #: who started it
    person_id: str | None
    done: int
    total: int
    state: Pace
    at: datetime
    ended_at: datetime | None = None
    #: how it ended, a sentence without personal data
    words: str = ""
    #: page that shows what came out
    path: str = ""
    #: who started it, what it came to: names, references and counts
    facts: Mapping[str, Json] = field(default_factory=dict)


class WorkplaceStore(Protocol):
    """Part of the unit of work."""

    def frame(self, person_id: str, today: date) -> Frame:
        """Who this is today, for the frame of a page."""
        ...

    def tell(self, notices: Sequence[Notice]) -> None:
        """Keep notices; a second one of a person's key is ignored."""
        ...

    def notices(
        self, person_id: str, *, after: tuple[datetime, str] | None = None, limit: int = 50
    ) -> Sequence[Notice]:
        """A person's notices, newest first, keyset paged by (at, id)."""
        ...

    def mark_read(self, person_id: str, ids: Collection[str] | None, at: datetime) -> None:
        """Note that he read these notices (None: all)."""
        ...

    def preference(self, person_id: str) -> Preference:
        """What he chose, else the default."""
        ...

    def prefer(self, row: Preference) -> None:
        """Keep what he chose."""
        ...

    def filters(self, person_id: str, screen: str) -> Sequence[SavedFilter]:
        """His filters of a screen by name."""
        ...

    def shared_filters(
        self, person_id: str, agency_id: str, groups: Collection[str], screen: str
    ) -> Sequence[SavedFilter]:
        """Filters of a screen that others share with the agency or these groups, by name."""
        ...

    def share_filter(
        self, person_id: str, filter_id: str, shared_with: str, agency_id: str | None
    ) -> bool:
        """Write who reads his filter; False when it is not his."""
        ...

    def keep_filter(self, row: SavedFilter) -> None:
        """Keep a filter; one of the same name is replaced."""
        ...

    def drop_filter(self, person_id: str, filter_id: str) -> None:
        """Forget his filter."""
        ...

    def snooze(self, row: Snooze) -> None:
        """Keep, move or, with a time that is past, end a snooze."""
        ...

    def snoozed(self, person_id: str, now: datetime) -> Mapping[int, datetime]:
        """Tasks he does not want to see yet, with the time when he does."""
        ...

    def visit(self, person_id: str, screen: str) -> Visit | None:
        """His last visit."""
        ...

    def visited(self, row: Visit) -> None:
        """Keep a visit in place of the one before."""
        ...

    def add_undertaking(self, row: Undertaking) -> None:
        """Keep new work."""
        ...

    def put_undertaking(self, row: Undertaking) -> None:
        """Write how far it has come."""
        ...

    def undertaking(self, undertaking_id: str) -> Undertaking | None:
        """One by id."""
        ...

    def undertakings(
        self,
        agency_id: str | None,
        *,
        kinds: Collection[str] | None = None,
        after: str | None = None,
        limit: int = 50,
    ) -> Sequence[Undertaking]:
        """An agency's (None: those of none) of some kinds, newest first, keyset paged by id."""
        ...
