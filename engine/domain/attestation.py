"""Who attests and co-signs a line, and what an attestation must carry (crediting.md 2.5, 0.1)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from engine.domain.claims import AttestDecision, ClaimAct, Commitment, moved
from engine.domain.errors import Malformed, NotEntitled, Violation, require
from engine.domain.impartial import Act, barred, require_impartial
from engine.domain.scales import WHOLE_BP
from engine.domain.shares import BandRules, Needs, move_needs

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.domain.claims import Attestation, Claim
    from engine.domain.organisation import Official
    from engine.domain.ratings import Level

#: groups that run the cycle or the drawings; holding one never entitles to attest (I9)
NEVER_ATTEST = frozenset({"perf_admin", "hr", "process_owner", "admin", "auditor"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """Who stands where around one member's line, on the day of the act."""

    #: the output, for the error
    output_id: str
    #: the member
    claimant_id: str
    #: ketua of the day, None without one
    lead: Official | None
    #: sponsor of the squad
    sponsor: Official
    #: the sponsor's superiors, nearest first
    above_sponsor: tuple[Official, ...] = ()
    #: people whom the claimant rates, or who stand below him
    subordinates_of_claimant: frozenset[str] = frozenset()
    #: absent person -> who stands in today
    substitutes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class AttestRules:
    """What an agency asks of attestations, filled from its decisions."""

    #: how far one signature moves a line
    band: BandRules
    #: this return goes to the sponsor instead of the lead
    escalate_at_return: int
    #: working days of the attester; then the sponsor, never an automatic attestation
    attest_working_days: int


def attester(line: Line, *, past_lead: bool = False) -> Official:
    """Promise: who attests: the ketua; for the ketua's own line the sponsor; else the next above.

    Never the claimant, whoever he rates, or his substitute acting up for a lead. `past_lead`:
    the lead was silent, or this is the return that escalates. Raises NobodyFound.
    """
    chain: list[Official] = [line.sponsor, *line.above_sponsor]
    if line.lead is not None and not past_lead and line.lead.person_id != line.claimant_id:
        chain.insert(0, line.lead)
    return require_impartial(
        "attest", line.output_id, chain, _barred(line), _present(line.substitutes, line)
    )


def cosigner(line: Line, attested_by: Act) -> Official:
    """Promise: who co-signs: the sponsor; the next above when he attested. Raises NobodyFound."""
    chain = (line.sponsor, *line.above_sponsor)
    return require_impartial(
        "cosign",
        line.output_id,
        chain,
        _barred(line) | barred((), (attested_by,)),
        _present(line.substitutes, line),
    )


def needs_of(
    attestation: Attestation,
    claim: Claim,
    expected_bp: int,
    rules: AttestRules,
    levels: tuple[Level | None, Level | None] = (None, None),
) -> Needs:
    """Promise: what this attestation needs before it is posted; a return needs its reason only.

    `needs_cosign` that is recorded with the attestation already stays.
    """
    if attestation.decision is AttestDecision.RETURN or attestation.share_bp is None:
        return Needs(reason_code=False, cosign=False, member_answer=False)
    found = move_needs(
        expected_bp=expected_bp,
        claimed_bp=claim.claimed_bp,
        share_bp=attestation.share_bp,
        rules=rules.band,
        levels=levels,
    )
    if attestation.needs_cosign and not found.cosign:
        return Needs(reason_code=found.reason_code, cosign=True, member_answer=True)
    return found


def lowers(share_bp: int | None, claimed_bp: int, expected_bp: int) -> bool:
    """Promise: whether giving this share takes from what was claimed or expected (0.10)."""
    return share_bp is not None and share_bp < max(claimed_bp, expected_bp)


def missing(attestation: Attestation, claim: Claim, needs: Needs) -> tuple[Violation, ...]:
    """Promise: everything the attestation lacks before its line may be posted."""
    found = list(_shape(attestation, claim))
    if needs.reason_code and not attestation.reason_code:
        found.append(_fault("reason_code_missing", claim, "a moved line needs a reason code"))
    if needs.member_answer and attestation.member_answer is None:
        found.append(_fault("member_answer_missing", claim, "the member answers first"))
    if needs.cosign and attestation.cosigner_id is None:
        found.append(_fault("cosign_missing", claim, "beyond the band the sponsor co-signs"))
    signed = attestation.cosigner_id
    if signed is not None and signed in (claim.person_id, attestation.attester_id):
        found.append(_fault("cosigner", claim, "the second signature is another person's"))
    return tuple(found)


def attest(claim: Claim, attestation: Attestation, needs: Needs) -> Claim:
    """Promise: the claim after a complete attestation.

    Raises RuleBroken with everything missing, NotEntitled for one's own line, TransitionRefused.
    """
    if claim.person_id in (attestation.attester_id, attestation.on_behalf_of):
        raise NotEntitled("attest", attestation.attester_id, "nobody attests his own line")
    if attestation.claim_id != claim.id:
        raise Malformed("attestation", attestation.id, f"is not about claim {claim.id}")
    require(missing(attestation, claim, needs))
    return moved(claim, ClaimAct(attestation.decision.value))


def _shape(attestation: Attestation, claim: Claim) -> list[Violation]:
    found: list[Violation] = []
    share = attestation.share_bp
    if attestation.decision is AttestDecision.RETURN:
        if not attestation.reason.strip():
            found.append(_fault("reason_missing", claim, "a return says what is missing"))
        if share is not None:
            found.append(_fault("share", claim, "a return gives no share"))
        return found
    if share is None or not 0 < share <= WHOLE_BP:
        found.append(_fault("share", claim, f"{share} is no share"))
    if attestation.decision is AttestDecision.ATTEST and share != claim.claimed_bp:
        found.append(_fault("share", claim, "attesting takes the claimed share as it is"))
    if attestation.decision is AttestDecision.ADJUST and share == claim.claimed_bp:
        found.append(_fault("share", claim, "an adjustment gives another share than claimed"))
    if attestation.commitment is None:
        found.append(_fault("commitment_missing", claim, "the commitment is stated"))
    broken = attestation.commitment in (Commitment.PARTLY, Commitment.NOT_MET)
    if broken and not attestation.commitment_evidence.strip():
        found.append(_fault("commitment_evidence_missing", claim, "say where it can be seen (0.3)"))
    return found


def _barred(line: Line) -> frozenset[str]:
    return barred((line.claimant_id,), (), line.subordinates_of_claimant)


def _present(substitutes: Mapping[str, str], line: Line) -> Mapping[str, str]:
    # the claimant's own absence says nothing about who attests him
    return {who: by for who, by in substitutes.items() if who != line.claimant_id}


def _fault(code: str, claim: Claim, message: str) -> Violation:
    return Violation(code=code, subject=claim.id, message=message)
