"""What a person's plan begins with: cells of matrices, objectives, the leader's results."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from engine.domain.cascade import CascadeMethod, ResultLink, kind_of
from engine.domain.cycles import Cycle
from engine.domain.matrix import CellStatus, MatrixCell
from engine.domain.plans import ItemKind, PlanStatus, RoleKind
from engine.usecases.measures import (
    HOME_MEASURE,
    SQUAD_MEASURE,
    Measure,
    of_leader,
    of_objective,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from engine.domain.plans import Indicator, Plan
    from engine.domain.squads import Membership, Squad
    from engine.usecases.operations.step import Step
    from engine.usecases.organisation import Standing
    from engine.usecases.ports.work import UnitOfWork


class Origin(StrEnum):
    """Where a proposed result comes from."""

    #: cells of leaders' matrices
    MATRIX = "matrix"
    #: an objective of a unit he heads
    OBJECTIVE = "objective"
    #: a result of his leader
    LEADER = "leader"
    #: his own plan of last year
    LAST_YEAR = "last_year"
    #: the plan of who held his post before him
    PREDECESSOR = "predecessor"
    #: outputs of a squad
    SQUAD = "squad"
    #: a sentence to replace
    HOUSE = "house"


@dataclass(frozen=True, slots=True, kw_only=True)
class Serving:
    """What an offered result would serve."""

    parent_id: str | None = None
    objective_id: str | None = None
    method: CascadeMethod = CascadeMethod.NONDIRECT
    squad_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A result proposed for one role of a plan."""

    #: the membership of the role, None for the home role
    membership_id: str | None = None
    title: str
    #: its indicators, the first one first
    measures: tuple[Measure, ...]
    #: beside the other offers of its role; 0: what they have on average
    weight_bp: int = 0
    #: where it comes from
    origin: Origin = Origin.MATRIX
    #: what it comes from there: an id
    source_id: str = ""
    kind: ItemKind = ItemKind.UTAMA
    serves: tuple[Serving, ...] = ()
    #: cells of matrices that it comes from
    cells: tuple[MatrixCell, ...] = ()

    @property
    def role(self) -> str:
        """The role: "home" or the membership id."""
        return self.membership_id or RoleKind.HOME.value

    @property
    def key(self) -> str:
        """What names it among the offers of a plan."""
        return f"{self.origin.value}:{self.source_id}"


def cell_offers(
    uow: UnitOfWork, plan: Plan, roles: Sequence[tuple[Membership, Squad]]
) -> list[Offer]:
    """Cells of all matrices that wait for this person, one offer per role and wording.

    A cell of a squad in which he is no member waits on.
    """
    cycle = uow.performance.get(Cycle, plan.cycle_id)
    cells = uow.goals.cells_for(plan.person_id, cycle.year) if cycle else ()
    members = {squad.id: row.id for row, squad in roles}
    grouped: dict[tuple[str | None, str], list[MatrixCell]] = {}
    for cell in cells:
        if cell.status is not CellStatus.PROPOSED:
            continue
        if cell.squad_id is not None and cell.squad_id not in members:
            continue
        member = members[cell.squad_id] if cell.squad_id else None
        grouped.setdefault((member, cell.title.strip()), []).append(cell)
    order = sorted(grouped.items(), key=lambda pair: pair[0][0] is not None)
    return [_of_cells(uow, member, rows) for (member, _), rows in order]


def take(step: Step, taken: Iterable[tuple[Offer, str]]) -> None:
    """Link the results that came out of offers, and mark their cells as taken.

    Shapes: an offer and the id of the result, whose row is written already.
    """
    for offer, item_id in taken:
        step.uow.goals.add(
            [
                ResultLink(
                    id=step.means.ids.uuid(),
                    child_id=item_id,
                    parent_id=one.parent_id,
                    objective_id=one.objective_id,
                    method=one.method,
                    squad_id=one.squad_id,
                    at=step.now,
                )
                for one in offer.serves
            ]
        )
        for cell in offer.cells:
            step.uow.goals.put(replace(cell, status=CellStatus.TAKEN, item_id=item_id))


def reaches_objective(uow: UnitOfWork, cell: MatrixCell) -> bool:
    """Whether the column of a cell is an objective or a result that reaches one."""
    if cell.objective_id is not None:
        return True
    links = uow.goals.links_above([cell.parent_id]) if cell.parent_id else ()
    return any(link.objective_id is not None for link in links)


def _of_cells(uow: UnitOfWork, member: str | None, cells: Sequence[MatrixCell]) -> Offer:
    role = RoleKind.SQUAD if member else RoleKind.HOME
    kinds = {
        kind_of(cell.kind, role, serves_objective=reaches_objective(uow, cell)) for cell in cells
    }
    return Offer(
        membership_id=member,
        title=cells[0].title.strip(),
        measures=_measures(uow, cells[0], squads=member is not None),
        source_id=cells[0].id,
        kind=ItemKind.UTAMA if ItemKind.UTAMA in kinds else ItemKind.TAMBAHAN,
        serves=tuple(_serving(cells)),
        cells=tuple(cells),
    )


def _measures(uow: UnitOfWork, cell: MatrixCell, *, squads: bool) -> tuple[Measure, ...]:
    """What the column is measured by, as far as it fits a part of it."""
    if squads:
        return (Measure(text=SQUAD_MEASURE),)
    found: tuple[Measure, ...] = ()
    if cell.objective_id is not None:
        found = of_objective(uow.goals.measures([cell.objective_id]))
    elif cell.method is CascadeMethod.DIRECT and cell.parent_id is not None:
        found = of_leader(indicators_of(uow, cell.parent_id))
    return found or (Measure(text=HOME_MEASURE),)


def indicators_of(uow: UnitOfWork, item_id: str) -> list[Indicator]:
    """Indicators of one result."""
    plans = [card.plan_id for card in uow.goals.cards([item_id])]
    found = uow.performance.indicators(plans[0]) if plans else ()
    return [one for one in found if one.item_id == item_id]


def _serving(cells: Sequence[MatrixCell]) -> Iterator[Serving]:
    """One link per column; only the first direct one can be direct (one result is split once)."""
    split = False
    seen: set[str] = set()
    for cell in cells:
        if cell.column in seen:
            continue
        seen.add(cell.column)
        direct = cell.method is CascadeMethod.DIRECT and not split
        split = split or direct
        yield Serving(
            parent_id=cell.parent_id,
            objective_id=cell.objective_id,
            method=CascadeMethod.DIRECT if direct else CascadeMethod.NONDIRECT,
            squad_id=cell.squad_id,
        )


def headed_units(standing: Standing, person_id: str) -> list[str]:
    """Units that a person heads today by his own posts."""
    known = standing.person(person_id)
    if known is None:
        return []
    seats = standing.uow.agency.seats(person_id, standing.today(known.agency_id))
    return list(dict.fromkeys(seat.unit_id for seat in seats if seat.is_head))


def is_open_draft(plan: Plan | None) -> bool:
    """Whether results can still be proposed in a plan itself."""
    return plan is not None and plan.status is PlanStatus.DRAFT and plan.version == 1
