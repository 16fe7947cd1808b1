"""Regu's own paths for portfolios, the allowance feed and referrals."""

from __future__ import annotations

from typing import Any

from api import recognition_cards as cards
from api import recognition_shapes as shapes
from api.door import actor, house
from api.smorest import Paths
from api.work_shapes import CycleQuery
from engine.usecases import allowances, portfolios

paths = Paths(
    "recognitions", "/api", "What results are used for: portfolios, allowances, referrals."
)


@paths.operation(
    "GET",
    "/people/<person_id>/portfolio",
    answer=shapes.PortfolioShape,
    query=CycleQuery,
    errors=(404,),
)
def get_portfolio(query: dict[str, Any], person_id: str) -> dict[str, Any]:
    """Recognitions with the rows they stand on, IP ASN and talent box of a person."""
    found = portfolios.portfolio(house(), actor(), person_id, query.get("cycle"))
    return cards.portfolio(found)


@paths.operation(
    "GET",
    "/cycles/<cycle_id>/allowances",
    answer=shapes.AllowancesShape,
    query=shapes.UsesPageQuery,
    errors=(404,),
)
def get_allowances(query: dict[str, Any], cycle_id: str) -> dict[str, Any]:
    """Predikat and percent per person and period, by NIP."""
    limit = query["limit"]
    found = allowances.allowance_feed(
        house(), actor(), cycle_id, after=query.get("after"), limit=limit + 1
    )
    return cards.allowances(found, limit)


@paths.operation("GET", "/referrals", answer=shapes.ReferralsShape, query=shapes.UsesPageQuery)
def get_referrals(query: dict[str, Any]) -> dict[str, Any]:
    """Cases referred to those who decide on discipline, newest first."""
    limit = query["limit"]
    found = allowances.referrals(house(), actor(), after=query.get("after"), limit=limit + 1)
    return cards.referrals(found, limit)
