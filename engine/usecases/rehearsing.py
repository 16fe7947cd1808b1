"""Scenarios of a process listed, and played on demand against a drawing of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.usecases.ports.process import Resource
from engine.usecases.ports.scenarios import Rehearsed
from engine.usecases.rights import require

if TYPE_CHECKING:
    from collections.abc import Sequence

    from engine.usecases.actor import Actor
    from engine.usecases.ports.scenarios import Story
    from engine.usecases.ports.work import House, UnitOfWork


def stories(house: House, actor: Actor, process_id: str) -> Sequence[Story]:
    """The scenarios kept for a process, by file; not played. `AccessRefused`."""
    require(actor, "definition:read", process_id)
    player = house.scenarios
    if player is None:
        return []
    with house.reading() as uow:
        return [one for file in _files(uow, process_id) for one in player.stories_of(file)]


def rehearse(house: House, actor: Actor, process_id: str, drawing: Resource) -> Rehearsed:
    """Play the scenarios kept for a process against a drawing of it; nothing is kept.

    `AccessRefused`; `DrawingRefused` for a drawing with errors.
    """
    require(actor, "definition:deploy", process_id)
    with house.reading() as uow:
        files = _files(uow, process_id)
        if house.scenarios is None or not files:
            return Rehearsed(stories=(), walked=())
        return house.scenarios.play(uow.processes, (drawing,), files)


def _files(uow: UnitOfWork, process_id: str) -> Sequence[Resource]:
    kept = uow.scenarios.newest((process_id,))
    return [Resource(name=row.resource_name, content=row.content) for row in kept]
