"""Expected conduct and the annex of a plan: the store."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

    from engine.domain.agreements import Agreement, ValueExpectation


class AgreementStore(Protocol):
    """What was agreed beside the results; part of the unit of work."""

    def replace(
        self,
        plan_id: str,
        expectations: Sequence[ValueExpectation],
        agreements: Sequence[Agreement],
    ) -> None:
        """The content for a plan that is not fixed; `Conflict` for a fixed one."""
        ...

    def expectations(self, person_id: str, cycle_id: str) -> Sequence[ValueExpectation]:
        """Of the newest version of a person's plan that has any, in the order of the values."""
        ...

    def agreements(self, person_id: str, cycle_id: str) -> Sequence[Agreement]:
        """Of the newest version of a person's plan that has any, by part and number."""
        ...
