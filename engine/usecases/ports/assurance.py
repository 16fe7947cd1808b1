"""Guarded acts, verification of evidence, samples for audit, peer reviews: the store."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, TypeVar

from engine.domain.evidence import EvidenceCheck, EvidenceReplacement
from engine.domain.overrides import OverrideAct
from engine.domain.peer_review import PeerAnswer, PeerReview, PeerSeat
from engine.domain.protection import RecordedLowering
from engine.domain.sampling import AuditSample, Finding, SampleItem

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from engine.domain.evidence import Proof
    from engine.domain.protection import Grievance, LoweringKind
    from engine.domain.sampling import Candidate
    from engine.usecases.ports.audit_reports import AuditReports

#: what this store keeps; nothing of it is ever rewritten
AssuranceEntity = (
    RecordedLowering
    | EvidenceCheck
    | EvidenceReplacement
    | AuditSample
    | SampleItem
    | Finding
    | PeerReview
    | PeerSeat
    | PeerAnswer
    | OverrideAct
)
#: those of them that can be read by id
AssuranceKept = TypeVar("AssuranceKept", AuditSample, SampleItem, PeerReview)


@dataclass(frozen=True, slots=True, kw_only=True)
class GuardedAct:
    """A guarded act as internal audit reads it."""

    id: str
    at: datetime
    kind: LoweringKind
    subject_id: str
    actor_id: str
    actor_name: str
    on_behalf_of: str | None
    person_id: str
    person_name: str
    second_id: str
    second_name: str


class AssuranceStore(Protocol):
    """What looks after those who judge; part of the unit of work."""

    #: questions of internal audit, each one statement
    reports: AuditReports

    def add(self, rows: Sequence[AssuranceEntity]) -> None:
        """Insert rows, parents before children; `Conflict` names a broken constraint."""
        ...

    def get(self, kind: type[AssuranceKept], row_id: str) -> AssuranceKept | None:
        """A row by id."""
        ...

    def grievances(self, person_id: str, about: Sequence[str]) -> Sequence[Grievance]:
        """How a person spoke up about any of these people, oldest first."""
        ...

    def lowering_acts(self, person_id: str, by: Sequence[str]) -> Sequence[RecordedLowering]:
        """Acts of these people, or in their place, that lowered something of a person."""
        ...

    def guarded_acts(self, agency_id: str) -> Sequence[GuardedAct]:
        """Guarded acts about people of an agency, newest first."""
        ...

    def proof(self, evidence_id: str) -> Proof | None:
        """A piece of evidence with what it proves; None before it proves anything."""
        ...

    def proofs(self, person_id: str, cycle_id: str) -> Sequence[Proof]:
        """All evidence of a person's work in a cycle, oldest first."""
        ...

    def checks(self, evidence_ids: Sequence[str]) -> Mapping[str, EvidenceCheck]:
        """The verification of each piece that was checked."""
        ...

    def replacements(self, evidence_ids: Sequence[str]) -> Mapping[str, str]:
        """What replaces each piece that was replaced."""
        ...

    def unverified_items(self, plan_id: str) -> Sequence[str]:
        """Results of a plan that no verified evidence stands behind, by number."""
        ...

    def frame(
        self, cycle_id: str, last_days: Sequence[tuple[str, datetime]]
    ) -> Sequence[Candidate]:
        """Everything of a cycle that an audit sample may hold, with its marks.

        `last_days`: for each period the moment at which its last days begin.
        """
        ...

    def samples(self, cycle_id: str) -> Sequence[AuditSample]:
        """Samples drawn from a cycle, newest first."""
        ...

    def items(self, sample_id: str) -> Sequence[SampleItem]:
        """The pieces of a sample, by number."""
        ...

    def finding(self, item_id: str) -> Finding | None:
        """What was found of a piece, None before somebody looked."""
        ...

    def findings(self, sample_id: str) -> Sequence[Finding]:
        """What was found of a sample's pieces, in their order."""
        ...

    def seats(self, review_id: str) -> Sequence[PeerSeat]:
        """Who was asked for a review, by person."""
        ...

    def answers(self, review_id: str) -> Sequence[PeerAnswer]:
        """What the reviewers said, oldest first."""
        ...

    def overrides(
        self,
        agency_id: str,
        since: datetime,
        until: datetime,
        *,
        in_election: bool | None = None,
        after: str | None = None,
        limit: int | None = None,
    ) -> Sequence[OverrideAct]:
        """Overrides by people of an agency in a time, newest first; behind one, so many."""
        ...
