"""Open tasks follow the organisation: after a change they move to whom their drawing names now.

A background job, a few tasks in each transaction: until it comes to a task, its holder may still
finish it. Nothing that somebody typed is lost, both people are told, and the audit says so.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from engine.usecases import audit_tags
from engine.usecases.actor import system
from engine.usecases.audit import note
from engine.usecases.following import tell_holder
from engine.usecases.letters import MOVED, REMINDER

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from engine.usecases.actor import Actor
    from engine.usecases.ports.process import Json, UserTaskRow
    from engine.usecases.ports.runner import Assignment
    from engine.usecases.ports.time import Ids
    from engine.usecases.ports.work import House, UnitOfWork

#: kind of the background job
REASSIGN: Final = "reassign_tasks"
#: tasks looked at in one transaction; each holds the lock of its process until the commit
CHUNK: Final = 10


def follow(
    uow: UnitOfWork,
    ids: Ids,
    actor: Actor,
    people: Iterable[str | None],
    *,
    at: datetime | None = None,
) -> tuple[str, ...]:
    """Have the open tasks of these people looked at again, now or on a day to come.

    Tasks for which nobody was found in the actor's agency are looked at as well. Returns whom.
    """
    names = sorted({name for name in people if name})
    args = {
        "people": names,
        "agency_id": actor.agency_id,
        "after": 0,
        "on_behalf_of": actor.human,
    }
    uow.jobs.enqueue(REASSIGN, str(ids.key()), args, due_at=at)
    return tuple(names)


def move_next(house: House, uow: UnitOfWork, args: Mapping[str, Json]) -> Mapping[str, Json] | None:
    """Look at the next tasks; the arguments of what remains, None at the end."""
    found = _tasks(uow, args)
    actor = replace(system(args.get("on_behalf_of")), agency_id=args.get("agency_id"))
    for task in sorted(found[:CHUNK], key=lambda task: (task.root_key, task.key)):
        _move(house, uow, actor, task.key)
    if len(found) <= CHUNK:
        return None
    return {**args, "after": str(found[CHUNK - 1].key)}


def _tasks(uow: UnitOfWork, args: Mapping[str, Json]) -> Sequence[UserTaskRow]:
    """Tasks not yet looked at, by key."""
    found = {task.key: task for task in uow.segments.open_tasks_of(args["people"])}
    if args.get("agency_id") is not None:
        found |= {task.key: task for task in uow.work_list.orphaned(args["agency_id"])}
    after = int(args["after"])
    return [found[key] for key in sorted(found) if key > after]


def _move(house: House, uow: UnitOfWork, actor: Actor, task_key: int) -> None:
    locked = uow.processes.task_with_lock(task_key)
    if locked is None:
        return
    task, instance = locked
    found = house.runner.assignment(uow, task, instance)
    if found is None or not _differs(task, found):
        return
    uow.work_list.move(task, found)
    note(
        house,
        uow,
        actor,
        stream=f"instance:{task.root_key}",
        act=audit_tags.TASK_MOVED,
        facts={"task": str(task.key), "from": task.assignee, "to": found.assignee},
    )
    _tell(house, uow, task, found)
    tell_holder(house, uow, actor, task, task.assignee, found.assignee)


def _differs(task: UserTaskRow, found: Assignment) -> bool:
    """Whether it moves: to another person, to or from nobody, or to other named candidates.

    Who took a task as one of its candidates keeps it; so does who works on it for its holder.
    """
    holder = task.owner or task.assignee
    if found.assignee is not None or task.orphaned != found.orphaned:
        return holder != found.assignee or task.orphaned != found.orphaned
    return task.assignee is None and task.candidates != found.candidates


def _tell(house: House, uow: UnitOfWork, task: UserTaskRow, found: Assignment) -> None:
    told = {"reference_id": str(task.key), "instance_key": str(task.instance_key)}
    at = house.clock.now().isoformat()
    if found.assignee is not None:
        new = {"recipient_id": found.assignee, "subject": "task_moved_here", "at": at, **told}
        uow.outbox.put(REMINDER, f"moved:{task.key}:{task.version}:new", new)
    if task.assignee is not None:
        old = {"recipient_id": task.assignee, "subject": "task_moved_away", "at": at, **told}
        uow.outbox.put(MOVED, f"moved:{task.key}:{task.version}:old", old)
