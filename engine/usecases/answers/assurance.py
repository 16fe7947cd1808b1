"""Questions about evidence, samples and reviews that drawings and forms ask."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from engine.domain.claims import Claim
from engine.domain.ledger import live_line
from engine.domain.outputs import Output, OutputStatus
from engine.domain.peer_review import PeerReview
from engine.domain.plans import PlanItem
from engine.domain.sampling import SampleItem, SubjectKind
from engine.usecases.errors import NotFound
from engine.usecases.verification import proof_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.usecases.organisation import Standing

SIGNATURES: Final[Mapping[str, tuple[str, ...]]] = {
    "evidence card": ("evidence",),
    "sample card": ("item",),
    "finding facts": ("finding",),
    "review card": ("review",),
    "review answers": ("review",),
    "reviewable outputs": ("person", "cycle"),
    "cycle periods": ("cycle",),
}


class Answers:
    """One method per function; people are answered by their ids."""

    def __init__(self, standing: Standing) -> None:
        self._standing = standing
        self._uow = standing.uow

    def evidence_card(self, evidence: str) -> dict[str, Any]:
        """What a piece of evidence is, where it lies, whose work it proves, what was said of it."""
        proof = proof_of(self._uow, evidence)
        found, said = proof.evidence, self._uow.assurance.checks([evidence]).get(evidence)
        return {
            "name": found.filename or "Tautan",
            "place": found.link or f"/bukti/{found.id}",
            "proves": self._proved(proof.output_id, proof.item_id),
            "owner_id": proof.owner_id,
            "reason": said.reason if said else "",
        }

    def sample_card(self, item: str) -> dict[str, Any]:
        """What a piece of a sample is and why it was drawn."""
        found = self._uow.assurance.get(SampleItem, item)
        if found is None:
            raise NotFound("audit_item", item)
        claim = (
            self._uow.contributions.get(Claim, found.subject_id)
            if found.kind is SubjectKind.CLAIM
            else None
        )
        result = found.subject_id if claim is None else None
        return {
            "number": found.number,
            "stratum": found.stratum.value,
            "kind": found.kind.value,
            "person_id": found.person_id,
            "title": self._proved(claim.output_id if claim else None, result),
            "output_id": claim.output_id if claim else None,
        }

    def finding_facts(self, finding: str) -> dict[str, Any]:
        """Whose share a finding wants corrected, how much it is now, and what was found."""
        item, found = (
            self._uow.assurance.get(SampleItem, finding),
            self._uow.assurance.finding(finding),
        )
        claim = self._uow.contributions.get(Claim, item.subject_id) if item else None
        if found is None or claim is None:
            raise NotFound("finding", finding)
        rows = self._uow.contributions.ledger(claim.output_id)
        line = live_line(rows, claim.output_id, found.person_id)
        percent = Decimal(line.amount_bp).scaleb(-2) if line else None
        return {"person_id": found.person_id, "percent": percent, "note": found.note}

    def review_card(self, review: str) -> dict[str, Any]:
        """What a reviewer is asked."""
        found = self._uow.assurance.get(PeerReview, review)
        if found is None:
            raise NotFound("peer_review", review)
        output = self._standing.output(found.output_id)
        return {
            "title": output.title,
            "indicator": output.indicator,
            "target": output.target,
            "question": found.question,
            "asked_by": found.asked_by,
        }

    def review_answers(self, review: str) -> list[dict[str, Any]]:
        """What the reviewers said."""
        return [
            {
                "person_id": row.reviewer_id,
                "meets_target": row.meets_target.value,
                "sound": row.sound.value,
                "usable": row.usable.value,
                "strengths": row.strengths,
                "improvements": row.improvements,
            }
            for row in self._uow.assurance.answers(review)
        ]

    def reviewable_outputs(self, person: str, cycle: str) -> list[dict[str, str]]:
        """Delivered outputs of the squads that a person leads or gives work to, as choices."""
        return [
            {"value": output.id, "label": output.title}
            for output in self._uow.contributions.outputs(cycle)
            if output.status is not OutputStatus.PLANNED and self._asks(person, output)
        ]

    def cycle_periods(self, cycle: str) -> list[dict[str, str]]:
        """Periods of a cycle as choices."""
        return [
            {"value": period.id, "label": period.name}
            for period in self._uow.performance.periods(cycle)
        ]

    def _asks(self, person: str, output: Output) -> bool:
        squad = self._standing.squad(output.squad_id)
        lead = self._standing.lead(squad)
        return person in (squad.sponsor_id, lead.person_id if lead else None)

    def _proved(self, output_id: str | None, item_id: str | None) -> str:
        if output_id is not None:
            return self._standing.output(output_id).title
        found = self._uow.performance.get(PlanItem, item_id) if item_id else None
        return found.title if found else ""
