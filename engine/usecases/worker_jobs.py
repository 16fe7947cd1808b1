"""Commands of external workers: take jobs, end them, fail them, throw a BPMN error.

A worker holds the right "job:work", or is a service account for some types of jobs; it sees the
jobs of its agency only.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from engine.usecases import audit_tags
from engine.usecases.audit import note
from engine.usecases.errors import AccessRefused, FieldFault, InputRefused, NotFound
from engine.usecases.once import repeated
from engine.usecases.rights import may, require_work, same_agency

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
    #: key of the element instance
    activation: int
    business_key: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FailJob:
    """The worker could not do it."""

    job_key: int
    #: tries that remain; 0: an incident
    retries: int
    message: str
    #: real time until the next try
    pause_ms: int = 0
    #: set in the scope of the task before it is tried again, or stands still
    variables: Mapping[str, Json] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeJob:
    """Other retries, or a lease that ends at another time; None changes nothing."""

    job_key: int
    retries: int | None = None
    #: real time from now
    lease_ms: int | None = None


@repeated
def take_jobs(
    house: House, actor: Actor, job_type: str, worker: str, *, lease_ms: int, limit: int
) -> Sequence[TakenJob]:
    """Lease jobs of a type to a worker for a real time; nobody else gets them meanwhile."""
    require_work(actor, job_type)
    lease = min(timedelta(milliseconds=lease_ms), LEASE_MAX)
    now = house.clock.real_now()
    with house.writing() as uow:
        rows = uow.search.take_worker_jobs(
            job_type,
            worker,
            agency_id=actor.agency_id,
            now=now,
            until=now + lease,
            limit=min(limit, JOBS_MAX),
        )
        keys = uow.listing.activations([(row.instance_key, row.token) for row in rows])
        taken = [_taken(house, uow, row, keys.get((row.instance_key, row.token))) for row in rows]
        uow.commit()
        return taken


def jobs_wait(house: House, actor: Actor, job_type: str) -> bool:
    """Whether `take_jobs` would get one; takes no lock and writes nothing."""
    require_work(actor, job_type)
    with house.reading() as uow:
        return uow.search.worker_jobs_wait(job_type, actor.agency_id, house.clock.real_now())


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
        if command.variables:
            house.runner.set_variables_at(
                uow, row.instance_key, command.variables, actor, token=row.token, local=True
            )
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


@repeated
def change_job(house: House, actor: Actor, command: ChangeJob) -> None:
    """Change the retries or the lease of a job; who looks after incidents may too."""
    with house.writing() as uow:
        row = _job(uow, actor, command.job_key, "job:change")
        if command.retries is not None and command.retries < 1:
            fault = FieldFault(field="changeset.retries", code="range", message="1 or more")
            raise InputRefused(fault)
        if command.lease_ms is not None and row.worker is not None:
            lease = min(timedelta(milliseconds=command.lease_ms), LEASE_MAX)
            row = replace(row, deadline_at=house.clock.real_now() + lease)
        if command.retries is not None:
            row = replace(row, retries=command.retries)
        uow.search.put_worker_job(row)
        _note(house, uow, actor, row, audit_tags.JOB_CHANGED)
        uow.commit()


def _job(uow: UnitOfWork, actor: Actor, job_key: int, instead: str = "job:work") -> WorkerJobRow:
    """The job with its root locked, for who may work on it or holds the other right."""
    if not (may(actor, "job:work") or may(actor, instead) or actor.job_types):
        raise AccessRefused("job:work", str(job_key))
    row = uow.processes.worker_job(job_key)
    if row is None or not _ours(uow, actor, row):
        raise NotFound("job", job_key)
    if not may(actor, instead):
        require_work(actor, row.type)
    uow.processes.lock(row.instance_key)
    fresh = uow.processes.worker_job(job_key)
    if fresh is None:
        raise NotFound("job", job_key)
    return fresh


def _ours(uow: UnitOfWork, actor: Actor, row: WorkerJobRow) -> bool:
    root = uow.processes.instance(row.root_key)
    return root is not None and same_agency(actor, root.agency_id)


def _taken(house: House, uow: UnitOfWork, row: WorkerJobRow, activation: int | None) -> TakenJob:
    definition = uow.processes.definition(row.definition_key)
    if definition is None:
        raise NotFound("process definition", row.definition_key)
    instance = uow.processes.instance(row.instance_key)
    return TakenJob(
        row=row,
        definition=definition,
        variables=house.runner.job_variables(uow, row.key),
        activation=activation or row.instance_key,
        business_key=instance.business_key if instance else None,
    )


def _note(house: House, uow: UnitOfWork, actor: Actor, row: WorkerJobRow, act: str) -> None:
    note(
        house,
        uow,
        actor,
        stream=f"instance:{row.root_key}",
        act=act,
        facts={"job": str(row.key), "element": row.element_id},
    )
