"""A person's plan by role, with the arithmetic behind the index."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.usecases.plan_books import plan_book
from web.readings.shapes import CreditRow, IndexSheet, ItemRow, PlanSheet, RoleCard

if TYPE_CHECKING:
    from collections.abc import Sequence

    from engine.domain.index import IndexLine
    from engine.domain.ratings import Rating
    from engine.usecases.actor import Actor
    from engine.usecases.index import PersonIndex, RolePlan
    from engine.usecases.plan_books import PlanBook
    from engine.usecases.ports.work import House


def plan_sheet(house: House, actor: Actor, person_id: str, wanted: str | None) -> PlanSheet:
    """The plan of a person in a cycle; `NotFound` for who may not read it."""
    return sheet_of(plan_book(house, actor, person_id, wanted))


def sheet_of(book: PlanBook) -> PlanSheet:
    """The same of a plan that is read already."""
    found = book.found
    index = _index(found, book.rating)
    lines = {line.role: line for line in (index.lines if index else ())}
    return PlanSheet(
        person=book.person,
        cycle=book.cycle,
        plan=found.plan,
        roles=[
            _card(book, role, number, lines.get(role.role))
            for number, role in enumerate(found.roles)
        ],
        index=index,
        rating=book.rating,
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


def _card(book: PlanBook, role: RolePlan, number: int, line: IndexLine | None) -> RoleCard:
    squads = {squad.id: squad for _, squad in book.found.rows.held}
    return RoleCard(
        role=role.role,
        name=role.name,
        position=number,
        squad=squads.get(role.squad_id) if role.squad_id else None,
        effort_bp=role.effort_bp,
        items=_items(book, role),
        credits=_credits(role, book.found),
        line=line,
    )


def _items(book: PlanBook, role: RolePlan) -> Sequence[ItemRow]:
    newest = {row.item_id: row for row in role.progress}
    rows = []
    for item in role.items:
        progress = newest.get(item.id)
        rows.append(
            ItemRow(
                item=item,
                parent_title="; ".join(book.served.get(item.id, ())),
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
