"""Human resources' first screen: where a cycle is stuck, and who is late because of whom."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from engine.domain.calendar import end_of_day, local_day
from engine.domain.participation import Participation, days_between, participation
from engine.domain.units import ancestors
from engine.usecases.books import cycle_of
from engine.usecases.decisions import Tables
from engine.usecases.errors import NotFound
from engine.usecases.evaluation_tables import dates
from engine.usecases.means import means_of
from engine.usecases.organisation import Standing
from engine.usecases.ports.radar import StuckQuery
from engine.usecases.rights import require

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import date, datetime

    from engine.domain.cycles import Cycle, Period
    from engine.domain.units import Unit
    from engine.usecases.actor import Actor
    from engine.usecases.ports.radar import (
        Health,
        HolderLoad,
        Placeless,
        PlanSpan,
        RadarStore,
        Stuck,
        UnitFunnel,
        UnitLate,
    )
    from engine.usecases.ports.work import House, UnitOfWork

READING: Final = "report:read"
#: processes on the way to a signed rating -> their tasks that nothing waits for
HOLDS_UP: Final[Mapping[str, frozenset[str]]] = {
    "annual_cycle": frozenset(),
    "goal_tree": frozenset(),
    "planning": frozenset({"check_links"}),
    "clarification": frozenset(),
    "plan_revision": frozenset(),
    "monitoring": frozenset({"give_role_feedback"}),
    "contribution": frozenset(),
    "evidence_verification": frozenset(),
    "unit_period": frozenset(),
    "periodic_evaluation": frozenset({"recommend"}),
    "period_closing": frozenset(),
    "evaluation": frozenset({"give_input", "read_deviation"}),
    "calibration": frozenset(),
    "objection": frozenset(),
    "rater_repair": frozenset(),
}
#: people out of place that a page lists
PLACELESS_MAX: Final = 20
#: holders that a page lists
HOLDERS_MAX: Final = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Narrowed:
    """What the list of tasks is narrowed to."""

    at_risk: bool = True
    unit_id: str | None = None
    holder_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Radar:
    """A cycle of an agency as it stands now."""

    cycle: Cycle
    now: datetime
    #: the day on the agency's wall
    today: date
    #: when ratings are to be final
    deadline: datetime
    units: Mapping[str, Unit]
    funnel: Sequence[UnitFunnel]
    health: Health
    #: people about whom a task is at risk
    people_at_risk: int
    holders: Sequence[HolderLoad]
    late: Sequence[UnitLate]
    homeless: Sequence[Placeless]
    without_rater: Sequence[Placeless]
    periods: Sequence[Period]
    names: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class StuckList:
    """A page of tasks that hold a cycle up."""

    cycle: Cycle
    now: datetime
    deadline: datetime
    units: Mapping[str, Unit]
    rows: Sequence[Stuck]
    names: Mapping[str, str]
    #: unit -> people whose rating nobody signed yet
    unsigned: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitParticipation:
    """How a unit came to its plans."""

    unit: Unit
    figures: Participation


@dataclass(frozen=True, slots=True, kw_only=True)
class ParticipationReport:
    """How an agency came to its plans in a cycle."""

    cycle: Cycle
    whole: Participation
    units: Sequence[UnitParticipation]


def radar(house: House, actor: Actor, wanted: str | None = None) -> Radar:
    """The whole agency at a glance; `AccessRefused` for who may not read its reports."""
    require(actor, READING)
    with house.reading() as uow:
        frame = _Frame(house, uow, actor, wanted)
        cycle, today, store = frame.cycle, frame.today, uow.radar
        query = frame.query(Narrowed())
        units = {unit.id: unit for unit in uow.agency.units(cycle.agency_id)}
        holders = store.holders(query, today, HOLDERS_MAX)
        return Radar(
            cycle=cycle,
            now=frame.now,
            today=today,
            deadline=frame.deadline,
            units=units,
            funnel=store.funnel(cycle.agency_id, cycle.id, today),
            health=store.health(cycle.agency_id, cycle.id, frame.now, today),
            people_at_risk=store.waiting_people(query, today),
            holders=holders,
            late=store.late_by_unit(query, today),
            homeless=store.homeless(cycle.agency_id, today, PLACELESS_MAX),
            without_rater=_without_rater(store, units, cycle.agency_id, today),
            periods=uow.performance.periods(cycle.id),
            names=uow.agency.names([one.holder_id for one in holders if one.holder_id]),
        )


def stuck_tasks(
    house: House,
    actor: Actor,
    wanted: str | None = None,
    *,
    narrowed: Narrowed,
    after: tuple[datetime, int] | None = None,
    limit: int = 51,
) -> StuckList:
    """Tasks that hold the cycle up, longest overdue first, keyset paged by (sort_at, key)."""
    require(actor, READING)
    with house.reading() as uow:
        frame = _Frame(house, uow, actor, wanted)
        rows = uow.radar.stuck(frame.query(narrowed), frame.today, after=after, limit=limit)
        return StuckList(
            cycle=frame.cycle,
            now=frame.now,
            deadline=frame.deadline,
            units={unit.id: unit for unit in uow.agency.units(frame.cycle.agency_id)},
            rows=rows,
            names=uow.agency.names([row.holder_id for row in rows if row.holder_id]),
            unsigned={
                row.unit_id: row.people - row.signed
                for row in uow.radar.funnel(frame.cycle.agency_id, frame.cycle.id, frame.today)
            },
        )


def participation_report(
    house: House, actor: Actor, wanted: str | None = None
) -> ParticipationReport:
    """Who has a fixed plan and the days from opening to fixing, by unit, from the audit trail."""
    require(actor, READING)
    with house.reading() as uow:
        frame = _Frame(house, uow, actor, wanted)
        zone = frame.standing.zone(frame.cycle.agency_id)
        spans = uow.radar.plan_spans(frame.cycle.agency_id, frame.cycle.id, frame.today)
        by_unit: dict[str, list[PlanSpan]] = {}
        for span in spans:
            by_unit.setdefault(span.unit_id, []).append(span)
        units = uow.agency.units(frame.cycle.agency_id)
        return ParticipationReport(
            cycle=frame.cycle,
            whole=_figures(spans, zone),
            units=[
                UnitParticipation(unit=unit, figures=_figures(by_unit[unit.id], zone))
                for unit in units
                if unit.id in by_unit
            ],
        )


class _Frame:
    """Cycle, day and deadline of one reading."""

    def __init__(self, house: House, uow: UnitOfWork, actor: Actor, wanted: str | None) -> None:
        if actor.agency_id is None:
            raise NotFound("agency", actor.name)
        self.now = house.clock.now()
        self.standing = Standing(uow, self.now)
        self.cycle = cycle_of(uow, actor.agency_id, wanted)
        self.today = self.standing.today(actor.agency_id)
        means = means_of(house)
        tables = Tables(means, uow, self.now, actor.agency_id)
        last = self.cycle.ends_on + timedelta(dates(tables, self.cycle.ends_on.month).deadline_days)
        self.deadline = end_of_day(last, self.standing.zone(actor.agency_id))

    def query(self, narrowed: Narrowed) -> StuckQuery:
        """The tasks asked for."""
        return StuckQuery(
            agency_id=self.cycle.agency_id,
            cycle_id=self.cycle.id,
            processes=HOLDS_UP,
            now=self.now,
            deadline=self.deadline,
            at_risk=narrowed.at_risk,
            unit_id=narrowed.unit_id,
            holder_id=narrowed.holder_id,
        )


def _figures(spans: Sequence[PlanSpan], zone: str) -> Participation:
    """A plan without a recorded opening was fixed on the day it came to be."""
    days = [
        days_between(
            local_day(span.opened_at or span.fixed_at, zone), local_day(span.fixed_at, zone)
        )
        for span in spans
        if span.fixed_at is not None
    ]
    return participation(len(spans), days)


def _without_rater(
    store: RadarStore, units: Mapping[str, Unit], agency_id: str, today: date
) -> Sequence[Placeless]:
    """People for whom neither a decree nor the line of heads names a rater.

    Whoever heads the top is rated by decree; without one he is listed like everybody else.
    """
    headed: Collection[str] = store.headed(agency_id, today).keys()
    heads_of = [
        unit for unit in units if not any(above in headed for above in ancestors(unit, units))
    ]
    members_of = [unit for unit in heads_of if unit not in headed]
    return store.unrated_seats(
        agency_id, today, members_of=members_of, heads_of=heads_of, limit=PLACELESS_MAX
    )
