"""Shares that wait in POOL for a home unit's consent (crediting.md 0.5)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.domain.claims import AttestDecision, ClaimState
from engine.domain.ledger import live_line
from engine.domain.squads import Consent, Membership

if TYPE_CHECKING:
    from engine.usecases.ports.work import UnitOfWork

_DECIDED = frozenset({ClaimState.ATTESTED, ClaimState.ADJUSTED, ClaimState.RESOLVED})


def earmarked(uow: UnitOfWork, output_id: str) -> int:
    """Basis points attested to members whose home has not answered; recorded, never refused."""
    store, total = uow.contributions, 0
    rows = store.ledger(output_id)
    for line in store.share_lines(output_id):
        member = store.get(Membership, line.membership_id)
        if member is None or member.consent is not Consent.PENDING:
            continue
        claim = store.claim_of(output_id, line.person_id)
        if claim is None or claim.state not in _DECIDED:
            continue
        if live_line(rows, output_id, line.person_id) is None:
            shares = [
                made.share_bp or 0
                for made in store.attestations(output_id)
                if made.claim_id == claim.id and made.decision is not AttestDecision.RETURN
            ]
            total += shares[-1] if shares else 0
    return total
