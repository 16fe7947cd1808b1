"""Operations of evidence: ask for verification, gather, verify, replace what was rejected."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from engine.domain import evidence as rules
from engine.domain.access import Resource
from engine.domain.claims import Evidence, EvidenceStatus
from engine.domain.cycles import Cycle, Period
from engine.domain.evidence import CheckOutcome, EvidenceCheck, EvidenceReplacement, Proof
from engine.domain.organisation import Official
from engine.usecases import audit_tags
from engine.usecases.errors import AccessRefused, Conflict, NotFound
from engine.usecases.operations.step import Step, fault, refuse, refused
from engine.usecases.relations import around, may_read
from engine.usecases.rights import AUDITOR, HR, PERF_ADMIN
from engine.usecases.verification import open_proofs, parties, proof_of, verifier_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from engine.usecases.ports.process import Json

_OFFICES: Final = frozenset({HR, PERF_ADMIN, AUDITOR})


def ask_verification(step: Step) -> Mapping[str, Json]:
    """`regu.evidence.ask` (start form: employee_nip, period_id, verifier_nip).

    By the person himself, by whoever may read his evidence, or by hr, perf_admin and auditor of
    his agency. A verifier is named by others only.
    """
    cycle = step.cycle()
    person_id = _by_nip(step, "employee_nip")
    if person_id is None:
        raise fault("employee_nip", "required", "say whose evidence")
    standing_around = around(step.uow, step.standing, person_id, cycle)
    same = step.actor.agency_id == standing_around.agency_id
    office = same and bool(step.actor.groups & _OFFICES)
    if not office and not may_read(standing_around, step.actor, Resource.EVIDENCE):
        raise AccessRefused("evidence:verify", person_id)
    named = _by_nip(step, "verifier_nip")
    if named is not None and step.person == person_id:
        raise fault("verifier_nip", "own", "nobody names the verifier of his own evidence")
    return {
        "person_id": person_id,
        "period_id": step.text("period_id"),
        "named_id": named or "",
    }


def gather_evidence(step: Step) -> Mapping[str, Json]:
    """`regu.evidence.gather` (person_id, cycle_id, period_id?, evidence_id?, named_id?).

    Returns pieces: the evidence that nobody checked, each with who verifies it. A piece for which
    the named verifier is barred goes to whoever attests or rates the work.
    """
    person_id, cycle = step.ref("person_id"), step.cycle()
    named, one = step.maybe("named_id"), step.maybe("evidence_id")
    found = [
        proof
        for proof in open_proofs(step.uow, person_id, cycle.id)
        if one in (None, proof.evidence.id)
    ]
    pieces: list[Json] = []
    for proof in _in_period(step, cycle, found):
        chosen = verifier_of(step.standing, proof, named) or verifier_of(step.standing, proof)
        pieces.append({"evidence_id": proof.evidence.id, "verifier_id": chosen or ""})
    return {"pieces": pieces}


def verify_evidence(step: Step) -> Mapping[str, Json]:
    """`regu.evidence.verify` (evidence_id, verifier_id; form: outcome verified|rejected, reason).

    By the verifier or who stands in for him; where nobody is left, by perf_admin. Never by who
    brought it or whose work it proves. Returns outcome.
    """
    proof = proof_of(step.uow, step.ref("evidence_id"))
    holder = step.maybe("verifier_id")
    office = step.require_office_or_admin(
        Official(person_id=holder) if holder else None, proof.owner_id
    )
    outsider = office.on_behalf_of is not None or holder is None
    if outsider and office.person_id in parties(step.standing, proof):
        raise AccessRefused("evidence:verify", "own matter")
    if proof.evidence.status is not EvidenceStatus.UNVERIFIED:
        # another verification that ran beside this one came first
        return {"outcome": proof.evidence.status.value}
    made = EvidenceCheck(
        id=step.means.ids.uuid(),
        evidence_id=proof.evidence.id,
        owner_id=proof.owner_id,
        verifier_id=office.person_id,
        on_behalf_of=office.on_behalf_of,
        outcome=step.word("outcome", CheckOutcome),
        reason=step.text("reason"),
        at=step.now,
    )
    with refused(reason_missing="reason"):
        checked = rules.check(made, proof)
    step.uow.contributions.put(checked)
    step.uow.assurance.add([made])
    step.note(
        f"agency:{_agency(step, proof.owner_id)}",
        audit_tags.EVIDENCE_CHECKED,
        evidence=proof.evidence.id,
        outcome=made.outcome.value,
    )
    return {"outcome": made.outcome.value}


def replace_evidence(step: Step) -> Mapping[str, Json]:
    """`regu.evidence.replace` (evidence_id): the owner brings something else, or leaves it.

    Form: answer replace|leave, evidence_link, evidence_files. Returns replaced, and the id of the
    new piece as evidence_id.
    """
    proof = proof_of(step.uow, step.ref("evidence_id"))
    old = proof.evidence.id
    with refused():
        rules.check_replacement(
            proof, step.person, replaced=old in step.uow.assurance.replacements([old])
        )
    answer = step.text("answer")
    if answer == "leave":
        return {"replaced": False}
    if answer != "replace":
        raise fault("answer", "unknown_word", "replace or leave")
    fresh = _brought(step, proof)
    step.uow.assurance.add(
        [EvidenceReplacement(old_id=old, new_id=fresh, owner_id=proof.owner_id, at=step.now)]
    )
    step.note(
        f"agency:{_agency(step, proof.owner_id)}",
        audit_tags.EVIDENCE_REPLACED,
        evidence=old,
        by=fresh,
    )
    return {"replaced": True, "evidence_id": fresh}


def _brought(step: Step, proof: Proof) -> str:
    """Id of the one link or file that the form brings, put where the old one stood."""
    link, files = step.text("evidence_link"), _file_ids(step.call.form.get("evidence_files"))
    if bool(link) == bool(files) or len(files) > 1:
        raise fault("evidence_link", "one_evidence", "bring one link or one file")
    if files:
        held = step.uow.contributions.get(Evidence, files[0])
        if held is None or held.uploaded_by != step.person:
            raise fault("evidence_files", "unknown_file", "upload the file first")
        if held.claim_id is not None or held.plan_item_id is not None:
            raise fault("evidence_files", "used_elsewhere", "it proves something else")
        step.uow.contributions.put(_placed(held, proof))
        return held.id
    wrong = rules.link_fault(link)
    refuse([wrong] if wrong else [], other="evidence_link")
    fresh = Evidence(id=step.means.ids.uuid(), link=link, uploaded_by=step.person, at=step.now)
    step.uow.contributions.add([_placed(fresh, proof)])
    return fresh.id


def _placed(fresh: Evidence, proof: Proof) -> Evidence:
    """The piece, put where the rejected one stood."""
    return replace(fresh, claim_id=proof.evidence.claim_id, plan_item_id=proof.item_id)


def _in_period(step: Step, cycle: Cycle, found: Sequence[Proof]) -> Sequence[Proof]:
    """Those of a period, by the agency's wall clock; all of them without a period."""
    wanted = step.maybe("period_id")
    if wanted is None:
        return found
    period = step.uow.performance.get(Period, wanted)
    if period is None or period.cycle_id != cycle.id:
        raise NotFound("period", wanted)
    zone = ZoneInfo(step.standing.zone(cycle.agency_id))
    first, after = (
        datetime.combine(day, time(), zone).astimezone(UTC)
        for day in (period.starts_on, period.ends_on + timedelta(days=1))
    )
    return [proof for proof in found if first <= proof.evidence.at < after]


def _by_nip(step: Step, field: str) -> str | None:
    """The person of the NIP in a field, None when it is empty."""
    nip = "".join(step.text(field).split())
    if not nip:
        return None
    person = step.uow.agency.person_by_nip(nip)
    if person is None:
        raise fault(field, "unknown_person", "nobody has this NIP")
    return person.id


def _agency(step: Step, person_id: str) -> str:
    person = step.standing.person(person_id)
    if person is None:
        raise Conflict("person_missing", person=person_id)
    return person.agency_id


def _file_ids(value: Json) -> list[str]:
    listed = value if isinstance(value, list | tuple) else [value]
    ids = [item.get("id") if isinstance(item, Mapping) else item for item in listed]
    return [item for item in ids if isinstance(item, str) and item]


OPERATIONS: Final[Mapping[str, Callable[[Step], Mapping[str, Json]]]] = {
    "regu.evidence.ask": ask_verification,
    "regu.evidence.gather": gather_evidence,
    "regu.evidence.verify": verify_evidence,
    "regu.evidence.replace": replace_evidence,
}
