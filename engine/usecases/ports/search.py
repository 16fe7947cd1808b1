"""Questions over many process rows that lists and API clients ask; keyset paged."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from engine.usecases.ports.process import (
        IncidentRow,
        InstanceRow,
        MessageRow,
        TaskState,
        UserTaskRow,
        WorkerJobRow,
    )


#: a total is counted up to here; beyond it a list only says that there is more
TOTAL_MAX = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskQuery:
    """Which user tasks are wanted; None asks nothing."""

    agency_id: str | None
    state: TaskState | None = None
    assignee: str | None = None
    process_id: str | None = None
    definition_key: int | None = None
    element_id: str | None = None
    #: an instance or any instance below it
    root_key: int | None = None
    task_key: int | None = None
    #: candidate group
    group: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """Open user tasks at one step of a process."""

    process_id: str
    name: str
    tasks: int
    #: when the oldest of them was opened
    since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """What runs of every process, counted."""

    #: (process id, definition key) -> live instances
    instances: Mapping[tuple[str, int], int]
    waiting: Sequence[Waiting]
    #: process id -> open incidents
    incidents: Mapping[str, int]


class SearchStore(Protocol):
    """Lists of tasks, instances, incidents and external jobs, ordered by key."""

    def tasks(
        self, query: TaskQuery, *, after: int | None = None, limit: int = 50
    ) -> Sequence[UserTaskRow]:
        """User tasks by ascending key, those after a key."""
        ...

    def instances(  # noqa: PLR0913 - each is one filter of the list
        self,
        *,
        agency_id: str | None,
        process_id: str | None = None,
        status: str | None = None,
        key: int | None = None,
        parent_key: int | None = None,
        after: int | None = None,
        limit: int = 50,
    ) -> Sequence[InstanceRow]:
        """Process instances (multi-instance bodies left out) by ascending key."""
        ...

    def incidents(
        self,
        *,
        agency_id: str | None,
        root_key: int | None = None,
        key: int | None = None,
        after: int | None = None,
        limit: int = 50,
    ) -> Sequence[IncidentRow]:
        """Open incidents by ascending key."""
        ...

    def running(self, agency_id: str | None) -> Running:
        """What runs of every process; three statements. None: of every agency."""
        ...

    def message(self, key: int) -> MessageRow | None:
        """A published message."""
        ...

    def take_worker_jobs(
        self,
        job_type: str,
        worker: str,
        *,
        agency_id: str | None,
        now: datetime,
        until: datetime,
        limit: int,
    ) -> Sequence[WorkerJobRow]:
        """Lease jobs of an agency that nobody holds (or whose lease is over) to a worker.

        An agency of None has the jobs of instances of none.
        """
        ...

    def worker_jobs_wait(self, job_type: str, agency_id: str | None, now: datetime) -> bool:
        """Whether `take_worker_jobs` would find one; takes no lock."""
        ...

    def put_worker_job(self, row: WorkerJobRow) -> None:
        """Write retries, state, lease and error of a job."""
        ...
