"""Commands of external workers: take jobs, end them, fail them, throw a BPMN error.

A worker is a client of the installation's own: it holds the right "job:work" and sees the jobs
of its agency only.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from engine.usecases import audit_tags
from engine.usecases.audit import note
from engine.usecases.errors import NotFound
from engine.usecases.once import repeated
from engine.usecases.rights import require, same_agency

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from engine.usecases.actor import Actor
    from engine.usecases.ports.process import DefinitionRow, Json, WorkerJobRow
    from engine.usecases.ports.work import House, UnitOfWork

#: jobs of one activation
JOBS_MAX = 100
LEASE_MAX = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenJob:
    """A job leased to a worker, with what it may read."""

    row: WorkerJobRow
    definition: DefinitionRow
    variables: Mapping[str, Json]


@dataclass(frozen=True, slots=True, kw_only=True)
class FailJob:
    """The worker could not do it."""

    job_key: int
    #: tries that remain; 0: an incident
    retries: int
    message: str
    #: real time until the next try
    pause_ms: int = 0


@repeated
def take_jobs(
    house: House, actor: Actor, job_type: str, worker: str, *, lease_ms: int, limit: int
) -> Sequence[TakenJob]:
    """Lease jobs of a type to a worker for a real time; nobody else gets them meanwhile."""
    require(actor, "job:work", job_type)
    lease = min(timedelta(milliseconds=lease_ms), LEASE_MAX)
    now = house.clock.real_now()
    with house.writing() as uow:
        rows = uow.search.take_worker_jobs(
            job_type, worker, now=now, until=now + lease, limit=min(limit, JOBS_MAX)
        )
        taken = [_taken(house, uow, row) for row in rows if _ours(uow, actor, row)]
        for row in rows:
            if not _ours(uow, actor, row):
                uow.search.put_worker_job(replace(row, worker=None, deadline_at=None))
        uow.commit()
        return taken


@repeated
def complete_job(house: House, actor: Actor, job_key: int, variables: Mapping[str, Json]) -> None:
    """The worker is done; the process goes on. `NotFound` when somebody else was."""
    with house.writing() as uow:
        row = _job(uow, actor, job_key)
        house.runner.complete_worker_job(uow, job_key, variables, actor)
        _note(house, uow, actor, row, audit_tags.JOB_COMPLETED)
        uow.commit()


@repeated
def fail_job(house: House, actor: Actor, command: FailJob) -> None:
    """Try again later, or an incident when no tries remain."""
    with house.writing() as uow:
        row = _job(uow, actor, command.job_key)
        if command.retries > 0:
            until = house.clock.real_now() + timedelta(milliseconds=command.pause_ms)
            kept = replace(
                row,
                retries=command.retries,
                worker=None,
                deadline_at=until if command.pause_ms else None,
                error=command.message,
            )
            uow.search.put_worker_job(kept)
        else:
            house.runner.fail_worker_job(uow, command.job_key, command.message, actor)
        _note(house, uow, actor, row, audit_tags.JOB_FAILED)
        uow.commit()


@repeated
def throw_error(
    house: House,
    actor: Actor,
    job_key: int,
    code: str,
    *,
    message: str,
    variables: Mapping[str, Json],
) -> None:
    """A business outcome that the drawing catches by its code."""
    with house.writing() as uow:
        row = _job(uow, actor, job_key)
        house.runner.throw_worker_error(uow, job_key, code, message, variables, actor)
        _note(house, uow, actor, row, audit_tags.JOB_ERROR_THROWN)
        uow.commit()


def _job(uow: UnitOfWork, actor: Actor, job_key: int) -> WorkerJobRow:
    """The job with its root locked."""
    require(actor, "job:work", job_key)
    row = uow.processes.worker_job(job_key)
    if row is None or not _ours(uow, actor, row):
        raise NotFound("job", job_key)
    uow.processes.lock(row.instance_key)
    fresh = uow.processes.worker_job(job_key)
    if fresh is None:
        raise NotFound("job", job_key)
    return fresh


def _ours(uow: UnitOfWork, actor: Actor, row: WorkerJobRow) -> bool:
    root = uow.processes.instance(row.root_key)
    return root is not None and same_agency(actor, root.agency_id)


def _taken(house: House, uow: UnitOfWork, row: WorkerJobRow) -> TakenJob:
    definition = uow.processes.definition(row.definition_key)
    if definition is None:
        raise NotFound("process definition", row.definition_key)
    variables = house.runner.job_variables(uow, row.key)
    return TakenJob(row=row, definition=definition, variables=variables)


def _note(house: House, uow: UnitOfWork, actor: Actor, row: WorkerJobRow, act: str) -> None:
    note(
        house,
        uow,
        actor,
        stream=f"instance:{row.root_key}",
        act=act,
        facts={"job": str(row.key), "element": row.element_id},
    )
