"""Versions of plans, their measured indicators and revisions: the store's questions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import date

    from engine.domain.plans import Measurement, Plan, Progress
    from engine.domain.revisions import PlanRevision


class PlanningStore(Protocol):
    """The planning part of `uow.performance`."""

    def plan_of(self, person_id: str, cycle_id: str) -> Plan | None:
        """The version that is fixed, else the newest that was not dropped."""
        ...

    def post_plan(self, plan: Plan, post_id: str) -> Plan | None:
        """The newest fixed plan of somebody else who held a post, up to the year of a plan."""
        ...

    def plan_versions(self, person_id: str, cycle_id: str) -> Sequence[Plan]:
        """Every version of a person's plan, newest first, proposed and dropped ones too."""
        ...

    def plans_of(self, people: Collection[str], cycle_id: str) -> Sequence[Plan]:
        """The fixed plans of several people, by person id."""
        ...

    def take_over(self, old: Plan, new: Plan) -> None:
        """A new version takes the place of a fixed one, which becomes superseded.

        `new` is stored as clarified and given as fixed. Results and indicators that stay keep
        their ids, and with them progress, evidence, links, feedback and ledger rows; the version
        before keeps its words in rows that name them (`origin_item_id`).
        """
        ...

    def measurements(self, plan_id: str) -> Sequence[Measurement]:
        """What was measured on all indicators of a plan, oldest period first."""
        ...

    def replace_measurements(self, progress: Progress, rows: Sequence[Measurement]) -> None:
        """The lines of one progress, anew."""
        ...

    def open_revision(self, person_id: str, cycle_id: str) -> PlanRevision | None:
        """The revision of a person's plan that is not at its end."""
        ...

    def revisions(self, person_id: str, cycle_id: str) -> Sequence[PlanRevision]:
        """Every revision of a person's plan, oldest first."""
        ...

    def named(self, item_ids: Collection[str]) -> Sequence[str]:
        """Those results that a risk, feedback, documentation, progress or credit names.

        Links, matrix cells and indicators do not count: they go along with a result.
        """
        ...

    def rated_perhaps(self, person_id: str, on: date) -> Sequence[str]:
        """Ids of everybody whom a person may rate on a day; the rules of the line decide.

        Those named to him, those in units he heads, and heads of the units right below.
        """
        ...
