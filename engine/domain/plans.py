"""Plans of a person: SKP, its results (RHK) and indicators (IKI)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from engine.domain.indicators import Aspect, Direction

if TYPE_CHECKING:
    from datetime import datetime
    from decimal import Decimal


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
    #: part of full time planned for the home unit, basis points; None: what the squads leave
    home_effort_bp: int | None = None
    #: rater who fixed it
    fixed_by: str | None = None
    #: when
    fixed_at: datetime | None = None


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
    #: leader's result that this one serves (RHK pimpinan yang diintervensi)
    parent_item_id: str | None = None
    #: the result in words
    title: str
    #: weight inside its role, basis points
    weight_bp: int

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
    #: number to reach; None for a qualitative plan
    target: Decimal | None = None
    #: unit of the target, such as "dokumen", "%", "hari"
    unit: str = ""
    #: which way is better
    direction: Direction = Direction.HIGHER
    #: the target in words; for a range its upper end as "..upper"
    target_text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """What was reached on a result in a period."""

    #: UUIDv7 text
    id: str
    #: the result
    item_id: str
    #: the period
    period_id: str
    #: measured value, when there is one
    actual: Decimal | None
    #: 0 to the cap (120), scale 2
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
