"""Operations of a member's line: claim, attest, answer, co-sign, lapse."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from engine.domain import attestation as attesting
from engine.domain.attestation import AttestRules, needs_of
from engine.domain.claims import (
    Attestation,
    AttestDecision,
    Claim,
    ClaimAct,
    ClaimState,
    Commitment,
    ContributionType,
    Degree,
    Evidence,
    EvidenceStatus,
    moved,
    returns_of,
    submit,
)
from engine.domain.credit import CreditLine, squad_attainment
from engine.usecases import audit_tags
from engine.usecases.decisions import ATTAINMENT_CAP, ESCALATE_AT_RETURN
from engine.usecases.errors import AccessRefused, Conflict, NotFound
from engine.usecases.operations.posting import (
    locked,
    newest_attestation,
    post_decided,
    share_line,
)
from engine.usecases.operations.step import as_bp, fault, refuse, refused

if TYPE_CHECKING:
    from engine.domain.organisation import Official
    from engine.domain.outputs import Output
    from engine.domain.ratings import Level
    from engine.domain.shares import Needs
    from engine.usecases.operations.step import Step
    from engine.usecases.ports.process import Json

#: reason code of a claim taken as it stands though it lies off the expected share
AS_CLAIMED = "as_claimed"
#: the drawing's clock for the attester is the decision `clocks`
_ATTEST_DAYS = 7


def submit_claim(step: Step) -> Mapping[str, Json]:
    """`regu.claim.submit`: by the member, or by the lead for him; at least one evidence.

    Form: claimed_percent, contribution_type, degree, evidence_link, evidence_files, note.
    """
    output = locked(step)
    person_id = step.ref("person_id")
    line = share_line(step, output, person_id)
    lead = step.standing.lead(step.standing.squad(output.squad_id))
    actor = step.person
    claim = _draft(step, output, person_id)
    if actor != person_id and (lead is None or actor != lead.person_id):
        raise AccessRefused("claim", person_id)
    stored = step.uow.contributions.claim_of(output.id, person_id)
    if stored is None:
        step.uow.contributions.add([claim])
    _attach_evidence(step, claim)
    proofs = [
        proof
        for proof in step.uow.contributions.evidence(claim_id=claim.id)
        if proof.status is not EvidenceStatus.REJECTED
    ]
    with refused(evidence_missing="evidence_link", claimed_share="claimed_percent"):
        claimed = submit(
            claim,
            actor_id=actor,
            lead_id=lead.person_id if lead else None,
            evidence=len(proofs),
            member=line.person_id == person_id,
            at=step.now,
        )
    step.uow.contributions.put(claimed)
    step.note(_stream(output), audit_tags.CLAIM_SUBMITTED, claim=claim.id, round=claimed.round)
    return {"claim_id": claim.id, "returns": _returns(step, output, claim)}


def lapse_claim(step: Step) -> Mapping[str, Json]:
    """`regu.claim.lapse`: nobody claimed; the share stays in POOL."""
    output = locked(step)
    person_id = step.ref("person_id")
    claim = step.uow.contributions.claim_of(output.id, person_id)
    if claim is None:
        claim = _empty(step, output, person_id)
        step.uow.contributions.add([claim])
    lapsed = moved(claim, ClaimAct.LAPSE)
    step.uow.contributions.put(lapsed)
    step.note(_stream(output), audit_tags.CLAIM_LAPSED, claim=claim.id)
    return {"claim_id": claim.id}


def attest_claim(step: Step) -> Mapping[str, Json]:
    """`regu.claim.attest`: by the ketua; for his own line, or past him, the sponsor or above.

    Form: decision attest|adjust|return, share_percent, commitment, reason_code, reason,
    commitment_evidence. Returns attestation, needs_cosign, returns and escalates. A line beyond the
    band waits for the member's answer and a second signature; nothing is posted before. At the
    third return the claim does not go back to the member: the office above decides on it.
    """
    output = locked(step)
    claim = _claim(step, output)
    office = _attesting_office(step, output, claim)
    if claim.state is not ClaimState.CLAIMED:
        raise Conflict("state", kind="claim", state=claim.state.value, act="attest")
    made = _attestation(step, claim, office)
    needs = _needs(step, output, claim, made)
    refuse(
        [
            v
            for v in attesting.missing(made, claim, needs)
            if v.code not in ("cosign_missing", "member_answer_missing")
        ],
        share="share_percent",
        reason_code_missing="reason_code",
        reason_missing="reason",
        commitment_missing="commitment",
    )
    step.uow.contributions.add([made])
    if needs.cosign:
        step.note(_stream(output), audit_tags.CLAIM_ATTESTED, claim=claim.id, cosign=True)
        return _outcome(step, output, claim, made, needs_cosign=True)
    returned = made.decision is AttestDecision.RETURN
    if returned and _escalates(step, output, claim, office):
        step.note(_stream(output), audit_tags.CLAIM_RETURNED, claim=claim.id, escalated=True)
        return {**_outcome(step, output, claim, made, needs_cosign=False), "escalates": True}
    _conclude(step, output, claim, made, needs)
    act = audit_tags.CLAIM_RETURNED if returned else audit_tags.CLAIM_ATTESTED
    step.note(_stream(output), act, claim=claim.id, attestation=made.id)
    return _outcome(step, output, claim, made, needs_cosign=False)


def answer_adjustment(step: Step) -> Mapping[str, Json]:
    """`regu.claim.answer` (form: answer agree|disagree, note): the member, before the signature."""
    output = locked(step)
    claim = _claim(step, output)
    step.require_person(claim.person_id)
    made = _pending(step, output, claim)
    answer = step.text("answer")
    if answer not in ("agree", "disagree"):
        raise fault("answer", "unknown_word", "agree or disagree")
    words = ": ".join(filter(None, [answer, step.text("note")]))
    step.uow.contributions.put(replace(made, member_answer=words))
    step.note(_stream(output), audit_tags.CLAIM_ANSWERED, claim=claim.id)
    return {}


def cosign_claim(step: Step) -> Mapping[str, Json]:
    """`regu.claim.cosign` (form: decision approve|refuse, reason): sponsor, or above him."""
    output = locked(step)
    claim = _claim(step, output)
    made = _pending(step, output, claim)
    with refused():
        signer = step.standing.cosigner(output, claim)
    refuses = step.text("decision") == "refuse"
    if refuses:
        # nobody above is left to sign: perf_admin can only send the line back to its attester
        office = step.require_office_or_admin(signer, claim.person_id)
    else:
        office = step.require_office(signer, subject_id=claim.person_id)
    if office.person_id in (made.attester_id, made.on_behalf_of):
        raise AccessRefused("cosign", "own attestation")
    if refuses:
        step.note(_stream(output), audit_tags.CLAIM_COSIGN_REFUSED, claim=claim.id)
        return {"cosigned": False}
    if step.text("decision") != "approve":
        raise fault("decision", "unknown_word", "approve or refuse")
    signed = replace(
        made,
        cosigner_id=office.person_id,
        cosigned_at=step.now,
        # silence is an answer too: the drawing gave the member his days
        member_answer=made.member_answer if made.member_answer is not None else "",
    )
    step.uow.contributions.put(signed)
    _conclude(step, output, claim, signed, _needs(step, output, claim, signed))
    step.note(_stream(output), audit_tags.CLAIM_COSIGNED, claim=claim.id, attestation=made.id)
    return {"cosigned": True}


def _draft(step: Step, output: Output, person_id: str) -> Claim:
    """The claim as the form states it, in the round it is in."""
    claimed = as_bp(step.call.form.get("claimed_percent"), "claimed_percent")
    if claimed is None:
        raise fault("claimed_percent", "required", "state the share")
    stored = step.uow.contributions.claim_of(output.id, person_id)
    base = stored or _empty(step, output, person_id)
    return replace(
        base,
        claimed_bp=claimed,
        contribution_type=step.word("contribution_type", ContributionType),
        degree=step.word("degree", Degree),
        note=step.text("note"),
    )


def _empty(step: Step, output: Output, person_id: str) -> Claim:
    return Claim(
        id=step.means.ids.uuid(),
        output_id=output.id,
        person_id=person_id,
        claimed_bp=0,
        contribution_type=ContributionType.ADMINISTRATION,
        degree=Degree.EQUAL,
    )


def _attach_evidence(step: Step, claim: Claim) -> None:
    link = step.text("evidence_link")
    known = step.uow.contributions.evidence(claim_id=claim.id)
    if link and all(proof.link != link for proof in known):
        if not link.startswith(("https://", "http://")):
            raise fault("evidence_link", "not_a_link", "a link begins with https://")
        proof = Evidence(
            id=step.means.ids.uuid(),
            claim_id=claim.id,
            link=link,
            uploaded_by=step.person,
            at=step.now,
        )
        step.uow.contributions.add([proof])
    for n, evidence_id in enumerate(_files(step.call.form.get("evidence_files"))):
        found = step.uow.contributions.get(Evidence, evidence_id)
        if found is None or found.uploaded_by != step.person:
            raise fault(f"evidence_files.{n}", "unknown_file", "upload the file first")
        if found.claim_id not in (None, claim.id):
            raise fault(f"evidence_files.{n}", "used_elsewhere", "belongs to another claim")
        step.uow.contributions.put(replace(found, claim_id=claim.id))


def _files(value: Json) -> list[str]:
    if isinstance(value, str):
        return [value] if value else []
    if not isinstance(value, Sequence):
        return []
    ids = [item.get("id") if isinstance(item, Mapping) else item for item in value]
    return [item for item in ids if isinstance(item, str)]


def _claim(step: Step, output: Output) -> Claim:
    claim_id = step.maybe("claim_id")
    found = (
        step.uow.contributions.get(Claim, claim_id)
        if claim_id
        else step.uow.contributions.claim_of(output.id, step.ref("person_id"))
    )
    if found is None or found.output_id != output.id:
        raise NotFound("claim", claim_id or step.ref("person_id"))
    return found


def _attesting_office(step: Step, output: Output, claim: Claim) -> Official:
    """The lead's office, or the one past him: a silent lead and a third return go up."""
    offices = [
        step.standing.attester(output, claim.person_id),
        step.standing.attester(output, claim.person_id, past_lead=True),
    ]
    return step.require_office(*offices, subject_id=claim.person_id)


