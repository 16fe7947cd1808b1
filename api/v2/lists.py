"""Pages of the /v2 search operations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from api.door import cursor, place

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


def after(body: dict[str, Any]) -> int | None:
    """The key behind which the page begins."""
    found = place(body["page"].get("after"))
    return found[0] if found else None


def answer(
    rows: Sequence[Any], body: dict[str, Any], card: Callable[[Any], dict[str, Any]]
) -> dict[str, Any]:
    """A page; `totalItems` counts what this page shows, and says when there is more.

    One row more than the limit is asked of the store, so that "more" is known, not guessed.
    """
    limit = body["page"]["limit"]
    shown = rows[:limit]
    return {
        "items": [card(row) for row in shown],
        "page": {
            "totalItems": len(shown),
            "hasMoreTotalItems": len(rows) > limit,
            "startCursor": cursor(shown[0].key) if shown else None,
            "endCursor": cursor(shown[-1].key) if shown else None,
        },
    }
