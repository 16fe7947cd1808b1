"""Regu's own paths for functional credit."""

from __future__ import annotations

from typing import Any

from api import functional_cards as cards
from api import functional_shapes as shapes
from api.door import actor, house
from api.smorest import Paths
from engine.usecases.functional_credit import Page, credit_book, unit_officials

paths = Paths("functional", "/api", "Functional credit by month, papers of credit.")
_KEY_PARTS = 2


@paths.operation(
    "GET",
    "/people/<person_id>/functional-credit",
    answer=shapes.FunctionalCreditShape,
    errors=(404,),
)
def get_functional_credit(person_id: str) -> dict[str, Any]:
    """A person's functional credit: months, sums, papers."""
    return cards.book(credit_book(house(), actor(), person_id))


@paths.operation(
    "GET",
    "/units/<unit_id>/functional-credit",
    answer=shapes.OfficialsShape,
    query=shapes.OfficialsQuery,
    errors=(404,),
)
def get_unit_functional_credit(query: dict[str, Any], unit_id: str) -> dict[str, Any]:
    """Functional officials of a unit and below it, by name."""
    limit = query["limit"]
    key = tuple(str(query.get("after") or "").split("~"))
    after = (key[0], key[1]) if len(key) == _KEY_PARTS and all(key) else None
    page = Page(after=after, limit=limit + 1)
    found = unit_officials(house(), actor(), unit_id, page)
    rows = found.rows[:limit]
    more = len(found.rows) > limit
    return {
        "items": [cards.official(row, found.decimals) for row in rows],
        "after": f"{rows[-1].official.name}~{rows[-1].official.person_id}" if more else None,
    }
