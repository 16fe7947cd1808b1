"""Claims of a share, their evidence and attestation (klaim, bukti, atestasi)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from engine.domain.errors import NotEntitled, TransitionRefused, Violation, require
from engine.domain.scales import WHOLE_BP

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime


class ClaimState(StrEnum):
    """State of a claim."""

    #: the member writes
    DRAFT = "draft"
    #: handed in
    CLAIMED = "claimed"
    #: sent back with what is missing
    RETURNED = "returned"
    #: share as claimed
    ATTESTED = "attested"
    #: share moved with a reason
    ADJUSTED = "adjusted"
    #: contested with a ground
    DISPUTED = "disputed"
    #: decided after hearing
    RESOLVED = "resolved"
    #: final
    SEALED = "sealed"
    #: taken back by the member
    WITHDRAWN = "withdrawn"
    #: never handed in
    LAPSED = "lapsed"


class Degree(StrEnum):
    """Degree of a contribution; explains a share, is no number."""

    #: led it
    LEAD = "lead"
    #: shared it equally
    EQUAL = "equal"
    #: supported it
    SUPPORTING = "supporting"


class EvidenceStatus(StrEnum):
    """Whether someone checked the evidence."""

    #: nobody yet
    UNVERIFIED = "unverified"
    #: checked and right
    VERIFIED = "verified"
    #: checked and refused
    REJECTED = "rejected"


class AttestDecision(StrEnum):
    """What an attester decides."""

    #: share as claimed
    ATTEST = "attest"
    #: another share
    ADJUST = "adjust"
    #: back to the member
    RETURN = "return"


class Commitment(StrEnum):
    """Whether the member did what he undertook; apart from the share."""

    #: met: c_eff is at least 1
    MET = "met"
    #: partly
    PARTLY = "partly"
    #: not met
    NOT_MET = "not_met"


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A member's claim to a share of an output."""

    #: UUIDv7 text
    id: str
    #: the output
    output_id: str
    #: the member
    person_id: str
    #: 1-based; a return opens the next round
    round: int = 1
    #: share claimed, basis points
    claimed_bp: int
    #: code of the kind of contribution; see contribution_types.py
    contribution_type: str
    #: its degree
    degree: Degree
    #: words
    note: str = ""
    #: state
    state: ClaimState = ClaimState.DRAFT
    #: when handed in
    submitted_at: datetime | None = None
    #: who handed it in: the member, or his lead for him
    submitted_by: str | None = None
    #: when the member took over what his lead claimed for him
    acknowledged_at: datetime | None = None

    @property
    def on_behalf(self) -> bool:
        """Whether somebody else claimed for the member."""
        return self.submitted_by not in (None, self.person_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """A file by its content, or a link, that proves work."""

    #: UUIDv7 text
    id: str
    #: the claim it belongs to
    claim_id: str | None = None
    #: or the planned result
    plan_item_id: str | None = None
    #: hash of the content, hex; "" for a link
    sha256: str = ""
    #: name it was uploaded with
    filename: str = ""
    #: media type found in the content
    media_type: str = ""
    #: length
    size_bytes: int = 0
    #: address, when it is no file
    link: str | None = None
    #: who brought it
    uploaded_by: str
    #: when
    at: datetime
    #: whether it was checked
    status: EvidenceStatus = EvidenceStatus.UNVERIFIED
    #: by whom
    verified_by: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Attestation:
    """An act of attestation on a claim."""

    #: UUIDv7 text
    id: str
    #: the claim
    claim_id: str
    #: who attests
    attester_id: str
    #: whom he stands in for
    on_behalf_of: str | None = None
    #: what he decides
    decision: AttestDecision
    #: share given, basis points; None when returned
    share_bp: int | None
    #: agreed reason code, "" when as claimed
    reason_code: str = ""
    #: words
    reason: str = ""
    #: commitment of the line; None when returned
    commitment: Commitment | None
    #: where that can be seen
    commitment_evidence: str = ""
    #: second signature
    cosigner_id: str | None = None
    #: when
    cosigned_at: datetime | None = None
    #: the member's written answer before a co-signature
    member_answer: str | None = None
    #: beyond the band, across a level word, or after a grievance: nothing is posted on one name
    needs_cosign: bool = False
    #: when
    at: datetime


class ClaimAct(StrEnum):
    """What moves a claim on."""

    #: the member, or the lead for him, hands it in
    SUBMIT = "submit"
    #: the member takes back what his lead claimed for him, to claim himself
    REOPEN = "reopen"
    #: the attester sends it back
    RETURN = "return"
    #: the attester takes it as it is
    ATTEST = "attest"
    #: the attester gives another share
    ADJUST = "adjust"
    #: a member or home superior contests it
    DISPUTE = "dispute"
    #: the decider restates it
    RESOLVE = "resolve"
    #: the timer seals it
    SEAL = "seal"
    #: the member takes it back
    WITHDRAW = "withdraw"
    #: the timer ends it unclaimed; a claim handed in never lapses
    LAPSE = "lapse"


_DECIDED: Final = frozenset({ClaimState.ATTESTED, ClaimState.ADJUSTED, ClaimState.RESOLVED})
_OPEN: Final = frozenset({ClaimState.DRAFT, ClaimState.RETURNED})

#: act -> (states it starts from, state it leads to); anything else is refused
TRANSITIONS: Final[Mapping[ClaimAct, tuple[frozenset[ClaimState], ClaimState]]] = {
    ClaimAct.SUBMIT: (_OPEN, ClaimState.CLAIMED),
    ClaimAct.REOPEN: (frozenset({ClaimState.CLAIMED}), ClaimState.DRAFT),
    ClaimAct.RETURN: (frozenset({ClaimState.CLAIMED}), ClaimState.RETURNED),
    ClaimAct.ATTEST: (frozenset({ClaimState.CLAIMED}), ClaimState.ATTESTED),
    ClaimAct.ADJUST: (frozenset({ClaimState.CLAIMED}), ClaimState.ADJUSTED),
    ClaimAct.DISPUTE: (_DECIDED, ClaimState.DISPUTED),
    ClaimAct.RESOLVE: (_DECIDED | {ClaimState.DISPUTED}, ClaimState.RESOLVED),
    ClaimAct.SEAL: (_DECIDED, ClaimState.SEALED),
    ClaimAct.WITHDRAW: (_OPEN | {ClaimState.CLAIMED}, ClaimState.WITHDRAWN),
    ClaimAct.LAPSE: (_OPEN, ClaimState.LAPSED),
}
#: states from which sealing the output need not wait
TERMINAL: Final = _DECIDED | {ClaimState.SEALED, ClaimState.WITHDRAWN, ClaimState.LAPSED}


def moved(claim: Claim, act: ClaimAct) -> Claim:
    """Promise: the claim after the act; handing in after a return opens the next round.

    Raises TransitionRefused when the state does not allow the act. Guards stand in `submit`,
    `attestation.attest` and `disputes`.
    """
    sources, target = TRANSITIONS[act]
    if claim.state not in sources:
        raise TransitionRefused("claim", claim.state, act)
    again = act is ClaimAct.SUBMIT and claim.state is ClaimState.RETURNED
    return replace(claim, state=target, round=claim.round + again)


def submit(
    claim: Claim, *, actor_id: str, lead_id: str | None, evidence: int, member: bool, at: datetime
) -> Claim:
    """Promise: the claim handed in by the member, or by the lead for him (he acknowledges later).

    `evidence` counts files and links that are not rejected; `member` says whether a membership
    covers the work. A missing home consent never refuses a claim (crediting.md 0.5). Raises
    TransitionRefused, NotEntitled, RuleBroken with every fault.
    """
    if actor_id not in (claim.person_id, lead_id):
        raise NotEntitled("claim", actor_id, "a claim is the member's, or his lead's for him")
    found: list[Violation] = []
    if evidence < 1:
        found.append(_fault("evidence_missing", claim, "a claim needs at least one evidence"))
    if not member:
        found.append(_fault("I10", claim, "no membership covers the work"))
    if not 0 < claim.claimed_bp <= WHOLE_BP:
        found.append(_fault("claimed_share", claim, f"{claim.claimed_bp} is no share"))
    require(found)
    own = actor_id == claim.person_id
    return replace(
        moved(claim, ClaimAct.SUBMIT),
        submitted_at=at,
        submitted_by=actor_id,
        acknowledged_at=at if own else None,
    )


def acknowledge(claim: Claim, actor_id: str, at: datetime) -> Claim:
    """Promise: what the lead claimed for the member is the member's own claim now.

    Raises NotEntitled for anybody else, TransitionRefused unless the claim waits.
    """
    _require_member(claim, actor_id, "acknowledge")
    if claim.state is not ClaimState.CLAIMED:
        raise TransitionRefused("claim", claim.state, "acknowledge")
    return replace(claim, acknowledged_at=at)


def withdraw(claim: Claim, actor_id: str) -> Claim:
    """Promise: the claim taken back by the member; its share stays in POOL.

    Raises NotEntitled for anybody else, TransitionRefused once it is attested.
    """
    _require_member(claim, actor_id, "withdraw")
    return moved(claim, ClaimAct.WITHDRAW)


def reopen(claim: Claim, actor_id: str) -> Claim:
    """Promise: a claim made for the member is open again, for his own.

    Raises NotEntitled for anybody else or for a claim of his own, TransitionRefused.
    """
    _require_member(claim, actor_id, "reopen")
    if not claim.on_behalf:
        raise NotEntitled("reopen", actor_id, "he claimed it himself")
    return moved(claim, ClaimAct.REOPEN)


def _require_member(claim: Claim, actor_id: str, act: str) -> None:
    if actor_id != claim.person_id:
        raise NotEntitled(act, actor_id, "only the member does this")


def returns_of(attestations: Iterable[Attestation]) -> int:
    """Promise: how often the claim was sent back."""
    return sum(a.decision is AttestDecision.RETURN for a in attestations)


def _fault(code: str, claim: Claim, message: str) -> Violation:
    return Violation(code=code, subject=claim.id, message=message)
