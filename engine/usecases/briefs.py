"""What a rater reads of a person before he rates, on one page: words, evidence, promises."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.domain.access import Resource
from engine.domain.judging import YEAR
from engine.usecases.books import readable
from engine.usecases.decisions import Tables
from engine.usecases.evidence import unverified_results
from engine.usecases.index import PersonIndex, person_index
from engine.usecases.load import PersonLoad, load_of
from engine.usecases.means import means_of
from engine.usecases.organisation import Standing
from engine.usecases.relations import around, may_read, note_shown
from engine.usecases.teams import rated_by, stands_in_for
from engine.usecases.verification import EvidenceLine, evidence_lines

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from engine.domain.cycles import Cycle
    from engine.domain.dialogue import Commitment
    from engine.domain.documentation import Documentation
    from engine.domain.feedback import FeedbackNote
    from engine.domain.incidents import Incident
    from engine.domain.judging import Recommendation, SelfEvaluation
    from engine.domain.people import Person
    from engine.domain.ratings import Rating
    from engine.domain.risks import Risk
    from engine.usecases.actor import Actor
    from engine.usecases.ports.teams import Abroad, Errand, Seated
    from engine.usecases.ports.work import House


@dataclass(frozen=True, slots=True, kw_only=True)
class Brief:
    """One person on one page."""

    person: Person
    seat: Seated | None
    cycle: Cycle
    rating: Rating | None
    found: PersonIndex
    load: PersonLoad
    #: by membership: the year's word, else that of the last period in which there was one
    recommendations: Mapping[str, Recommendation]
    self_evaluations: Mapping[str, SelfEvaluation]
    evidence: Sequence[EvidenceLine]
    unproven: frozenset[str]
    abroad: Sequence[Abroad]
    promises: Sequence[Commitment]
    incidents: Sequence[Incident]
    feedback: Sequence[FeedbackNote]
    blockers: Sequence[Documentation]
    risks: Sequence[Risk]
    names: Mapping[str, str]
    #: what of the reader waits about this person
    errands: Sequence[Errand]
    #: who comes after and before, by name; None at the ends, and for who does not rate him
    next_id: str | None
    before_id: str | None
    #: his place among the reader's people, and how many they are
    place: int
    people: int


def brief(house: House, actor: Actor, person_id: str, wanted: str | None = None) -> Brief:
    """A person's brief, for his rater and everybody above; `NotFound` for the others."""
    means = means_of(house)
    with house.reading() as uow:
        standing = Standing(uow, house.clock.now())
        cycle = readable(standing, actor, person_id, Resource.BRIEF, wanted)
        tables = Tables(means, uow, house.clock.now(), cycle.agency_id)
        found = _gathered(standing, tables, actor, person_id, cycle)
        _note_beside(standing, actor, found)
        return found


def _note_beside(standing: Standing, actor: Actor, found: Brief) -> None:
    shown = {
        Resource.CHECK_IN: found.promises,
        Resource.INCIDENT: found.incidents,
        Resource.FEEDBACK: found.feedback,
        Resource.EVIDENCE: found.evidence,
    }
    note_shown(standing.uow, actor, found.person.id, shown)


def _gathered(
    standing: Standing, tables: Tables, actor: Actor, person_id: str, cycle: Cycle
) -> Brief:
    uow, today = standing.uow, standing.today(cycle.agency_id)
    reader = actor.person_id or actor.name
    line = [one.id for one in rated_by(standing, reader, cycle.agency_id)]
    found = person_index(standing, tables, person_id, cycle)
    items = [item.id for role in found.roles for item in role.items]
    incidents = uow.dialogues.incidents_about(person_id, cycle.id)
    feedback = uow.dialogues.feedback_about(person_id, cycle.id)
    said = _said(standing, person_id, cycle)
    promises = _promises(standing, actor, person_id, cycle)
    abroad = uow.teams.abroad([person_id], cycle.id)
    named = {row.recommender_id for row in said.values()} | {row.giver_id for row in feedback}
    named |= {row.recorded_by for row in incidents} | {row.owner_id for row in promises}
    named |= {row.attester_id for row in abroad if row.attester_id is not None}
    place = line.index(person_id) if person_id in line else None
    return Brief(
        person=uow.teams.people([person_id])[0],
        seat=uow.teams.seats([person_id], today).get(person_id),
        cycle=cycle,
        rating=uow.performance.rating_of(person_id, cycle.id),
        found=found,
        load=load_of(standing, tables, person_id, cycle),
        recommendations=said,
        self_evaluations={
            row.role: row for row in uow.judging.self_evaluations(person_id, cycle.id)
        },
        evidence=evidence_lines(uow, person_id, cycle.id),
        unproven=frozenset(unverified_results(uow, person_id, cycle.id)),
        abroad=abroad,
        promises=promises,
        incidents=incidents,
        feedback=feedback,
        blockers=uow.talks.blockers(person_id, cycle.id),
        risks=uow.goals.risks_on(items) if items else (),
        names=uow.agency.names(sorted(named)),
        errands=uow.teams.errands([reader, *stands_in_for(standing, reader, today)], [person_id]),
        next_id=line[place + 1] if place is not None and place + 1 < len(line) else None,
        before_id=line[place - 1] if place else None,
        place=0 if place is None else place + 1,
        people=len(line),
    )


def _said(standing: Standing, person_id: str, cycle: Cycle) -> dict[str, Recommendation]:
    """What leads said for the year; where nothing yet, what they said for a period, newest last."""
    store = standing.uow.judging
    found: dict[str, Recommendation] = {}
    for period in standing.uow.performance.periods(cycle.id):
        rows = store.recommendations(person_id, cycle.id, period.id)
        found |= {row.membership_id: row for row in rows if row.level is not None}
    rows = store.recommendations(person_id, cycle.id, YEAR)
    return found | {row.membership_id: row for row in rows if row.level or row.words}


def _promises(standing: Standing, actor: Actor, person_id: str, cycle: Cycle) -> list[Commitment]:
    """Promises of the two that the reader may see, newest first."""
    near = around(standing.uow, standing, person_id, cycle)
    talks = may_read(near, actor, Resource.CHECK_IN)
    rows = standing.uow.dialogues.promises_of(person_id, cycle.id)
    seen = [
        row
        for row in rows
        if actor.person_id in (row.owner_id, row.counterpart_id) or (talks and not row.confidential)
    ]
    return sorted(seen, key=lambda row: (row.at, row.id), reverse=True)
