"""Lists of process rows for pages and API clients, keyset paged by key."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from engine.persistence.stores.instances import INSTANCE
from engine.persistence.stores.transaction import Store
from engine.persistence.stores.user_tasks import IS_OPEN, TASK
from engine.persistence.stores.waiting import INCIDENT, MESSAGE, WORKER_JOB
from engine.persistence.tables.process import process_instance, user_task, user_task_candidate
from engine.persistence.tables.waiting import incident, message, worker_job
from engine.usecases.ports.search import (
    Running,
    TaskQuery,
    Waiting,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from engine.usecases.ports.process import (
        IncidentRow,
        InstanceRow,
        MessageRow,
        UserTaskRow,
        WorkerJobRow,
    )

_T, _I, _J = user_task.c, process_instance.c, worker_job.c

#: the outermost instance around a job: it says whose the job is, and all below are held with it
_ROOT = process_instance.alias("root")


class SqlSearchStore(Store):
    """`SearchStore` on SQL."""

    def tasks(
        self, query: TaskQuery, *, after: int | None = None, limit: int = 50
    ) -> Sequence[UserTaskRow]:
        """User tasks by ascending key, those after a key; an agency of None asks for all."""
        wanted = _equal(_tasks(sa.select(*TASK.columns), query), {_T.agency_id: query.agency_id})
        return TASK.all_of(self._tx.execute(_page(wanted, _T.key, after, limit)))

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
        self._tx.write_pending()
        wanted = _equal(
            sa.select(*INSTANCE.columns).where(_I.body.is_(None)),
            {
                _I.agency_id: agency_id,
                _I.process_id: process_id,
                _I.status: status,
                _I.key: key,
                _I.parent_key: parent_key,
            },
        )
        return INSTANCE.all_of(self._tx.execute(_page(wanted, _I.key, after, limit)))

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
        wanted = sa.select(*INCIDENT.columns).where(incident.c.resolved_at.is_(None))
        if agency_id is not None:
            root = _I.key == incident.c.root_key
            wanted = wanted.join(process_instance, root).where(_I.agency_id == agency_id)
        wanted = _equal(wanted, {incident.c.root_key: root_key, incident.c.key: key})
        return INCIDENT.all_of(self._tx.execute(_page(wanted, incident.c.key, after, limit)))

    def _rows_of(self, wanted: sa.Select[Any]) -> list[Any]:
        """Rows of as many columns as were asked for."""
        return list(self._tx.execute(wanted))

    def running(self, agency_id: str | None) -> Running:
        """What runs of every process; three statements. None: of every agency."""
        self._tx.write_pending()
        count = sa.func.count().label("n")
        live = _equal(
            sa.select(_I.process_id, _I.definition_key, count)
            .where(_I.status == "active", _I.body.is_(None))
            .group_by(_I.process_id, _I.definition_key),
            {_I.agency_id: agency_id},
        )
        steps = _equal(
            sa.select(_T.process_id, _T.name, count, sa.func.min(_T.created_at).label("since"))
            .where(IS_OPEN)
            .group_by(_T.process_id, _T.element_id, _T.name),
            {_T.agency_id: agency_id},
        )
        troubles = _equal(
            sa.select(incident.c.process_id, count)
            .join(process_instance, _I.key == incident.c.root_key)
            .where(incident.c.resolved_at.is_(None))
            .group_by(incident.c.process_id),
            {_I.agency_id: agency_id},
        )
        return Running(
            instances={(row[0], row[1]): row[2] for row in self._rows_of(live)},
            waiting=[
                Waiting(process_id=row.process_id, name=row.name, tasks=row.n, since=row.since)
                for row in self._rows_of(steps)
            ],
            incidents={str(row[0]): int(row[1]) for row in self._rows_of(troubles)},
        )

    def message(self, key: int) -> MessageRow | None:
        """A published message."""
        wanted = sa.select(*MESSAGE.columns).where(message.c.key == key)
        return MESSAGE.one_of(self._tx.execute(wanted))

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
        """Lease jobs of an agency that nobody holds (or whose lease is over) to a worker."""
        wanted = (
            _free(job_type, agency_id, now)
            .order_by(_J.key)
            .limit(limit)
            .with_for_update(skip_locked=True, of=worker_job)
        )
        keys = list(self._tx.execute(wanted).scalars())
        lease = worker_job.update().where(_J.key.in_(keys))
        self._tx.execute(lease.values(worker=worker, deadline_at=until))
        taken = sa.select(*WORKER_JOB.columns).where(_J.key.in_(keys)).order_by(_J.key)
        return WORKER_JOB.all_of(self._tx.execute(taken))

    def worker_jobs_wait(self, job_type: str, agency_id: str | None, now: datetime) -> bool:
        """Whether `take_worker_jobs` would find one; takes no lock."""
        wanted = _free(job_type, agency_id, now).limit(1)
        return self._tx.execute(wanted).first() is not None

    def put_worker_job(self, row: WorkerJobRow) -> None:
        """Write retries, state, lease and error of a job."""
        change = worker_job.update().where(_J.key == row.key)
        self._tx.execute(
            change.values(
                retries=row.retries,
                state=row.state,
                worker=row.worker,
                deadline_at=row.deadline_at,
                error=row.error,
            )
        )


def _free(job_type: str, agency_id: str | None, now: datetime) -> sa.Select[Any]:
    """Jobs of an agency that nobody holds, that rest no longer, and that may be tried.

    An agency of None has those of the instances of none, as `same_agency` says.
    """
    leased = _J.deadline_at.is_not(None) & (_J.deadline_at > now)
    ready = (_J.type == job_type, _J.state == "created", _J.retries > 0)
    ours = (_ROOT.c.agency_id == agency_id, _ROOT.c.status != "suspended")
    found = sa.select(_J.key).join(_ROOT, _ROOT.c.key == _J.root_key)
    return found.where(*ready, sa.not_(leased), *ours)


def _tasks(wanted: sa.Select[Any], query: TaskQuery) -> sa.Select[Any]:
    """Keep the tasks of a query, of any agency."""
    wanted = _equal(
        wanted,
        {
            _T.state: None if query.state is None else query.state.value,
            _T.assignee: query.assignee,
            _T.process_id: query.process_id,
            _T.definition_key: query.definition_key,
            _T.element_id: query.element_id,
            _T.root_key: query.root_key,
            _T.key: query.task_key,
        },
    )
    if query.group is None:
        return wanted
    of_task = user_task_candidate.c.task_key == _T.key
    group = user_task_candidate.c.name == query.group
    is_group = user_task_candidate.c.kind == "group"
    return wanted.where(sa.exists().where(of_task, is_group, group))


def _equal(wanted: sa.Select[Any], filters: Mapping[Any, Any]) -> sa.Select[Any]:
    """Keep the rows equal to every filter that is given."""
    for column, value in filters.items():
        if value is not None:
            wanted = wanted.where(column == value)
    return wanted


def _page(
    wanted: sa.Select[Any], key: sa.ColumnElement[int], after: int | None, limit: int
) -> sa.Select[Any]:
    if after is not None:
        wanted = wanted.where(key > after)
    return wanted.order_by(key).limit(limit)
