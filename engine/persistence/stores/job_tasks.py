"""Tasks of posts on SQL."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from engine.domain.staffing import JobTask
from engine.persistence.stores.entities import Entities
from engine.persistence.tables import agency as a
from engine.usecases.ports.job_tasks import TaskOfJob

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence


class SqlJobTaskStore:
    """`JobTaskStore` on a connection."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection
        self._rows = Entities(connection, {JobTask: a.job_task})

    def of_units(self, unit_ids: Collection[str]) -> Sequence[TaskOfJob]:
        """Every task of the units' posts, by unit, job and name; one statement."""
        post = a.post.c
        wanted = _tasks().where(post.unit_id.in_(sorted(unit_ids)))
        return self._found(wanted.order_by(post.unit_id, post.title, a.job_task.c.name))

    def jobs(self, unit_id: str) -> Sequence[str]:
        """Titles of a unit's posts, each once, by name."""
        title = a.post.c.title
        wanted = sa.select(title).distinct().where(a.post.c.unit_id == unit_id).order_by(title)
        return self._connection.execute(wanted).scalars().all()

    def post(self, unit_id: str, job: str) -> str | None:
        """The post by which a job of a unit keeps its tasks: the first of that title."""
        post = a.post.c
        first = sa.select(sa.func.min(post.id)).where(post.unit_id == unit_id, post.title == job)
        return self._connection.execute(first).scalar()

    def get(self, task_id: str) -> TaskOfJob | None:
        """A task by id."""
        found = self._found(_tasks().where(a.job_task.c.id == task_id))
        return found[0] if found else None

    def add(self, tasks: Sequence[JobTask]) -> None:
        """Insert; `Conflict` names a broken constraint."""
        self._rows.add(tasks)

    def drop(self, task_id: str) -> bool:
        """Take a task away; whether there was one."""
        gone = a.job_task.delete().where(a.job_task.c.id == task_id)
        return self._connection.execute(gone).rowcount == 1

    def _found(self, wanted: sa.Select[Any]) -> list[TaskOfJob]:
        found = []
        for row in self._connection.execute(wanted).mappings():
            values = dict(row)
            unit_id, job = values.pop("unit_id"), values.pop("job")
            found.append(TaskOfJob(unit_id=unit_id, job=job, task=JobTask(**values)))
        return found


def _tasks() -> sa.Select[Any]:
    return sa.select(a.job_task, a.post.c.unit_id, a.post.c.title.label("job")).join(
        a.post, a.post.c.id == a.job_task.c.post_id
    )
