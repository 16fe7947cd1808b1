"""Notes of days as the documentation of their period begins with them: nothing is typed twice."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.domain.cycles import Period
from engine.domain.plans import Plan
from engine.usecases.ports.daily_notes import NoteScope

if TYPE_CHECKING:
    from engine.domain.daily_notes import DailyNote
    from engine.usecases.ports.work import UnitOfWork


def notes_of_period(uow: UnitOfWork, plan_id: str, period_id: str) -> dict[str, list[DailyNote]]:
    """The notes of a plan's results on days of the period, by result, oldest day first."""
    plan, period = uow.performance.get(Plan, plan_id), uow.performance.get(Period, period_id)
    if plan is None or period is None:
        return {}
    scope = NoteScope(
        person_id=plan.person_id,
        cycle_id=plan.cycle_id,
        days=(period.starts_on, period.ends_on),
    )
    found: dict[str, list[DailyNote]] = {}
    for row in reversed(uow.dialogues.daily_notes(scope)):
        found.setdefault(row.note.item_id, []).append(row.note)
    return found
