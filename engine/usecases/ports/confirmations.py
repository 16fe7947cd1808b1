"""What agencies said about rows of decision tables from memory: the store."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from engine.domain.confirmations import RuleConfirmation


class ConfirmationStore(Protocol):
    """Append-only; part of the unit of work."""

    def add(self, row: RuleConfirmation) -> None:
        """Keep a word; `Conflict` names a broken constraint."""
        ...

    def newest(self, agency_id: str, key: tuple[str, str, str]) -> RuleConfirmation | None:
        """The newest word on a row, named by decision, rule and hash."""
        ...

    def standing(
        self, agency_id: str, decision_ids: Collection[str] | None = None
    ) -> Sequence[RuleConfirmation]:
        """What an agency confirmed and did not withdraw (of some decisions), oldest first."""
        ...
