"""Reading a person's roles of a year by date, and who stands in for whom on a day."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from engine.domain.access import Act, Relation, Resource, relations
from engine.domain.access import allowed as may_by
from engine.usecases.books import readable
from engine.usecases.organisation import Standing
from engine.usecases.relations import around
from engine.usecases.rights import require
from engine.usecases.segments import PersonSegments, person_segments

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from engine.domain.access import Standing as Around
    from engine.domain.cycles import Cycle
    from engine.domain.people import Substitution
    from engine.usecases.actor import Actor
    from engine.usecases.ports.work import House


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonRoles:
    """A person's segments in a cycle, with the names of units and squads."""

    person_id: str
    cycle: Cycle
    found: PersonSegments
    #: unit or squad id -> name
    names: Mapping[str, str]


def person_roles(
    house: House, actor: Actor, person_id: str, wanted: str | None = None
) -> PersonRoles:
    """Segments, snapshots and interim ratings; `NotFound` for whom the matrix closes them.

    Who only rated an earlier segment reads that one and no other.
    """
    with house.reading() as uow:
        standing = Standing(uow, house.clock.now())
        cycle = readable(standing, actor, person_id, Resource.SEGMENT, wanted)
        found = person_segments(uow, person_id, cycle)
        if _only_former(around(uow, standing, person_id, cycle), actor):
            found = _rated_by(found, actor.person_id)
        names = {unit.id: unit.name for unit in uow.agency.units(cycle.agency_id)}
        held = uow.contributions.memberships_of(person_id, cycle.starts_on, cycle.ends_on)
        names |= {squad.id: squad.name for _, squad in held}
        return PersonRoles(person_id=person_id, cycle=cycle, found=found, names=names)


def substitutions(
    house: House, actor: Actor, on: date | None = None
) -> tuple[date, Sequence[Substitution], Mapping[str, str]]:
    """The day, the substitutions in force in the actor's agency, and people's names by id."""
    require(actor, "report:read", "substitutions")
    with house.reading() as uow:
        day = on or Standing(uow, house.clock.now()).today(actor.agency_id)
        rows = uow.segments.substitutions(actor.agency_id or "", day)
        people = [name for row in rows for name in (row.absent_id, row.substitute_id)]
        return day, rows, uow.agency.names(people)


def _only_former(around_him: Around, actor: Actor) -> bool:
    held = relations(around_him, actor.person_id or actor.name, actor.agency_id, actor.groups)
    return not may_by(held - {Relation.FORMER_RATER}, Resource.SEGMENT, Act.READ)


def _rated_by(found: PersonSegments, person_id: str | None) -> PersonSegments:
    mine = tuple(
        row
        for row in found.snapshots
        if person_id == row.rater_id
        or (row.id in found.ratings and person_id in _names(found, row.id))
    )
    days = [(row.starts_on, row.ends_on) for row in mine]
    return replace(
        found,
        base=tuple(
            row
            for row in found.base
            if any(first <= row.starts_on and row.ends_on <= last for first, last in days)
        ),
        squads=(),
        acting=(),
        snapshots=mine,
        away=(),
        homes=(),
    )


def _names(found: PersonSegments, snapshot_id: str) -> tuple[str | None, str | None]:
    said = found.ratings[snapshot_id]
    return said.rater_id, said.on_behalf_of
