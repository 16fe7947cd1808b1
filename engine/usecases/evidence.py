"""Evidence: keeping an uploaded file, and handing it to those who may see it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from engine.domain.access import Resource
from engine.domain.claims import Claim, Evidence
from engine.domain.cycles import Cycle
from engine.domain.outputs import Output
from engine.domain.plans import Plan, PlanItem
from engine.usecases.books import readable
from engine.usecases.errors import AccessRefused, FieldFault, InputRefused, NotFound
from engine.usecases.organisation import Standing
from engine.usecases.relations import around, may_read
from engine.usecases.verification import EvidenceLine, evidence_lines

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import BinaryIO

    from engine.usecases.actor import Actor
    from engine.usecases.ports.files import EvidenceFiles
    from engine.usecases.ports.work import House, UnitOfWork

FILENAME_LENGTH_MAX = 200
#: tasks of the drawing `contribution` that decide about one member's claim
_ATTESTING: Final = frozenset({"attest", "attest_for_lead", "cosign"})
#: and about every line of the output
_JUDGING: Final = frozenset({"decide_dispute"})


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedEvidence:
    """A piece of evidence with its content."""

    evidence: Evidence
    content: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonEvidence:
    """A person's evidence in a cycle."""

    cycle: Cycle
    lines: Sequence[EvidenceLine]
    #: results that no verified evidence stands behind
    unverified: Sequence[str]


def keep_file(
    house: House, files: EvidenceFiles, actor: Actor, content: BinaryIO, filename: str
) -> dict[str, str | int]:
    """Keep an uploaded file; the reference that a form's file field holds.

    It is the uploader's and proves nothing until a form that names it is accepted. Returns id,
    sha256, filename, media_type and size_bytes. `InputRefused` for what the store does not take.
    """
    if actor.person_id is None:
        raise AccessRefused("evidence:keep", filename)
    name = filename.replace("\\", "/").rpartition("/")[2].strip()
    if not name or len(name) > FILENAME_LENGTH_MAX or not name.isprintable():
        raise InputRefused(
            FieldFault(field="", code="file_name", message="the file name cannot be used")
        )
    kept = files.keep(content, name)
    proof = Evidence(
        id=house.ids.uuid(),
        sha256=kept.sha256,
        filename=name,
        media_type=kept.media_type,
        size_bytes=kept.size_bytes,
        uploaded_by=actor.person_id,
        at=house.clock.now(),
    )
    with house.writing() as uow:
        uow.contributions.add([proof])
        uow.commit()
    return {
        "id": proof.id,
        "sha256": kept.sha256,
        "filename": name,
        "media_type": kept.media_type,
        "size_bytes": kept.size_bytes,
    }


def open_evidence(
    house: House, files: EvidenceFiles, actor: Actor, evidence_id: str
) -> OpenedEvidence:
    """A file with its content; `NotFound` for those whom the access matrix does not let see it."""
    found = _seen(house, actor, evidence_id)
    if not found.sha256:
        raise NotFound("evidence", evidence_id)
    return OpenedEvidence(evidence=found, content=files.read(found.sha256))


def evidence_link(house: House, actor: Actor, evidence_id: str) -> str | None:
    """Where evidence lies that is a link; None for a file. `NotFound` as for the file."""
    return _seen(house, actor, evidence_id).link


def _seen(house: House, actor: Actor, evidence_id: str) -> Evidence:
    with house.reading() as uow:
        found = uow.contributions.get(Evidence, evidence_id)
        if found is None:
            raise NotFound("evidence", evidence_id)
        if found.uploaded_by != actor.person_id:
            person_id, cycle = _whose(uow, found)
            standing = Standing(uow, house.clock.now())
            near = around(uow, standing, person_id, cycle)
            if not may_read(near, actor, Resource.EVIDENCE) and _decides(standing, actor, found):
                near = replace(near, deciders={actor.person_id or actor.name})
            if not may_read(near, actor, Resource.EVIDENCE):
                raise NotFound("evidence", evidence_id)
            uow.readings.note(actor, person_id, Resource.EVIDENCE)
        return found


def _decides(standing: Standing, actor: Actor, evidence: Evidence) -> bool:
    """Whether the actor may take an open task that decides about what the evidence proves."""
    uow = standing.uow
    claim = uow.contributions.get(Claim, evidence.claim_id) if evidence.claim_id else None
    if claim is None:
        return False
    for step in uow.contributions.open_steps([claim.output_id]):
        whole = step.element_id in _JUDGING
        if not whole and (step.element_id not in _ATTESTING or step.about_id != claim.person_id):
            continue
        task = uow.processes.task(step.task_key)
        if task is not None and uow.work_list.may_take(actor, task, now=standing.now):
            return True
    return False


def unverified_results(uow: UnitOfWork, person_id: str, cycle_id: str) -> tuple[str, ...]:
    """Results of a person's newest plan that no verified evidence stands behind, by number.

    A rating that counts one of them gives its reason in writing (domain.md 11, row 6). Home
    results stand on evidence of the result or of its progress, results in a squad on evidence of
    the person's claims there. Empty without a plan.
    """
    plan = uow.performance.plan_of(person_id, cycle_id)
    return tuple(uow.assurance.unverified_items(plan.id)) if plan else ()


def read_evidence(
    house: House, actor: Actor, person_id: str, wanted: str | None = None
) -> PersonEvidence:
    """Evidence of a person's work with what was said about it; `NotFound` for who may not read."""
    with house.reading() as uow:
        standing = Standing(uow, house.clock.now())
        cycle = readable(standing, actor, person_id, Resource.EVIDENCE, wanted)
        return PersonEvidence(
            cycle=cycle,
            lines=evidence_lines(uow, person_id, cycle.id),
            unverified=unverified_results(uow, person_id, cycle.id),
        )


def _whose(uow: UnitOfWork, evidence: Evidence) -> tuple[str, Cycle]:
    """The person whose work it proves, and the cycle."""
    person_id = cycle_id = None
    if evidence.claim_id is not None:
        claim = uow.contributions.get(Claim, evidence.claim_id)
        output = uow.contributions.get(Output, claim.output_id) if claim else None
        if claim is not None and output is not None:
            person_id, cycle_id = claim.person_id, output.cycle_id
    elif evidence.plan_item_id is not None:
        item = uow.performance.get(PlanItem, evidence.plan_item_id)
        plan = uow.performance.get(Plan, item.plan_id) if item else None
        if plan is not None:
            person_id, cycle_id = plan.person_id, plan.cycle_id
    else:
        beside = next(iter(uow.dialogues.attachments_of(evidence.id)), None)
        if beside is not None:
            person_id, cycle_id = beside.person_id, beside.cycle_id
    cycle = uow.performance.get(Cycle, cycle_id) if cycle_id else None
    if person_id is None or cycle is None:
        raise NotFound("evidence", evidence.id)
    return person_id, cycle
