"""FEEL questions about rows of decision tables that were written from memory."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from engine.usecases.confirmations import remembered_rows

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.usecases.confirmations import RememberedRow
    from engine.usecases.organisation import Standing

SIGNATURES: Final[Mapping[str, tuple[str, ...]]] = {
    "unconfirmed rules": ("agency",),
    "confirmed rules": ("agency",),
    "remembered rule": ("agency", "hash"),
}


class Answers:
    """Choices are pairs of value (the hash of the row) and label (what it says)."""

    def __init__(self, standing: Standing) -> None:
        self._uow = standing.uow

    def unconfirmed_rules(self, agency: str) -> list[dict[str, str]]:
        """Rows that rest until somebody shows where they stand."""
        rows = remembered_rows(self._uow, agency)
        return [_choice(row) for row in rows if row.standing is None]

    def confirmed_rules(self, agency: str) -> list[dict[str, str]]:
        """Rows that count for the agency."""
        rows = remembered_rows(self._uow, agency)
        return [_choice(row) for row in rows if row.standing is not None]

    def remembered_rule(self, agency: str, hash: str) -> dict[str, Any] | None:  # noqa: A002 - FEEL name
        """One row in words: `words`, `source`, and `document` and `page` when confirmed."""
        for row in remembered_rows(self._uow, agency):
            if row.rule.digest == hash:
                held = row.standing
                return {
                    "words": row.words,
                    "source": row.rule.source,
                    "document": held.document if held else "",
                    "page": held.page if held else "",
                }
        return None


def _choice(row: RememberedRow) -> dict[str, str]:
    return {"value": row.rule.digest, "label": f"{row.words} ({row.rule.source})"}
