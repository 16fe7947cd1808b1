"""Whether the actor may read something about a person: the access matrix, asked of one person."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.domain import access
from engine.domain.access import Act, Resource
from engine.domain.squads import SquadRole
from engine.usecases.errors import NotFound
from engine.usecases.rights import AUDITOR, HR, PERF_ADMIN

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from engine.domain.cycles import Cycle
    from engine.domain.units import Unit
    from engine.usecases.actor import Actor
    from engine.usecases.organisation import Standing
    from engine.usecases.ports.contributions import Companion
    from engine.usecases.ports.work import UnitOfWork

#: groups that read every unit's ledger in their agency
_UNIT_READERS = frozenset({HR, PERF_ADMIN, AUDITOR})


def require_reading(
    uow: UnitOfWork, standing: Standing, actor: Actor, person_id: str, what: tuple[Resource, Cycle]
) -> None:
    """`NotFound` unless the matrix lets the actor read that of the person; it is noted.

    In the words for somebody who does not exist: a refusal does not tell who does.
    """
    resource, cycle = what
    if not may_read(around(uow, standing, person_id, cycle), actor, resource):
        raise NotFound("person", person_id)
    uow.readings.note(actor, person_id, resource)


def sees_credit(
    uow: UnitOfWork, standing: Standing, actor: Actor, people: Iterable[str], cycle: Cycle
) -> bool:
    """Whether the matrix lets the actor read the ledger lines of one of the people.

    Who may not do something about a line is refused when he sees it; else it is not there.
    """
    return any(
        may_read(around(uow, standing, person_id, cycle), actor, Resource.LEDGER_LINE)
        for person_id in people
    )


def may_read(around_him: access.Standing, actor: Actor, resource: Resource) -> bool:
    """Whether the matrix lets the actor read that of the person."""
    held = access.relations(
        around_him, actor.person_id or actor.name, actor.agency_id, actor.groups
    )
    return access.allowed(held, resource, Act.READ)


def note_shown(
    uow: UnitOfWork, actor: Actor, person_id: str, shown: Mapping[Resource, object]
) -> None:
    """Note what a page of something else shows besides; what is empty was not read."""
    for resource, rows in shown.items():
        if rows:
            uow.readings.note(actor, person_id, resource)


def around(
    uow: UnitOfWork,
    standing: Standing,
    person_id: str,
    cycle: Cycle,
    companions: Sequence[Companion] | None = None,
) -> access.Standing:
    """The people around a person in a cycle; his companions may be read already."""
    if standing.person(person_id) is None:
        raise NotFound("person", person_id)
    if companions is None:
        companions = uow.contributions.companions([person_id], cycle.starts_on, cycle.ends_on)
    former = uow.segments.raters(person_id, cycle.id)
    return _around(standing, person_id, companions, former)


def around_all(
    standing: Standing, people: Collection[str], cycles: Sequence[Cycle]
) -> Mapping[str, access.Standing]:
    """The people around several people, each in his cycle of one year: four statements an agency.

    Unknown people are missing.
    """
    if not people or not cycles:
        return {}
    uow = standing.uow
    known = uow.teams.people(sorted(people))
    standing.gather(known)
    first, last = min(one.starts_on for one in cycles), max(one.ends_on for one in cycles)
    companions: dict[str, list[Companion]] = {}
    for row in uow.contributions.companions(people, first, last):
        companions.setdefault(row.person_id, []).append(row)
    former = uow.segments.raters_of(people, [one.id for one in cycles])
    return {
        one.id: _around(
            standing, one.id, companions.get(one.id, ()), former.get(one.id, frozenset())
        )
        for one in known
    }


def _around(
    standing: Standing, person_id: str, companions: Sequence[Companion], former: frozenset[str]
) -> access.Standing:
    person = standing.person(person_id)
    rater = standing.rater(person_id)
    above = standing.superiors(person_id)
    leads = {row.companion_id for row in companions if row.role is SquadRole.KETUA}
    return access.Standing(
        person_id=person_id,
        agency_id=person.agency_id if person else "",
        leads=leads - {person_id},
        sponsors={row.sponsor_id for row in companions},
        raters={name for name in (rater and (rater.person_id, rater.on_behalf_of)) or () if name},
        former_raters=former - {person_id},
        next_superiors={official.person_id for official in above[1:]},
        peers={row.companion_id for row in companions} - {person_id},
    )


def require_unit(standing: Standing, actor: Actor, unit: Unit) -> None:
    """`NotFound` unless the actor heads the unit, stands above it, or looks after its agency."""
    if actor.agency_id == unit.agency_id and actor.groups & _UNIT_READERS:
        return
    head = standing.head(unit.id)
    if head is not None and actor.person_id is not None:
        above = {official.person_id for official in standing.superiors(head.person_id)}
        if actor.person_id in above | {head.person_id, head.on_behalf_of}:
            return
    raise NotFound("unit", unit.id)
