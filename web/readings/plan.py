"""A person's plan by role, with the arithmetic behind the index."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.domain.squads import Squad
from engine.usecases.books import person_plan, person_rating
from engine.usecases.errors import NotFound
from web.readings.shapes import CreditRow, IndexSheet, ItemRow, PlanSheet, RoleCard

if TYPE_CHECKING:
    from collections.abc import Sequence

    from engine.domain.index import IndexLine
    from engine.domain.ratings import Rating
    from engine.usecases.actor import Actor
    from engine.usecases.index import PersonIndex, RolePlan
    from engine.usecases.ports.work import House, UnitOfWork


def plan_sheet(house: House, actor: Actor, person_id: str, wanted: str | None) -> PlanSheet:
    """The plan of a person in a cycle; `NotFound` for who may not read it."""
    read = person_plan(house, actor, person_id, wanted)
    rating = _rating(house, actor, person_id, read.cycle.id)
    with house.reading() as uow:
        index = _index(read.found, rating)
        lines = {line.role: line for line in (index.lines if index else ())}
        return PlanSheet(
            person=read.person,
            cycle=read.cycle,
            plan=read.found.plan,
            roles=[
                _card(uow, role, number, read.found, lines.get(role.role))
                for number, role in enumerate(read.found.roles)
            ],
            index=index,
            rating=rating,
        )


def _rating(house: House, actor: Actor, person_id: str, cycle_id: str) -> Rating | None:
    """The rating beside the plan, for those who may read that too: a squad lead may not."""
    try:
        return person_rating(house, actor, person_id, cycle_id)
    except NotFound:
        return None


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
    served = uow.goals.served_titles([item.id for item in role.items])
    rows = []
    for item in role.items:
        progress = newest.get(item.id)
        rows.append(
            ItemRow(
                item=item,
                parent_title="; ".join(served.get(item.id, ())),
                indicators=[one for one in role.indicators if one.item_id == item.id],
                attainment=progress.attainment if progress else None,
                note=progress.note if progress else "",
            )
        )
    return rows


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
