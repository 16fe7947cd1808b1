"""Shares that wait in POOL for a home unit's consent (crediting.md 0.5)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.domain.claims import AttestDecision, ClaimState
from engine.domain.disputes import DisputeState
from engine.domain.ledger import TransferCode, live_line
from engine.domain.squads import Consent, Membership

if TYPE_CHECKING:
    from engine.domain.claims import Claim
    from engine.usecases.ports.work import UnitOfWork

#: a line that was attested keeps its place while it is disputed
DECIDED = frozenset(
    {ClaimState.ATTESTED, ClaimState.ADJUSTED, ClaimState.DISPUTED, ClaimState.RESOLVED}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class DecidedShare:
    """What a member was given last, and by whom: an attestation or the decision of a dispute."""

    share_bp: int
    code: TransferCode
    actor_id: str
    reason: str


def earmarked(uow: UnitOfWork, output_id: str) -> int:
    """Basis points decided for members whose home has not answered; recorded, never refused."""
    return sum(earmarks(uow, output_id).values())


def earmarks(uow: UnitOfWork, output_id: str) -> dict[str, int]:
    """Person to the basis points that lie in POOL for him until his home answers."""
    store, found = uow.contributions, dict[str, int]()
    rows = store.ledger(output_id)
    for line in store.share_lines(output_id):
        member = store.get(Membership, line.membership_id)
        if member is None or member.consent is not Consent.PENDING:
            continue
        claim = store.claim_of(output_id, line.person_id)
        if claim is None or live_line(rows, output_id, line.person_id) is not None:
            continue
        decided = decided_share(uow, claim)
        if decided is not None:
            found[line.person_id] = decided.share_bp
    return found


def decided_share(uow: UnitOfWork, claim: Claim) -> DecidedShare | None:
    """The newest decision about a claim's share; None while there is none that stands.

    After the decision of a dispute nobody attests the line again.
    """
    if claim.state not in DECIDED:
        return None
    found = [*_attested(uow, claim), *_restated(uow, claim)]
    return found[-1] if found else None


def _attested(uow: UnitOfWork, claim: Claim) -> list[DecidedShare]:
    adjusted = AttestDecision.ADJUST
    return [
        DecidedShare(
            share_bp=made.share_bp or 0,
            code=TransferCode.ADJUST if made.decision is adjusted else TransferCode.ATTEST,
            actor_id=made.attester_id,
            reason=made.reason,
        )
        for made in uow.contributions.attestations(claim.output_id)
        if made.claim_id == claim.id and made.decision is not AttestDecision.RETURN
    ]


def _restated(uow: UnitOfWork, claim: Claim) -> list[DecidedShare]:
    return [
        DecidedShare(
            share_bp=line.share_bp,
            code=TransferCode.RESOLVE,
            actor_id=dispute.decided_by or "",
            reason=dispute.decision,
        )
        for dispute in uow.contributions.disputes(claim.output_id)
        if dispute.state is DisputeState.RESOLVED
        for line in dispute.restated
        if line.person_id == claim.person_id
    ]
