"""Memberships that wait for an answer: one's own, and those of the people one lends."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.domain.squads import Acceptance, Consent
from engine.usecases.books import cycle_of
from engine.usecases.errors import NotFound
from engine.usecases.organisation import Standing

if TYPE_CHECKING:
    from collections.abc import Iterator

    from engine.domain.squads import Membership, Squad
    from engine.usecases.actor import Actor
    from engine.usecases.ports.work import House, UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One membership with what the answer needs to know."""

    membership: Membership
    squad: Squad
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """What waits for the actor."""

    #: one's own memberships that are not answered yet
    own: tuple[Asked, ...] = ()
    #: people below the actor who are asked for by a squad
    lent: tuple[Asked, ...] = ()


def waiting_answers(house: House, actor: Actor) -> Answers:
    """Own memberships and home consents that wait for the actor in the current cycle."""
    if actor.person_id is None or actor.agency_id is None:
        return Answers()
    with house.reading() as uow:
        try:
            cycle = cycle_of(uow, actor.agency_id, None)
        except NotFound:
            return Answers()
        days = (cycle.starts_on, cycle.ends_on)
        name = uow.agency.names([actor.person_id]).get(actor.person_id, "")
        own = tuple(
            Asked(membership=row, squad=squad, name=name)
            for row, squad in uow.contributions.memberships_of(actor.person_id, *days)
            if row.acceptance is Acceptance.PENDING
        )
        return Answers(own=own, lent=tuple(_lent(uow, Standing(uow, house.clock.now()), actor)))


def _lent(uow: UnitOfWork, standing: Standing, actor: Actor) -> Iterator[Asked]:
    """Squads of the actor's agency ask; those of others bring their own letter."""
    for squad in uow.contributions.squads(actor.agency_id or ""):
        for row in uow.contributions.members(squad.id):
            if row.consent is not Consent.PENDING:
                continue
            above = standing.superiors(row.person_id)
            if any(actor.person_id == one.person_id for one in above):
                name = uow.agency.names([row.person_id]).get(row.person_id, "")
                yield Asked(membership=row, squad=squad, name=name)