def _escalates(step: Step, output: Output, claim: Claim, office: Official) -> bool:
    """Whether this return is one too many and somebody stands above who can decide."""
    above = step.standing.attester(output, claim.person_id, past_lead=True)
    return (
        _returns(step, output, claim) >= ESCALATE_AT_RETURN
        and above is not None
        and above.person_id != office.person_id
    )


def _attestation(step: Step, claim: Claim, office: Official) -> Attestation:
    decision = step.word("decision", AttestDecision)
    share: int | None = claim.claimed_bp
    if decision is AttestDecision.ADJUST:
        share = as_bp(step.call.form.get("share_percent"), "share_percent")
        if share is None:
            raise fault("share_percent", "required", "state the share")
    returned = decision is AttestDecision.RETURN
    if not returned and not step.text("commitment"):
        raise fault("commitment", "required", "state whether the commitment was met")
    return Attestation(
        id=step.means.ids.uuid(),
        claim_id=claim.id,
        attester_id=office.person_id,
        on_behalf_of=office.on_behalf_of,
        decision=decision,
        share_bp=None if returned else share,
        reason_code=AS_CLAIMED if decision is AttestDecision.ATTEST else step.text("reason_code"),
        reason=step.text("reason"),
        commitment=None if returned else step.word("commitment", Commitment),
        commitment_evidence=step.text("commitment_evidence"),
        at=step.now,
    )


