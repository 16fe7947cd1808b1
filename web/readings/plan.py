"""A person's plan by role, with the arithmetic behind the index."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.domain.access import Resource
from engine.domain.plans import PlanItem
from engine.domain.squads import Squad
from engine.usecases.decisions import Tables
from engine.usecases.errors import NotFound
from engine.usecases.index import PersonIndex, RolePlan, person_index
from engine.usecases.means import Means
from engine.usecases.organisation import Standing
from engine.usecases.relations import require_reading
from web.readings.cycles import chosen_cycle
from web.readings.shapes import CreditRow, IndexSheet, ItemRow, PlanSheet, RoleCard

if TYPE_CHECKING:
    from collections.abc import Sequence

    from engine.domain.index import IndexLine
    from engine.domain.ratings import Rating
    from engine.usecases.actor import Actor
    from engine.usecases.ports.work import House, UnitOfWork


def plan_sheet(house: House, actor: Actor, person_id: str, wanted: str | None) -> PlanSheet:
    """The plan of a person in a cycle; `NotFound` for who may not read it."""
    means = Means(ids=house.ids, clock=house.clock, decide=house.runner.decide)
    with house.reading() as uow:
        standing = Standing(uow, house.clock.now())
        person = standing.person(person_id)
        if person is None:
            raise NotFound("person", person_id)
        cycle = chosen_cycle(uow, person.agency_id, wanted)
        require_reading(uow, standing, actor, person_id, (Resource.PLAN, cycle))
        tables = Tables(means, uow, house.clock.now(), person.agency_id)
        found = person_index(standing, tables, person_id, cycle)
        rating = uow.performance.rating_of(person_id, cycle.id)
        index = _index(found, rating)
        lines = {line.role: line for line in (index.lines if index else ())}
        return PlanSheet(
            person=person,
            cycle=cycle,
            plan=found.plan,
            roles=[
                _card(uow, role, number, found, lines.get(role.role))
                for number, role in enumerate(found.roles)
            ],
            index=index,
            rating=rating,
        )


def _index(found: PersonIndex, rating: Rating | None) -> IndexSheet | None:
    """As it stood when the rating was prepared, else as it stands now."""
    if rating is not None and rating.index_lines:
        return IndexSheet(
            ihk=rating.ihk,
            proposed_level=rating.proposed_level,
            lines=rating.index_lines,
            provisional=any(line.provisional for line in rating.index_lines),
        )
    if found.index is None:
        return None
    return IndexSheet(
        ihk=found.index.ihk,
        proposed_level=found.index.proposed_level,
        lines=found.index.lines,
        provisional=found.index.provisional,
    )


def _card(
    uow: UnitOfWork, role: RolePlan, number: int, found: PersonIndex, line: IndexLine | None
) -> RoleCard:
    return RoleCard(
        role=role.role,
        name=role.name,
        position=number,
        squad=uow.contributions.get(Squad, role.squad_id) if role.squad_id else None,
        effort_bp=role.effort_bp,
        items=_items(uow, role),
        credits=_credits(role, found),
        line=line,
    )


def _items(uow: UnitOfWork, role: RolePlan) -> Sequence[ItemRow]:
    newest = {row.item_id: row for row in role.progress}
    rows = []
    for item in role.items:
        progress = newest.get(item.id)
        rows.append(
            ItemRow(
                item=item,
                parent_title=_parent(uow, item.parent_item_id),
                indicators=[one for one in role.indicators if one.item_id == item.id],
                attainment=progress.attainment if progress else None,
                note=progress.note if progress else "",
            )
        )
    return rows


def _parent(uow: UnitOfWork, item_id: str | None) -> str:
    parent = uow.performance.get(PlanItem, item_id) if item_id else None
    return parent.title if parent else ""


def _credits(role: RolePlan, found: PersonIndex) -> Sequence[CreditRow]:
    counted = {one.output_id: one for one in found.credits.get(role.role, ())}
    return [
        CreditRow(
            output_id=line.output_id,
            title=line.title,
            value_points=line.value_points,
            attainment=line.attainment,
            output_status=line.output_status,
            expected_bp=line.expected_bp,
            credited_bp=line.credited_bp,
            commitment=line.commitment,
            arithmetic=counted.get(line.output_id),
        )
        for line in role.lines
    ]
