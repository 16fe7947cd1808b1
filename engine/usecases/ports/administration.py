"""What administrators look at: lists of a whole agency in a constant number of statements."""

from __future__ import annotations

import json
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import date, datetime

    from engine.domain.people import AppointmentKind
    from engine.domain.units import Unit
    from engine.usecases.ports.agency import Frame


class Lack(StrEnum):
    """What a person may be without."""

    #: no post today, and so no unit
    POST = "post"
    #: nobody rates him today
    RATER = "rater"
    #: no account that may sign in
    ACCOUNT = "account"


@dataclass(frozen=True, slots=True, kw_only=True)
class AgencyCounts:
    """Figures of an agency today; one statement."""

    people: int = 0
    units: int = 0
    without_post: int = 0
    without_account: int = 0
    #: open tasks for which nobody was found, and how many of them are past due
    orphaned: int = 0
    orphaned_late: int = 0
    #: open tasks past due, whoever holds them
    late: int = 0
    #: open incidents of its processes
    incidents: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Unrated:
    """Whom nobody rates: heads by id, and everybody without a named rater in these units."""

    heads: Collection[str] = ()
    units: Collection[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PeopleQuery:
    """Which people of an agency."""

    agency_id: str
    today: date
    #: words of the name, or the beginning of a NIP
    words: str = ""
    unit_id: str | None = None
    lack: Lack | None = None
    #: needed for `Lack.RATER`
    unrated: Unrated | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonLine:
    """A person as a list shows him."""

    id: str
    nip: str
    name: str
    #: of his main appointment today
    unit: str | None
    post: str | None
    #: None: he has no account
    active: bool | None
    #: what the account is called
    login: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitLine:
    """A unit among those beside it."""

    id: str
    code: str
    name: str
    #: units directly below
    below: int
    #: people whose definitive post lies in it today
    people: int


class Held(StrEnum):
    """When an appointment holds, seen from today."""

    NOW = "now"
    PAST = "past"
    COMING = "coming"


@dataclass(frozen=True, slots=True, kw_only=True)
class AppointmentQuery:
    """Which appointments of an agency."""

    agency_id: str
    today: date
    held: Held | None = None
    kind: AppointmentKind | None = None
    unit_id: str | None = None
    #: words of the name, or the beginning of a NIP
    words: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AppointmentLine:
    """An appointment as a list shows it."""

    id: str
    person_id: str
    nip: str
    name: str
    unit: str
    post: str
    kind: AppointmentKind
    is_head: bool
    valid_from: date
    #: first day it no longer holds
    valid_to: date | None
    #: rater named by decree
    rater: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """A group that an account holds, held or will hold."""

    login: str
    name: str
    person_id: str | None
    active: bool
    group: str
    valid_from: date
    valid_to: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DayOff:
    """A day off of an agency's calendar."""

    day: date
    name: str
    #: everybody's, not the agency's own
    national: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarChange:
    """A day that somebody added to an agency's calendar or took out of it; append-only."""

    #: UUIDv7 text
    id: str
    agency_id: str
    day: date
    name: str
    withdrawn: bool
    #: the letter that says so
    letter_no: str
    reason: str
    #: name of the actor
    made_by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class LogQuery:
    """Which entries of the audit log, of one agency."""

    agency_id: str | None
    #: business time, from and until before
    since: datetime
    until: datetime
    #: exactly this stream
    stream: str = ""
    #: an act, or the beginning of one such as "claim:"
    act: str = ""
    #: exactly this actor: a person's id or an account's name
    actor: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LogLine:
    """An entry of the audit log as it is read."""

    stream: str
    seq: int
    act: str
    actor: str
    on_behalf_of: str | None
    at: datetime
    recorded_at: datetime
    #: canonical JSON: references only
    facts: str
    #: its link in the chain
    hash: bytes

    @property
    def account(self) -> str | None:
        """Whose account an act was on, as `AccountRow.known_as`; None for any other act."""
        found = json.loads(self.facts).get("account") if self.stream == "account" else None
        return str(found) if found is not None else None


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitNode:
    """A unit in its tree, with who sits in its head posts today."""

    id: str
    code: str
    name: str
    parent_id: str | None
    heads: Collection[str] = ()


class AdministrationStore(Protocol):
    """Part of the unit of work; each question is one statement, where nothing else is said."""

    def tree(self, agency_id: str, today: date) -> Sequence[UnitNode]:
        """All units by code; two statements."""
        ...

    def around(self, people: Collection[str]) -> Frame:
        """Appointments of people, of the raters named for them and of heads of the units above.

        With those units and the posts: three statements. Substitutions are left out.
        """
        ...

    def rated_from(self, units: Collection[str], on: date) -> Sequence[str]:
        """Ids of everybody whom the heads of these units may rate by office on a day.

        Their people, those of units below without a head of their own, and the heads below.
        """
        ...

    def unit_path(self, unit_id: str) -> Sequence[Unit]:
        """A unit and those above it, in no order."""
        ...

    def heads(self, units: Collection[str]) -> Frame:
        """Appointments to head posts of units, with the posts; two statements."""
        ...

    def counts(self, agency_id: str, today: date, now: datetime) -> AgencyCounts:
        """Figures of an agency."""
        ...

    def unrated(self, agency_id: str, today: date, who: Unrated) -> int:
        """How many people nobody rates."""
        ...

    def people(
        self, query: PeopleQuery, *, after: tuple[str, str] | None = None, limit: int = 50
    ) -> Sequence[PersonLine]:
        """People by name, keyset paged by (name, id)."""
        ...

    def groups(self, logins: Collection[str], today: date) -> Mapping[str, Sequence[str]]:
        """Groups held today by login."""
        ...

    def units_below(
        self,
        agency_id: str,
        parent_id: str | None,
        today: date,
        *,
        after: tuple[str] | None = None,
        limit: int = 50,
    ) -> Sequence[UnitLine]:
        """Units directly below one (None: at the top) by code, keyset paged by code."""
        ...

    def appointments(
        self, query: AppointmentQuery, *, after: tuple[str, str] | None = None, limit: int = 50
    ) -> Sequence[AppointmentLine]:
        """Appointments by name, keyset paged by (name, id)."""
        ...

    def grants(
        self,
        agency_id: str | None,
        *,
        login: str | None = None,
        after: tuple[str, str, str] | None = None,
        limit: int = 50,
    ) -> Sequence[Grant]:
        """Groups of an agency's accounts, keyset paged by (group, login, first day)."""
        ...

    def days_off(self, agency_id: str, first: date, last: date) -> Sequence[DayOff]:
        """Days off in order, both ends included."""
        ...

    def drop_day(self, agency_id: str, day: date) -> bool:
        """Take an agency's own day out; False when it has none."""
        ...

    def add_change(self, row: CalendarChange) -> None:
        """Keep who changed the calendar."""
        ...

    def changes(self, agency_id: str, first: date, last: date) -> Sequence[CalendarChange]:
        """Changes of days in that time, newest first."""
        ...

    def last(self, stream: str, act: str) -> LogLine | None:
        """The newest entry of an act in a stream."""
        ...

    def log(
        self,
        query: LogQuery,
        *,
        after: tuple[datetime, str, int] | None = None,
        limit: int = 50,
    ) -> Sequence[LogLine]:
        """Entries of the log, newest first, keyset paged by (at, stream, number)."""
        ...
