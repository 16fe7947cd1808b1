"""Who verifies which evidence of a person's work, and the evidence a rating can stand on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.domain.claims import EvidenceStatus
from engine.domain.evidence import Proof, barred_verifiers, verifier
from engine.usecases.errors import NotFound

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from engine.domain.evidence import EvidenceCheck
    from engine.domain.organisation import Official
    from engine.usecases.organisation import Standing
    from engine.usecases.ports.work import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceLine:
    """A piece of evidence with what was said about it."""

    proof: Proof
    check: EvidenceCheck | None
    #: what its owner brought instead
    replaced_by: str | None


def evidence_lines(uow: UnitOfWork, person_id: str, cycle_id: str) -> Sequence[EvidenceLine]:
    """All evidence of a person's work in a cycle, oldest first."""
    proofs = uow.assurance.proofs(person_id, cycle_id)
    ids = [proof.evidence.id for proof in proofs]
    checks, replaced = uow.assurance.checks(ids), uow.assurance.replacements(ids)
    return [
        EvidenceLine(
            proof=proof,
            check=checks.get(proof.evidence.id),
            replaced_by=replaced.get(proof.evidence.id),
        )
        for proof in proofs
    ]


def proof_of(uow: UnitOfWork, evidence_id: str) -> Proof:
    """A piece of evidence with what it proves; `NotFound` before it proves anything."""
    found = uow.assurance.proof(evidence_id)
    if found is None:
        raise NotFound("evidence", evidence_id)
    return found


def open_proofs(uow: UnitOfWork, person_id: str, cycle_id: str) -> Sequence[Proof]:
    """Evidence of a person's work in a cycle that nobody checked yet."""
    return [
        proof
        for proof in uow.assurance.proofs(person_id, cycle_id)
        if proof.evidence.status is EvidenceStatus.UNVERIFIED
    ]


def verifier_of(standing: Standing, proof: Proof, named: str | None = None) -> str | None:
    """Who verifies it: whoever was named, else who attests or rates the work it proves.

    Never who brought it or whose it is; a named verifier is no member of the output either, so
    that no colleague's share hangs on his word. The next above stands in; None when nobody is
    left.
    """
    if named is not None:
        return verifier([named], parties(standing, proof))
    return verifier(_candidates(standing, proof), barred_verifiers(proof))


def parties(standing: Standing, proof: Proof) -> frozenset[str]:
    """Who brought it, whose it is, and who has a line in the same output."""
    lines = standing.uow.contributions.share_lines(proof.output_id) if proof.output_id else ()
    return barred_verifiers(proof, (line.person_id for line in lines))


def _candidates(standing: Standing, proof: Proof) -> Iterator[str | None]:
    if proof.output_id is not None:
        output = standing.output(proof.output_id)
        yield _name(standing.attester(output, proof.owner_id))
        yield _name(standing.attester(output, proof.owner_id, past_lead=True))
    yield _name(standing.rater(proof.owner_id))
    yield from (official.person_id for official in standing.superiors(proof.owner_id))


def _name(official: Official | None) -> str | None:
    return None if official is None else official.person_id
