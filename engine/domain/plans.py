"""Plans of a person: SKP, its results (RHK) and indicators (IKI)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from engine.domain.errors import NotEntitled, TransitionRefused, Violation
from engine.domain.indicators import Aspect, Direction
from engine.domain.scales import WHOLE_BP

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence
    from datetime import date, datetime
    from decimal import Decimal

    from engine.domain.ratings import Level


class PlanStatus(StrEnum):
    """State of a plan."""

    #: the employee writes
    DRAFT = "draft"
    #: handed in for clarification
    SUBMITTED = "submitted"
    #: expectations clarified by leads and rater
    CLARIFIED = "clarified"
    #: fixed by the rater (ditetapkan)
    FIXED = "fixed"
    #: a later version holds
    SUPERSEDED = "superseded"
    #: a proposed change that did not come about; kept for reading
    DROPPED = "dropped"


class Approach(StrEnum):
    """How a plan speaks of its targets (pendekatan)."""

    #: measure, indicator and target apart
    KUANTITATIF = "kuantitatif"
    #: measure, indicator and target as one narrative
    KUALITATIF = "kualitatif"


class ItemKind(StrEnum):
    """Kind of a planned result."""

    #: serves the organisation's results
    UTAMA = "utama"
    #: outside the main role
    TAMBAHAN = "tambahan"


class RoleKind(StrEnum):
    """Where a role is played."""

    #: in the home unit
    HOME = "home"
    #: in a squad
    SQUAD = "squad"


class FeedbackRole(StrEnum):
    """Who speaks in a feedback."""

    #: pejabat penilai kinerja
    RATER = "rater"
    #: ketua tim
    LEAD = "lead"
    #: colleague
    PEER = "peer"
    #: direct subordinate
    SUBORDINATE = "subordinate"
    #: the employee
    SELF = "self"


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A version of a person's plan for a cycle (SKP)."""

    #: UUIDv7 text
    id: str
    #: whose plan
    person_id: str
    #: which cycle
    cycle_id: str
    #: 1-based; a change after fixing is a new version
    version: int = 1
    #: state
    status: PlanStatus = PlanStatus.DRAFT
    #: in numbers or in narrative
    approach: Approach = Approach.KUANTITATIF
    #: first day on which the version holds; None before it is fixed
    valid_from: date | None = None
    #: part of full time planned for the home unit, basis points; None: what the squads leave
    home_effort_bp: int | None = None
    #: rater who fixed it
    fixed_by: str | None = None
    #: when
    fixed_at: datetime | None = None


