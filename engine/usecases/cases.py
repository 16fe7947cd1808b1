"""What follows a rating: objections with their clock, and follow-up with its state."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from engine.domain.access import Act, Resource, allowed, relations
from engine.domain.access import Standing as Near
from engine.domain.coaching import CoachingKind
from engine.domain.objections import ObjectionState
from engine.usecases.books import cycle_of, readable, shown_to_himself
from engine.usecases.errors import NotFound
from engine.usecases.organisation import Standing
from engine.usecases.ports.talks import ObjectionQuery
from engine.usecases.relations import around, may_read, note_shown
from engine.usecases.rights import AUDITOR, may
from engine.usecases.teams import stands_in_for

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime

    from engine.domain.coaching import Coaching, CoachingSession
    from engine.domain.cycles import Cycle
    from engine.domain.dialogue import Commitment
    from engine.domain.followup import FollowUp
    from engine.domain.objections import Objection
    from engine.domain.people import Person
    from engine.domain.ratings import Rating
    from engine.domain.units import Unit
    from engine.usecases.actor import Actor
    from engine.usecases.ports.talks import ObjectionCard
    from engine.usecases.ports.work import House, UnitOfWork

#: the employee's steps: receive the result (and object), explain himself
_OWN_STEPS: Final = ("receive_result", "explain_employee")


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnObjection:
    """Where the reader's own rating stands with regard to an objection."""

    rating: Rating | None
    objection: Objection | None
    #: open task by which he receives the result or explains himself
    task_key: int | None
    task_element: str | None
    #: by when, where a task waits
    due_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Objections:
    """Objections that the reader may see, newest first, and how many there are by state."""

    cycle: Cycle
    own: OwnObjection | None
    cards: Sequence[ObjectionCard]
    #: names of raters and of those with whom a case waits
    names: Mapping[str, str]
    #: for HR: figures without names; empty for the others
    by_state: Mapping[str, int]
    reader_id: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUps:
    """What follows a person's rating."""

    person: Person
    cycle: Cycle
    rating: Rating | None
    rows: Sequence[FollowUp]
    coachings: Sequence[Coaching]
    sessions: Mapping[str, Sequence[CoachingSession]]
    #: promises made in coaching that the reader may see
    promises: Sequence[Commitment]
    names: Mapping[str, str]


def objections(
    house: House,
    actor: Actor,
    wanted: str | None = None,
    *,
    after: tuple[datetime, str] | None = None,
    limit: int = 50,
) -> Objections:
    """Objections by the matrix: of the reader's line, all of them for the auditor, and his own.

    HR looks after the process and sees figures, nobody's words or name. `NotFound` for an
    account that belongs to no agency.
    """
    if actor.agency_id is None:
        raise NotFound("cycle", "")
    with house.reading() as uow:
        standing = Standing(uow, house.clock.now())
        cycle = cycle_of(uow, actor.agency_id, wanted)
        cards = _cards(standing, actor, cycle, after, limit)
        named = {one for card in cards for one in (card.rater_id, card.assignee) if one}
        return Objections(
            cycle=cycle,
            own=_own(uow, actor.person_id, cycle) if actor.person_id else None,
            cards=cards,
            names=uow.agency.names(sorted(named)),
            by_state=uow.talks.objections_by_state(cycle.id) if may(actor, "report:read") else {},
            reader_id=actor.person_id,
        )


def follow_ups(house: House, actor: Actor, person_id: str, wanted: str | None = None) -> FollowUps:
    """What follows a person's rating; `NotFound` for whom the matrix closes his rating.

    Guidance is shown to whom the matrix lets read coaching; counselling to the two.
    """
    with house.reading() as uow:
        standing = Standing(uow, house.clock.now())
        cycle = readable(standing, actor, person_id, Resource.RATING, wanted)
        person = standing.person(person_id)
        if person is None:
            raise NotFound("person", person_id)
        rating = uow.performance.rating_of(person_id, cycle.id)
        if rating and actor.person_id == person_id and not shown_to_himself(uow, rating):
            rating = None
        guides = may_read(around(uow, standing, person_id, cycle), actor, Resource.COACHING)
        coachings = [
            row
            for row in uow.dialogues.coachings_of(person_id, cycle.id)
            if _sees_coaching(actor, row, guides=guides)
        ]
        note_shown(uow, actor, person_id, {Resource.COACHING: coachings})
        ids = {row.id for row in coachings}
        sessions: dict[str, list[CoachingSession]] = {}
        for session in uow.talks.sessions(sorted(ids)) if ids else ():
            sessions.setdefault(session.coaching_id, []).append(session)
        promises = [
            row
            for row in uow.dialogues.promises_of(person_id, cycle.id)
            if row.coaching_id in ids
            and (not row.confidential or actor.person_id in (row.owner_id, row.counterpart_id))
        ]
        rows = uow.performance.follow_ups(rating.id) if rating else ()
        named = {row.coach_id for row in coachings} | {row.confirmed_by for row in rows}
        named |= {row.owner_id for row in promises}
        return FollowUps(
            person=person,
            cycle=cycle,
            rating=rating,
            rows=rows,
            coachings=coachings,
            sessions=sessions,
            promises=promises,
            names=uow.agency.names(sorted(name for name in named if name is not None)),
        )


