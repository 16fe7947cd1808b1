"""A person's plan by role."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.domain.access import Resource
from engine.domain.plans import PlanItem
from engine.domain.units import Unit
from engine.usecases.errors import NotFound
from engine.usecases.organisation import Standing
from web.readings.cycles import chosen_cycle
from engine.usecases.relations import require_reading
from web.readings.shapes import CreditRow, IndexSheet, ItemRow, PlanSheet, RoleCard

if TYPE_CHECKING:
    from collections.abc import Sequence

    from engine.domain.cycles import Cycle
    from engine.domain.plans import Plan
    from engine.domain.ratings import Rating
    from engine.domain.squads import Membership, Squad
    from engine.usecases.actor import Actor
    from engine.usecases.ports.contributions import CreditLine
    from engine.usecases.ports.work import House, UnitOfWork

HOME = "home"


def plan_sheet(house: House, actor: Actor, person_id: str, wanted: str | None) -> PlanSheet:
    """The plan of a person in a cycle; `NotFound` for who may not read it."""
    with house.reading() as uow:
        standing = Standing(uow, house.clock.now())
        person = standing.person(person_id)
        if person is None:
            raise NotFound("person", person_id)
        cycle = chosen_cycle(uow, person.agency_id, wanted)
        require_reading(uow, standing, actor, person_id, (Resource.PLAN, cycle))
        plan = uow.performance.plan_of(person_id, cycle.id)
        rating = uow.performance.rating_of(person_id, cycle.id)
        return PlanSheet(
            person=person,
            cycle=cycle,
            plan=plan,
            roles=_roles(uow, standing, (person_id, cycle), plan, rating),
            index=_index(rating),
            rating=rating,
        )


def _roles(
    uow: UnitOfWork,
    standing: Standing,
    whose: tuple[str, Cycle],
    plan: Plan | None,
    rating: Rating | None,
) -> Sequence[RoleCard]:
    person_id, cycle = whose
    items = _items(uow, plan)
    lines = {line.role: line for line in (rating.index_lines if rating else ())}
    credits = uow.contributions.credit_lines(cycle.id, person_id=person_id)
    memberships = uow.contributions.memberships_of(person_id, cycle.starts_on, cycle.ends_on)
    unit_id = standing.home_unit(person_id)
    unit = uow.agency.get(Unit, unit_id) if unit_id else None
    home = RoleCard(
        role=HOME,
        name=unit.name if unit else "",
        position=0,
        squad=None,
        effort_bp=_home_effort(plan, memberships),
        items=items.get(HOME, ()),
        credits=(),
        line=lines.get(HOME),
    )
    squads = [
        RoleCard(
            role=row.id,
            name=squad.name,
            position=number,
            squad=squad,
            effort_bp=row.effort_bp,
            items=items.get(row.id, ()),
            credits=[_credit(one) for one in credits if one.membership_id == row.id],
            line=lines.get(row.id),
        )
        for number, (row, squad) in enumerate(memberships, 1)
    ]
    return [home, *squads]


def _home_effort(
    plan: Plan | None, memberships: Sequence[tuple[Membership, Squad]]
) -> int | None:
    """What the plan says; without a word, what the squads leave of full time."""
    if plan is not None and plan.home_effort_bp is not None:
        return plan.home_effort_bp
    return max(0, 10_000 - sum(row.effort_bp for row, _ in memberships))


def _items(uow: UnitOfWork, plan: Plan | None) -> dict[str, list[ItemRow]]:
    if plan is None:
        return {}
    rows = uow.performance.items(plan.id)
    indicators = uow.performance.indicators(plan.id)
    newest = {row.item_id: row for row in uow.performance.progress(plan.id)}
    by_role: dict[str, list[ItemRow]] = {}
    for item in rows:
        progress = newest.get(item.id)
        by_role.setdefault(item.role, []).append(
            ItemRow(
                item=item,
                parent_title=_parent(uow, item.parent_item_id),
                indicators=[one for one in indicators if one.item_id == item.id],
                attainment=progress.attainment if progress else None,
                note=progress.note if progress else "",
            )
        )
    return by_role


def _parent(uow: UnitOfWork, item_id: str | None) -> str:
    parent = uow.performance.get(PlanItem, item_id) if item_id else None
    return parent.title if parent else ""


def _credit(line: CreditLine) -> CreditRow:
    return CreditRow(
        output_id=line.output_id,
        title=line.title,
        value_points=line.value_points,
        attainment=line.attainment,
        output_status=line.output_status,
        expected_bp=line.expected_bp,
        credited_bp=line.credited_bp,
        commitment=line.commitment,
    )


def _index(rating: Rating | None) -> IndexSheet | None:
    if rating is None or not rating.index_lines:
        return None
    return IndexSheet(
        ihk=rating.ihk,
        proposed_level=rating.proposed_level,
        lines=rating.index_lines,
        provisional=any(line.provisional for line in rating.index_lines),
    )
