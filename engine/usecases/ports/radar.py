"""Where a cycle is stuck and because of whom: each question is one statement."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import date, datetime

    from engine.usecases.ports.process import UserTaskRow


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitFunnel:
    """People of a unit and how many of them came past each stage of a cycle."""

    unit_id: str
    people: int
    #: plan fixed
    fixed: int
    #: a check-in held or feedback of the rater received
    talked: int
    #: a piece of evidence on a result or claim
    proved: int
    #: no claim that still waits for attestation or a dispute
    attested: int
    #: a predikat is given
    rated: int
    #: signed by the rater, or final
    signed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StuckQuery:
    """Which open tasks are asked for; a task holds a cycle up when its process is one of these."""

    agency_id: str
    cycle_id: str
    #: process -> elements of it that hold nothing up
    processes: Mapping[str, Collection[str]]
    now: datetime
    #: what is due later than this misses January as well
    deadline: datetime
    #: only those late, due too late, or held by nobody
    at_risk: bool = True
    unit_id: str | None = None
    holder_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Stuck:
    """An open task that a cycle waits for."""

    key: int
    instance_key: int
    root_key: int
    process_id: str
    element_id: str
    name: str
    subject: str | None
    #: None: a group may take it
    holder_id: str | None
    groups: tuple[str, ...]
    orphaned: bool
    due_at: datetime | None
    sort_at: datetime
    #: the person it is about, where it is about one
    about_id: str | None
    about_name: str | None
    about_unit_id: str | None
    #: subject of the process it belongs to: a unit, an output, a person
    matter_id: str | None
    #: the output that it is about
    output_title: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class HolderLoad:
    """Because of whom: what one holder keeps waiting."""

    #: None: nobody holds these
    holder_id: str | None
    tasks: int
    #: people whom they are about
    people: int
    #: earliest due
    since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitLate:
    """Tasks about a unit's people that are past their due date."""

    unit_id: str
    tasks: int
    people: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """Figures of the agency today."""

    #: open tasks past their due date, of every process
    overdue: int
    orphaned: int
    #: processes that cannot go on
    incidents: int
    disputes: int
    objections: int
    #: people without a definitive post
    homeless: int
    #: last workbook that was imported
    imported_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Placeless:
    """Somebody whom nothing can find: no post, or no rater above it."""

    person_id: str
    name: str
    nip: str
    unit_id: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanSpan:
    """When somebody's first plan of a cycle was opened and fixed."""

    unit_id: str
    opened_at: datetime | None
    fixed_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reminded:
    """A reminder that was put today, and what became of its letter."""

    key: str
    task_key: int
    holder_id: str | None
    put_at: datetime
    #: an `Outcome`, None while it waits
    outcome: str | None


def reminder_prefix(day: date) -> str:
    """How the keys of a day's reminders begin, in the outbox and among the notices."""
    return f"asked:{day.isoformat()}:"


def reminder_key(day: date, task_key: int) -> str:
    """One reminder per task and day, whoever asks."""
    return f"{reminder_prefix(day)}{task_key}"


class RadarStore(Protocol):
    """Part of the unit of work."""

    def funnel(self, agency_id: str, cycle_id: str, on: date) -> Sequence[UnitFunnel]:
        """How far the people of each unit are."""
        ...

    def stuck(
        self, query: StuckQuery, on: date, *, after: tuple[datetime, int] | None, limit: int
    ) -> Sequence[Stuck]:
        """Tasks that hold the cycle up, longest overdue first, keyset paged by (sort_at, key)."""
        ...

    def holders(self, query: StuckQuery, on: date, limit: int) -> Sequence[HolderLoad]:
        """Whom the tasks of a query wait for, who keeps most people waiting first."""
        ...

    def late_by_unit(self, query: StuckQuery, on: date) -> Sequence[UnitLate]:
        """Tasks of a query about people of each unit."""
        ...

    def waiting_people(self, query: StuckQuery, on: date) -> int:
        """How many people the tasks of a query are about."""
        ...

    def health(self, agency_id: str, cycle_id: str, now: datetime, on: date) -> Health:
        """Figures of an agency."""
        ...

    def headed(self, agency_id: str, on: date) -> Mapping[str, Sequence[str]]:
        """Unit -> who holds its head post on a day, acting heads included."""
        ...

    def homeless(self, agency_id: str, on: date, limit: int) -> Sequence[Placeless]:
        """People without a definitive post, by name."""
        ...

    def unrated_seats(
        self,
        agency_id: str,
        on: date,
        *,
        members_of: Collection[str],
        heads_of: Collection[str],
        limit: int,
    ) -> Sequence[Placeless]:
        """People for whom no rater is named, in units where none is found; by name."""
        ...

    def plan_spans(self, agency_id: str, cycle_id: str, on: date) -> Sequence[PlanSpan]:
        """Opening and fixing of everybody's first plan, from the audit trail, by unit."""
        ...

    def unit_people(self, agency_id: str, on: date) -> Mapping[str, int]:
        """Unit -> people who belong to it."""
        ...

    def matters(self, root_keys: Collection[int]) -> Mapping[int, str]:
        """Root instance -> its business key, for those that have one."""
        ...

    def open_tasks(self, keys: Collection[int]) -> Sequence[UserTaskRow]:
        """Those of the tasks that are open, by key, held until the commit."""
        ...

    def tasks(self, keys: Collection[int]) -> Sequence[UserTaskRow]:
        """The tasks of these keys, open or not, by key."""
        ...

    def reminded(self, prefix: str, *, after: str | None, limit: int) -> Sequence[Reminded]:
        """Reminders whose keys begin so, by key."""
        ...

    def reminded_among(self, keys: Collection[str]) -> frozenset[str]:
        """Those of the keys under which a reminder was put before."""
        ...
