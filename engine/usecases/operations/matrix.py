"""Operation of the Matriks Peran Hasil: a leader divides roles and results."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

from engine.domain.cascade import CascadeMethod
from engine.domain.matrix import CellStatus, MatrixCell, check_cells
from engine.domain.organisation import Official
from engine.domain.plans import ItemKind, PlanItem, RoleKind
from engine.domain.scales import WHOLE_BP, split_whole
from engine.usecases import audit_tags
from engine.usecases.cascading import cell_offers, headed_units, is_open_draft, take
from engine.usecases.operations.step import fault, refuse

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    from engine.domain.cycles import Cycle
    from engine.domain.plans import Plan
    from engine.usecases.cascading import Offer
    from engine.usecases.operations.step import Step
    from engine.usecases.organisation import Standing
    from engine.usecases.ports.process import Json

#: prefixes of a column: a leader's result, an objective of his unit
ITEM, OBJECTIVE = "item:", "objective:"


def columns(standing: Standing, leader_id: str, cycle_id: str) -> dict[str, str]:
    """Columns of a leader's matrix with their words: his unit's objectives, then his results."""
    uow = standing.uow
    units = headed_units(standing, leader_id)
    goals = uow.goals.objectives(cycle_id, units) if units else ()
    plan = uow.performance.plan_of(leader_id, cycle_id)
    items = uow.performance.items(plan.id) if plan else ()
    found = {f"{OBJECTIVE}{one.id}": f"{one.code} {one.title}" for one in goals}
    return found | {f"{ITEM}{item.id}": item.title for item in items}


def save_matrix(step: Step) -> Mapping[str, Json]:
    """`regu.matrix.save` (form: cells): a leader divides roles over people of any unit.

    Drafts of plans take the cells at once, later ones when they are opened. Form: cells[cell_id,
    nip, column, title, method, kind, squad_id]; a row without words is no cell.
    """
    leader_id, cycle = step.maybe("leader_id") or step.person, step.cycle()
    holder = Official(person_id=leader_id)
    step.require_office(holder, subject_id="")
    open_columns = columns(step.standing, leader_id, cycle.id)
    held = {cell.id: cell for cell in step.uow.goals.matrix(leader_id, cycle.id)}
    cells = [
        _cell(step, cycle, row, (leader_id, held, open_columns, f"cells.{n}"))
        for n, row in enumerate(step.rows("cells"))
        if str(row.get("title") or "").strip()
    ]
    if not open_columns and cells:
        raise fault("cells", "no_columns", "you lead nothing that others could contribute to")
    refuse(check_cells(cells), other="cells")
    _write(step, held, cells)
    taken = sum(_offer(step, cycle, person) for person in sorted({c.person_id for c in cells}))
    step.note(
        f"agency:{cycle.agency_id}",
        audit_tags.MATRIX_SAVED,
        leader=leader_id,
        cycle=cycle.id,
        cells=len(cells),
    )
    return {"leader_id": leader_id, "cells_taken": taken}


def _cell(
    step: Step,
    cycle: Cycle,
    row: Mapping[str, Any],
    about: tuple[str, Mapping[str, MatrixCell], Mapping[str, str], str],
) -> MatrixCell:
    leader_id, held, open_columns, place = about
    old = held.get(str(row.get("cell_id") or ""))
    if old is not None and old.status is CellStatus.TAKEN:
        return old
    nip, column = str(row.get("nip") or "").strip(), str(row.get("column") or "")
    person = step.uow.agency.person_by_nip(nip)
    if person is None:
        raise fault(f"{place}.nip", "unknown_person", "nobody has this NIP")
    if column not in open_columns:
        raise fault(f"{place}.column", "unknown_column", "not among your results or objectives")
    squad_id = str(row.get("squad_id") or "") or None
    if squad_id is not None and not _is_member(step, person.id, squad_id, cycle):
        raise fault(f"{place}.squad_id", "not_a_member", "not a member of this squad")
    return MatrixCell(
        id=old.id if old else step.means.ids.uuid(),
        cycle_id=cycle.id,
        leader_id=leader_id,
        person_id=person.id,
        parent_id=column.removeprefix(ITEM) if column.startswith(ITEM) else None,
        objective_id=column.removeprefix(OBJECTIVE) if column.startswith(OBJECTIVE) else None,
        squad_id=squad_id,
        title=str(row.get("title") or "").strip(),
        method=method_of(row.get("method"), f"{place}.method"),
        kind=_kind(row.get("kind"), f"{place}.kind"),
        at=old.at if old else step.now,
    )


def _is_member(step: Step, person_id: str, squad_id: str, cycle: Cycle) -> bool:
    found = step.uow.contributions.memberships_of(person_id, cycle.starts_on, cycle.ends_on)
    return any(squad.id == squad_id for _, squad in found)


def method_of(value: Any, field: str) -> CascadeMethod:
    """Direct or non-direct, non-direct when not said."""
    word = str(value or CascadeMethod.NONDIRECT.value)
    if word not in set(CascadeMethod):
        raise fault(field, "unknown_word", f"one of {', '.join(CascadeMethod)}")
    return CascadeMethod(word)


def _kind(value: Any, field: str) -> ItemKind:
    word = str(value or ItemKind.UTAMA.value)
    if word not in set(ItemKind):
        raise fault(field, "unknown_word", f"one of {', '.join(ItemKind)}")
    return ItemKind(word)


def _write(step: Step, held: Mapping[str, MatrixCell], cells: Sequence[MatrixCell]) -> None:
    stay = {cell.id for cell in cells}
    for cell in held.values():
        if cell.id not in stay and cell.status is CellStatus.PROPOSED:
            step.uow.goals.put(replace(cell, status=CellStatus.DROPPED))
    for cell in cells:
        if cell.id in held:
            step.uow.goals.put(cell)
    step.uow.goals.add([cell for cell in cells if cell.id not in held])


def _offer(step: Step, cycle: Cycle, person_id: str) -> int:
    """How many proposed results a draft takes now; none when there is no draft."""
    known = step.standing.person(person_id)
    own = step.uow.performance.cycle_of(known.agency_id, cycle.year) if known else None
    plan = step.uow.performance.plan_of(person_id, own.id) if own else None
    if own is None or plan is None or not is_open_draft(plan):
        return 0
    roles = step.uow.contributions.memberships_of(person_id, own.starts_on, own.ends_on)
    offers = cell_offers(step.uow, plan, roles)
    if not offers:
        return 0
    step.uow.goals.linking(cycle.year)
    _into_draft(step, plan, offers)
    return len(offers)


def _into_draft(step: Step, plan: Plan, offers: Sequence[Offer]) -> None:
    """New results share their role's weight evenly with those that are there."""
    held = list(step.uow.performance.items(plan.id))
    new = [_item(step, plan, offer, len(held) + n) for n, offer in enumerate(offers, start=1)]
    measures = [
        one.placed(step.means.ids.uuid(), i.id, number)
        for i, o in zip(new, offers, strict=True)
        for number, one in enumerate(o.measures, start=1)
    ]
    kept = list(step.uow.performance.indicators(plan.id))
    items = _weighed([*held, *new], {item.id for item in new})
    step.uow.performance.replace_items(plan.id, items, [*kept, *measures])
    take(step, [(offer, item.id) for offer, item in zip(offers, new, strict=True)])


def _item(step: Step, plan: Plan, offer: Offer, number: int) -> PlanItem:
    return PlanItem(
        id=step.means.ids.uuid(),
        plan_id=plan.id,
        number=number,
        kind=offer.kind,
        role_kind=RoleKind.SQUAD if offer.membership_id else RoleKind.HOME,
        membership_id=offer.membership_id,
        title=offer.title,
        weight_bp=0,
    )


def _weighed(items: Sequence[PlanItem], new: Collection[str]) -> list[PlanItem]:
    found: dict[str, int] = {}
    for role in {item.role for item in items}:
        own = [item for item in items if item.role == role]
        fresh = [item for item in own if item.id in new]
        if not fresh:
            found |= {item.id: item.weight_bp for item in own}
            continue
        old = sum(item.weight_bp for item in own) or WHOLE_BP
        share = Fraction(old, max(len(own) - len(fresh), 1))
        weights = {i.id: share if i.id in new else Fraction(i.weight_bp) for i in own}
        found |= split_whole(weights)
    return [replace(item, weight_bp=found[item.id]) for item in items]


OPERATIONS: Final[Mapping[str, Callable[[Step], Mapping[str, Json]]]] = {
    "regu.matrix.save": save_matrix,
}
