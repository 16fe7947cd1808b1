"""Scenarios of a process listed, and played on demand against a drawing of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.usecases.errors import DrawingRefused
from engine.usecases.ports.process import Resource
from engine.usecases.ports.scenarios import Rehearsed
from engine.usecases.rights import may, require
from engine.usecases.tabling import beside_drawing

if TYPE_CHECKING:
    from collections.abc import Sequence

    from engine.usecases.actor import Actor
    from engine.usecases.errors import Finding
    from engine.usecases.ports.scenarios import Story
    from engine.usecases.ports.work import House, UnitOfWork


def stories(house: House, actor: Actor, process_id: str) -> Sequence[Story]:
    """The scenarios kept for a process, by file; not played. `AccessRefused`.

    Who may draft sees a drafted file in the place of the published one.
    """
    require(actor, "definition:read", process_id)
    player = house.scenarios
    if player is None:
        return []
    with house.reading() as uow:
        drafted = _drafted(uow, process_id) if may(actor, "definition:draft") else None
        files = _files(uow, process_id, drafted)
        return [one for file in files for one in player.stories_of(file)]


def rehearse(house: House, actor: Actor, process_id: str, drawing: Resource) -> Rehearsed:
    """Play the scenarios kept for a process against a drawing of it; nothing is kept.

    Drafts of scenarios, and of decisions and forms that the drawing names, take part.
    `AccessRefused`; `DrawingRefused` for a drawing with errors.
    """
    require(actor, "definition:draft", process_id)
    with house.reading() as uow:
        named, drafted = beside_drawing(uow, process_id, drawing)
        files = _files(uow, process_id, drafted)
        if house.scenarios is None or not files:
            _sound(house.runner.check((drawing, *named), uow))
            return Rehearsed(stories=(), walked=())
        return house.scenarios.play(uow.processes, (drawing, *named), files)


def _sound(findings: Sequence[Finding]) -> None:
    """Refuse a drawing with errors, as playing does, where there is nothing to play."""
    if any(one.severity == "error" for one in findings):
        raise DrawingRefused(tuple(findings))


def _files(uow: UnitOfWork, process_id: str, drafted: Resource | None) -> Sequence[Resource]:
    kept = uow.scenarios.newest((process_id,))
    found = {row.resource_name: row.content for row in kept}
    if drafted is not None:
        found[drafted.name] = drafted.content
    return [Resource(name=name, content=content) for name, content in found.items()]


def _drafted(uow: UnitOfWork, process_id: str) -> Resource | None:
    drawing = Resource(name="", content=b"")
    return beside_drawing(uow, process_id, drawing)[1]
