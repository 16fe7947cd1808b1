"""Variables as clients read them: of an instance with its scopes, and as seen at a task."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.usecases.errors import NotFound
from engine.usecases.ports.process import TaskState
from engine.usecases.rights import may_see_instance
from engine.usecases.task_views import task_view

if TYPE_CHECKING:
    from collections.abc import Sequence

    from engine.usecases.actor import Actor
    from engine.usecases.ports.process import InstanceRow, Json
    from engine.usecases.ports.work import House, UnitOfWork

_KEY_BITS = 63


@dataclass(frozen=True, slots=True, kw_only=True)
class Variable:
    """A variable of one scope."""

    name: str
    value: Json
    #: the element instance whose scope it is, or the process instance
    scope_key: int
    #: the process instance; a multi-instance body counts as the one above it
    instance_key: int
    root_key: int

    @property
    def key(self) -> int:
        """What it is called by: the same for a name of a scope as long as the scope lives."""
        text = f"{self.scope_key}\0{self.name}".encode()
        return int.from_bytes(hashlib.blake2b(text, digest_size=8).digest()) >> (64 - _KEY_BITS)


def of_instance(house: House, actor: Actor, key: int) -> Sequence[Variable]:
    """Variables of a process instance and of the multi-instances in it, by scope and name.

    `NotFound` for instances of others.
    """
    with house.reading() as uow:
        row = uow.processes.instance(key)
        if row is None or not may_see_instance(uow, actor, key):
            raise NotFound("instance", key)
        return _variables(house, uow, _with_bodies(uow, row), key)


def of_task(house: House, actor: Actor, task_key: int) -> Sequence[Variable]:
    """What an open task sees, for who may do it or see its instance; nothing of one that ended.

    All count for the scope of the instance: the nearest value of a name is the one seen.
    """
    view = task_view(house, actor, task_key)
    task = view.task
    if task.state is not TaskState.CREATED:
        return ()
    with house.reading() as uow:
        if not (view.may_complete or may_see_instance(uow, actor, task.instance_key)):
            return ()
        seen = house.runner.task_variables(uow, task_key)
    return [
        Variable(
            name=name,
            value=value,
            scope_key=task.instance_key,
            instance_key=task.instance_key,
            root_key=task.root_key,
        )
        for name, value in seen.items()
    ]


def _with_bodies(uow: UnitOfWork, row: InstanceRow) -> Sequence[InstanceRow]:
    """A process instance with the bodies of its multi-instances."""
    found, fresh = [row], [row]
    while fresh:
        fresh = [
            child
            for parent in fresh
            for child in uow.processes.children(parent.key)
            if child.body is not None
        ]
        found += fresh
    return found


def _variables(
    house: House, uow: UnitOfWork, rows: Sequence[InstanceRow], instance_key: int
) -> Sequence[Variable]:
    scopes = house.runner.scopes(uow, rows)
    tokens = [(at, token) for at, token, _, _ in scopes if token is not None]
    bodies = [
        (row.parent_key, row.parent_token)
        for row in rows
        if row.body is not None and row.parent_key is not None and row.parent_token is not None
    ]
    keys = uow.listing.activations([*tokens, *bodies])
    by_row = {row.key: row for row in rows}
    found = []
    for at, token, name, value in scopes:
        row = by_row[at]
        own = keys.get((at, token)) if token is not None else None
        found.append(
            Variable(
                name=name,
                value=value,
                scope_key=own or row.key,
                instance_key=instance_key,
                root_key=row.root_key,
            )
        )
    return found
