"""What keeps an output from being sealed (crediting.md 2.5, 0.5)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.domain.claims import TERMINAL
from engine.domain.disputes import DisputeState
from engine.domain.errors import Violation
from engine.domain.ledger import balance

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from engine.domain.claims import Claim
    from engine.domain.disputes import Dispute
    from engine.domain.ledger import Transfer


@dataclass(frozen=True, slots=True, kw_only=True)
class SealFacts:
    """Everything sealing looks at."""

    #: the output
    output_id: str
    #: its members
    members: Collection[str]
    #: its claims, latest round of each
    claims: Sequence[Claim]
    #: its disputes
    disputes: Sequence[Dispute]
    #: members whose home consent nobody has decided yet
    undecided_consents: Collection[str]
    #: members who have acknowledged their line
    acknowledged: Collection[str]
    #: end of the dispute window
    window_ends_at: datetime
    #: ledger rows of the output
    rows: Sequence[Transfer]


def seal_blockers(facts: SealFacts, now: datetime) -> tuple[Violation, ...]:
    """Promise: everything that still keeps the output open; none: it may be sealed.

    Lines terminal, POOL empty, no dispute, consents decided, window over or all acknowledged.
    """
    found = [
        _fault("line_open", claim.person_id, f"claim is {claim.state}")
        for claim in facts.claims
        if claim.state not in TERMINAL
    ]
    claimed = {claim.person_id for claim in facts.claims}
    found.extend(
        _fault("line_missing", person, "has not claimed and the claim has not lapsed")
        for person in sorted(set(facts.members) - claimed)
    )
    pool = balance(facts.rows, facts.output_id).pool_bp
    if pool:
        found.append(_fault("I2", "POOL", f"still holds {pool}"))
    found.extend(
        _fault("dispute_open", dispute.id, f"dispute is {dispute.state}")
        for dispute in facts.disputes
        if dispute.state is not DisputeState.RESOLVED
    )
    found.extend(
        _fault("consent_open", person, "the home consent is not decided")
        for person in sorted(facts.undecided_consents)
    )
    if now < facts.window_ends_at and not set(facts.members) <= set(facts.acknowledged):
        found.append(_fault("window_open", facts.output_id, f"until {facts.window_ends_at}"))
    return tuple(found)


def _fault(code: str, subject: str, message: str) -> Violation:
    return Violation(code=code, subject=subject, message=message)