def holding(versions: Iterable[Plan]) -> Plan | None:
    """Promise: the version that is fixed, else the newest that was not dropped."""
    kept = [one for one in versions if one.status is not PlanStatus.DROPPED]
    return max(kept, key=lambda one: (one.status is PlanStatus.FIXED, one.version), default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanItem:
    """A planned result in one role (RHK)."""

    #: UUIDv7 text
    id: str
    #: its plan
    plan_id: str
    #: 1-based order in the plan
    number: int
    #: utama or tambahan
    kind: ItemKind
    #: home or squad
    role_kind: RoleKind
    #: the membership when the role is a squad's
    membership_id: str | None = None
    #: the result in words
    title: str
    #: weight inside its role, basis points
    weight_bp: int
    #: the result that this row is a proposed or an earlier version of; None: the result itself
    origin_item_id: str | None = None

    @property
    def role(self) -> str:
        """The role the item belongs to: "home" or the membership id."""
        return self.membership_id or RoleKind.HOME.value


@dataclass(frozen=True, slots=True, kw_only=True)
class Indicator:
    """A measure of a result (IKI)."""

    #: UUIDv7 text
    id: str
    #: the result it measures
    item_id: str
    #: what is measured
    aspect: Aspect
    #: the measure in words
    text: str
    #: number to reach; None for a range and where words say it
    target: Decimal | None = None
    #: unit of the target, such as "dokumen", "%", "hari"
    unit: str = ""
    #: which way is better
    direction: Direction = Direction.HIGHER
    #: the target in words
    target_text: str = ""
    #: lower end of a range
    lower: Decimal | None = None
    #: upper end of a range
    upper: Decimal | None = None
    #: 1-based order in the result
    number: int = 1
    #: weight beside the other indicators of the result, 1 or more
    weight: int = 1
    #: the indicator that this row is a proposed or an earlier version of; None: itself
    origin_indicator_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """What was reached on a result in a period."""

    #: UUIDv7 text
    id: str
    #: the result
    item_id: str
    #: the period
    period_id: str
    #: value of the first indicator that was measured by a number
    actual: Decimal | None
    #: over all indicators of the result, 0 to the cap (120), scale 2
    attainment: Decimal
    #: words
    note: str = ""
    #: proof
    evidence_id: str | None = None
    #: who wrote it
    recorded_by: str
    #: when
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Measurement:
    """What one indicator of a result came to in a period: a line of its progress."""

    #: UUIDv7 text
    id: str
    #: the progress it belongs to
    progress_id: str
    #: the indicator
    indicator_id: str
    #: measured value; None where words judge
    actual: Decimal | None = None
    #: what was reached, in words
    actual_text: str = ""
    #: word of a qualitative indicator
    level: Level | None = None
    #: who gave the word when not the employee himself
    judged_by: str | None = None
    #: 0 to the cap, scale 2
    attainment: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Feedback:
    """Continuous feedback on a plan or one result (umpan balik berkelanjutan)."""

    #: UUIDv7 text
    id: str
    #: the plan
    plan_id: str
    #: the result, None: the plan as a whole
    item_id: str | None = None
    #: who gives it
    giver_id: str
    #: in which relation
    role: FeedbackRole
    #: words
    text: str
    #: the period it concerns
    period_id: str
    #: when
    at: datetime


_NEXT: Final = {
    PlanStatus.DRAFT: frozenset({PlanStatus.SUBMITTED, PlanStatus.DROPPED}),
    PlanStatus.SUBMITTED: frozenset({PlanStatus.CLARIFIED, PlanStatus.DRAFT, PlanStatus.DROPPED}),
    PlanStatus.CLARIFIED: frozenset({PlanStatus.FIXED, PlanStatus.DRAFT, PlanStatus.DROPPED}),
    PlanStatus.FIXED: frozenset({PlanStatus.SUPERSEDED}),
    PlanStatus.SUPERSEDED: frozenset[PlanStatus](),
    PlanStatus.DROPPED: frozenset[PlanStatus](),
}


def advance(plan: Plan, status: PlanStatus) -> Plan:
    """Promise: the plan in its next state; a return goes back to draft.

    Raises TransitionRefused for any other step. Fixing goes through `fix`.
    """
    if status not in _NEXT[plan.status] or status is PlanStatus.FIXED:
        raise TransitionRefused("plan", plan.status, status)
    return replace(plan, status=status)


def fix(plan: Plan, rater_id: str, at: datetime, valid_from: date | None = None) -> Plan:
    """Promise: the plan fixed by its rater (ditetapkan), holding from `valid_from` on.

    Raises TransitionRefused unless clarified, NotEntitled when the rater is the employee.
    """
    if plan.status is not PlanStatus.CLARIFIED:
        raise TransitionRefused("plan", plan.status, PlanStatus.FIXED)
    if rater_id == plan.person_id:
        raise NotEntitled("fix", rater_id, "nobody fixes his own plan")
    holds = valid_from or plan.valid_from
    return replace(plan, status=PlanStatus.FIXED, fixed_by=rater_id, fixed_at=at, valid_from=holds)


def check_plan(
    items: Sequence[PlanItem], indicators: Sequence[Indicator], roles: Collection[str]
) -> tuple[Violation, ...]:
    """Promise: every fault of a plan before it is submitted.

    `roles` are the roles the person holds: "home" and membership ids. Each role needs a main
    result and weights that sum to 10,000 (I12); each result an indicator and a role he holds.
    """
    found: list[Violation] = []
    measured = {indicator.item_id for indicator in indicators}
    for item in items:
        if item.role not in roles:
            found.append(_fault("role_unknown", item.id, f"role {item.role} is not held"))
        if (item.role_kind is RoleKind.HOME) is (item.membership_id is not None):
            found.append(_fault("role_kind", item.id, "a squad's result names its membership"))
        if not 0 < item.weight_bp <= WHOLE_BP:
            found.append(_fault("weight", item.id, f"weight {item.weight_bp}"))
        if item.id not in measured:
            found.append(_fault("indicator_missing", item.id, "has no indicator"))
        if not item.title.strip():
            found.append(_fault("title_missing", item.id, "has no words"))
    for indicator in indicators:
        found.extend(check_indicator(indicator))
    for role in sorted(roles):
        found.extend(_check_role(role, [item for item in items if item.role == role]))
    return tuple(found)


def check_indicator(one: Indicator) -> Iterator[Violation]:
    """Promise: every fault of an indicator, named by its id.

    A range has two rising ends and no target; words have no number; more is better needs a target
    above 0, less is better one of 0 or more. A target in numbers may be missing while a plan is
    young: its percent is then typed itself.
    """
    ends = (one.lower, one.upper)
    if one.direction is Direction.RANGE:
        if one.lower is None or one.upper is None or not 0 <= one.lower <= one.upper > 0:
            yield _fault("range_ends", one.id, "a range needs two ends that rise from 0")
    elif ends != (None, None):
        yield _fault("range_ends", one.id, "only a range has ends")
    if one.target is not None:
        if one.direction in (Direction.RANGE, Direction.QUALITATIVE):
            yield _fault("target_unused", one.id, f"{one.direction.value} has no single number")
        elif one.target < 0 or (one.target == 0 and one.direction is Direction.HIGHER):
            yield _fault("target_low", one.id, f"target {one.target}")
    if one.weight < 1:
        yield _fault("indicator_weight", one.id, f"weight {one.weight}")
    if not one.text.strip():
        yield _fault("indicator_words", one.id, "has no words")


def _check_role(role: str, items: Sequence[PlanItem]) -> Iterator[Violation]:
    if not any(item.kind is ItemKind.UTAMA for item in items):
        yield _fault("role_empty", role, "has no main result")
        return
    total = sum(item.weight_bp for item in items)
    if total != WHOLE_BP:
        yield _fault("weights_sum", role, f"weights sum to {total} instead of {WHOLE_BP}")


def _fault(code: str, subject: str, message: str) -> Violation:
    return Violation(code=code, subject=subject, message=message)
