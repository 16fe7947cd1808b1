"""What the page of an instance shows: every step that waits, for whom, and what people did."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.dmn import sentences
from engine.usecases.ports.process import TaskState
from engine.usecases.ports.search import TaskQuery
from web.context import locale
from web.drawings import element_kinds, element_names
from web.readings.names import matters

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from engine.usecases.ports.process import IncidentRow, InstanceView, Json, UserTaskRow
    from engine.usecases.ports.work import House, UnitOfWork

#: open tasks that are named
TASKS_MAX = 200
#: what the engine did on the way; told only to who asks for every line
_QUIET_EVENTS = frozenset({"lookup", "decision"})
#: what people do is worth a line
_ACTED = frozenset({"userTask", "manualTask"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """One open task of a step."""

    name: str
    due_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A step on which something waits."""

    element_id: str
    name: str
    count: int
    people: Sequence[Waiting]
    incidents: Sequence[IncidentRow]


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """One line of the history."""

    at: datetime
    name: str
    event: str
    actor: str
    #: what only those want who look after the drawing
    quiet: bool
    #: why a decision came out so, in sentences of the reader's language
    because: Sequence[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class InstanceSheet:
    """An instance as a page shows it."""

    view: InstanceView
    matter: str
    steps: Sequence[Step]
    history: Sequence[Happening]
    #: element id -> tokens, those inside multi-instances too
    tokens: Mapping[str, int]
    incidents: Sequence[IncidentRow]


def instance_sheet(
    house: House, view: InstanceView, history: Iterable[Mapping[str, Json]]
) -> InstanceSheet:
    """The sheet of an instance that the actor may see."""
    with house.reading() as uow:
        views = list(_with_bodies(house, uow, view))
        tokens: Counter[str] = Counter()
        for one in views:
            tokens.update({k: n for k, n in one.tokens.items() if k != one.row.body})
        incidents = list({row.key: row for one in views for row in one.incidents}.values())
        tasks = _open_tasks(uow, view)
        rows = list(history)
        people = {task.assignee or "" for task in tasks} | {str(row.get("actor")) for row in rows}
        names = uow.agency.names(sorted(people))
        return InstanceSheet(
            view=view,
            matter=matters(uow, [view.row]).get(view.row.key, ""),
            steps=_steps(view, _leaves(views, tokens), (tasks, names), incidents),
            history=[_happening(view, row, names) for row in rows],
            tokens=dict(tokens),
            incidents=incidents,
        )


def _with_bodies(house: House, uow: UnitOfWork, view: InstanceView) -> Iterator[InstanceView]:
    """The instance and the bodies of its multi-instances, which share its drawing."""
    yield view
    for row in uow.processes.children(view.row.key):
        if row.body is not None:
            yield from _with_bodies(house, uow, house.runner.view(uow, row.key))


def _leaves(views: Sequence[InstanceView], tokens: Mapping[str, int]) -> Mapping[str, int]:
    """The tokens without those that only wait for what goes on inside their multi-instance."""
    inside = {one.row.body for one in views}
    return {element: count for element, count in tokens.items() if element not in inside}


def _open_tasks(uow: UnitOfWork, view: InstanceView) -> list[UserTaskRow]:
    query = TaskQuery(
        agency_id=view.row.agency_id,
        state=TaskState.CREATED,
        root_key=view.row.key,
        definition_key=view.row.definition_key,
    )
    return list(uow.search.tasks(query, limit=TASKS_MAX))


def _steps(
    view: InstanceView,
    tokens: Mapping[str, int],
    open_tasks: tuple[Sequence[UserTaskRow], Mapping[str, str]],
    incidents: Sequence[IncidentRow],
) -> list[Step]:
    """Steps with tokens, those first on which people wait."""
    tasks, names = open_tasks
    words = element_names(view.definition.xml)
    steps = [
        Step(
            element_id=element,
            name=words.get(element, ""),
            count=count,
            people=[
                Waiting(name=names.get(task.assignee or "", ""), due_at=task.due_at)
                for task in tasks
                if task.element_id == element
            ],
            incidents=[row for row in incidents if row.element_id == element],
        )
        for element, count in tokens.items()
    ]
    return sorted(steps, key=lambda step: (not step.incidents, not step.people))


def _happening(view: InstanceView, row: Mapping[str, Json], names: Mapping[str, str]) -> Happening:
    element, event, actor = str(row["element_id"]), str(row["event"]), str(row["actor"])
    name = element_names(view.definition.xml).get(element, "")
    kind = element_kinds(view.definition.xml).get(element, "")
    passed = event == "activated" or (event == "completed" and kind not in _ACTED)
    return Happening(
        at=row["at"],
        name=name,
        event=event,
        actor=names.get(actor, actor),
        quiet=event in _QUIET_EVENTS or not name or (passed and _unremarkable(kind, event)),
        because=_because(row) if event == "decision" else (),
    )


def _because(row: Mapping[str, Json]) -> Sequence[str]:
    """The rules behind a decision; none where its note found no room for them."""
    try:
        kept = json.loads(str(row.get("detail") or ""))
    except ValueError:
        return ()
    return sentences(kept.get("tables", ()), locale()) if isinstance(kept, dict) else ()


def _unremarkable(kind: str, event: str) -> bool:
    """Steps that the engine passes by itself; events on the way are worth a line."""
    if event == "activated":
        return True
    return kind == "startEvent" or not kind.endswith("Event")
