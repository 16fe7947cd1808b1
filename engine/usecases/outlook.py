"""What happens next in a process, who does it and by when; and its drawing, without variables."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from engine.usecases.errors import NotFound
from engine.usecases.ports.outlook import Outlook, Standing
from engine.usecases.ports.process import TaskState
from engine.usecases.ports.search import TaskQuery
from engine.usecases.rights import may, may_see_instance, same_agency

if TYPE_CHECKING:
    from collections.abc import Sequence

    from engine.usecases.actor import Actor
    from engine.usecases.ports.process import DefinitionRow, InstanceRow, UserTaskRow
    from engine.usecases.ports.work import House, UnitOfWork

#: processes of whose course the person concerned may know; all others, such as a finding or a
#: report about him, are told by those who run them
OPEN_TO_PERSON: Final = frozenset(
    {
        "annual_cycle",
        "planning",
        "plan_revision",
        "clarification",
        "monitoring",
        "check_in",
        "periodic_evaluation",
        "evaluation",
        "objection",
        "follow_up",
        "role_change",
        "certificate_request",
    }
)
#: open tasks looked at for one process
_TASKS_MAX: Final = 200


def task_outlook(house: House, actor: Actor, task: UserTaskRow) -> Outlook | None:
    """What lies ahead of an open task that the actor may take or read; None for any other."""
    with house.reading() as uow:
        row = uow.processes.instance(task.instance_key)
        if row is None or task.state is not TaskState.CREATED:
            return None
        reads = may(actor, "task:read") and same_agency(actor, task.agency_id)
        if not (reads or uow.work_list.may_take(actor, task, now=house.clock.now())):
            return None
        found = house.runner.outlook(uow, row.key, task.token)
        standing = [Standing(instance_key=at, foresight=on, tasks=[task]) for at, _, on in found]
        return _outlook(uow, row, standing)


def outlook(house: House, actor: Actor, key: int) -> Outlook:
    """Where a process stands and what comes next; `NotFound` for whom it is no concern.

    Those of `instance:read`, who started it, who has or had a task in it, and the person whom it
    is about where the process is open to him.
    """
    with house.reading() as uow:
        row = _concerned(house, uow, actor, key)
        found = house.runner.outlook(uow, row.key)
        tasks = _open_tasks(uow, row)
        standing = [
            Standing(
                instance_key=at,
                foresight=ahead,
                tasks=[task for task in tasks if task.element_id == ahead.element_id],
            )
            for at, _token, ahead in found
        ]
        return _outlook(uow, row, standing)


def course_of(house: House, actor: Actor, process_id: str, business_key: str) -> int | None:
    """Key of the live process with that business key, if it is of the actor's concern."""
    with house.reading() as uow:
        key = uow.processes.live_start(process_id, business_key)
        row = uow.processes.instance(key) if key is not None else None
        return row.key if row is not None and _may_know(house, uow, actor, row) else None


def drawing_of(house: House, actor: Actor, key: int) -> DefinitionRow:
    """The version whose drawing is shown; `NotFound` for whom it is no concern."""
    with house.reading() as uow:
        return _definition(uow, _concerned(house, uow, actor, key))


def _outlook(uow: UnitOfWork, row: InstanceRow, standing: Sequence[Standing]) -> Outlook:
    return Outlook(
        instance_key=row.key,
        root_key=row.root_key,
        definition=_definition(uow, row),
        standing=standing,
    )


def _definition(uow: UnitOfWork, row: InstanceRow) -> DefinitionRow:
    found = uow.processes.definition(row.definition_key)
    if found is None:
        raise NotFound("definition", row.definition_key)
    return found


def _concerned(house: House, uow: UnitOfWork, actor: Actor, key: int) -> InstanceRow:
    row = uow.processes.instance(key)
    if row is None or not _may_know(house, uow, actor, row):
        raise NotFound("instance", key)
    return row


def _may_know(house: House, uow: UnitOfWork, actor: Actor, row: InstanceRow) -> bool:
    if may_see_instance(uow, actor, row.key):
        return True
    if actor.person_id is None or row.agency_id != actor.agency_id:
        return False
    return _takes_part(house, uow, actor, row) or _is_about(house, uow, actor, row)


def _takes_part(house: House, uow: UnitOfWork, actor: Actor, row: InstanceRow) -> bool:
    """Whether he has or had a task in exactly this process, or may take an open one."""
    tasks = uow.search.tasks(
        TaskQuery(
            agency_id=row.agency_id,
            assignee=actor.person_id,
            root_key=row.root_key,
            definition_key=row.definition_key,
        ),
        limit=1,
    )
    if tasks:
        return True
    now = house.clock.now()
    return any(uow.work_list.may_take(actor, task, now=now) for task in _open_tasks(uow, row))


def _is_about(house: House, uow: UnitOfWork, actor: Actor, row: InstanceRow) -> bool:
    if row.process_id not in OPEN_TO_PERSON:
        return False
    return house.runner.view(uow, row.key).variables.get("person_id") == actor.person_id


def _open_tasks(uow: UnitOfWork, row: InstanceRow) -> Sequence[UserTaskRow]:
    query = TaskQuery(
        agency_id=row.agency_id,
        state=TaskState.CREATED,
        root_key=row.root_key,
    )
    return uow.search.tasks(query, limit=_TASKS_MAX)
