"""Reading what a person or unit has: ledger lines, roll-ups, the plan with its index."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.domain.access import Resource
from engine.domain.cycles import Cycle, CycleStatus
from engine.domain.ratings import RatingStatus
from engine.domain.signing import SignaturePart
from engine.domain.units import Unit
from engine.usecases.decisions import Tables
from engine.usecases.errors import NotFound
from engine.usecases.index import PersonIndex, person_index
from engine.usecases.means import means_of
from engine.usecases.organisation import Standing
from engine.usecases.relations import around, may_read, require_reading, require_unit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from engine.domain import access
    from engine.domain.ledger import Transfer
    from engine.domain.outputs import Output
    from engine.domain.people import Person
    from engine.domain.ratings import Rating
    from engine.usecases.actor import Actor
    from engine.usecases.ports.contributions import Flow, RollUp
    from engine.usecases.ports.work import House, UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonLedger:
    """A person's rows in a cycle."""

    cycle: Cycle
    rows: Sequence[tuple[Transfer, Output]]


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitLedger:
    """A unit's rows seen from home and from host, from the same ledger."""

    cycle: Cycle
    home: Sequence[tuple[Transfer, Output]]
    host: Sequence[tuple[Transfer, Output]]
    home_total: RollUp | None
    host_total: RollUp | None
    #: credit that left this unit or came into it
    flows: Sequence[Flow]


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonPlan:
    """A person's plan by role with the index as it stands."""

    person: Person
    cycle: Cycle
    found: PersonIndex


def person_ledger(
    house: House, actor: Actor, person_id: str, wanted: str | None = None
) -> PersonLedger:
    """A person's ledger rows; `NotFound` for whom the access matrix does not let read them."""
    with house.reading() as uow:
        standing = Standing(uow, house.clock.now())
        cycle = readable(standing, actor, person_id, Resource.LEDGER_LINE, wanted)
        rows = uow.contributions.ledger_of_person(person_id, cycle.id)
        return PersonLedger(cycle=cycle, rows=rows)


def unit_ledger(house: House, actor: Actor, unit_id: str, wanted: str | None = None) -> UnitLedger:
    """A unit's ledger from both sides; `NotFound` for who may not read the unit's."""
    with house.reading() as uow:
        unit = uow.agency.get(Unit, unit_id)
        if unit is None:
            raise NotFound("unit", unit_id)
        require_unit(Standing(uow, house.clock.now()), actor, unit)
        cycle = cycle_of(uow, unit.agency_id, wanted)
        store = uow.contributions
        return UnitLedger(
            cycle=cycle,
            home=store.ledger_of_unit(unit_id, cycle.id, side="home"),
            host=store.ledger_of_unit(unit_id, cycle.id, side="host"),
            home_total=next(iter(store.home_view(cycle.id, unit_id)), None),
            host_total=next(iter(store.host_view(cycle.id, unit_id)), None),
            flows=store.flows(cycle.id, unit_id),
        )


def person_plan(
    house: House, actor: Actor, person_id: str, wanted: str | None = None
) -> PersonPlan:
    """A person's plan by role; `NotFound` for whom the access matrix does not let read it."""
    means = means_of(house)
    with house.reading() as uow:
        standing = Standing(uow, house.clock.now())
        person = _person(standing, person_id)
        cycle = readable(standing, actor, person_id, Resource.PLAN, wanted)
        tables = Tables(means, uow, house.clock.now(), person.agency_id)
        found = person_index(standing, tables, person_id, cycle)
        return PersonPlan(person=person, cycle=cycle, found=found)


def sees_plan(house: House, actor: Actor, person_id: str) -> bool:
    """Whether `person_plan` shows the actor this person's plan of the current cycle."""
    with house.reading() as uow:
        standing = Standing(uow, house.clock.now())
        try:
            person = _person(standing, person_id)
            cycle = cycle_of(uow, person.agency_id, None)
        except NotFound:
            return False
        return may_read(around(uow, standing, person_id, cycle), actor, Resource.PLAN)


def person_rating(house: House, actor: Actor, person_id: str, wanted: str | None = None) -> Rating:
    """The newest version of a person's rating; `NotFound` for whom the matrix closes it.

    The person reads it from the day its rater signed it, not while it is weighed or calibrated.
    """
    with house.reading() as uow:
        standing = Standing(uow, house.clock.now())
        person = _person(standing, person_id)
        cycle = cycle_about(standing, actor, person, Resource.RATING, wanted)
        circle = around(uow, standing, person_id, cycle)
        if not may_read(circle, actor, Resource.RATING):
            raise NotFound("person", person_id)
        found = rating_for(uow, circle, actor, cycle)
        if found is None:
            raise NotFound("rating", person_id)
        return found


def rating_for(
    uow: UnitOfWork, circle: access.Standing, actor: Actor, cycle: Cycle
) -> Rating | None:
    """`person_rating` inside an open unit of work; None where the actor reads none."""
    if not may_read(circle, actor, Resource.RATING):
        return None
    found = uow.performance.rating_of(circle.person_id, cycle.id)
    himself = actor.person_id == circle.person_id
    if found is None or (himself and not shown_to_himself(uow, found)):
        return None
    uow.readings.note(actor, circle.person_id, Resource.RATING)
    return found


def shown_to_himself(uow: UnitOfWork, rating: Rating) -> bool:
    """Whether the person reads his own rating: from the day its rater signed it."""
    if rating.status is RatingStatus.FINAL:
        return True
    return any(row.part is SignaturePart.RATER for row in uow.judging.signatures(rating.id))


def readable(
    standing: Standing, actor: Actor, person_id: str, resource: Resource, wanted: str | None
) -> Cycle:
    """The cycle asked for; `NotFound` for whom the matrix closes that of the person."""
    person = _person(standing, person_id)
    cycle = cycle_about(standing, actor, person, resource, wanted)
    require_reading(standing.uow, standing, actor, person_id, (resource, cycle))
    return cycle


def cycle_about(
    standing: Standing, actor: Actor, person: Person, resource: Resource, wanted: str | None
) -> Cycle:
    """`cycle_of` the person's agency; whether a cycle is missing learns who reads the newest.

    To all others the person is missing, as somebody who does not exist.
    """
    try:
        return cycle_of(standing.uow, person.agency_id, wanted)
    except NotFound as missing:
        if person.id == actor.person_id or _reads_newest(standing, actor, person, resource):
            raise
        raise NotFound("person", person.id) from missing


def _reads_newest(standing: Standing, actor: Actor, person: Person, resource: Resource) -> bool:
    try:
        newest = cycle_of(standing.uow, person.agency_id, None)
    except NotFound:
        return False
    return may_read(around(standing.uow, standing, person.id, newest), actor, resource)


def cycle_of(uow: UnitOfWork, agency_id: str, wanted: str | None) -> Cycle:
    """The cycle asked for by id or year, else the newest that has begun; `NotFound` without."""
    cycles = uow.performance.cycles(agency_id)
    if wanted is not None:
        found = next((cycle for cycle in cycles if wanted in (cycle.id, str(cycle.year))), None)
    else:
        begun = [cycle for cycle in cycles if cycle.status is not CycleStatus.DRAFT]
        found = next(iter(begun or cycles), None)
    if found is None:
        raise NotFound("cycle", wanted or "")
    return found


def _person(standing: Standing, person_id: str) -> Person:
    found = standing.person(person_id)
    if found is None:
        raise NotFound("person", person_id)
    return found
