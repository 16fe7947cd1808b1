"""Operations of internal audit: draw a sample, record what was found."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from engine.domain import sampling as rules
from engine.domain.claims import Claim
from engine.domain.plans import Plan, PlanItem
from engine.domain.sampling import AuditSample, Finding, SampleItem, SubjectKind, Verdict
from engine.usecases import audit_tags
from engine.usecases.auditing import last_days
from engine.usecases.errors import AccessRefused, Conflict, NotFound
from engine.usecases.operations.step import Step, fault, refused
from engine.usecases.rights import AUDITOR

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from engine.usecases.ports.process import Json

#: message to whoever corrects sealed credit, keyed by the output
CORRECTION_ASKED: Final = "credit_correction_asked"


def draw_sample(step: Step) -> Mapping[str, Json]:
    """`regu.audit.draw` (start form: size, seed): an auditor draws from his agency's cycle.

    Returns sample_id and pieces [{item_id, person_id}]. The same seed draws the same sample from
    the same claims and results.
    """
    cycle = step.cycle()
    drawer = _auditor(step, cycle.agency_id)
    size = step.decimal("size")
    if size is None or size != size.to_integral_value():
        raise fault("size", "required", "say how many pieces")
    limits = step.tables(cycle.agency_id).audit_limits()
    frame = step.uow.assurance.frame(cycle.id, last_days(step.standing, cycle, limits.last_days))
    seed = step.text("seed")
    with refused(sample_size="size", seed_missing="seed"):
        drawn = rules.draw(frame, size=int(size), seed=seed)
    if not drawn:
        raise fault("size", "nothing_to_draw", "no claim or result can be drawn yet")
    sample = AuditSample(
        id=step.means.ids.uuid(),
        agency_id=cycle.agency_id,
        cycle_id=cycle.id,
        size=int(size),
        seed=seed,
        frame_hash=rules.frame_hash(frame),
        drawn_by=drawer,
        at=step.now,
    )
    items = rules.drawn_items(drawn, sample.id, [step.means.ids.uuid() for _ in drawn])
    step.uow.assurance.add([sample, *items])
    step.note(f"agency:{cycle.agency_id}", audit_tags.SAMPLE_DRAWN, sample=sample.id)
    pieces: list[Json] = [{"item_id": item.id} for item in items]
    return {"sample_id": sample.id, "pieces": pieces}


def record_finding(step: Step) -> Mapping[str, Json]:
    """`regu.audit.find` (item_id; form: verdict, note, correction): by an auditor.

    Never about his own work or a line that he signed himself. A correction is asked for by the
    message `credit_correction_asked` (key: the output).
    """
    item_id = step.ref("item_id")
    item = step.uow.assurance.get(SampleItem, item_id)
    sample = step.uow.assurance.get(AuditSample, item.sample_id) if item else None
    if item is None or sample is None:
        raise NotFound("audit_item", item_id)
    auditor = _auditor(step, sample.agency_id)
    claim = _claim(step, item)
    made = Finding(
        item_id=item.id,
        person_id=item.person_id,
        auditor_id=auditor,
        verdict=step.word("verdict", Verdict),
        note=step.text("note"),
        correction=step.call.form.get("correction") is True,
        at=step.now,
    )
    if made.correction and claim is None:
        raise fault("correction", "no_credit", "only the credit of an output is corrected")
    if step.actor.on_behalf_of is not None:
        raise AccessRefused("audit:find", "an auditor looks himself")
    with refused(note_missing="note", nothing_to_correct="correction"):
        rules.check_finding(made, _acted(step, item, claim))
    step.uow.assurance.add([made])
    step.note(f"agency:{sample.agency_id}", audit_tags.FINDING_RECORDED, item=item.id)
    if made.correction and claim is not None:
        step.means.announce(
            step.uow,
            step.actor,
            CORRECTION_ASKED,
            claim.output_id,
            output_id=claim.output_id,
            person_id=claim.person_id,
            finding_id=item.id,
        )
    return {}


def count_findings(step: Step) -> Mapping[str, Json]:
    """`regu.audit.close` (sample_id): how many pieces were looked at, and how many remain."""
    sample_id = step.ref("sample_id")
    items = step.uow.assurance.items(sample_id)
    found = step.uow.assurance.findings(sample_id)
    sample = step.uow.assurance.get(AuditSample, sample_id)
    if sample is None:
        raise NotFound("audit_sample", sample_id)
    step.note(
        f"agency:{sample.agency_id}", audit_tags.SAMPLE_CLOSED, sample=sample_id, found=len(found)
    )
    return {"found": len(found), "remaining": len(items) - len(found)}


def _auditor(step: Step, agency_id: str) -> str:
    if AUDITOR not in step.actor.groups or step.actor.agency_id != agency_id:
        raise AccessRefused("audit:sample", agency_id)
    return step.person


def _claim(step: Step, item: SampleItem) -> Claim | None:
    if item.kind is not SubjectKind.CLAIM:
        return None
    return step.uow.contributions.get(Claim, item.subject_id)


def _acted(step: Step, item: SampleItem, claim: Claim | None) -> frozenset[str]:
    """Everybody who signed the claim, or fixed or rated the plan the result stands in."""
    if claim is not None:
        names = {
            name
            for made in step.uow.contributions.attestations(claim.output_id)
            if made.claim_id == claim.id
            for name in (made.attester_id, made.on_behalf_of, made.cosigner_id)
        }
        output = step.standing.output(claim.output_id)
        return frozenset(name for name in {*names, output.accepted_by} if name is not None)
    row = step.uow.performance.get(PlanItem, item.subject_id)
    plan = step.uow.performance.get(Plan, row.plan_id) if row else None
    if plan is None:
        raise Conflict("plan_missing", item=item.id)
    rating = step.uow.performance.rating_of(plan.person_id, plan.cycle_id)
    acted = {plan.fixed_by, *((rating.rater_id, rating.on_behalf_of) if rating else ())}
    return frozenset(name for name in acted if name is not None)


OPERATIONS: Final[Mapping[str, Callable[[Step], Mapping[str, Json]]]] = {
    "regu.audit.draw": draw_sample,
    "regu.audit.find": record_finding,
    "regu.audit.close": count_findings,
}
