"""Every operation that a drawing may name, by name."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from engine.usecases.operations import (
    attestations,
    auditing,
    calibration,
    certificates,
    check_ins,
    claims,
    closing,
    coaching,
    complaints,
    confirmations,
    consents,
    corrections,
    credit_rules,
    cycle,
    disputes,
    documenting,
    early_warnings,
    escalations,
    evaluation,
    exchange,
    feedback,
    follow_up,
    formation,
    found_corrections,
    functional,
    functional_papers,
    goals,
    incidents,
    lessons,
    links,
    long_leave,
    matrix,
    memberships,
    monitoring,
    objections,
    offices,
    outputs,
    overlays,
    peer_reviews,
    period_ratings,
    planning,
    promises,
    rating,
    recognitions,
    reopening,
    revisions,
    risks,
    role_changes,
    segments,
    share_plans,
    squad_changes,
    squads,
    superiors,
    surveys,
    verifying,
    voices,
)
from engine.usecases.operations.step import Step

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from engine.usecases.means import Means
    from engine.usecases.ports.process import Json
    from engine.usecases.ports.runner import OperationCall

    Result = Mapping[str, Json] | None


def _merged(
    rooms: tuple[Mapping[str, Callable[[Step], Mapping[str, Json]]], ...],
) -> Mapping[str, Callable[[Step], Mapping[str, Json]]]:
    """One mapping of all rooms; a name twice is a mistake of the build."""
    found: dict[str, Callable[[Step], Mapping[str, Json]]] = {}
    for room in rooms:
        if twice := found.keys() & room.keys():
            raise ValueError(f"operations named twice: {sorted(twice)}")
        found.update(room)
    return found


_FIRST: Final[Mapping[str, Callable[[Step], Mapping[str, Json]]]] = {
    "regu.cycle.open": cycle.open_cycle,
    "regu.cycle.start_for_everybody": cycle.start_for_everybody,
    "regu.cycle.start_for_units": cycle.start_for_units,
    "regu.cycle.start_for_agency": cycle.start_for_agency,
    "regu.cycle.start_outputs": cycle.start_outputs,
    "regu.cycle.close": cycle.close_cycle,
    "regu.org_rating.set": cycle.set_org_rating,
    "regu.plan.missing": cycle.missing_plans,
    "regu.plan.open": planning.open_plan,
    "regu.plan.draft": planning.draft_plan,
    "regu.plan.impose": planning.impose_draft,
    "regu.plan.clarify_role": planning.clarify_role,
    "regu.plan.note_silence": planning.note_silence,
    "regu.plan.clarify": planning.clarify_expectation,
    "regu.plan.fix": planning.fix_plan,
    "regu.monitoring.open": monitoring.open_monitoring,
    "regu.notify.remind": monitoring.remind,
    "regu.notify.escalate": monitoring.escalate,
    "regu.output.open": outputs.open_output,
    "regu.output.deliver": outputs.deliver_output,
    "regu.output.accept": outputs.accept_output,
    "regu.output.settle": outputs.settle_output,
    "regu.output.allocate": outputs.allocate_remainder,
    "regu.output.seal": outputs.seal_output,
    "regu.claim.submit": claims.submit_claim,
    "regu.claim.acknowledge": claims.acknowledge_claim,
    "regu.claim.lapse": claims.lapse_claim,
    "regu.claim.attest": attestations.attest_claim,
    "regu.claim.answer": attestations.answer_adjustment,
    "regu.claim.cosign": attestations.cosign_claim,
    "regu.output.read_remainder": disputes.read_remainder,
    "regu.membership.decide_consent": consents.decide_consent,
    "regu.dispute.hear": disputes.hear_party,
    "regu.dispute.decide": disputes.decide_dispute,
    "regu.followup.prepare": follow_up.prepare_follow_up,
    "regu.followup.plan": follow_up.plan_improvement,
    "regu.followup.confirm": follow_up.confirm_follow_up,
    "regu.followup.record": follow_up.record_follow_up,
}

#: rooms that keep the names of their operations themselves, each as its `OPERATIONS`
_ROOMS: Final[tuple[Mapping[str, Callable[[Step], Mapping[str, Json]]], ...]] = (
    confirmations.OPERATIONS,
    promises.OPERATIONS,
    incidents.OPERATIONS,
    lessons.OPERATIONS,
    feedback.OPERATIONS,
    documenting.OPERATIONS,
    early_warnings.OPERATIONS,
    coaching.OPERATIONS,
    check_ins.OPERATIONS,
    offices.OPERATIONS,
    role_changes.OPERATIONS,
    segments.OPERATIONS,
    certificates.OPERATIONS,
    closing.OPERATIONS,
    corrections.OPERATIONS,
    credit_rules.OPERATIONS,
    escalations.OPERATIONS,
    overlays.OPERATIONS,
    goals.OPERATIONS,
    verifying.OPERATIONS,
    auditing.OPERATIONS,
    peer_reviews.OPERATIONS,
    links.OPERATIONS,
    matrix.OPERATIONS,
    risks.OPERATIONS,
    revisions.OPERATIONS,
    reopening.OPERATIONS,
    long_leave.OPERATIONS,
    superiors.OPERATIONS,
    formation.OPERATIONS,
    found_corrections.OPERATIONS,
    functional.OPERATIONS,
    functional_papers.OPERATIONS,
    squads.OPERATIONS,
    share_plans.OPERATIONS,
    memberships.OPERATIONS,
    consents.OPERATIONS,
    squad_changes.OPERATIONS,
    evaluation.OPERATIONS,
    exchange.OPERATIONS,
    rating.OPERATIONS,
    objections.OPERATIONS,
    calibration.OPERATIONS,
    voices.OPERATIONS,
    surveys.OPERATIONS,
    complaints.OPERATIONS,
    period_ratings.OPERATIONS,
    recognitions.OPERATIONS,
)

OPERATIONS: Final[Mapping[str, Callable[[Step], Mapping[str, Json]]]] = _merged((_FIRST, *_ROOMS))


def operations(means: Means) -> Mapping[str, Callable[[OperationCall], Result]]:
    """The registry that `ProcessHost.operation` looks into."""
    return {name: partial(_run, means, operation) for name, operation in OPERATIONS.items()}


def _run(
    means: Means, operation: Callable[[Step], Mapping[str, Json]], call: OperationCall
) -> Result:
    return operation(Step(means, call))
