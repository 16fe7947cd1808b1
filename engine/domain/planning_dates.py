"""When a plan is asked for, replaced and fixed; the days come from the agency's table."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanningDays:
    """Days of planning, filled from the decision `planning_dates`."""

    #: counted from the cycle's first day, else from the day on which the person begins
    from_cycle: bool
    #: to the reminder
    draft: int
    #: to the draft that the house imposes
    fallback: int
    #: to the fixed plan
    fixed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanningDates:
    """The days themselves."""

    #: the draft is due
    draft_due: date
    #: the imposed draft takes over
    fallback: date
    #: the plan is fixed
    fixed: date


def planning_dates(days: PlanningDays, starts_on: date, begins_on: date) -> PlanningDates:
    """Promise: the dates of who begins on a day in a cycle; none lies before that day."""
    first = starts_on if days.from_cycle else max(begins_on, starts_on)
    found = (first + timedelta(n) for n in (days.draft, days.fallback, days.fixed))
    draft, fallback, fixed = (max(day, begins_on) for day in found)
    return PlanningDates(draft_due=draft, fallback=fallback, fixed=fixed)
