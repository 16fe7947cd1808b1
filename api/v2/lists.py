"""Pages of the /v2 search operations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from api.door import cursor, place
from engine.usecases.ports.search import TOTAL_MAX

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


def after(body: dict[str, Any]) -> int | None:
    """The key behind which the page begins."""
    found = place(body["page"].get("after"))
    return found[0] if found else None


def answer(
    rows: Sequence[Any], body: dict[str, Any], card: Callable[[Any], dict[str, Any]], total: int
) -> dict[str, Any]:
    """A page; `total` counts all pages, and beyond TOTAL_MAX only says that there is more."""
    shown = rows[: body["page"]["limit"]]
    return {
        "items": [card(row) for row in shown],
        "page": {
            "totalItems": min(total, TOTAL_MAX),
            "hasMoreTotalItems": total > TOTAL_MAX,
            "startCursor": cursor(shown[0].key) if shown else None,
            "endCursor": cursor(shown[-1].key) if shown else None,
        },
    }
