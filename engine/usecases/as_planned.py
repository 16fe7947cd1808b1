"""A month documented by one press: everything went as planned, nothing is typed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from engine.usecases.errors import AccessRefused, Conflict, InputRefused, NotFound
from engine.usecases.task_views import task_view
from engine.usecases.tasks import CompleteTask, complete_task

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from engine.usecases.actor import Actor
    from engine.usecases.ports.process import Json, UserTaskRow
    from engine.usecases.ports.work import House

#: process and step of the drawing in which a person documents a period
PROCESS: Final = "monitoring"
ELEMENT: Final = "record_progress"
#: the form's lists whose rows carry the tick
_LISTS: Final = ("results", "squad_results")
#: and what a row begins with from notes of days
_BEGUN: Final = ("note", "links")


@dataclass(frozen=True, slots=True, kw_only=True)
class Documented:
    """What one press came to."""

    done: Sequence[UserTaskRow]
    #: tasks that wanted more than a tick, or were done meanwhile; they stay as they were
    left: Sequence[int]


def tappable(task: UserTaskRow) -> bool:
    """Whether this step can be done by saying that all went as planned."""
    return task.process_id == PROCESS and task.element_id == ELEMENT


def document_as_planned(house: House, actor: Actor, keys: Sequence[int]) -> Documented:
    """Tick every result of these months as planned and send each; evidence may follow later.

    Each is the same completion as from its form: what it refuses stays open.
    """
    done: list[UserTaskRow] = []
    left: list[int] = []
    for key in dict.fromkeys(keys):
        try:
            task, values = _ticked(house, actor, key)
            command = CompleteTask(
                task_key=key,
                variables=values,
                version=task.version,
                idempotency_key=f"as_planned:{key}",
            )
            complete_task(house, actor, command)
            done.append(task)
        except (AccessRefused, Conflict, InputRefused, NotFound):
            left.append(key)
    return Documented(done=done, left=left)


def _ticked(house: House, actor: Actor, key: int) -> tuple[UserTaskRow, dict[str, Json]]:
    seen = task_view(house, actor, key)
    if not seen.may_complete or not tappable(seen.task) or seen.draft:
        raise NotFound("task", key)
    values: dict[str, Json] = {
        name: [_as_planned(row) for row in seen.variables.get(name) or ()] for name in _LISTS
    }
    if not any(values.values()):
        raise Conflict("nothing is planned", task=key)
    return seen.task, values


def _as_planned(row: Mapping[str, Json]) -> Json:
    """The tick, with the words and links that the row begins with: notes of days are kept."""
    return {"as_planned": True, **{name: row[name] for name in _BEGUN if row.get(name)}}
