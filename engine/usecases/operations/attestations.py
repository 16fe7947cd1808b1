"""Operations of an attested line: attest, answer, co-sign."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from engine.domain import attestation as attesting
from engine.domain.attestation import AttestRules, needs_of
from engine.domain.claims import Attestation, AttestDecision, Claim, ClaimState, Commitment
from engine.domain.credit import CreditLine, squad_attainment
from engine.domain.ledger import POOL
from engine.domain.outputs import OutputStatus
from engine.domain.protection import LoweringKind
from engine.usecases import audit_tags, escalation, protection
from engine.usecases.decisions import ATTAINMENT_CAP, ESCALATE_AT_RETURN
from engine.usecases.earmarks import earmarked
from engine.usecases.errors import AccessRefused, Conflict
from engine.usecases.operations.posting import (
    claim_at,
    locked,
    newest_attestation,
    post_decided,
    returns_so_far,
    share_line,
)
from engine.usecases.operations.step import as_bp, fault, refuse, refused
from engine.usecases.operations.telling import tell_attested

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from engine.domain.errors import Violation
    from engine.domain.organisation import Official
    from engine.domain.outputs import Output
    from engine.domain.ratings import Level
    from engine.domain.shares import Needs
    from engine.usecases.decisions import Tables
    from engine.usecases.operations.step import Step
    from engine.usecases.ports.contributions import CreditLine as SeenLine
    from engine.usecases.ports.process import Json

#: reason code of a claim taken as it stands though it lies off the expected share
AS_CLAIMED = "as_claimed"
#: the drawing's clock for the attester is the decision `clocks`
_ATTEST_DAYS = 7


def attest_claim(step: Step) -> Mapping[str, Json]:
    """`regu.claim.attest`: by the ketua; for his own line, or past him, the sponsor or above.

    Form: decision attest|adjust|return, share_percent, commitment, reason_code, reason,
    commitment_evidence. Returns attestation, needs_cosign, returns and escalates. A line beyond the
    band waits for the member's answer and a second signature; nothing is posted before. At the
    third return the claim does not go back to the member: the office above decides on it.
    """
    output = locked(step)
    claim = claim_at(step, output)
    office = _attesting_office(step, output, claim)
    if claim.state is not ClaimState.CLAIMED:
        raise Conflict("state", kind="claim", state=claim.state.value, act="attest")
    if output.status is not OutputStatus.ACCEPTED:
        raise Conflict("state", kind="output", state=output.status.value, act="attest")
    made = _attestation(step, claim, office)
    made, needs = _weighed(step, output, claim, made)
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
        commitment_evidence_missing="commitment_evidence",
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


def foresee(step: Step) -> tuple[Needs, tuple[Violation, ...]]:
    """What a decision would need and lack if it were sent now; nothing is written.

    The form may still be half filled in: a commitment that is not stated counts as met here.
    """
    output = step.standing.output(step.ref("output_id"))
    claim = claim_at(step, output)
    made = _attestation(step, claim, _attesting_office(step, output, claim))
    made, needs = _weighed(step, output, claim, made)
    lacking = attesting.missing(made, claim, needs)
    later = ("cosign_missing", "member_answer_missing")
    return needs, tuple(one for one in lacking if one.code not in later)


def answer_adjustment(step: Step) -> Mapping[str, Json]:
    """`regu.claim.answer` (form: answer agree|disagree, note): the member, before the signature."""
    output = locked(step)
    claim = claim_at(step, output)
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
    claim = claim_at(step, output)
    made = _pending(step, output, claim)
    with refused():
        signer = escalation.cosigner(step.standing, output, claim)
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


def _attesting_office(step: Step, output: Output, claim: Claim) -> Official:
    """The lead's office, or the one past him: silence and a third return go up."""
    offices = [
        step.standing.attester(output, claim.person_id),
        escalation.past_attester(step.standing, output, claim.person_id),
    ]
    return step.require_office(*offices, subject_id=claim.person_id)


