"""Objectives, cascading links, the matrix and risks: the store."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, TypeVar

from engine.domain.cascade import ResultLink
from engine.domain.goals import Objective, ObjectiveIndicator, Perspective
from engine.domain.matrix import MatrixCell
from engine.domain.risks import Risk, RiskReview, TargetReopening

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import datetime
    from decimal import Decimal

    from engine.domain.claims import EvidenceStatus
    from engine.domain.outputs import OutputStatus
    from engine.domain.plans import ItemKind

#: what this store keeps
GoalEntity = (
    Objective | ObjectiveIndicator | ResultLink | MatrixCell | Risk | RiskReview | TargetReopening
)
#: those of them that can be read by id
GoalKept = TypeVar("GoalKept", Objective, ResultLink, MatrixCell, Risk)
#: those of them that are rewritten
GoalChanged = Objective | MatrixCell | Risk


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultCard:
    """A planned result with whose it is."""

    item_id: str
    title: str
    kind: ItemKind
    membership_id: str | None
    plan_id: str
    person_id: str
    cycle_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ServingOutput:
    """An output of the squad behind a squad result."""

    item_id: str
    output_id: str
    squad_id: str
    title: str
    status: OutputStatus
    attainment: Decimal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProvingEvidence:
    """Evidence behind a result: its own, or of a claim in its squad."""

    item_id: str
    evidence_id: str
    claim_id: str | None
    status: EvidenceStatus
    at: datetime


class GoalStore(Protocol):
    """Objectives, links, matrix, risks; part of the unit of work.

    Plans count in their versions that are not superseded. Years are compared, not cycles, where
    people of several agencies serve one objective.
    """

    def add(self, rows: Sequence[GoalEntity]) -> None:
        """Insert rows, parents before children; `Conflict` names a broken constraint."""
        ...

    def put(self, row: GoalChanged) -> None:
        """Write all fields of a row that exists."""
        ...

    def get(self, kind: type[GoalKept], row_id: str) -> GoalKept | None:
        """A row by id."""
        ...

    def objectives(
        self, cycle_id: str, units: Collection[str] | None = None
    ) -> Sequence[Objective]:
        """Objectives of a cycle by unit and code; of some units only."""
        ...

    def objectives_above(self, objective_ids: Collection[str]) -> Sequence[Objective]:
        """These objectives and everything they lead to."""
        ...

    def measures(self, objective_ids: Collection[str]) -> Sequence[ObjectiveIndicator]:
        """Indicators of objectives in order."""
        ...

    def replace_measures(self, objective_id: str, rows: Sequence[ObjectiveIndicator]) -> None:
        """The indicators of an objective, anew."""
        ...

    def drop_objectives(self, objective_ids: Collection[str]) -> None:
        """Take drafts away with their indicators and cells; `Conflict` when one is served."""
        ...

    def links_of(self, item_ids: Collection[str]) -> Sequence[ResultLink]:
        """What results serve, one step up."""
        ...

    def links_above(self, item_ids: Collection[str]) -> Sequence[ResultLink]:
        """Every link on the way up from results."""
        ...

    def links_below(self, item_ids: Collection[str]) -> Sequence[ResultLink]:
        """Every link on the way down from results."""
        ...

    def links_to(self, item_ids: Collection[str]) -> Sequence[ResultLink]:
        """What serves results, one step down."""
        ...

    def links_to_objectives(self, objective_ids: Collection[str]) -> Sequence[ResultLink]:
        """What serves objectives, one step down."""
        ...

    def unlink(self, link_ids: Collection[str]) -> None:
        """Take links away."""
        ...

    def carry(self, pairs: Mapping[str, str]) -> None:
        """Cells and risks of old results become those of new ones; closed risks stay."""
        ...

    def linking(self, year: int) -> None:
        """Put those who link results of one year in order, until the end of the transaction."""
        ...

    def perspectives(self, item_ids: Collection[str]) -> Mapping[str, Sequence[Perspective]]:
        """Perspectives of the objectives that results serve themselves."""
        ...

    def served_titles(self, item_ids: Collection[str]) -> Mapping[str, Sequence[str]]:
        """What each result serves, in words."""
        ...

    def cards(self, item_ids: Collection[str]) -> Sequence[ResultCard]:
        """Results with whose they are, by person and order."""
        ...

    def outputs_of(self, item_ids: Collection[str]) -> Sequence[ServingOutput]:
        """Outputs of the squads behind squad results, in the year of the plan."""
        ...

    def evidence_of(self, item_ids: Collection[str]) -> Sequence[ProvingEvidence]:
        """Evidence of results, and of the person's claims in the squads behind them."""
        ...

    def orphans(self, cycle_id: str) -> Sequence[ResultCard]:
        """Main results of a cycle's plans that reach no objective."""
        ...

    def uncovered(self, cycle_id: str) -> Sequence[Objective]:
        """Objectives of a cycle that nothing serves, neither directly nor below."""
        ...

    def matrix(self, leader_id: str, cycle_id: str) -> Sequence[MatrixCell]:
        """Cells of a leader's matrix that were not taken back."""
        ...

    def cells_for(self, person_id: str, year: int) -> Sequence[MatrixCell]:
        """Cells in a person's row in all matrices of a year, not taken back, oldest first."""
        ...

    def risks_on(self, item_ids: Collection[str]) -> Sequence[Risk]:
        """Risks on results and on the objectives these reach, heaviest first."""
        ...

    def risks(self, cycle_id: str) -> Sequence[Risk]:
        """The register of a cycle, heaviest first."""
        ...

    def reviews(self, risk_ids: Collection[str]) -> Sequence[RiskReview]:
        """Reviews of risks, oldest first."""
        ...

    def reopenings(self, item_ids: Collection[str]) -> Sequence[TargetReopening]:
        """Decisions about reopened targets of results, oldest first."""
        ...

    def risk_owners(self, cycle_id: str) -> Sequence[str]:
        """People who own a risk of a cycle that is not closed."""
        ...
