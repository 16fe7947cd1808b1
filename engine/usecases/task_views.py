"""Reading the work list: what one may take, and one task with its form."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from engine.usecases.errors import NotFound
from engine.usecases.form_context import form_context
from engine.usecases.ports.listing import Condition, Criteria, Listed, Op, Reader
from engine.usecases.ports.process import InstanceStatus, TaskState
from engine.usecases.rights import may, require, same_agency

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from engine.usecases.actor import Actor
    from engine.usecases.ports.process import FormRow, Json, UserTaskRow
    from engine.usecases.ports.work import House, UnitOfWork

#: where the work list puts tasks without a due time
NEVER_DUE = datetime(9999, 12, 31, 23, 59, 59, 999999, tzinfo=UTC)

#: rows of one page of a list
PAGE_MAX = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskView:
    """One task as a page or client shows it."""

    task: UserTaskRow
    form: FormRow | None
    #: variables visible at the task, and what its form begins with; empty when it ended
    variables: Mapping[str, Json]
    #: what the actor typed last
    draft: Mapping[str, Json] | None
    #: whether the actor may complete it now
    may_complete: bool
    #: its process is held: nothing can be completed until it goes on
    held: bool = False


def my_tasks(
    house: House,
    actor: Actor,
    *,
    process_id: str | None = None,
    element_id: str | None = None,
    after: tuple[datetime, int] | None = None,
    limit: int = 50,
) -> Sequence[UserTaskRow]:
    """Open tasks the actor may take, earliest due first."""
    with house.reading() as uow:
        return uow.work_list.mine(
            actor,
            now=house.clock.now(),
            process_id=process_id,
            element_id=element_id,
            after=after,
            limit=min(limit, PAGE_MAX),
        )


def list_place(at: tuple[int, datetime | None] | None) -> tuple[datetime, int] | None:
    """The place in `my_tasks` behind a task of that key and due time."""
    return None if at is None else (at[1] or NEVER_DUE, at[0])


def count_my_tasks(house: House, actor: Actor) -> int:
    """How many open tasks the actor may take."""
    with house.reading() as uow:
        return uow.work_list.count_mine(actor, now=house.clock.now())


def task_view(house: House, actor: Actor, task_key: int) -> TaskView:
    """One task with its form and variables; `NotFound` for tasks of others."""
    with house.reading() as uow:
        task = uow.processes.task(task_key)
        if task is None:
            raise NotFound("task", task_key)
        open_now = task.state is TaskState.CREATED
        takes = open_now and uow.work_list.may_take(actor, task, now=house.clock.now())
        took = actor.person_id is not None and actor.person_id in (task.completed_by, task.owner)
        reads = may(actor, "task:read") and same_agency(actor, task.agency_id)
        if not (takes or took or reads):
            raise NotFound("task", task_key)
        form = uow.processes.form(task.form_key) if task.form_key else None
        return TaskView(
            task=task,
            form=form,
            variables=form_context(house, uow, task, form) if takes else {},
            draft=uow.work_list.draft(task_key, actor.person_id) if actor.person_id else None,
            may_complete=takes,
            held=takes and _held(uow, task),
        )


def _held(uow: UnitOfWork, task: UserTaskRow) -> bool:
    row = uow.processes.instance(task.instance_key)
    return row is not None and row.status is InstanceStatus.SUSPENDED


def task_row(house: House, actor: Actor, task_key: int) -> Mapping[str, Any]:
    """One task as a row of the list; `NotFound` for tasks of others."""
    task = task_view(house, actor, task_key).task
    where = (Condition(column="key", op=Op.EQ, value=task_key),)
    with house.reading() as uow:
        wanted = Criteria(listed=Listed.USER_TASK, where=where, limit=1)
        found = uow.listing.find(wanted, Reader(agency_id=task.agency_id)).rows
    if not found:
        raise NotFound("task", task_key)
    return found[0]


def orphaned_tasks(house: House, actor: Actor) -> Sequence[UserTaskRow]:
    """Tasks for which nobody was found, for administrators."""
    require(actor, "task:assign")
    with house.reading() as uow:
        return uow.work_list.orphaned(actor.agency_id)
