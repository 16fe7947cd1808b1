"""Point budgets of a squad by period (pagu poin): splitting outputs mints nothing (I11)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.domain.errors import Violation

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from engine.domain.outputs import Output
    from engine.domain.squads import Squad


@dataclass(frozen=True, slots=True, kw_only=True)
class PointBudget:
    """How many points the outputs of a squad may be worth in one period."""

    #: UUIDv7 text
    id: str
    #: the squad
    squad_id: str
    #: the period of work
    period_id: str
    #: the most that V may sum to
    points: int
    #: sponsor who set it
    set_by: str
    #: when
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class BudgetUse:
    """A budget and what of it is used."""

    #: the period of work
    period_id: str
    #: None: the squad's whole budget bounds it alone
    points: int | None
    #: sum of V of the outputs in the period
    used_points: int
    #: how many outputs
    outputs: int

    @property
    def left_points(self) -> int | None:
        """What may still be planned."""
        return None if self.points is None else self.points - self.used_points


def check_budgets(
    squad: Squad, budgets: Iterable[PointBudget], outputs: Iterable[Output]
) -> tuple[Violation, ...]:
    """Promise: I11 by period: every fault of a squad's budgets and of the outputs under them.

    Once a squad has a budget for one period, a period without one takes no output.
    """
    held = {row.period_id: row.points for row in budgets if row.squad_id == squad.id}
    found = [
        _fault(period_id, f"budget {points} must not be below 0")
        for period_id, points in held.items()
        if points < 0
    ]
    total = sum(held.values())
    if total > squad.budget_points:
        found.append(_fault(squad.id, f"periods sum to {total} of {squad.budget_points}"))
    if held:
        used = used_by_period(squad.id, outputs)
        found.extend(
            _fault(period_id, f"{points} points of {held.get(period_id, 0)}")
            for period_id, points in sorted(used.items())
            if points > held.get(period_id, 0)
        )
    return tuple(found)


def used_by_period(squad_id: str, outputs: Iterable[Output]) -> Mapping[str, int]:
    """Promise: sum of V by period of work."""
    found: dict[str, int] = {}
    for output in outputs:
        if output.squad_id == squad_id:
            found[output.period_id] = found.get(output.period_id, 0) + output.value_points
    return found


def _fault(subject: str, message: str) -> Violation:
    return Violation(code="I11", subject=subject, message=message)
