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
    """Parties, earlier acts on the output (asked and settled included) and the sponsor's line."""
    around = standing.dispute_case(output)
    settled = [
        Act(actor_id=row.decided_by)
        for row in standing.uow.contributions.disputes(output.id)
        if row.decided_by is not None
    ]
    shared = [
        Act(actor_id=row.actor_id)
        for row in standing.uow.contributions.ledger(output.id)
        if row.person_id == correction.person_id
    ]
    return CorrectionCase(
        output_id=output.id,
        parties=around.parties | {correction.person_id},
        lead_id=around.lead_id,
        acts=(*around.acts, *settled, *shared, Act(actor_id=correction.asked_by)),
        chain=(around.sponsor, *around.above_sponsor),
        subordinates_of_parties=around.subordinates_of_parties,
        substitutes=around.substitutes,
    )
