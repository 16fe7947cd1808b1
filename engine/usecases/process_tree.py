"""What clients ask of one instance: who called it, what it calls, its flows and counts."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from engine.usecases.errors import NotFound
from engine.usecases.ports.listing import Condition, Criteria, Listed, Op, Reader
from engine.usecases.rights import may_see_instance

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from engine.usecases.actor import Actor
    from engine.usecases.ports.process import InstanceRow, Json
    from engine.usecases.ports.work import House, UnitOfWork

#: instances in a chain of calls and multi-instances
DEPTH_MAX = 100


@dataclass(slots=True, kw_only=True)
class Counts:
    """Element instances of one element."""

    active: int = 0
    completed: int = 0
    cancelled: int = 0
    incidents: int = 0


def below(house: House, actor: Actor, key: int) -> Sequence[int]:
    """Keys of an instance and of all below it, living or ended, from history and rows."""
    with house.reading() as uow:
        row = _seen(uow, actor, key)
        found, fresh = [key], [key]
        while fresh:
            fresh = [child.key for parent in fresh for child in uow.processes.children(parent)]
            found += fresh
        told = {step["instance_key"] for step in _steps(uow, row)} if key == row.root_key else ()
    return sorted({*found, *told})


def callers(house: House, actor: Actor, key: int) -> Sequence[Mapping[str, Any]]:
    """Process instances from the root down to this one, as rows of the list."""
    with house.reading() as uow:
        row: InstanceRow | None = _seen(uow, actor, key)
        root = uow.processes.instance(row.root_key) if row is not None else None
        keys: list[int] = []
        while row is not None and len(keys) < DEPTH_MAX:
            keys.append(row.key)
            row = uow.processes.instance(row.parent_key) if row.parent_key is not None else None
        where = (Condition(column="key", op=Op.IN, value=tuple(keys)),)
        wanted = Criteria(listed=Listed.PROCESS_INSTANCE, where=where, limit=DEPTH_MAX)
        return uow.listing.find(wanted, Reader(agency_id=root.agency_id if root else None)).rows


def flows(house: House, actor: Actor, key: int) -> Sequence[str]:
    """Ids of the sequence flows taken, in the order in which they were first taken.

    History names flows where an element has several; the single flow of another follows from
    its end.
    """
    with house.reading() as uow:
        row = _seen(uow, actor, key)
        single = house.runner.single_flows(uow, row.definition_key)
        steps = [step for step in _steps(uow, row) if step["event"] == "completed"]
    found: dict[str, None] = {}
    for step in steps:
        if step["instance_key"] != key:
            continue
        named = json.loads(step["detail"]) if step["detail"] else single.get(step["element_id"], ())
        found.update(dict.fromkeys(named))
    return list(found)


def counts(house: House, actor: Actor, key: int) -> Mapping[str, Counts]:
    """Element instances by element: active, completed, cancelled, in trouble."""
    with house.reading() as uow:
        row = _seen(uow, actor, key)
        steps = [step for step in _steps(uow, row) if step["instance_key"] == key]
        troubles = [one for one in uow.processes.incidents(row.root_key) if one.instance_key == key]
    last: dict[tuple[str, int], str] = {}
    for step in steps:
        if step["event"] in ("activated", "completed", "cancelled"):
            last[step["element_id"], step["token"]] = step["event"]
    found: dict[str, Counts] = {}
    for (element, _), event in last.items():
        count = found.setdefault(element, Counts())
        name = {"activated": "active"}.get(event, event)
        setattr(count, name, getattr(count, name) + 1)
    for one in troubles:
        count = found.setdefault(one.element_id, Counts())
        count.incidents += 1
        if (one.element_id, one.token) not in last:
            count.active += 1
    return found


def _steps(uow: UnitOfWork, row: InstanceRow) -> Sequence[Mapping[str, Json]]:
    return uow.work_list.history(row.root_key)


def _seen(uow: UnitOfWork, actor: Actor, key: int) -> InstanceRow:
    row = uow.processes.instance(key)
    if row is None or not may_see_instance(uow, actor, key):
        raise NotFound("instance", key)
    return row
