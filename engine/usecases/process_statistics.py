"""Statistics of processes by element, for lists of clients and for heat maps."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.usecases.errors import NotFound
from engine.usecases.ports.listing import Criteria, Listed, Reader
from engine.usecases.process_tree import Counts
from engine.usecases.rights import require

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.usecases.actor import Actor
    from engine.usecases.ports.listing import Condition
    from engine.usecases.ports.work import House


def by_element(
    house: House,
    actor: Actor,
    definition_key: int,
    *,
    where: tuple[Condition, ...] = (),
    any_of: tuple[tuple[Condition, ...], ...] = (),
) -> Mapping[str, Counts]:
    """Element instances of a version by element: active, completed, cancelled, in trouble.

    The conditions are those of the list of process instances, of the actor's agency.
    """
    require(actor, "instance:read", definition_key)
    meant = Criteria(listed=Listed.PROCESS_INSTANCE, where=where, any_of=any_of)
    with house.reading() as uow:
        if uow.processes.definition(definition_key) is None:
            raise NotFound("process definition", definition_key)
        rows = uow.listing.elements(definition_key, meant, Reader(agency_id=actor.agency_id))
    found: dict[str, Counts] = {}
    for element, state, number, troubles in rows:
        count = found.setdefault(element, Counts())
        if state == "activated":
            count.active += number
        elif state == "completed":
            count.completed += number
        else:
            count.cancelled += number
        count.incidents += troubles
    return found
