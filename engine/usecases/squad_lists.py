"""What somebody sees first of his squads: the list, what waits for the lead, whom to answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.usecases.books import cycle_of
from engine.usecases.errors import NotFound
from engine.usecases.organisation import Standing
from engine.usecases.ports.squad_room import Scope

if TYPE_CHECKING:
    from collections.abc import Sequence

    from engine.domain.cycles import Cycle
    from engine.domain.people import Person
    from engine.domain.squads import Membership, Squad
    from engine.usecases.actor import Actor
    from engine.usecases.ports.squad_room import (
        Delivery,
        OpenPool,
        SquadCard,
        Unclaimed,
        WaitingClaim,
    )
    from engine.usecases.ports.work import House

#: rows of each list of the lead's first screen
DESK_ROWS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadDesk:
    """What waits in the squads that somebody leads or sponsors; one row more than are shown."""

    deliveries: Sequence[Delivery] = ()
    claims: Sequence[WaitingClaim] = ()
    pools: Sequence[OpenPool] = ()
    unclaimed: Sequence[Unclaimed] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Lent:
    """Somebody whose home is asked to lend him."""

    membership: Membership
    squad: Squad
    person: Person


def my_squads(
    house: House, actor: Actor, *, after: tuple[str, str] | None = None, limit: int = 50
) -> tuple[Cycle | None, Sequence[SquadCard]]:
    """One's squads of the newest begun cycle by code and id; nothing without a person."""
    if actor.person_id is None or actor.agency_id is None:
        return None, ()
    with house.reading() as uow:
        try:
            cycle = cycle_of(uow, actor.agency_id, None)
        except NotFound:
            return None, ()
        today = Standing(uow, house.clock.now()).today(actor.agency_id)
        span = (cycle.starts_on, cycle.ends_on)
        return cycle, uow.squad_room.squads_of(
            actor.person_id, span, today, after=after, limit=limit
        )


def lead_desk(house: House, actor: Actor, limit: int = DESK_ROWS) -> LeadDesk:
    """What waits in the squads that one leads today or sponsors: four statements."""
    if actor.person_id is None:
        return LeadDesk()
    with house.reading() as uow:
        today = Standing(uow, house.clock.now()).today(actor.agency_id)
        scope = Scope(today=today, person_id=actor.person_id)
        room = uow.squad_room
        return LeadDesk(
            deliveries=room.deliveries(scope, limit + 1),
            claims=room.claims_waiting(scope, limit + 1),
            pools=room.open_pools(scope, limit + 1),
            unclaimed=room.unclaimed(scope, limit + 1),
        )


def lent_by_me(house: House, actor: Actor) -> Sequence[Lent]:
    """People below the actor who are asked for by a squad and whose home has not answered."""
    if actor.person_id is None or actor.agency_id is None:
        return ()
    with house.reading() as uow:
        standing = Standing(uow, house.clock.now())
        asked = uow.squad_room.asked_for(actor.agency_id, standing.today(actor.agency_id))
        standing.gather(person for _, _, person in asked)
        return [
            Lent(membership=row, squad=squad, person=person)
            for row, squad, person in asked
            if any(one.person_id == actor.person_id for one in standing.superiors(person.id))
        ]
