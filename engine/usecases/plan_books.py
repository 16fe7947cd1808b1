"""A plan as its pages show it, read in one go: roles, index, rating, what each result serves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.domain.access import Resource
from engine.usecases.books import cycle_about, rating_for
from engine.usecases.decisions import Tables
from engine.usecases.errors import NotFound
from engine.usecases.index import person_index
from engine.usecases.means import means_of
from engine.usecases.organisation import Standing
from engine.usecases.relations import around, may_read

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from engine.domain.access import Standing as Circle
    from engine.domain.cycles import Cycle
    from engine.domain.people import Person
    from engine.domain.ratings import Rating
    from engine.usecases.actor import Actor
    from engine.usecases.index import PersonIndex
    from engine.usecases.ports.contributions import Companion
    from engine.usecases.ports.work import House, UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanBook:
    """A person's plan with its index."""

    person: Person
    cycle: Cycle
    found: PersonIndex
    #: for those who may read it: a squad lead may not
    rating: Rating | None
    #: what each result serves, in words
    served: Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenBook:
    """The same with who stands around the person, for who reads on in the same unit of work."""

    book: PlanBook
    circle: Circle
    companions: Sequence[Companion]


def plan_book(house: House, actor: Actor, person_id: str, wanted: str | None = None) -> PlanBook:
    """The plan of a person in a cycle; `NotFound` for whom the matrix closes it."""
    with house.reading() as uow:
        return open_book(house, uow, actor, person_id, wanted).book


def open_book(
    house: House, uow: UnitOfWork, actor: Actor, person_id: str, wanted: str | None
) -> OpenBook:
    """`plan_book` inside an open unit of work."""
    now = house.clock.now()
    standing = Standing(uow, now)
    person = standing.person(person_id)
    if person is None:
        raise NotFound("person", person_id)
    cycle = cycle_about(standing, actor, person, Resource.PLAN, wanted)
    companions = uow.contributions.companions([person_id], cycle.starts_on, cycle.ends_on)
    circle = around(uow, standing, person_id, cycle, companions)
    if not may_read(circle, actor, Resource.PLAN):
        raise NotFound("person", person_id)
    uow.readings.note(actor, person_id, Resource.PLAN)
    means = means_of(house)
    found = person_index(standing, Tables(means, uow, now, person.agency_id), person_id, cycle)
    items = [item.id for role in found.roles for item in role.items]
    book = PlanBook(
        person=person,
        cycle=cycle,
        found=found,
        rating=rating_for(uow, circle, actor, cycle),
        served=uow.goals.served_titles(items) if items else {},
    )
    return OpenBook(book=book, circle=circle, companions=companions)