def _cards(
    standing: Standing,
    actor: Actor,
    cycle: Cycle,
    after: tuple[datetime, str] | None,
    limit: int,
) -> list[ObjectionCard]:
    """Candidates by unit in one question, then each by the matrix, without further questions."""
    uow, today = standing.uow, standing.today(cycle.agency_id)
    if AUDITOR in actor.groups:
        raters: list[str] = [actor.person_id] if actor.person_id else []
        units: frozenset[str] = frozenset()
    elif actor.person_id is None:
        return []
    else:
        raters = [actor.person_id, *stands_in_for(standing, actor.person_id, today)]
        units = _below(uow.agency.units(cycle.agency_id), _headed(uow, raters, today))
    query = ObjectionQuery(
        cycle_id=cycle.id,
        unit_ids=units,
        raters=raters,
        everybody=AUDITOR in actor.groups,
        after=after,
        limit=limit,
    )
    found = uow.talks.objections(query)
    standing.gather(uow.teams.people({card.person_id for card in found}))
    return [card for card in found if _sees(standing, actor, card)]


def _sees(standing: Standing, actor: Actor, card: ObjectionCard) -> bool:
    """Whether the matrix, or the case that waits with him, opens an objection to the reader."""
    person = standing.person(card.person_id)
    if person is None or actor.person_id == card.person_id:
        return False
    if actor.person_id is not None and actor.person_id == card.assignee:
        return True
    rater, above = standing.rater(card.person_id), standing.superiors(card.person_id)
    near = Near(
        person_id=card.person_id,
        agency_id=person.agency_id,
        raters={
            name
            for name in (*((rater.person_id, rater.on_behalf_of) if rater else ()), card.rater_id)
            if name
        },
        next_superiors={official.person_id for official in above[1:]},
    )
    held = relations(near, actor.person_id or actor.name, actor.agency_id, actor.groups)
    return allowed(held, Resource.OBJECTION, Act.READ)


def _own(uow: UnitOfWork, person_id: str, cycle: Cycle) -> OwnObjection:
    rating = uow.performance.rating_of(person_id, cycle.id)
    if rating is None or not shown_to_himself(uow, rating):
        return OwnObjection(
            rating=None, objection=None, task_key=None, task_element=None, due_at=None
        )
    versions = [row.id for row in uow.judging.versions(person_id, cycle.id)]
    found = [row for one in versions if (row := uow.performance.objection_to(one)) is not None]
    errand = uow.talks.own_errand(person_id, _OWN_STEPS)
    return OwnObjection(
        rating=rating,
        objection=found[-1] if found else None,
        task_key=errand.key if errand else None,
        task_element=errand.element_id if errand else None,
        due_at=errand.due_at if errand else None,
    )


def _headed(uow: UnitOfWork, people: Sequence[str], on: date) -> frozenset[str]:
    seats = [seat for person in people for seat in uow.agency.seats(person, on)]
    return frozenset(seat.unit_id for seat in seats if seat.is_head)


def _below(units: Sequence[Unit], tops: frozenset[str]) -> frozenset[str]:
    """These units and everything below them."""
    children: dict[str | None, list[str]] = {}
    for unit in units:
        children.setdefault(unit.parent_id, []).append(unit.id)
    found, waiting = set(tops), list(tops)
    while waiting:
        for child in children.get(waiting.pop(), ()):
            if child not in found:
                found.add(child)
                waiting.append(child)
    return frozenset(found)


def _sees_coaching(actor: Actor, row: Coaching, *, guides: bool) -> bool:
    if actor.person_id in (row.person_id, row.coach_id):
        return True
    return guides and row.kind is CoachingKind.BIMBINGAN


def is_open(objection: Objection) -> bool:
    """Whether it waits for its decision."""
    return objection.state is not ObjectionState.DECIDED
