"""Operations of follow-up: prepare, plan an improvement, confirm, record."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from engine.domain.followup import FollowUp, FollowUpKind, check_confirmer
from engine.domain.ratings import RatingStatus
from engine.usecases import audit_tags
from engine.usecases.errors import AccessRefused
from engine.usecases.operations import recognising
from engine.usecases.operations.evaluation import rating_of
from engine.usecases.operations.step import fault
from engine.usecases.recognised import predikat_before
from engine.usecases.rights import PERF_ADMIN

if TYPE_CHECKING:
    from engine.usecases.operations.step import Step
    from engine.usecases.ports.process import Json


def prepare_follow_up(step: Step) -> Mapping[str, Json]:
    """`regu.followup.prepare`: the final predikat; ready is false while there is none."""
    cycle = step.cycle()
    rating = step.uow.performance.rating_of(step.ref("person_id"), cycle.id)
    if rating is None or rating.status is not RatingStatus.FINAL or rating.predikat is None:
        return {"ready": False, "cycle_name": cycle.name}
    return {
        "ready": True,
        "rating_id": rating.id,
        "predikat": rating.predikat.value,
        "cycle_name": cycle.name,
        "predikat_before": predikat_before(step.uow, rating.person_id, cycle),
        **recognising.basis_of(step.uow, rating.person_id, cycle.id),
    }


def plan_improvement(step: Step) -> Mapping[str, Json]:
    """`regu.followup.plan` (form: plan, until): the rater's plan of improvement."""
    rating = rating_of(step)
    step.require_office_or_admin(step.standing.rater(rating.person_id), rating.person_id)
    words = step.text("plan")
    if not words:
        raise fault("plan", "required", "an improvement needs its plan")
    until = step.text("until")
    note = f"{words}\n({until})" if until else words
    _add(step, FollowUpKind.IMPROVEMENT, note, None)
    step.note(f"rating:{rating.id}", audit_tags.FOLLOW_UP_PLANNED, rating=rating.id)
    return {}


def confirm_follow_up(step: Step) -> Mapping[str, Json]:
    """`regu.followup.confirm` (form: decision confirm|change, note): perf_admin, never his own."""
    rating = rating_of(step)
    if PERF_ADMIN not in step.actor.groups:
        raise AccessRefused("confirm_follow_up", rating.person_id)
    if check_confirmer(rating.person_id, step.actor.person_id or ""):
        raise AccessRefused("confirm_follow_up", "own matter")
    decision = step.text("decision")
    if decision not in ("confirm", "change"):
        raise fault("decision", "unknown_word", "confirm or change")
    if decision == "change" and not step.text("note"):
        raise fault("note", "required", "say what follows instead")
    step.note(f"rating:{rating.id}", audit_tags.FOLLOW_UP_CONFIRMED, decision=decision)
    return {
        "follow_up_decision": decision,
        "follow_up_note": step.text("note"),
        "confirmed_by": step.actor.person_id,
    }


def record_follow_up(step: Step) -> Mapping[str, Json]:
    """`regu.followup.record` (input proposal.kinds): one row per kind that was confirmed."""
    rating = rating_of(step)
    step.require_not_own(rating.person_id)
    note = step.maybe("follow_up_note") or ""
    changed = step.maybe("follow_up_decision") == "change"
    kinds = [FollowUpKind.NONE] if changed else _proposed(step)
    for kind in kinds:
        _add(step, kind, note, step.maybe("confirmed_by"))
    recognising.record(step, rating, set_aside=changed, note=note)
    step.note(f"rating:{rating.id}", audit_tags.FOLLOW_UP_RECORDED, rating=rating.id)
    return {"kinds": [kind.value for kind in kinds]}


def _proposed(step: Step) -> list[FollowUpKind]:
    proposal = step.call.variables.get("proposal")
    words = proposal.get("kinds") if isinstance(proposal, Mapping) else proposal
    if isinstance(words, str):
        words = [words]
    found = [FollowUpKind(word) for word in words or [] if word in set(FollowUpKind)]
    return found or [FollowUpKind.NONE]


def _add(step: Step, kind: FollowUpKind, note: str, confirmed_by: str | None) -> None:
    rating = rating_of(step)
    if any(row.kind is kind for row in step.uow.performance.follow_ups(rating.id)):
        return
    row = FollowUp(
        id=step.means.ids.uuid(),
        rating_id=rating.id,
        kind=kind,
        note=note,
        confirmed_by=confirmed_by,
        at=step.now,
    )
    step.uow.performance.add([row])
    recognising.log_follow_up(step, rating, row.id)
