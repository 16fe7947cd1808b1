"""Load per month over all roles, hours for the workload analysis (Anjab/ABK), overload."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import TYPE_CHECKING

from engine.domain.errors import Violation
from engine.domain.scales import WHOLE_BP, at_scale

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date
    from decimal import Decimal

_MONTHS = 12


class LoadFlag(StrEnum):
    """How a month's load stands."""

    #: inside full time
    NORMAL = "normal"
    #: above full time: the rater comments
    OVERLOAD = "overload"
    #: so far above that host and home must have agreed
    APPROVAL = "approval"


class ResultChange(StrEnum):
    """What becomes of a home result when a membership is signed (crediting.md 0.9)."""

    #: its target is lowered
    REDUCED = "reduced"
    #: it is given up
    DROPPED = "dropped"
    #: it stays as it is, with a reason
    KEPT = "kept"


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadRules:
    """Thresholds and hours, filled from the agency's decision `workload_flag`."""

    #: above this a month is overloaded
    overload_above_bp: int
    #: above this both unit heads must have agreed
    approval_above_bp: int
    #: effective hours of a full-time year
    effective_hours: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleLoad:
    """A role's part of full time between two days."""

    #: "home" or the membership id
    role: str
    #: part of full time, basis points
    effort_bp: int
    #: first day
    starts_on: date
    #: last day
    ends_on: date


def monthly_load(roles: Iterable[RoleLoad], year: int) -> dict[int, int]:
    """Promise: load of each month 1..12, basis points: every role that touches the month counts."""
    found = dict.fromkeys(range(1, _MONTHS + 1), 0)
    for role in roles:
        for month in range(1, _MONTHS + 1):
            if _touches(role, year, month):
                found[month] += role.effort_bp
    return found


def load_flag(load_bp: int, rules: LoadRules) -> LoadFlag:
    """Promise: how a month stands (I12: above 10,000 is allowed and flagged)."""
    if load_bp > rules.approval_above_bp:
        return LoadFlag.APPROVAL
    return LoadFlag.OVERLOAD if load_bp > rules.overload_above_bp else LoadFlag.NORMAL


def flagged_months(loads: Mapping[int, int], rules: LoadRules) -> dict[int, LoadFlag]:
    """Promise: the months that are not normal."""
    flags = {month: load_flag(load, rules) for month, load in loads.items()}
    return {month: flag for month, flag in flags.items() if flag is not LoadFlag.NORMAL}


def hours(effort_bp: int, months: int, rules: LoadRules) -> Decimal:
    """Promise: hours a role books: share x effective hours x months / 12, scale 2."""
    exact = Fraction(effort_bp * rules.effective_hours * months, WHOLE_BP * _MONTHS)
    return at_scale(exact, 2)


def full_time_equivalent(booked: Iterable[Decimal], rules: LoadRules) -> Decimal:
    """Promise: hours over effective hours, scale 2."""
    total = sum((Fraction(value) for value in booked), Fraction(0))
    return at_scale(total / rules.effective_hours, 2)


def home_effort_bp(squads_bp: int, agreed_bp: int | None = None) -> int:
    """Promise: what is left for home beside the squads, or what was agreed to be kept."""
    return max(WHOLE_BP - squads_bp, 0) if agreed_bp is None else agreed_bp


def scaled_target(target: Decimal, before_bp: int, after_bp: int) -> Decimal:
    """Promise: a quantity that takes the same time per piece, in less time, scale 2, half up.

    A proposal for a result whose target is lowered (crediting.md 0.9), never more than before;
    the target itself where nothing was there before.
    """
    if before_bp <= 0 or after_bp >= before_bp:
        return at_scale(Fraction(target), 2)
    return at_scale(Fraction(target) * after_bp / before_bp, 2)


def check_home_results(
    results: Iterable[str], changes: Mapping[str, tuple[ResultChange, str]]
) -> tuple[Violation, ...]:
    """Promise: every home result without an answer, or kept without a reason.

    Shapes: plan item ids; plan item id to (change, reason).
    """
    found: list[Violation] = []
    for item in results:
        change, reason = changes.get(item, (None, ""))
        if change is None:
            found.append(_fault("result_unanswered", item, "reduced, dropped or kept?"))
        elif change is ResultChange.KEPT and not reason.strip():
            found.append(_fault("reason_missing", item, "a kept result needs a reason"))
    return tuple(found)


def _touches(role: RoleLoad, year: int, month: int) -> bool:
    first, last = (
        (role.starts_on.year, role.starts_on.month),
        (role.ends_on.year, role.ends_on.month),
    )
    return first <= (year, month) <= last


def _fault(code: str, subject: str, message: str) -> Violation:
    return Violation(code=code, subject=subject, message=message)
