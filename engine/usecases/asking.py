"""Asking for open tasks: whoever asks, a task is asked for once a day, by letter and notice."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from engine.usecases.letters import REMINDER
from engine.usecases.notices import Kind, notify
from engine.usecases.ports.process import TaskState
from engine.usecases.ports.radar import reminder_key

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence
    from datetime import date

    from engine.usecases.ports.process import Json, UserTaskRow
    from engine.usecases.ports.work import House, UnitOfWork

#: tasks of one press
TASKS_MAX: Final = 200


def reaches(task: UserTaskRow) -> bool:
    """Whether somebody can be asked at all: it is open, and somebody or some group may do it."""
    return task.state is TaskState.CREATED and (task.assignee is not None or bool(task.candidates))


def ask_once(
    house: House,
    uow: UnitOfWork,
    tasks: Collection[UserTaskRow],
    day: date,
    facts: Callable[[UserTaskRow], Mapping[str, Json]],
) -> Sequence[UserTaskRow]:
    """Those of the tasks that nobody had asked for that day; they are asked for now.

    The tasks are held by `radar.open_tasks` and reach somebody. By letter to who holds it or to its
    group, and inside Regu to who holds it; `facts` are those of this notice.
    """
    keys = {task.key: reminder_key(day, task.key) for task in tasks}
    before = uow.radar.reminded_among(keys.values())
    fresh = [task for task in tasks if keys[task.key] not in before]
    now = house.clock.now()
    for task in fresh:
        uow.outbox.put(REMINDER, keys[task.key], _letter(task, now.isoformat()))
        notify(
            *(uow, house.ids, now, _people(task), Kind.DEADLINE_NEAR),
            key=keys[task.key],
            path=f"/tugas/{task.key}",
            facts=facts(task),
        )
    return fresh


def _people(task: UserTaskRow) -> Sequence[str]:
    if task.assignee is not None:
        return [task.assignee]
    return [name for kind, name in task.candidates if kind == "user"]


def _letter(task: UserTaskRow, at: str) -> Mapping[str, Json]:
    return {
        **_whom(task),
        "subject": "task_asked_for",
        "reference_id": str(task.key),
        "task_key": str(task.key),
        "instance_key": str(task.instance_key),
        "at": at,
    }


def _whom(task: UserTaskRow) -> Mapping[str, Json]:
    if task.assignee is not None:
        return {"recipient_id": task.assignee}
    kind, name = task.candidates[0]
    return {"recipient_id": name} if kind == "user" else {"group": name}
