"""Tasks of jobs (uraian tugas) for the workload analysis: read by heads and HR, kept by HR."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from engine.domain.staffing import JobTask, check_task
from engine.usecases import audit_tags
from engine.usecases.audit import note
from engine.usecases.errors import AccessRefused, Conflict, FieldFault, InputRefused, NotFound
from engine.usecases.once import repeated
from engine.usecases.organisation import Standing
from engine.usecases.rights import require
from engine.usecases.workloads import READING, visible_units

if TYPE_CHECKING:
    from collections.abc import Sequence
    from decimal import Decimal

    from engine.domain.units import Unit
    from engine.usecases.actor import Actor
    from engine.usecases.ports.job_tasks import TaskOfJob
    from engine.usecases.ports.work import House, UnitOfWork

#: the right to say what the tasks of jobs take
KEEP: Final = "job_task:keep"


@dataclass(frozen=True, slots=True, kw_only=True)
class EnterTask:
    """A task of a job; None is what could not be read as a number."""

    unit_id: str
    #: title of the post
    job: str
    name: str
    #: how often a year
    volume: Decimal | None
    #: hours for each
    hours: Decimal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitTasks:
    """The tasks of one unit's jobs."""

    units: Sequence[Unit]
    unit: Unit
    #: titles of the unit's posts
    jobs: Sequence[str]
    rows: Sequence[TaskOfJob]


def job_tasks(house: House, actor: Actor, unit_id: str | None = None) -> UnitTasks:
    """Tasks of a unit (the first one sees): heads for their units, readers for the agency.

    `AccessRefused` for everybody else, `NotFound` for a unit outside what one may see.
    """
    if actor.agency_id is None:
        raise AccessRefused(READING, actor.name)
    with house.reading() as uow:
        today = Standing(uow, house.clock.now()).today(actor.agency_id)
        units = sorted(visible_units(uow, actor, actor.agency_id, today), key=lambda one: one.code)
        unit = next((one for one in units if unit_id in (None, one.id)), None)
        if unit is None:
            raise NotFound("unit", unit_id or "")
        return UnitTasks(
            units=units,
            unit=unit,
            jobs=uow.job_tasks.jobs(unit.id),
            rows=uow.job_tasks.of_units([unit.id]),
        )


@repeated
def enter_task(house: House, actor: Actor, command: EnterTask) -> str:
    """Keep a task of a job of one's own agency; its id.

    `InputRefused` names every fault, `NotFound` a unit or job that is not there.
    """
    require(actor, KEEP, command.unit_id)
    with house.writing() as uow:
        _own_unit(uow, actor, command.unit_id)
        post_id = uow.job_tasks.post(command.unit_id, command.job)
        if post_id is None:
            raise NotFound("job", command.job)
        task = _checked(house.ids.uuid(), post_id, command)
        known = uow.job_tasks.of_units([command.unit_id])
        if any((row.job, row.task.name) == (command.job, task.name) for row in known):
            raise InputRefused(_fault("task_known", "name"))
        uow.job_tasks.add([task])
        _note(house, uow, actor, (audit_tags.JOB_TASK_ENTERED, task))
        uow.commit()
        return task.id


@repeated
def drop_task(house: House, actor: Actor, task_id: str) -> None:
    """Take a task away; the audit keeps what it said. `NotFound` for another agency's."""
    require(actor, KEEP, task_id)
    with house.writing() as uow:
        found = uow.job_tasks.get(task_id)
        if found is None:
            raise NotFound("job_task", task_id)
        _own_unit(uow, actor, found.unit_id)
        if not uow.job_tasks.drop(task_id):
            raise Conflict("row_missing", kind="job_task", id=task_id)
        _note(house, uow, actor, (audit_tags.JOB_TASK_DROPPED, found.task))
        uow.commit()


def _own_unit(uow: UnitOfWork, actor: Actor, unit_id: str) -> None:
    units = uow.agency.units(actor.agency_id) if actor.agency_id is not None else ()
    if all(one.id != unit_id for one in units):
        raise NotFound("unit", unit_id)


def _checked(task_id: str, post_id: str, command: EnterTask) -> JobTask:
    if command.volume is None or command.hours is None:
        missing = [name for name in ("volume", "hours") if getattr(command, name) is None]
        raise InputRefused(*(_fault(f"task_{name}", name) for name in missing))
    task = JobTask(
        id=task_id,
        post_id=post_id,
        name=command.name.strip(),
        volume=command.volume,
        hours=command.hours,
    )
    if faults := check_task(task):
        raise InputRefused(*(_fault(one.code, one.subject) for one in faults))
    return task


def _fault(code: str, field: str) -> FieldFault:
    return FieldFault(field=field, code=code, message=f"the {field} cannot stand")


def _note(house: House, uow: UnitOfWork, actor: Actor, what: tuple[str, JobTask]) -> None:
    act, task = what
    facts = {
        "job_task": task.id,
        "post": task.post_id,
        "volume": str(task.volume),
        "hours": str(task.hours),
    }
    note(house, uow, actor, stream=f"agency:{actor.agency_id}", act=act, facts=facts)
