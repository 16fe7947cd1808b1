"""Ledgers as pages show them: rows with names, totals, the two views of a unit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.domain.people import Person
from engine.domain.squads import Squad
from engine.domain.units import Unit
from engine.usecases.books import person_ledger, unit_ledger
from engine.usecases.errors import NotFound
from web.readings.shapes import FlowRow, LedgerRow, PersonBook, UnitBook

if TYPE_CHECKING:
    from collections.abc import Sequence

    from engine.domain.ledger import Transfer
    from engine.domain.outputs import Output
    from engine.usecases.actor import Actor
    from engine.usecases.ports.contributions import Flow
    from engine.usecases.ports.work import House, UnitOfWork


def person_book(house: House, actor: Actor, person_id: str, wanted: str | None) -> PersonBook:
    """A person's rows; `NotFound` for who may not read them."""
    found = person_ledger(house, actor, person_id, wanted)
    with house.reading() as uow:
        person = uow.agency.get(Person, person_id)
        if person is None:
            raise NotFound("person", person_id)
        rows = _rows(uow, found.rows, other="host")
    totals: dict[str, int] = {}
    for row in rows:
        totals[row.squad] = totals.get(row.squad, 0) + row.points_e4
    return PersonBook(person=person, cycle=found.cycle, rows=rows, totals=totals)


def unit_book(house: House, actor: Actor, unit_id: str, wanted: str | None) -> UnitBook:
    """A unit's rows as home and as host, with the roll-ups that reconcile them."""
    found = unit_ledger(house, actor, unit_id, wanted)
    home, host = found.home_total, found.host_total
    with house.reading() as uow:
        unit = uow.agency.get(Unit, unit_id)
        if unit is None:
            raise NotFound("unit", unit_id)
        pools = uow.contributions.pools(found.cycle.id)
        pool = next((row for row in pools if row.unit_id == unit_id), None)
        return UnitBook(
            unit=unit,
            cycle=found.cycle,
            home=_rows(uow, found.home, other="host"),
            host=_rows(uow, found.host, other="home"),
            home_e4=home.points_e4 if home else 0,
            host_e4=host.points_e4 if host else 0,
            own_e4=home.own_e4 if home else 0,
            collective_e4=host.collective_e4 if host else 0,
            pool_e4=pool.pool_e4 if pool else 0,
            flows=_flows(uow, unit_id, found.flows),
        )


def _rows(
    uow: UnitOfWork, pairs: Sequence[tuple[Transfer, Output]], *, other: str
) -> Sequence[LedgerRow]:
    moved = [(row, output) for row, output in pairs if row.code.value != "open"]
    people = {row.person_id for row, _ in moved} | {row.actor_id for row, _ in moved}
    names = uow.agency.names(sorted(name for name in people if name))
    squads = {row.squad_id: uow.contributions.get(Squad, row.squad_id) for row, _ in moved}
    side = "host_unit_id" if other == "host" else "home_unit_id"
    units = {getattr(row, side): uow.agency.get(Unit, getattr(row, side)) for row, _ in moved}
    rows = []
    for row, output in moved:
        squad, unit = squads[row.squad_id], units[getattr(row, side)]
        rows.append(
            LedgerRow(
                transfer=row,
                output=output,
                squad=squad.name if squad else "",
                other_unit=unit.name if unit else "",
                person=names.get(row.person_id or "", ""),
                actor=names.get(row.actor_id, row.actor_id),
            )
        )
    return rows


def _flows(uow: UnitOfWork, unit_id: str, flows: Sequence[Flow]) -> Sequence[FlowRow]:
    out: dict[str, int] = {}
    into: dict[str, int] = {}
    for flow in flows:
        if flow.home_unit_id == flow.host_unit_id:
            continue
        if flow.home_unit_id == unit_id:
            out[flow.host_unit_id] = out.get(flow.host_unit_id, 0) + flow.points_e4
        if flow.host_unit_id == unit_id:
            into[flow.home_unit_id] = into.get(flow.home_unit_id, 0) + flow.points_e4
    rows = []
    for other in sorted(out.keys() | into.keys()):
        unit = uow.agency.get(Unit, other)
        rows.append(
            FlowRow(
                unit_id=other,
                unit=unit.name if unit else other,
                out_e4=out.get(other, 0),
                in_e4=into.get(other, 0),
            )
        )
    return sorted(rows, key=lambda row: row.unit)
