"""The Matriks Peran Hasil of a unit as a board: rows, columns, what fills them, what is missing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.domain.matrix import CellStatus, Cover, Coverage, coverage
from engine.domain.units import Unit
from engine.usecases.books import cycle_of
from engine.usecases.errors import NotFound
from engine.usecases.operations.matrix import ITEM, OBJECTIVE, columns
from engine.usecases.organisation import Standing
from engine.usecases.relations import require_unit
from engine.usecases.rights import AUDITOR, HR, PERF_ADMIN

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from engine.domain.cascade import CascadeMethod
    from engine.domain.cycles import Cycle
    from engine.domain.matrix import MatrixCell
    from engine.usecases.actor import Actor
    from engine.usecases.ports.goals import ResultCard
    from engine.usecases.ports.teams import Seated
    from engine.usecases.ports.work import House, UnitOfWork

_READERS = frozenset({HR, PERF_ADMIN, AUDITOR})


@dataclass(frozen=True, slots=True, kw_only=True)
class Filling:
    """One result in one field of the board."""

    person_id: str
    #: id of the leader's result or objective
    column: str
    title: str
    method: CascadeMethod
    squad_id: str | None
    #: the result in the person's plan; None: it waits for his draft
    item_id: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """The matrix of a unit's head, with people of any unit in its rows."""

    cycle: Cycle
    unit: Unit
    leader_id: str | None
    #: words of the columns by the id of the leader's result or objective
    columns: Mapping[str, str]
    #: everybody with a filling, then people of the unit without one
    people: Sequence[str]
    fillings: Sequence[Filling]
    coverage: Coverage
    names: Mapping[str, str]
    seats: Mapping[str, Seated]
    squads: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """What leaders expect of one person in a year, and the boards he may open."""

    cycle: Cycle
    cells: Sequence[MatrixCell]
    #: names of leaders
    names: Mapping[str, str]
    squads: Mapping[str, str]
    #: words of the columns by id
    columns: Mapping[str, str]
    units: Sequence[Unit]


def matrix_board(house: House, actor: Actor, unit_id: str, wanted: str | None = None) -> Board:
    """The board of a unit; `NotFound` for who may not read the unit's.

    A field is filled by a cell of the matrix, or by a result of a plan that serves the column.
    """
    with house.reading() as uow:
        standing = Standing(uow, house.clock.now())
        unit = uow.agency.get(Unit, unit_id)
        if unit is None:
            raise NotFound("unit", unit_id)
        require_unit(standing, actor, unit)
        cycle = cycle_of(uow, unit.agency_id, wanted)
        head = standing.head(unit_id)
        leader = (head.on_behalf_of or head.person_id) if head else None
        found = columns(standing, leader, cycle.id) if leader else {}
        words = {_id(key): text for key, text in found.items()}
        cells = uow.goals.matrix(leader, cycle.id) if leader else []
        fillings = [*map(_filled, cells), *_linked(uow, words, cells)]
        today = standing.today(unit.agency_id)
        own = [one for one in uow.agency.residents(unit_id, today) if one != leader]
        rows = list(dict.fromkeys([one.person_id for one in fillings] + own))
        covers = [
            Cover(person_id=one.person_id, column=one.column, title=one.title) for one in fillings
        ]
        names = uow.agency.names([*rows, *([leader] if leader else [])])
        return Board(
            cycle=cycle,
            unit=unit,
            leader_id=leader,
            columns=words,
            people=sorted(rows, key=lambda one: (one not in own, names.get(one, ""))),
            fillings=fillings,
            coverage=coverage(covers, list(words), own),
            names=names,
            seats=uow.teams.seats(rows, today),
            squads=uow.contributions.squad_names(
                {one.squad_id for one in fillings if one.squad_id}
            ),
        )


def expected_of_me(house: House, actor: Actor, wanted: str | None = None) -> Expected:
    """Fields of all matrices in the actor's own row; `NotFound` for who is no person."""
    person_id = actor.person_id
    if person_id is None:
        raise NotFound("person", actor.name)
    with house.reading() as uow:
        standing = Standing(uow, house.clock.now())
        person = standing.person(person_id)
        if person is None:
            raise NotFound("person", person_id)
        cycle = cycle_of(uow, person.agency_id, wanted)
        cells = uow.goals.cells_for(person_id, cycle.year)
        above = uow.goals.cards([one.parent_id for one in cells if one.parent_id])
        goals = uow.goals.objectives_above({one.objective_id for one in cells if one.objective_id})
        return Expected(
            cycle=cycle,
            cells=cells,
            names=uow.agency.names([one.leader_id for one in cells]),
            squads=uow.contributions.squad_names({one.squad_id for one in cells if one.squad_id}),
            columns={
                **{card.item_id: card.title for card in above},
                **{one.id: f"{one.code} {one.title}" for one in goals},
            },
            units=_open_units(standing, actor, person.agency_id),
        )


def _open_units(standing: Standing, actor: Actor, agency_id: str) -> list[Unit]:
    """Units whose board the actor may open: all for those who look after the agency."""
    units = standing.uow.agency.units(agency_id)
    if actor.agency_id == agency_id and actor.groups & _READERS:
        return list(units)
    today = standing.today(agency_id)
    headed = {
        seat.unit_id
        for seat in standing.uow.agency.seats(actor.person_id or "", today)
        if seat.is_head
    }
    reached = set(headed)
    for _ in units:
        below = {one.id for one in units if one.parent_id in reached} - reached
        if not below:
            break
        reached |= below
    return [one for one in units if one.id in reached]


def _id(key: str) -> str:
    return key.removeprefix(ITEM).removeprefix(OBJECTIVE)


def _filled(cell: MatrixCell) -> Filling:
    taken = cell.status is CellStatus.TAKEN
    return Filling(
        person_id=cell.person_id,
        column=cell.column,
        title=cell.title,
        method=cell.method,
        squad_id=cell.squad_id,
        item_id=cell.item_id if taken else None,
    )


def _linked(
    uow: UnitOfWork, words: Mapping[str, str], cells: Sequence[MatrixCell]
) -> list[Filling]:
    """Results of plans that serve a column without a cell: as they were drafted or linked."""
    known = {(one.item_id, one.column) for one in cells}
    links = [*uow.goals.links_to(words), *uow.goals.links_to_objectives(words)]
    fresh = [one for one in links if (one.child_id, one.serves) not in known]
    cards: Mapping[str, ResultCard] = {
        card.item_id: card for card in uow.goals.cards([one.child_id for one in fresh])
    }
    return [
        Filling(
            person_id=cards[one.child_id].person_id,
            column=one.serves,
            title=cards[one.child_id].title,
            method=one.method,
            squad_id=one.squad_id,
            item_id=one.child_id,
        )
        for one in fresh
        if one.child_id in cards
    ]
