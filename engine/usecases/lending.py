"""What a unit lends to squads of others: the head's evidence of collaboration, and capacity."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from engine.domain.units import Unit
from engine.usecases.books import cycle_of
from engine.usecases.errors import NotFound
from engine.usecases.organisation import Standing
from engine.usecases.relations import require_unit

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from engine.domain.cycles import Cycle
    from engine.usecases.actor import Actor
    from engine.usecases.ports.audit_reports import Lent
    from engine.usecases.ports.work import House

#: full time in basis points
_FULL_BP = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Lending:
    """A unit's people in squads of other units during a cycle (crediting.md 0.12)."""

    unit_id: str
    cycle_id: str
    #: who heads the unit today
    head_id: str | None
    rows: Sequence[Lent]
    #: people lent
    people: int
    #: units that they were lent to
    hosts: int
    #: effort lent, averaged over the cycle's days, basis points of one full time
    lent_bp: int
    #: full time of everybody who belongs to the unit, basis points
    capacity_bp: int
    #: credit that came home from it: sum of amount_bp * V
    points_e4: int


def lending(house: House, actor: Actor, unit_id: str, wanted: str | None = None) -> Lending:
    """What a unit lends, with its head; `NotFound` for who may not read the unit's ledger."""
    with house.reading() as uow:
        unit = uow.agency.get(Unit, unit_id)
        if unit is None:
            raise NotFound("unit", unit_id)
        standing = Standing(uow, house.clock.now())
        require_unit(standing, actor, unit)
        return lending_of(standing, unit_id, cycle_of(uow, unit.agency_id, wanted))


def lending_of(standing: Standing, unit_id: str, cycle: Cycle) -> Lending:
    """What a unit lends during a cycle."""
    uow = standing.uow
    rows = uow.assurance.reports.lent(cycle.id, unit_id)
    head = standing.head(unit_id)
    day = min(max(standing.today(cycle.agency_id), cycle.starts_on), cycle.ends_on)
    flows = uow.contributions.flows(cycle.id, unit_id)
    return Lending(
        unit_id=unit_id,
        cycle_id=cycle.id,
        head_id=head.person_id if head else None,
        rows=rows,
        people=len({row.person_id for row in rows}),
        hosts=len({row.host_unit_id for row in rows}),
        lent_bp=_mean_bp(rows, cycle),
        capacity_bp=len(uow.agency.residents(unit_id, day)) * _FULL_BP,
        points_e4=sum(
            flow.points_e4
            for flow in flows
            if flow.home_unit_id == unit_id and flow.host_unit_id != unit_id
        ),
    )


def _mean_bp(rows: Sequence[Lent], cycle: Cycle) -> int:
    """Effort times days over the days of the cycle, rounded down."""
    days = (cycle.ends_on - cycle.starts_on).days + 1
    return sum(row.effort_bp * _days(row, cycle.starts_on, cycle.ends_on) for row in rows) // days


def _days(row: Lent, first: date, last: date) -> int:
    ends = row.squad_ends_on + timedelta(days=1)
    if row.valid_to is not None:
        ends = min(ends, row.valid_to)
    return max((min(ends, last + timedelta(days=1)) - max(row.valid_from, first)).days, 0)
