"""Flow of contributions between units in a year: of the agency, or of one unit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.domain.units import Unit
from engine.usecases.books import cycle_of
from engine.usecases.errors import NotFound
from engine.usecases.organisation import Standing
from engine.usecases.relations import require_unit
from engine.usecases.rights import require

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from engine.domain.cycles import Cycle
    from engine.usecases.actor import Actor
    from engine.usecases.ports.credits import MatrixCell
    from engine.usecases.ports.work import House, UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowCell:
    """Points that people of a home unit earned in squads of a host unit; scaled by 10,000."""

    home_id: str
    home: str
    host_id: str
    host: str
    points_e4: int
    #: of it kerja kolektif, which counts under the host
    collective_e4: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Flows:
    """A year's cells, the largest first."""

    cycle: Cycle
    cycles: Sequence[Cycle]
    cells: Sequence[FlowCell]
    #: the unit they are about, None for the agency
    unit: Unit | None = None

    @property
    def between(self) -> Sequence[FlowCell]:
        """Those that leave a unit."""
        return [cell for cell in self.cells if cell.home_id != cell.host_id]


def agency_flows(house: House, actor: Actor, wanted: str | None = None) -> Flows:
    """All flows that begin or end in the actor's agency; `AccessRefused` without `report:read`."""
    require(actor, "report:read", wanted or "")
    if actor.agency_id is None:
        raise NotFound("agency", "")
    with house.reading() as uow:
        cycle = cycle_of(uow, actor.agency_id, wanted)
        cells = uow.credits.matrix(cycle.year, units=True, agency_id=cycle.agency_id)
        return _named(uow, cycle, cells)


def unit_flows(house: House, actor: Actor, unit_id: str, wanted: str | None = None) -> Flows:
    """Flows into and out of a unit; `NotFound` for who may not read the unit's ledger."""
    with house.reading() as uow:
        unit = uow.agency.get(Unit, unit_id)
        if unit is None:
            raise NotFound("unit", unit_id)
        require_unit(Standing(uow, house.clock.now()), actor, unit)
        cycle = cycle_of(uow, unit.agency_id, wanted)
        cells = uow.credits.matrix(cycle.year, units=True, unit_id=unit_id)
        return _named(uow, cycle, cells, unit)


def headed_unit(house: House, actor: Actor) -> str | None:
    """The unit that the actor heads today, None for who heads none."""
    if actor.person_id is None:
        return None
    with house.reading() as uow:
        standing = Standing(uow, house.clock.now())
        home = standing.home_unit(actor.person_id)
        head = standing.head(home) if home is not None else None
        return home if head is not None and head.person_id == actor.person_id else None


def _named(
    uow: UnitOfWork, cycle: Cycle, cells: Sequence[MatrixCell], unit: Unit | None = None
) -> Flows:
    names = _unit_names(uow, cells)
    found = [
        FlowCell(
            home_id=cell.home.unit_id,
            home=names.get(cell.home.unit_id, cell.home.unit_id),
            host_id=cell.host.unit_id,
            host=names.get(cell.host.unit_id, cell.host.unit_id),
            points_e4=cell.points_e4,
            collective_e4=cell.collective_e4,
        )
        for cell in cells
        if cell.points_e4
    ]
    found.sort(key=lambda cell: (-cell.points_e4, cell.home, cell.host, cell.home_id, cell.host_id))
    cycles = uow.performance.cycles(cycle.agency_id)
    return Flows(cycle=cycle, cycles=cycles, cells=found, unit=unit)


def _unit_names(uow: UnitOfWork, cells: Iterable[MatrixCell]) -> dict[str, str]:
    """Names of all units of the agencies that the cells speak of: one question an agency."""
    agencies = {place.agency_id for cell in cells for place in (cell.home, cell.host)}
    return {unit.id: unit.name for one in sorted(agencies) for unit in uow.agency.units(one)}
