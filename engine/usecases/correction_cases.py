"""Who stands around a correction after sealing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.domain.corrections import CorrectionCase
from engine.domain.impartial import Act

if TYPE_CHECKING:
    from engine.domain.corrections import Correction
    from engine.domain.outputs import Output
    from engine.usecases.organisation import Standing


def correction_case(standing: Standing, output: Output, correction: Correction) -> CorrectionCase:
    """Parties, whoever acted on the line (asked and settled included), and the sponsor's line."""
    around = standing.dispute_case(output)
    store = standing.uow.contributions
    claim = store.claim_of(output.id, correction.person_id)
    signed = [
        Act(actor_id=name)
        for row in store.attestations(output.id)
        if claim is not None and row.claim_id == claim.id
        for name in (row.attester_id, row.on_behalf_of, row.cosigner_id)
        if name is not None
    ]
    settled = [
        Act(actor_id=row.decided_by)
        for row in store.disputes(output.id)
        if row.decided_by is not None
    ]
    posted = [
        Act(actor_id=row.actor_id)
        for row in store.ledger(output.id)
        if row.person_id == correction.person_id
    ]
    return CorrectionCase(
        output_id=output.id,
        parties=around.parties | {correction.person_id},
        lead_id=around.lead_id,
        acts=(*signed, *settled, *posted, Act(actor_id=correction.asked_by)),
        chain=(around.sponsor, *around.above_sponsor),
        subordinates_of_parties=around.subordinates_of_parties,
        substitutes=around.substitutes,
    )