def _needs(step: Step, output: Output, claim: Claim, made: Attestation) -> Needs:
    squad = step.standing.squad(output.squad_id)
    line = share_line(step, output, claim.person_id)
    levels: tuple[Level | None, Level | None] = (None, None)
    if made.share_bp is not None and output.attainment is not None:
        levels = (
            _role_level(step, output, (claim.person_id, line.expected_bp), made),
            _role_level(step, output, (claim.person_id, made.share_bp), made),
        )
    rules = AttestRules(
        band=step.tables(squad.host_agency_id).band_rules(),
        escalate_at_return=ESCALATE_AT_RETURN,
        attest_working_days=_ATTEST_DAYS,
    )
    return needs_of(made, claim, line.expected_bp, rules, levels)


def _role_level(
    step: Step, output: Output, share: tuple[str, int], made: Attestation
) -> Level | None:
    """Level word of the person's role in this squad if this line got that share."""
    person_id, bp = share
    lines = [
        CreditLine(
            output_id=row.output_id,
            value_points=row.value_points,
            attainment=row.attainment,
            expected_bp=row.expected_bp,
            attested_bp=bp if row.output_id == output.id else row.credited_bp,
            collective_bp=0 if row.output_id == output.id else row.collective_bp,
            commitment=made.commitment if row.output_id == output.id else row.commitment,
            sealed=row.output_id == output.id or row.credited_bp > 0,
        )
        for row in step.uow.contributions.credit_lines(output.cycle_id, person_id=person_id)
        if row.squad_id == output.squad_id
    ]
    found = squad_attainment(lines, ATTAINMENT_CAP).attainment
    squad = step.standing.squad(output.squad_id)
    return None if found is None else step.tables(squad.host_agency_id).role_level(found)


def _pending(step: Step, output: Output, claim: Claim) -> Attestation:
    """The attestation that waits for answer and signature."""
    made = newest_attestation(step, output, claim)
    if claim.state is not ClaimState.CLAIMED or made is None or made.cosigner_id is not None:
        raise Conflict("nothing_to_sign", claim=claim.id)
    return made


def _conclude(step: Step, output: Output, claim: Claim, made: Attestation, needs: Needs) -> None:
    with refused(other="share_percent", I2="share_percent"):
        attested = attesting.attest(claim, made, needs)
        step.uow.contributions.put(attested)
        post_decided(step, output, attested)


def _outcome(
    step: Step, output: Output, claim: Claim, made: Attestation, *, needs_cosign: bool
) -> Mapping[str, Json]:
    return {
        "attestation": made.decision.value,
        "needs_cosign": needs_cosign,
        "escalates": False,
        "returns": _returns(step, output, claim),
    }


def _returns(step: Step, output: Output, claim: Claim) -> int:
    rows = step.uow.contributions.attestations(output.id)
    return returns_of(row for row in rows if row.claim_id == claim.id)


def _stream(output: Output) -> str:
    return f"output:{output.id}"
