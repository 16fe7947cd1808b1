"""A rater's people at once: how far each has come, and what deserves a look before January."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final, TypeVar

from engine.domain.plans import PlanStatus
from engine.domain.ratings import PatternRule, RatingStatus
from engine.domain.scales import WHOLE_BP
from engine.domain.squads import Consent
from engine.usecases.books import cycle_of
from engine.usecases.decisions import Tables
from engine.usecases.errors import NotFound
from engine.usecases.evaluation_tables import pattern
from engine.usecases.load import home_months_of, squad_months
from engine.usecases.means import means_of
from engine.usecases.organisation import Standing
from engine.usecases.unit_patterns import distribution

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from engine.domain.cycles import Cycle
    from engine.domain.people import Person
    from engine.domain.ratings import Rating
    from engine.usecases.actor import Actor
    from engine.usecases.ports.teams import Abroad, Errand, Proven, Seated
    from engine.usecases.ports.work import House, UnitOfWork
    from engine.usecases.unit_patterns import Distribution

About = TypeVar("About", "Abroad", "Errand")
#: days without a check-in that a rater is told about
SILENT_DAYS: Final = 60


class Stage(StrEnum):
    """How far a person has come in the cycle, from its beginning to its end."""

    #: nobody wrote a plan
    NO_PLAN = "no_plan"
    #: the plan is written or clarified
    PLANNING = "planning"
    #: the plan is fixed and work goes on
    RUNNING = "running"
    #: evaluation began, the person has not said how he sees it
    SELF = "self"
    #: the rater's turn
    TO_RATE = "to_rate"
    #: rated, not signed
    RATED = "rated"
    #: signed by the rater and made known
    KNOWN = "known"
    #: after the window for objections
    FINAL = "final"


class Flag(StrEnum):
    """What deserves a look."""

    #: a month above full time
    OVERLOAD = "overload"
    #: a share in which he is is contested
    DISPUTE = "dispute"
    #: no check-in for `SILENT_DAYS`
    SILENT = "silent"
    #: a result without verified evidence
    UNPROVEN = "unproven"
    #: tasks of his are past their due date
    LATE = "late"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mate:
    """One of a rater's people."""

    person: Person
    post: Seated | None
    stage: Stage
    proof: Proven | None
    abroad: Sequence[Abroad]
    #: heaviest month, basis points of full time
    peak_bp: int
    #: day of the last check-in; None: none in this cycle
    met_on: date | None
    #: days since then, or since the cycle began
    days_without: int
    disputes: int
    late: int
    flags: tuple[Flag, ...]
    rating: Rating | None
    #: what of the reader waits about him
    errands: Sequence[Errand]


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamPattern:
    """The unit that a rater heads against the pattern of its level."""

    unit_name: str
    found: Distribution
    rules: Sequence[PatternRule]


@dataclass(frozen=True, slots=True, kw_only=True)
class Team:
    """A rater's people by name."""

    cycle: Cycle
    mates: Sequence[Mate]
    #: names of attesters, by id
    names: Mapping[str, str]
    #: None where he heads no unit
    unit: TeamPattern | None


@dataclass(frozen=True, slots=True)
class _Facts:
    """What one reading of the stores found about everybody, by person."""

    seats: Mapping[str, Seated]
    proven: Mapping[str, Proven]
    ratings: Mapping[str, Rating]
    known: frozenset[str]
    heard: frozenset[str]
    abroad: Mapping[str, Sequence[Abroad]]
    peaks: Mapping[str, int]
    met: Mapping[str, date]
    disputed: Mapping[str, int]
    late: Mapping[str, int]
    errands: Mapping[str, Sequence[Errand]]


def team(house: House, actor: Actor, wanted: str | None = None) -> Team:
    """Everybody whom the actor rates today, with a constant number of questions to the store.

    `NotFound` for an account without a person; a rater of nobody has an empty team.
    """
    if actor.person_id is None or actor.agency_id is None:
        raise NotFound("person", actor.name)
    means = means_of(house)
    with house.reading() as uow:
        standing = Standing(uow, house.clock.now())
        cycle = cycle_of(uow, actor.agency_id, wanted)
        people = rated_by(standing, actor.person_id, actor.agency_id)
        facts = _facts(standing, actor.person_id, [one.id for one in people], cycle)
        tables = Tables(means, uow, house.clock.now(), cycle.agency_id)
        attesters = {row.attester_id for rows in facts.abroad.values() for row in rows}
        return Team(
            cycle=cycle,
            mates=[_mate(one, facts, cycle, standing) for one in people],
            names=uow.agency.names(sorted(name for name in attesters if name is not None)),
            unit=_unit(standing, tables, actor.person_id, cycle),
        )


def rated_by(standing: Standing, rater_id: str, agency_id: str) -> list[Person]:
    """Everybody whom somebody rates today, himself or for an absent official, by name."""
    today = standing.today(agency_id)
    perhaps = set(standing.uow.performance.rated_perhaps(rater_id, today))
    for absent in stands_in_for(standing, rater_id, today):
        perhaps |= set(standing.uow.performance.rated_perhaps(absent, today))
    people = standing.uow.teams.people(perhaps - {rater_id})
    standing.gather(people)
    found = []
    for person in people:
        official = standing.rater(person.id)
        if official is not None and official.person_id == rater_id:
            found.append(person)
    return found


