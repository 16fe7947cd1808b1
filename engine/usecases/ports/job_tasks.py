"""Tasks of posts, by job and unit: the store."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from engine.domain.staffing import JobTask


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskOfJob:
    """A task with the job it belongs to."""

    unit_id: str
    #: title of the post
    job: str
    task: JobTask


class JobTaskStore(Protocol):
    """Part of the unit of work."""

    def of_units(self, unit_ids: Collection[str]) -> Sequence[TaskOfJob]:
        """Every task of the units' posts, by unit, job and name; one statement."""
        ...

    def jobs(self, unit_id: str) -> Sequence[str]:
        """Titles of a unit's posts, each once, by name."""
        ...

    def post(self, unit_id: str, job: str) -> str | None:
        """The post by which a job of a unit keeps its tasks: the first of that title."""
        ...

    def get(self, task_id: str) -> TaskOfJob | None:
        """A task by id."""
        ...

    def add(self, tasks: Sequence[JobTask]) -> None:
        """Insert; `Conflict` names a broken constraint."""
        ...

    def drop(self, task_id: str) -> bool:
        """Take a task away; whether there was one."""
        ...