def _escalates(step: Step, output: Output, claim: Claim, office: Official) -> bool:
    """Whether this return is one too many and somebody stands above who can decide."""
    above = escalation.past_attester(step.standing, output, claim.person_id)
    return (
        returns_so_far(step, output, claim) >= ESCALATE_AT_RETURN
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


def _weighed(
    step: Step, output: Output, claim: Claim, made: Attestation
) -> tuple[Attestation, Needs]:
    """The attestation with what it needs: beyond the band, across a word, after a grievance."""
    needs = _needs(step, output, claim, made)
    expected = share_line(step, output, claim.person_id).expected_bp
    if not needs.cosign and attesting.lowers(made.share_bp, claim.claimed_bp, expected):
        guarded = protection.needs_second(
            step.uow,
            step.tables(step.standing.squad(output.squad_id).host_agency_id),
            actor_id=made.attester_id,
            on_behalf_of=made.on_behalf_of,
            person_id=claim.person_id,
            at=step.now,
        )
        if guarded:
            needs = replace(needs, cosign=True, member_answer=True)
    return replace(made, needs_cosign=needs.cosign), needs


def _needs(step: Step, output: Output, claim: Claim, made: Attestation) -> Needs:
    tables = step.tables(step.standing.squad(output.squad_id).host_agency_id)
    expected = share_line(step, output, claim.person_id).expected_bp
    levels: tuple[Level | None, Level | None] = (None, None)
    if made.share_bp is not None and output.attainment is not None:
        held = step.uow.contributions.credit_lines(
            output.cycle_id, person_id=claim.person_id, squad_id=output.squad_id
        )
        at_expected = _role_level(tables, held, (output.id, expected), made)
        levels = (
            at_expected,
            at_expected
            if made.share_bp == expected
            else _role_level(tables, held, (output.id, made.share_bp), made),
        )
    rules = AttestRules(
        band=tables.band_rules(),
        escalate_at_return=ESCALATE_AT_RETURN,
        attest_working_days=_ATTEST_DAYS,
    )
    return needs_of(made, claim, expected, rules, levels)


def _role_level(
    tables: Tables, held: Sequence[SeenLine], share: tuple[str, int], made: Attestation
) -> Level | None:
    """Level word of the role that holds these lines, if the one of this output got that share."""
    output_id, bp = share
    lines = [
        CreditLine(
            output_id=row.output_id,
            value_points=row.value_points,
            attainment=row.attainment,
            expected_bp=row.expected_bp,
            attested_bp=bp if row.output_id == output_id else row.credited_bp,
            collective_bp=0 if row.output_id == output_id else row.collective_bp,
            commitment=made.commitment if row.output_id == output_id else row.commitment,
            sealed=row.output_id == output_id or row.credited_bp > 0,
        )
        for row in held
    ]
    found = squad_attainment(lines, ATTAINMENT_CAP).attainment
    return None if found is None else tables.role_level(found)


def _pending(step: Step, output: Output, claim: Claim) -> Attestation:
    """The attestation that waits for answer and signature."""
    made = newest_attestation(step, output, claim)
    if claim.state is not ClaimState.CLAIMED or made is None or made.cosigner_id is not None:
        raise Conflict("nothing_to_sign", claim=claim.id)
    return made


def _conclude(step: Step, output: Output, claim: Claim, made: Attestation, needs: Needs) -> None:
    _require_room(step, output, made)
    with refused(other="share_percent", I2="share_percent"):
        attested = attesting.attest(claim, made, needs)
        step.uow.contributions.put(attested)
        post_decided(step, output, attested)
    expected = share_line(step, output, claim.person_id).expected_bp
    # the dispute window runs from notice (crediting.md 2.5)
    tell_attested(step, claim, made, expected)
    if attesting.lowers(made.share_bp, claim.claimed_bp, expected):
        protection.record_lowering(
            step.uow,
            step.means.ids,
            actor_id=made.attester_id,
            on_behalf_of=made.on_behalf_of,
            person_id=claim.person_id,
            kind=LoweringKind.LINE,
            subject_id=made.id,
            at=step.now,
            second_id=made.cosigner_id,
        )


def _require_room(step: Step, output: Output, made: Attestation) -> None:
    """`InputRefused` (I2) when POOL holds less beside what waits there for others' consent."""
    free = step.uow.contributions.balances(output.id)[POOL] - earmarked(step.uow, output.id)
    if made.share_bp is not None and made.share_bp > free:
        raise fault("share_percent", "I2", f"{free} are left, {made.share_bp} asked")


def _outcome(
    step: Step, output: Output, claim: Claim, made: Attestation, *, needs_cosign: bool
) -> Mapping[str, Json]:
    return {
        "attestation": made.decision.value,
        "needs_cosign": needs_cosign,
        "escalates": False,
        "returns": returns_so_far(step, output, claim),
    }


def _stream(output: Output) -> str:
    return f"output:{output.id}"
