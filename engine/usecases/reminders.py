"""Reminders in batch: whoever holds a late task is asked once a day, and it is on record."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from engine.usecases import audit_tags
from engine.usecases.asking import TASKS_MAX, ask_once, reaches
from engine.usecases.audit import note
from engine.usecases.errors import FieldFault, InputRefused, NotFound
from engine.usecases.once import repeated
from engine.usecases.organisation import Standing
from engine.usecases.ports.radar import reminder_prefix
from engine.usecases.rights import require, same_agency

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from engine.usecases.actor import Actor
    from engine.usecases.ports.process import UserTaskRow
    from engine.usecases.ports.radar import Reminded
    from engine.usecases.ports.work import House

RIGHT: Final = "task:remind"


@dataclass(frozen=True, slots=True, kw_only=True)
class RemindHolders:
    """Remind whoever holds these tasks."""

    task_keys: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What came of a press."""

    reminded: int
    #: asked before on the same day
    already: int
    #: not open any more, or held by nobody and no group
    passed_over: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReminderLine:
    """A reminder of a day."""

    row: Reminded
    task: UserTaskRow | None
    holder: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RemindersOfDay:
    """A page of the reminders of one day."""

    day: date
    lines: Sequence[ReminderLine]


@repeated
def remind_holders(house: House, actor: Actor, command: RemindHolders) -> Outcome:
    """Put a reminder for each task, once per task and day; one audit entry names them all.

    `AccessRefused` for others than who runs the cycle, `InputRefused` for none or too many.
    """
    require(actor, RIGHT)
    wanted = tuple(dict.fromkeys(command.task_keys))
    if not 0 < len(wanted) <= TASKS_MAX:
        raise InputRefused(
            FieldFault(field="task", code="number_of_tasks", message=f"1 to {TASKS_MAX} tasks")
        )
    with house.writing() as uow:
        day = Standing(uow, house.clock.now()).today(actor.agency_id)
        tasks = uow.radar.open_tasks(wanted)
        asked = [task for task in tasks if same_agency(actor, task.agency_id) and reaches(task)]
        fresh = ask_once(house, uow, asked, day, lambda task: {"task": str(task.key)})
        if fresh:
            note(
                house,
                uow,
                actor,
                stream=f"agency:{actor.agency_id}",
                act=audit_tags.TASKS_REMINDED,
                facts={"tasks": [str(task.key) for task in fresh]},
            )
        uow.commit()
        return Outcome(
            reminded=len(fresh),
            already=len(asked) - len(fresh),
            passed_over=len(wanted) - len(asked),
        )


def reminders_of_day(
    house: House,
    actor: Actor,
    day: date | None = None,
    *,
    after: str | None = None,
    limit: int = 51,
) -> RemindersOfDay:
    """What was reminded on a day (today) in the actor's agency, keyset paged by key."""
    require(actor, "report:read")
    if actor.agency_id is None:
        raise NotFound("agency", actor.name)
    with house.reading() as uow:
        on = day or Standing(uow, house.clock.now()).today(actor.agency_id)
        rows = uow.radar.reminded(reminder_prefix(on), after=after, limit=limit)
        tasks = {task.key: task for task in uow.radar.tasks([row.task_key for row in rows])}
        names = uow.agency.names([row.holder_id for row in rows if row.holder_id])
        return RemindersOfDay(
            day=on,
            lines=[
                ReminderLine(
                    row=row,
                    task=tasks.get(row.task_key),
                    holder=names.get(row.holder_id or "", ""),
                )
                for row in rows
                if _own(actor, tasks.get(row.task_key))
            ],
        )


def _own(actor: Actor, task: UserTaskRow | None) -> bool:
    return task is not None and same_agency(actor, task.agency_id)