def stands_in_for(standing: Standing, person_id: str, today: date) -> list[str]:
    """Whom somebody's letters let him act for today."""
    return [
        row.absent_id
        for row in standing.uow.segments.letters(person_id)
        if row.valid_from <= today and (row.valid_to is None or today < row.valid_to)
    ]


def _facts(standing: Standing, reader_id: str, people: Sequence[str], cycle: Cycle) -> _Facts:
    store, agency_id = standing.uow.teams, cycle.agency_id
    today = standing.today(agency_id)
    readers = [reader_id, *stands_in_for(standing, reader_id, today)]
    ratings = store.ratings(people, cycle.id)
    proven = store.proven(people, cycle.id)
    return _Facts(
        seats=store.seats(people, today),
        proven=proven,
        ratings=ratings,
        known=store.signed([row.id for row in ratings.values()]),
        heard=store.heard(people, cycle.id),
        abroad=_by_person(store.abroad(people, cycle.id)),
        peaks=_peaks(standing.uow, people, cycle, proven),
        met=store.met(people, cycle.id),
        disputed=store.disputed(people, cycle.id),
        late=store.late(people, standing.now),
        errands=_by_person(store.errands(readers, people)),
    )


def _peaks(
    uow: UnitOfWork, people: Sequence[str], cycle: Cycle, proven: Mapping[str, Proven]
) -> dict[str, int]:
    """Heaviest month of each, as `load.monthly_load` counts it."""
    held = uow.teams.memberships(people, cycle.starts_on, cycle.ends_on)
    signed = uow.teams.home_times(people)
    found = {}
    for person in people:
        agreed = [pair for pair in held.get(person, ()) if pair[0].consent is Consent.GIVEN]
        planned = proven[person].home_effort_bp if person in proven else None
        squads = squad_months(agreed, cycle)
        home = home_months_of(agreed, cycle, planned, signed.get(person, ()))
        found[person] = max(squads[month] + home[month] for month in squads)
    return found


def _mate(person: Person, facts: _Facts, cycle: Cycle, standing: Standing) -> Mate:
    today = min(standing.today(cycle.agency_id), cycle.ends_on)
    proof, rating = facts.proven.get(person.id), facts.ratings.get(person.id)
    days = max((today - facts.met.get(person.id, cycle.starts_on)).days, 0)
    flags = {
        Flag.OVERLOAD: facts.peaks[person.id] > WHOLE_BP,
        Flag.DISPUTE: facts.disputed.get(person.id, 0) > 0,
        Flag.SILENT: days > SILENT_DAYS,
        Flag.UNPROVEN: proof is not None and proof.unproven > 0,
        Flag.LATE: facts.late.get(person.id, 0) > 0,
    }
    return Mate(
        person=person,
        post=facts.seats.get(person.id),
        stage=_stage(proof, rating, facts),
        proof=proof,
        abroad=facts.abroad.get(person.id, ()),
        peak_bp=facts.peaks[person.id],
        met_on=facts.met.get(person.id),
        days_without=days,
        disputes=facts.disputed.get(person.id, 0),
        late=facts.late.get(person.id, 0),
        flags=tuple(flag for flag, holds in flags.items() if holds),
        rating=rating,
        errands=facts.errands.get(person.id, ()),
    )


def _stage(proof: Proven | None, rating: Rating | None, facts: _Facts) -> Stage:
    if rating is not None:
        return _stage_of_rating(rating, facts)
    if proof is None:
        return Stage.NO_PLAN
    return Stage.RUNNING if proof.status is PlanStatus.FIXED else Stage.PLANNING


def _stage_of_rating(rating: Rating, facts: _Facts) -> Stage:
    if rating.status is RatingStatus.FINAL:
        return Stage.FINAL
    if rating.id in facts.known:
        return Stage.KNOWN
    if rating.status is RatingStatus.RATED:
        return Stage.RATED
    heard = rating.person_id in facts.heard or rating.self_note is not None
    return Stage.TO_RATE if heard else Stage.SELF


def _unit(standing: Standing, tables: Tables, reader_id: str, cycle: Cycle) -> TeamPattern | None:
    """The unit that he heads, counted with the units that it is pooled with."""
    today = standing.today(cycle.agency_id)
    seats = standing.uow.agency.seats(reader_id, today)
    headed = [seat for seat in seats if seat.is_head]
    if not headed:
        return None
    found = distribution(standing.uow, tables, headed[0].unit_id, cycle, today)
    names = {unit.id: unit.name for unit in standing.uow.agency.units(cycle.agency_id)}
    return TeamPattern(
        unit_name=names.get(found.pool.unit_id, ""),
        found=found,
        rules=pattern(tables, found.org_level) if found.org_level else (),
    )


def _by_person(rows: Sequence[About]) -> dict[str, list[About]]:
    found: dict[str, list[About]] = {}
    for row in rows:
        found.setdefault(row.person_id, []).append(row)
    return found
