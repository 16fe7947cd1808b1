"""What stands beside the form of a task: its matter, its roles, what was answered before."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.domain.plans import PlanItem
from engine.usecases.ports.process import TaskState
from engine.usecases.ports.search import TaskQuery
from web.drawings import documentation

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from engine.usecases.actor import Actor
    from engine.usecases.ports.inbox import Face
    from engine.usecases.ports.process import Json, UserTaskRow
    from engine.usecases.ports.work import House, UnitOfWork

#: earlier steps that are named
STEPS_MAX = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Earlier:
    """A step of the same matter that somebody has done."""

    name: str
    by: str
    at: datetime | None
    #: its page, where the reader may open it
    key: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Matter:
    """What a task is about."""

    face: Face | None
    #: title of the plan's result that it concerns
    item: str
    #: what its process is for, in the words of the drawing
    help: str
    earlier: Sequence[Earlier]


def matter_of(
    house: House, actor: Actor, task: UserTaskRow, variables: Mapping[str, Json]
) -> Matter:
    """The matter of a task that the actor sees; earlier steps only where he may take it."""
    with house.reading() as uow:
        definition = uow.processes.definition(task.definition_key)
        item_id = variables.get("item_id")
        item = uow.performance.get(PlanItem, item_id) if isinstance(item_id, str) else None
        return Matter(
            face=uow.inbox.faces([task.key], actor.person_id).get(task.key),
            item=item.title if item else "",
            help=documentation(definition.xml) if definition else "",
            earlier=_earlier(uow, actor, task) if variables else (),
        )


def _earlier(uow: UnitOfWork, actor: Actor, task: UserTaskRow) -> Sequence[Earlier]:
    """Steps that this very instance has behind it: those of other branches are others' matters."""
    query = TaskQuery(agency_id=task.agency_id, root_key=task.root_key, state=TaskState.COMPLETED)
    rows = [
        row for row in uow.search.tasks(query, limit=200) if row.instance_key == task.instance_key
    ][-STEPS_MAX:]
    names = uow.agency.names(sorted({row.completed_by for row in rows if row.completed_by}))
    return [
        Earlier(
            name=row.name,
            by=names.get(row.completed_by or "", ""),
            at=row.completed_at,
            key=row.key if row.completed_by == actor.person_id else None,
        )
        for row in reversed(rows)
    ]
