"""The load of a unit's or agency's people by month, and what it says to the workload analysis."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import accumulate
from typing import TYPE_CHECKING, Final

from engine.domain.scales import WHOLE_BP, at_scale
from engine.domain.staffing import people_of
from engine.domain.units import ancestors
from engine.domain.workload import hours
from engine.usecases.books import cycle_of
from engine.usecases.decisions import Tables
from engine.usecases.errors import AccessRefused, NotFound
from engine.usecases.means import means_of
from engine.usecases.organisation import Standing
from engine.usecases.ports.workloads import LoadScope
from engine.usecases.rights import may

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from decimal import Decimal

    from engine.domain.cycles import Cycle
    from engine.domain.units import Unit
    from engine.domain.workload import LoadRules
    from engine.usecases.actor import Actor
    from engine.usecases.ports.work import House, UnitOfWork
    from engine.usecases.ports.workloads import LoadRow, UnitLoad

READING: Final = "report:read"
_MONTHS: Final = 12
#: units whose hours are summed for one page: so many, or as few as hold so many people
UNITS_MAX: Final = 50
PEOPLE_MAX: Final = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitHours:
    """A unit in the workload analysis (analisis beban kerja): hours of the year and people."""

    unit: Unit
    #: in the mean of the twelve months, scale 2
    people: Decimal
    #: people with a month above full time
    over: int
    home: Decimal
    own_squads: Decimal
    lent: Decimal
    borrowed: Decimal
    #: people that the work for this unit takes: its own and what others bring, scale 2
    needed: Decimal
    #: needed less people; below 0 where the unit has people to spare
    gap: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Workload:
    """A page of people with their months, and the totals of the units the asker may see."""

    cycle: Cycle
    #: units the asker may see, by code
    units: Sequence[Unit]
    chosen: Unit | None
    rows: Sequence[LoadRow]
    #: of a page of units, by code
    totals: Sequence[UnitHours]
    #: code behind which the next page of totals begins; None: there is none
    units_after: str | None
    effective_hours: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a page of the load asks for."""

    cycle: str | None = None
    unit_id: str | None = None
    over_only: bool = False
    #: totals of the units behind this code
    units_after: str = ""
    #: totals of all units at once, as for a file
    every_unit: bool = False


def workload(
    house: House,
    actor: Actor,
    wanted: Wanted,
    *,
    after: tuple[str, str] | None = None,
    limit: int = 51,
) -> Workload:
    """Load by month, keyset paged by (name, id): heads for their units, readers for the agency.

    `AccessRefused` for everybody else, `NotFound` for a unit outside what one may see.
    """
    if actor.agency_id is None:
        raise AccessRefused(READING, actor.name)
    now = house.clock.now()
    with house.reading() as uow:
        standing = Standing(uow, now)
        today = standing.today(actor.agency_id)
        units = visible_units(uow, actor, actor.agency_id, today)
        cycle = cycle_of(uow, actor.agency_id, wanted.cycle)
        means = means_of(house)
        rules = Tables(means, uow, now, actor.agency_id).load_rules(cycle.year)
        chosen = _chosen(units, wanted.unit_id)
        every = may(actor, READING)
        scope = LoadScope(
            cycle=cycle,
            unit_ids=[chosen.id] if chosen else None if every else [unit.id for unit in units],
            over_only=wanted.over_only,
        )
        listed, units_after = _listed(uow, scope, units, wanted)
        by_id = {unit.id: unit for unit in listed}
        totals = uow.workloads.units(replace(scope, unit_ids=list(by_id))) if listed else ()
        return Workload(
            cycle=cycle,
            units=units,
            chosen=chosen,
            rows=uow.workloads.page(scope, after=after, limit=limit),
            totals=sorted(
                (_hours(by_id[row.unit_id], row, rules) for row in totals),
                key=lambda one: one.unit.code,
            ),
            units_after=units_after,
            effective_hours=rules.effective_hours,
        )


def _listed(
    uow: UnitOfWork, scope: LoadScope, units: Sequence[Unit], wanted: Wanted
) -> tuple[Sequence[Unit], str | None]:
    """The units of one page of totals, and the code of the last when more follow."""
    people = uow.workloads.people(scope)
    rest = sorted((one for one in units if one.id in people), key=lambda one: one.code)
    if wanted.every_unit:
        return rest, None
    rest = [one for one in rest if one.code > wanted.units_after]
    sums = accumulate(people[one.id] for one in rest)
    fits = sum(1 for total in sums if total <= PEOPLE_MAX)
    shown = rest[: min(max(fits, 1), UNITS_MAX)]
    return shown, shown[-1].code if len(shown) < len(rest) else None


def visible_units(
    uow: UnitOfWork, actor: Actor, agency_id: str, today: date, *, reading: str = READING
) -> Sequence[Unit]:
    """All units for who has the right of `reading`; for a head his own and those below.

    `AccessRefused` for who heads nothing.
    """
    units = uow.agency.units(agency_id)
    if may(actor, reading) and actor.agency_id == agency_id:
        return units
    headed = {
        unit_id
        for unit_id, people in uow.radar.headed(agency_id, today).items()
        if actor.person_id in people
    }
    if not headed:
        raise AccessRefused(reading, agency_id)
    by_id = {unit.id: unit for unit in units}
    return [unit for unit in units if headed & {unit.id, *ancestors(unit.id, by_id)}]


def _chosen(units: Sequence[Unit], unit_id: str | None) -> Unit | None:
    if unit_id is None:
        return None
    found = next((unit for unit in units if unit.id == unit_id), None)
    if found is None:
        raise NotFound("unit", unit_id)
    return found


def _hours(unit: Unit, row: UnitLoad, rules: LoadRules) -> UnitHours:
    work_bp = row.home_bp + row.own_squads_bp + row.borrowed_bp
    needed, people = at_scale(_people(work_bp), 2), people_of(row.person_months)
    return UnitHours(
        unit=unit,
        people=people,
        over=row.over,
        home=hours(row.home_bp, 1, rules),
        own_squads=hours(row.own_squads_bp, 1, rules),
        lent=hours(row.lent_bp, 1, rules),
        borrowed=hours(row.borrowed_bp, 1, rules),
        needed=needed,
        gap=needed - people,
    )


def _people(month_bp: int) -> Fraction:
    return Fraction(month_bp, WHOLE_BP * _MONTHS)
