"""Operations of a member's claim: hand in, take over, withdraw, lapse."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from engine.domain import claims as rules
from engine.domain.claims import (
    Claim,
    ClaimAct,
    Degree,
    Evidence,
    EvidenceStatus,
    moved,
    submit,
)
from engine.domain.contribution_types import offered
from engine.domain.evidence import link_fault
from engine.usecases import audit_tags
from engine.usecases.claim_draft import FALLBACK_TYPE, claim_draft
from engine.usecases.errors import AccessRefused, Conflict
from engine.usecases.operations.posting import claim_at, locked, returns_so_far, share_line
from engine.usecases.operations.step import as_bp, fault, refused

if TYPE_CHECKING:
    from engine.domain.outputs import Output
    from engine.usecases.operations.step import Step
    from engine.usecases.ports.process import Json

#: one tap: the share, kind and degree that were planned
AS_PLANNED = "plan"
#: the member takes back what he claimed, or says that he did nothing
WITHDRAW = "withdraw"


def submit_claim(step: Step) -> Mapping[str, Json]:
    """`regu.claim.submit`: by the member, or by the lead for him; at least one evidence.

    Form: mode plan|own|withdraw, claimed_percent, contribution_type, degree, evidence_link,
    evidence_files, note. Mode plan ("sesuai rencana") takes share, kind and degree as they were
    planned or claimed before. Returns claimed, claim_id, returns.
    """
    output = locked(step)
    person_id = step.ref("person_id")
    line = share_line(step, output, person_id)
    lead = step.standing.lead(step.standing.squad(output.squad_id))
    actor = step.person
    if actor != person_id and (lead is None or actor != lead.person_id):
        raise AccessRefused("claim", person_id)
    if step.text("mode") == WITHDRAW:
        return _withdrawn(step, output, person_id)
    claim = _draft(step, output, person_id)
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
    returns = returns_so_far(step, output, claim)
    return {
        "claim_id": claim.id,
        "returns": returns,
        "claimed": True,
        "on_behalf": claimed.on_behalf,
    }


def acknowledge_claim(step: Step) -> Mapping[str, Json]:
    """`regu.claim.acknowledge` (form: answer accept|own|withdraw): what his lead claimed for him.

    The member takes it over, claims himself instead, or withdraws it.
    """
    output = locked(step)
    claim = claim_at(step, output)
    member = step.require_person(claim.person_id)
    answer = step.text("answer")
    with refused():
        if answer == "accept":
            after = rules.acknowledge(claim, member, step.now)
        elif answer == "own":
            after = rules.reopen(claim, member)
        elif answer == WITHDRAW:
            after = rules.withdraw(claim, member)
        else:
            raise fault("answer", "unknown_word", "accept, own or withdraw")
    step.uow.contributions.put(after)
    step.note(_stream(output), audit_tags.CLAIM_ACKNOWLEDGED, claim=claim.id, answer=answer)
    return {"acknowledged": answer}


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


def _withdrawn(step: Step, output: Output, person_id: str) -> Mapping[str, Json]:
    """The member's own word that he claims nothing; the share stays in POOL."""
    claim = step.uow.contributions.claim_of(output.id, person_id)
    if claim is None:
        claim = _empty(step, output, person_id)
        step.uow.contributions.add([claim])
    with refused():
        gone = rules.withdraw(claim, step.person)
    step.uow.contributions.put(gone)
    step.note(_stream(output), audit_tags.CLAIM_WITHDRAWN, claim=claim.id)
    return {"claim_id": claim.id, "returns": 0, "claimed": False, "on_behalf": False}


def _draft(step: Step, output: Output, person_id: str) -> Claim:
    """The claim as the form states it, in the round it is in."""
    if step.text("mode") == AS_PLANNED:
        return _as_planned(step, output, person_id)
    claimed = as_bp(step.call.form.get("claimed_percent"), "claimed_percent")
    if claimed is None:
        raise fault("claimed_percent", "required", "state the share")
    stored = step.uow.contributions.claim_of(output.id, person_id)
    base = stored or _empty(step, output, person_id)
    return replace(
        base,
        claimed_bp=claimed,
        contribution_type=_kind(step, output),
        degree=step.word("degree", Degree),
        note=step.text("note"),
    )


def _as_planned(step: Step, output: Output, person_id: str) -> Claim:
    found = claim_draft(step.uow, output, person_id)
    if found is None:
        raise Conflict("no_member", person=person_id)
    stored = step.uow.contributions.claim_of(output.id, person_id)
    return replace(
        stored or _empty(step, output, person_id),
        claimed_bp=found.claimed_bp,
        contribution_type=found.contribution_type,
        degree=found.degree,
        note=step.text("note"),
    )


def _kind(step: Step, output: Output) -> str:
    """The kind of contribution: one that the host agency offers."""
    code = step.text("contribution_type")
    host = step.standing.squad(output.squad_id).host_agency_id
    known = {row.code for row in offered(step.uow.credits.types(host))}
    if code not in known:
        raise fault("contribution_type", "unknown_word", f"one of {', '.join(sorted(known))}")
    return code


def _empty(step: Step, output: Output, person_id: str) -> Claim:
    return Claim(
        id=step.means.ids.uuid(),
        output_id=output.id,
        person_id=person_id,
        claimed_bp=0,
        contribution_type=FALLBACK_TYPE,
        degree=Degree.EQUAL,
    )


def _attach_evidence(step: Step, claim: Claim) -> None:
    link = step.text("evidence_link")
    known = step.uow.contributions.evidence(claim_id=claim.id)
    if link and all(proof.link != link for proof in known):
        if link_fault(link) is not None:
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


def _stream(output: Output) -> str:
    return f"output:{output.id}"
