"""Reading ratings: the sheet of a person, a unit's distribution, raters' leniency, 360."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.domain.access import Resource
from engine.domain.cycles import Cycle
from engine.domain.units import Unit
from engine.usecases import rating_sheets, unit_patterns
from engine.usecases.books import cycle_of, readable, shown_to_himself
from engine.usecases.decisions import Tables
from engine.usecases.errors import NotFound
from engine.usecases.means import means_of
from engine.usecases.organisation import Standing
from engine.usecases.relations import require_unit
from engine.usecases.rights import require, same_agency

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from engine.domain.calibration import Calibration, Move
    from engine.domain.judging import PeriodRating, Recommendation, SelfEvaluation
    from engine.domain.voices import Source, VoiceCount
    from engine.usecases.actor import Actor
    from engine.usecases.ports.judging import RaterSums
    from engine.usecases.ports.work import House
    from engine.usecases.rating_sheets import Sheet
    from engine.usecases.unit_patterns import Distribution


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """A person's newest rating with all that stands around it."""

    sheet: Sheet
    recommendations: Sequence[Recommendation]
    self_evaluations: Sequence[SelfEvaluation]
    periods: Sequence[PeriodRating]
    moves: Sequence[Move]


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitDistribution:
    """How a unit's predikats stand, before and after its session."""

    cycle: Cycle
    found: Distribution
    session: Calibration | None
    moves: Sequence[Move]


@dataclass(frozen=True, slots=True, kw_only=True)
class RaterStatistics:
    """One rater beside all raters of the cycle."""

    name: str
    sums: RaterSums


@dataclass(frozen=True, slots=True, kw_only=True)
class Voices:
    """The aggregate about a person; empty until the round is closed."""

    released: bool
    counts: Sequence[VoiceCount]
    words: Sequence[tuple[Source, str]]


def evaluation(house: House, actor: Actor, person_id: str, wanted: str | None = None) -> Evaluation:
    """A person's rating line by line; `NotFound` for whom the access matrix closes it."""
    with house.reading() as uow:
        cycle = readable(
            Standing(uow, house.clock.now()), actor, person_id, Resource.RATING, wanted
        )
        rating = uow.performance.rating_of(person_id, cycle.id)
        hidden = actor.person_id == person_id and rating and not shown_to_himself(uow, rating)
        if rating is None or hidden:
            raise NotFound("rating", person_id)
        return Evaluation(
            sheet=rating_sheets.sheet(uow, rating),
            recommendations=uow.judging.recommendations(person_id, cycle.id),
            self_evaluations=uow.judging.self_evaluations(person_id, cycle.id),
            periods=uow.judging.period_ratings(person_id, cycle.id),
            moves=uow.judging.moves_of(person_id, cycle.id),
        )


def voices(house: House, actor: Actor, person_id: str, wanted: str | None = None) -> Voices:
    """What others say about a person, from enough answers, after the round closed."""
    with house.reading() as uow:
        cycle = readable(
            Standing(uow, house.clock.now()), actor, person_id, Resource.VOICES, wanted
        )
        round_ = uow.judging.round_of(person_id, cycle.id)
        if round_ is None or round_.closed_at is None:
            return Voices(released=False, counts=(), words=())
        return Voices(
            released=True,
            counts=uow.judging.voices(round_.id),
            words=uow.judging.voice_words(round_.id),
        )


def unit_distribution(
    house: House, actor: Actor, unit_id: str, wanted: str | None = None
) -> UnitDistribution:
    """The distribution a unit counts in; `NotFound` for who may not read the unit's."""
    means = means_of(house)
    with house.reading() as uow:
        unit = uow.agency.get(Unit, unit_id)
        if unit is None:
            raise NotFound("unit", unit_id)
        standing = Standing(uow, house.clock.now())
        require_unit(standing, actor, unit)
        cycle = cycle_of(uow, unit.agency_id, wanted)
        tables = Tables(means, uow, house.clock.now(), unit.agency_id)
        today = standing.today(unit.agency_id)
        found = unit_patterns.distribution(uow, tables, unit_id, cycle, today)
        session = uow.judging.calibration_of(unit_id, cycle.id)
        return UnitDistribution(
            cycle=cycle,
            found=found,
            session=session,
            moves=uow.judging.moves(session.id) if session else (),
        )


def rater_statistics(house: House, actor: Actor, cycle_id: str) -> Sequence[RaterStatistics]:
    """Leniency and spread per rater of a cycle of the actor's agency."""
    require(actor, "report:read")
    with house.reading() as uow:
        cycle = uow.performance.get(Cycle, cycle_id)
        if cycle is None or not same_agency(actor, cycle.agency_id):
            raise NotFound("cycle", cycle_id)
        rows = uow.judging.rater_sums(cycle_id)
        names: Mapping[str, str] = uow.agency.names([row.rater_id for row in rows])
        return [RaterStatistics(name=names.get(row.rater_id, ""), sums=row) for row in rows]
