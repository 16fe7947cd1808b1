"""The timeline of a person's year, page by page, and how his indicators moved."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from engine.domain.access import Resource
from engine.domain.coaching import Coaching
from engine.domain.dialogue import CheckIn, CheckInState, Commitment, CommitmentState, PrivateNote
from engine.domain.documentation import Documentation
from engine.domain.feedback import FeedbackNote
from engine.domain.incidents import Incident
from engine.domain.risks import RiskReview
from engine.usecases.books import readable
from engine.usecases.errors import NotFound
from engine.usecases.organisation import Standing
from engine.usecases.ports.talks import Moment, MomentKind, MomentQuery
from engine.usecases.relations import around, may_read, note_shown

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import datetime

    from engine.domain.coaching import CoachingSession
    from engine.domain.cycles import Cycle, Period
    from engine.domain.dialogue import AgendaItem
    from engine.domain.feedback import FeedbackReply
    from engine.domain.people import Person
    from engine.domain.plans import Indicator, Measurement, PlanItem
    from engine.usecases.actor import Actor
    from engine.usecases.ports.teams import Errand
    from engine.usecases.ports.work import House, UnitOfWork

#: the step at which somebody documents a period
WRITE_PROGRESS: Final = "record_progress"
_KINDS: dict[MomentKind, type[Any]] = {
    MomentKind.DOCUMENTATION: Documentation,
    MomentKind.BLOCKER: Documentation,
    MomentKind.FEEDBACK: FeedbackNote,
    MomentKind.CHECK_IN: CheckIn,
    MomentKind.COMMITMENT: Commitment,
    MomentKind.INCIDENT: Incident,
    MomentKind.COACHING: Coaching,
    MomentKind.NOTE: PrivateNote,
    MomentKind.RISK: RiskReview,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which moments: kinds (none: all), a time, and where the page begins."""

    kinds: Collection[MomentKind] = ()
    since: datetime | None = None
    until: datetime | None = None
    after: tuple[datetime, str] | None = None
    limit: int = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """What one indicator came to, period by period."""

    item: PlanItem
    indicator: Indicator
    points: Sequence[tuple[Period, Measurement]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One page of a timeline with everything its entries name."""

    person: Person
    cycle: Cycle
    moments: Sequence[tuple[Moment, object]]
    items: Mapping[str, PlanItem]
    periods: Mapping[str, Period]
    replies: Mapping[str, FeedbackReply]
    sessions: Mapping[str, Sequence[CoachingSession]]
    names: Mapping[str, str]
    #: the next check-in that stands or is asked for
    next_talk: CheckIn | None
    agenda: Sequence[AgendaItem]
    #: open promises that the reader may see
    promises: Sequence[Commitment]
    curves: Sequence[Curve]
    #: the reader's own open task in which progress is written
    progress_task: Errand | None
    #: check-ins are the reader's to see
    talks: bool


def told(
    house: House, actor: Actor, person_id: str, wanted: Wanted, cycle_wanted: str | None = None
) -> Told:
    """A page of a person's timeline; `NotFound` for whom the matrix closes feedback about him.

    Check-ins, incidents and guidance come with those whom the matrix lets read them; promises in
    confidence, counselling and private notes with the two, or the one, whose they are. Answers of
    360 are never in it. The number of questions to the store does not grow with the page.
    """
    with house.reading() as uow:
        standing = Standing(uow, house.clock.now())
        cycle = readable(standing, actor, person_id, Resource.FEEDBACK, cycle_wanted)
        person = standing.person(person_id)
        if person is None:
            raise NotFound("person", person_id)
        near = around(uow, standing, person_id, cycle)
        talks = may_read(near, actor, Resource.CHECK_IN)
        kinds = set(wanted.kinds or MomentKind)
        if not may_read(near, actor, Resource.INCIDENT):
            kinds.discard(MomentKind.INCIDENT)
        query = MomentQuery(
            person_id=person_id,
            cycle_id=cycle.id,
            # an account without a person has no notes and promises of its own
            reader_id=actor.person_id or actor.name,
            kinds=frozenset(kinds),
            talks=talks,
            guides=may_read(near, actor, Resource.COACHING),
            since=wanted.since,
            until=wanted.until,
            after=wanted.after,
            limit=wanted.limit,
        )
        found = _told(standing, person, cycle, query)
        _note_beside(uow, actor, found)
        return found


def curves_of(uow: UnitOfWork, person_id: str, cycle: Cycle) -> list[Curve]:
    """How each indicator of a person's plan moved: five questions, whatever the plan's size."""
    plan = uow.performance.plan_of(person_id, cycle.id)
    if plan is None:
        return []
    periods = uow.performance.periods(cycle.id)
    progress = {row.id: row for row in uow.performance.progress(plan.id)}
    measured: dict[tuple[str, str], Measurement] = {
        (row.indicator_id, progress[row.progress_id].period_id): row
        for row in uow.performance.measurements(plan.id)
        if row.progress_id in progress
    }
    items = {item.id: item for item in uow.performance.items(plan.id)}
    return [
        Curve(
            item=items[one.item_id],
            indicator=one,
            points=[
                (period, measured[one.id, period.id])
                for period in periods
                if (one.id, period.id) in measured
            ],
        )
        for one in uow.performance.indicators(plan.id)
    ]


def _told(standing: Standing, person: Person, cycle: Cycle, query: MomentQuery) -> Told:
    uow = standing.uow
    moments = uow.talks.moments(query)
    found = _rows(uow, moments)
    promises = [
        one
        for one in uow.dialogues.promises_of(person.id, cycle.id)
        if one.state is CommitmentState.OPEN and _sees(one, query)
    ]
    talk = _next_talk(uow, person.id, cycle, query)
    rows = [found[one.kind][one.id] for one in moments]
    periods = {period.id: period for period in uow.performance.periods(cycle.id)}
    named = [*rows, *promises, *([talk] if talk else ())]
    return Told(
        person=person,
        cycle=cycle,
        moments=[(one, found[one.kind][one.id]) for one in moments],
        items=uow.talks.items(_ids(rows, "item_id")),
        periods=periods,
        replies=uow.dialogues.replies(sorted(found.get(MomentKind.FEEDBACK, {}))),
        sessions=_sessions(uow, sorted(found.get(MomentKind.COACHING, {}))),
        names=uow.agency.names(sorted(_people(named) | {person.id})),
        next_talk=talk,
        agenda=uow.dialogues.agenda(talk.id) if talk else (),
        promises=promises,
        curves=curves_of(uow, person.id, cycle),
        progress_task=uow.talks.own_errand(person.id, (WRITE_PROGRESS,))
        if query.reader_id == person.id
        else None,
        talks=query.talks,
    )


def _note_beside(uow: UnitOfWork, actor: Actor, found: Told) -> None:
    kinds = {moment.kind for moment, _ in found.moments}
    talked = kinds & {MomentKind.CHECK_IN, MomentKind.COMMITMENT}
    shown = {
        Resource.CHECK_IN: talked or found.promises or found.next_talk,
        Resource.INCIDENT: MomentKind.INCIDENT in kinds,
        Resource.COACHING: MomentKind.COACHING in kinds,
    }
    note_shown(uow, actor, found.person.id, shown)


def _rows(uow: UnitOfWork, moments: Sequence[Moment]) -> dict[MomentKind, Mapping[str, object]]:
    found: dict[MomentKind, Mapping[str, object]] = {}
    for kind in MomentKind:
        ids = [one.id for one in moments if one.kind is kind]
        if ids:
            found[kind] = uow.talks.rows(_KINDS[kind], ids)
    return found


def _next_talk(uow: UnitOfWork, person_id: str, cycle: Cycle, query: MomentQuery) -> CheckIn | None:
    waiting = [
        one
        for one in uow.dialogues.check_ins(person_id, cycle.id)
        if one.state in (CheckInState.INVITED, CheckInState.AGREED)
        and (query.talks or one.leader_id == query.reader_id)
    ]
    return min(waiting, key=lambda one: one.meets_at, default=None)


def _sees(one: Commitment, query: MomentQuery) -> bool:
    if query.reader_id in (one.owner_id, one.counterpart_id):
        return True
    return query.talks and not one.confidential


def _sessions(uow: UnitOfWork, ids: Sequence[str]) -> dict[str, list[CoachingSession]]:
    found: dict[str, list[CoachingSession]] = {}
    for row in uow.talks.sessions(ids) if ids else ():
        found.setdefault(row.coaching_id, []).append(row)
    return found


def _ids(rows: Sequence[object], name: str) -> set[str]:
    return {value for row in rows if (value := getattr(row, name, None)) is not None}


#: fields that name people
_NAMING = (
    "giver_id",
    "on_behalf_of",
    "leader_id",
    "owner_id",
    "counterpart_id",
    "recorded_by",
    "coach_id",
    "about_id",
    "reviewed_by",
)


def _people(rows: Sequence[object]) -> set[str]:
    return {one for name in _NAMING for one in _ids(rows, name)}
