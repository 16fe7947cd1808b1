"""What a person's plan begins with: cells of matrices, objectives, the leader's results."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from engine.domain.cascade import CascadeMethod, ResultLink, kind_of
from engine.domain.cycles import Cycle
from engine.domain.goals import ObjectiveStatus
from engine.domain.matrix import CellStatus, MatrixCell
from engine.domain.plans import ItemKind, PlanStatus, RoleKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from engine.domain.plans import Plan
    from engine.domain.squads import Membership, Squad
    from engine.usecases.operations.step import Step
    from engine.usecases.organisation import Standing
    from engine.usecases.ports.work import UnitOfWork

#: a first indicator, to be replaced by the employee
HOME_MEASURE: Final = "Tugas selesai"
SQUAD_MEASURE: Final = "Keluaran tim diterima"


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
    measure: str
    kind: ItemKind = ItemKind.UTAMA
    serves: tuple[Serving, ...] = ()
    #: cells of matrices that it comes from
    cells: tuple[MatrixCell, ...] = ()

    @property
    def role(self) -> str:
        """The role: "home" or the membership id."""
        return self.membership_id or RoleKind.HOME.value


def offers(step: Step, plan: Plan, roles: Sequence[tuple[Membership, Squad]]) -> tuple[Offer, ...]:
    """What is proposed for each role of a plan, the home role first, at least one for each.

    For a role: what leaders wrote into their matrices; for the home role without that, the
    objectives of a unit he heads, else the results of his leader; else a sentence to replace.
    """
    found = cell_offers(step.uow, plan, roles)
    if not any(offer.membership_id is None for offer in found):
        found = [*_home_offers(step.standing, plan), *found]
    held = {offer.role for offer in found}
    for row, squad in roles:
        if row.id not in held:
            title = f"Kontribusi pada {squad.name}"
            found.append(Offer(membership_id=row.id, title=title, measure=SQUAD_MEASURE))
    return tuple(found)


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
        measure=SQUAD_MEASURE if member else HOME_MEASURE,
        kind=ItemKind.UTAMA if ItemKind.UTAMA in kinds else ItemKind.TAMBAHAN,
        serves=tuple(_serving(cells)),
        cells=tuple(cells),
    )


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


def _home_offers(standing: Standing, plan: Plan) -> list[Offer]:
    headed = headed_units(standing, plan.person_id)
    goals = standing.uow.goals.objectives(plan.cycle_id, headed) if headed else ()
    led = [one for one in goals if one.status is ObjectiveStatus.PUBLISHED]
    if led:
        serving = [Serving(objective_id=one.id, method=CascadeMethod.DIRECT) for one in led]
        pairs = zip(led, serving, strict=True)
        return [Offer(title=o.title, measure=HOME_MEASURE, serves=(s,)) for o, s in pairs]
    rater = standing.rater(plan.person_id)
    leader = (rater.on_behalf_of or rater.person_id) if rater else None
    above = standing.uow.performance.plan_of(leader, plan.cycle_id) if leader else None
    items = standing.uow.performance.items(above.id) if above else ()
    found = [
        Offer(
            title=f"Mendukung: {item.title}",
            measure=HOME_MEASURE,
            serves=(Serving(parent_id=item.id),),
        )
        for item in items
        if item.role_kind is RoleKind.HOME
    ]
    generic = Offer(title="Terlaksananya tugas jabatan", measure=HOME_MEASURE)
    return found or _last_years(standing, plan) or [generic]


def _last_years(standing: Standing, plan: Plan) -> list[Offer]:
    """Home results of last year: what a draft begins with before the leader has written his."""
    store = standing.uow.performance
    cycle = store.get(Cycle, plan.cycle_id)
    before = store.cycle_of(cycle.agency_id, cycle.year - 1) if cycle else None
    earlier = store.plan_of(plan.person_id, before.id) if before else None
    items = store.items(earlier.id) if earlier else ()
    return [
        Offer(title=item.title, measure=HOME_MEASURE, kind=item.kind)
        for item in items
        if item.role_kind is RoleKind.HOME
    ]


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
