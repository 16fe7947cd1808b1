"""Cycles, plans, progress, ratings, objections, follow-up: the store."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, TypeVar

from engine.domain.cycles import Cycle, Period
from engine.domain.followup import FollowUp
from engine.domain.objections import Objection
from engine.domain.plans import Feedback, Indicator, Measurement, Plan, PlanItem, Progress
from engine.domain.ratings import OrgRating, Rating
from engine.domain.revisions import PlanRevision
from engine.usecases.ports.planning import PlanningStore

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import date

#: what this store keeps
PerformanceEntity = (
    Cycle
    | Period
    | Plan
    | PlanItem
    | Indicator
    | Progress
    | Measurement
    | PlanRevision
    | Feedback
    | OrgRating
    | Rating
    | Objection
    | FollowUp
)
#: those of them that can be read by id and rewritten
PerformanceKept = TypeVar(
    "PerformanceKept",
    Cycle,
    Period,
    Plan,
    PlanItem,
    Progress,
    PlanRevision,
    Rating,
    Objection,
    FollowUp,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PredikatCount:
    """How many people of a home unit got a predikat."""

    unit_id: str
    #: "" where none is set yet
    predikat: str
    people: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanContents:
    """What belongs to one version of a plan."""

    #: in order
    items: Sequence[PlanItem] = ()
    #: in the order of the results
    indicators: Sequence[Indicator] = ()
    #: oldest period first
    progress: Sequence[Progress] = ()
    measurements: Sequence[Measurement] = ()


class PerformanceStore(PlanningStore, Protocol):
    """Cycles, plans, progress, ratings, objections, follow-up; part of the unit of work."""

    def add(self, rows: Sequence[PerformanceEntity]) -> None:
        """Insert rows, parents before children; `Conflict` names a broken constraint."""
        ...

    def put(self, row: PerformanceKept) -> None:
        """Write all fields of a row that exists."""
        ...

    def get(self, kind: type[PerformanceKept], row_id: str) -> PerformanceKept | None:
        """A row by id."""
        ...

    def cycle_of(self, agency_id: str, year: int) -> Cycle | None:
        """The cycle of an agency and year."""
        ...

    def cycles(self, agency_id: str) -> Sequence[Cycle]:
        """Cycles of an agency, newest first."""
        ...

    def periods(self, cycle_id: str) -> Sequence[Period]:
        """Periods of a cycle in order."""
        ...

    def items(self, plan_id: str) -> Sequence[PlanItem]:
        """Results of a plan in order."""
        ...

    def indicators(self, plan_id: str) -> Sequence[Indicator]:
        """Indicators of all results of a plan, in the order of the results."""
        ...

    def contents(self, plan_ids: Collection[str]) -> Mapping[str, PlanContents]:
        """Everything of several plans, by plan: four statements."""
        ...

    def replace_items(
        self, plan_id: str, items: Sequence[PlanItem], indicators: Sequence[Indicator]
    ) -> None:
        """The content of a plan that is not fixed; progress on removed results must not exist."""
        ...

    def progress(self, plan_id: str) -> Sequence[Progress]:
        """Progress on all results of a plan, oldest period first."""
        ...

    def progress_on(self, item_id: str, period_id: str) -> Progress | None:
        """The row of one result in one period."""
        ...

    def feedback(self, plan_id: str) -> Sequence[Feedback]:
        """Feedback on a plan, oldest first."""
        ...

    def feedback_on(self, plan_ids: Collection[str]) -> Sequence[Feedback]:
        """The same of several plans."""
        ...

    def without_fixed_plan(self, cycle_id: str, on: date) -> Sequence[str]:
        """Ids of people of the cycle's agency who hold a post that day but no fixed plan."""
        ...

    def org_rating(self, unit_id: str, cycle_id: str) -> OrgRating | None:
        """Level of a unit in a cycle."""
        ...

    def rating_of(self, person_id: str, cycle_id: str) -> Rating | None:
        """The newest version of a person's rating."""
        ...

    def ratings(self, cycle_id: str) -> Sequence[Rating]:
        """The newest version of everybody's rating, by person id."""
        ...

    def objection_to(self, rating_id: str) -> Objection | None:
        """The objection to a rating."""
        ...

    def follow_ups(self, rating_id: str) -> Sequence[FollowUp]:
        """Follow-up of a rating."""
        ...

    def distribution(self, cycle_id: str, on: date) -> Sequence[PredikatCount]:
        """Predikat counts by home unit on a day: one statement."""
        ...
