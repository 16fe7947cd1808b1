"""Who read what about whom, for the person himself and for internal audit."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from engine.domain import access
from engine.domain.access import Act, Resource
from engine.usecases.errors import NotFound
from engine.usecases.ports.readings import ReadingScope
from engine.usecases.rights import require

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from engine.usecases.actor import Actor
    from engine.usecases.ports.readings import ReadingRow
    from engine.usecases.ports.work import House

#: the right to read who read what in the whole agency
READINGS: Final = "audit:read"


def readings_of(
    house: House,
    actor: Actor,
    person_id: str,
    *,
    after: tuple[datetime, str] | None = None,
    limit: int = 50,
) -> Sequence[ReadingRow]:
    """Who read what of a person, newest first; `NotFound` unless the matrix lets the actor."""
    with house.reading() as uow:
        known = uow.teams.people([person_id])
        if not known:
            raise NotFound("person", person_id)
        around = access.Standing(person_id=person_id, agency_id=known[0].agency_id)
        held = access.relations(
            around, actor.person_id or actor.name, actor.agency_id, actor.groups
        )
        if not access.allowed(held, Resource.READINGS, Act.READ):
            raise NotFound("person", person_id)
        uow.readings.note(actor, person_id, Resource.READINGS)
        scope = ReadingScope(person_id=person_id)
        return uow.readings.page(scope, after=after, limit=limit)


def readings_here(
    house: House,
    actor: Actor,
    scope: ReadingScope,
    *,
    after: tuple[datetime, str] | None = None,
    limit: int = 50,
) -> Sequence[ReadingRow]:
    """Readings of people of the actor's agency, newest first; `AccessRefused` but for auditors."""
    require(actor, READINGS)
    if actor.agency_id is None:
        raise NotFound("agency", "")
    with house.reading() as uow:
        here = replace(scope, agency_id=actor.agency_id)
        return uow.readings.page(here, after=after, limit=limit)


def people_named(house: House, actor: Actor, words: str, *, limit: int = 50) -> Sequence[str]:
    """Ids of people of the actor's agency by NIP or part of a name; auditors only."""
    require(actor, READINGS)
    if actor.agency_id is None:
        return ()
    with house.reading() as uow:
        return uow.readings.named(actor.agency_id, words, limit=limit)
