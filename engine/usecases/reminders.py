"""Reminders in batch: whoever holds a late task is asked once a day, and it is on record."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from engine.usecases import audit_tags
from engine.usecases.audit import note
from engine.usecases.errors import FieldFault, InputRefused, NotFound
from engine.usecases.letters import REMINDER
from engine.usecases.notices import Kind, notify
from engine.usecases.once import repeated
from engine.usecases.organisation import Standing
from engine.usecases.ports.process import TaskState
from engine.usecases.rights import require, same_agency

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from engine.usecases.actor import Actor
    from engine.usecases.ports.process import Json, UserTaskRow
    from engine.usecases.ports.radar import Reminded
    from engine.usecases.ports.work import House, UnitOfWork

RIGHT: Final = "task:remind"
#: tasks of one press
TASKS_MAX: Final = 200


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
        asked = [task for task in tasks if same_agency(actor, task.agency_id) and _reaches(task)]
        keys = {task.key: key_of(day, task.key) for task in asked}
        before = uow.radar.reminded_among(keys.values())
        fresh = [task for task in asked if keys[task.key] not in before]
        for task in fresh:
            _remind(house, uow, task, keys[task.key])
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
        rows = uow.radar.reminded(prefix_of(on), after=after, limit=limit)
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


def prefix_of(day: date) -> str:
    """How the keys of a day's reminders begin."""
    return f"asked:{day.isoformat()}:"


def key_of(day: date, task_key: int) -> str:
    """One reminder per task and day."""
    return f"{prefix_of(day)}{task_key}"


def _own(actor: Actor, task: UserTaskRow | None) -> bool:
    return task is not None and same_agency(actor, task.agency_id)


def _reaches(task: UserTaskRow) -> bool:
    """Whether somebody can be asked at all."""
    return task.state is TaskState.CREATED and (task.assignee is not None or bool(task.candidates))


def _remind(house: House, uow: UnitOfWork, task: UserTaskRow, key: str) -> None:
    """By letter to who holds it or to its group, and inside Regu to who holds it."""
    now = house.clock.now()
    payload: dict[str, Json] = {
        **_whom(task),
        "subject": "asked_by_hr",
        "reference_id": str(task.key),
        "task_key": str(task.key),
        "instance_key": str(task.instance_key),
        "at": now.isoformat(),
    }
    uow.outbox.put(REMINDER, key, payload)
    people = (
        [task.assignee] if task.assignee else [n for kind, n in task.candidates if kind == "user"]
    )
    notify(
        uow,
        house.ids,
        now,
        people,
        Kind.DEADLINE_NEAR,
        key=key,
        path=f"/tugas/{task.key}",
        facts={"task": str(task.key)},
    )


def _whom(task: UserTaskRow) -> Mapping[str, Json]:
    if task.assignee is not None:
        return {"recipient_id": task.assignee}
    kind, name = task.candidates[0]
    return {"recipient_id": name} if kind == "user" else {"group": name}
