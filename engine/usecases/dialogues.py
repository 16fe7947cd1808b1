"""Reading the dialogue: a timeline as the asker may see it, a cadence, own words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.domain.access import Resource
from engine.domain.dialogue import days_without
from engine.usecases.books import cycle_of, readable
from engine.usecases.decisions import Tables
from engine.usecases.errors import NotFound
from engine.usecases.means import means_of
from engine.usecases.organisation import Standing
from engine.usecases.relations import around, may_read, note_shown

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from engine.domain.coaching import Coaching
    from engine.domain.cycles import Cycle
    from engine.domain.dialogue import Cadence, CheckIn, Commitment, PrivateNote
    from engine.domain.feedback import FeedbackNote, FeedbackReply
    from engine.domain.incidents import Incident
    from engine.usecases.actor import Actor
    from engine.usecases.ports.work import House, UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeline:
    """What of a person's dialogue in a cycle the asker may see; the rest is empty."""

    cycle: Cycle
    check_ins: Sequence[CheckIn]
    promises: Sequence[Commitment]
    feedback: Sequence[FeedbackNote]
    replies: Mapping[str, FeedbackReply]
    incidents: Sequence[Incident]
    coaching: Sequence[Coaching]


@dataclass(frozen=True, slots=True, kw_only=True)
class CadenceLine:
    """One of a leader's people: what took place against what is expected."""

    row: Cadence
    days_without: int
    every_days: int
    least_per_cycle: int

    @property
    def overdue(self) -> bool:
        """Whether the last check-in lies longer back than expected."""
        return self.days_without > self.every_days


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaderCadence:
    """How a leader keeps up the conversation: evidence in his own rating."""

    cycle: Cycle
    lines: Sequence[CadenceLine]


@dataclass(frozen=True, slots=True, kw_only=True)
class Own:
    """What somebody wrote himself."""

    cycle: Cycle
    notes: Sequence[PrivateNote]
    feedback: Sequence[FeedbackNote]
    incidents: Sequence[Incident]


def timeline(house: House, actor: Actor, person_id: str, wanted: str | None = None) -> Timeline:
    """A person's dialogue; `NotFound` for whom the matrix does not let read feedback about him.

    Check-ins and their promises, incidents and coaching come with those whom the matrix lets
    read them; counselling and its promises with the two who sit in it.
    """
    with house.reading() as uow:
        standing = Standing(uow, house.clock.now())
        cycle = readable(standing, actor, person_id, Resource.FEEDBACK, wanted)
        near = around(uow, standing, person_id, cycle)
        talks = may_read(near, actor, Resource.CHECK_IN)
        store = uow.dialogues
        feedback = store.feedback_about(person_id, cycle.id)
        mine = store.promises_of(person_id, cycle.id)
        guides = may_read(near, actor, Resource.COACHING)
        sees_incidents = may_read(near, actor, Resource.INCIDENT)
        found = Timeline(
            cycle=cycle,
            check_ins=store.check_ins(person_id, cycle.id) if talks else (),
            promises=[one for one in mine if _sees_promise(one, actor, talks=talks)],
            feedback=feedback,
            replies=store.replies([note.id for note in feedback]),
            incidents=store.incidents_about(person_id, cycle.id) if sees_incidents else (),
            coaching=[
                one
                for one in store.coachings_of(person_id, cycle.id)
                if _sees_coaching(one, actor, guides=guides)
            ],
        )
        _note_beside(uow, actor, person_id, found)
        return found


def leader_cadence(
    house: House, actor: Actor, leader_id: str, wanted: str | None = None
) -> LeaderCadence:
    """A leader's cadence; `NotFound` for whom the matrix does not let read it."""
    means = means_of(house)
    with house.reading() as uow:
        standing = Standing(uow, house.clock.now())
        cycle = readable(standing, actor, leader_id, Resource.CADENCE, wanted)
        tables = Tables(means, uow, house.clock.now(), cycle.agency_id)
        return LeaderCadence(cycle=cycle, lines=cadence_of(standing, tables, leader_id, cycle))


def cadence_of(
    standing: Standing, tables: Tables, leader_id: str, cycle: Cycle
) -> Sequence[CadenceLine]:
    """A leader's people with what is expected for each by the decision `dialogue_cadence`."""
    today = min(standing.today(cycle.agency_id), cycle.ends_on)
    lines = []
    for row in standing.uow.dialogues.cadence(leader_id, cycle.id, today):
        rating = standing.uow.performance.rating_of(row.person_id, cycle.id)
        level = rating.result_level if rating is not None else None
        every, least = tables.dialogue_cadence(level.value if level else "")
        line = CadenceLine(
            row=row,
            days_without=days_without(row, cycle.starts_on, today),
            every_days=every,
            least_per_cycle=least,
        )
        lines.append(line)
    return lines


def own_words(house: House, actor: Actor, wanted: str | None = None) -> Own:
    """Private notes, feedback and incidents of the asker's own; `NotFound` without a person."""
    if actor.person_id is None:
        raise NotFound("person", actor.name)
    with house.reading() as uow:
        standing = Standing(uow, house.clock.now())
        cycle = _cycle(uow, standing, actor.person_id, wanted)
        return Own(
            cycle=cycle,
            notes=uow.dialogues.notes_of(actor.person_id),
            feedback=uow.dialogues.feedback_by(actor.person_id, cycle.id),
            incidents=uow.dialogues.incidents_by(actor.person_id, cycle.id),
        )


def _note_beside(uow: UnitOfWork, actor: Actor, person_id: str, found: Timeline) -> None:
    shown = {
        Resource.CHECK_IN: [*found.check_ins, *found.promises],
        Resource.INCIDENT: found.incidents,
        Resource.COACHING: found.coaching,
    }
    note_shown(uow, actor, person_id, shown)


def _sees_promise(one: Commitment, actor: Actor, *, talks: bool) -> bool:
    return actor.person_id in (one.owner_id, one.counterpart_id) or (talks and not one.confidential)


def _sees_coaching(one: Coaching, actor: Actor, *, guides: bool) -> bool:
    if actor.person_id in (one.person_id, one.coach_id):
        return True
    return guides and one.kind.value == "bimbingan"


def _cycle(uow: UnitOfWork, standing: Standing, person_id: str, wanted: str | None) -> Cycle:
    person = standing.person(person_id)
    if person is None:
        raise NotFound("person", person_id)
    return cycle_of(uow, person.agency_id, wanted)
