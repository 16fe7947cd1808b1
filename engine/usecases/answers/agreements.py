"""FEEL questions about expected conduct and the annex of a plan."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from engine.domain.plans import Plan

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.usecases.organisation import Standing

SIGNATURES: Final[Mapping[str, tuple[str, ...]]] = {
    "value expectations": ("plan",),
    "plan agreements": ("plan",),
}


class Answers:
    """What was agreed last for the person of a plan, as rows of the form."""

    def __init__(self, standing: Standing) -> None:
        self._uow = standing.uow

    def value_expectations(self, plan: str) -> list[dict[str, Any]]:
        """Special expectations of conduct."""
        found = self._uow.performance.get(Plan, plan)
        if found is None:
            return []
        rows = self._uow.agreements.expectations(found.person_id, found.cycle_id)
        return [{"value": row.value.value, "text": row.text} for row in rows]

    def plan_agreements(self, plan: str) -> list[dict[str, Any]]:
        """Lines of the annex."""
        found = self._uow.performance.get(Plan, plan)
        if found is None:
            return []
        rows = self._uow.agreements.agreements(found.person_id, found.cycle_id)
        return [{"kind": row.kind.value, "text": row.text} for row in rows]
