"""Every operation that a drawing may name, by name."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from engine.usecases.operations import (
    claims,
    consents,
    cycle,
    disputes,
    evaluation,
    follow_up,
    monitoring,
    outputs,
    planning,
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
    "regu.monitoring.note_missing": monitoring.note_missing,
    "regu.plan.record_progress": monitoring.record_progress,
    "regu.plan.give_feedback": monitoring.give_feedback,
    "regu.notify.remind": monitoring.remind,
    "regu.notify.escalate": monitoring.escalate,
    "regu.output.open": outputs.open_output,
    "regu.output.deliver": outputs.deliver_output,
    "regu.output.accept": outputs.accept_output,
    "regu.output.settle": outputs.settle_output,
    "regu.output.allocate": outputs.allocate_remainder,
    "regu.output.seal": outputs.seal_output,
    "regu.claim.submit": claims.submit_claim,
    "regu.claim.lapse": claims.lapse_claim,
    "regu.claim.attest": claims.attest_claim,
    "regu.claim.answer": claims.answer_adjustment,
    "regu.claim.cosign": claims.cosign_claim,
    "regu.membership.decide_consent": consents.decide_consent,
    "regu.dispute.hear": disputes.hear_party,
    "regu.dispute.decide": disputes.decide_dispute,
    "regu.evaluation.open": evaluation.open_evaluation,
    "regu.evaluation.prepare": evaluation.prepare_rating,
    "regu.rating.self_evaluate": evaluation.self_evaluate,
    "regu.rating.rate": evaluation.rate,
    "regu.rating.record": evaluation.record_predikat,
    "regu.rating.receive": evaluation.receive_result,
    "regu.rating.finalise": evaluation.finalise,
    "regu.objection.open": evaluation.open_objection,
    "regu.objection.explain": evaluation.explain,
    "regu.objection.decide": evaluation.decide_objection,
    "regu.followup.prepare": follow_up.prepare_follow_up,
    "regu.followup.plan": follow_up.plan_improvement,
    "regu.followup.confirm": follow_up.confirm_follow_up,
    "regu.followup.record": follow_up.record_follow_up,
}

#: rooms that keep the names of their operations themselves, each as its `OPERATIONS`
_ROOMS: Final[tuple[Mapping[str, Callable[[Step], Mapping[str, Json]]], ...]] = ()

OPERATIONS: Final[Mapping[str, Callable[[Step], Mapping[str, Json]]]] = _merged((_FIRST, *_ROOMS))


def operations(means: Means) -> Mapping[str, Callable[[OperationCall], Result]]:
    """The registry that `ProcessHost.operation` looks into."""
    return {name: partial(_run, means, operation) for name, operation in OPERATIONS.items()}


def _run(
    means: Means, operation: Callable[[Step], Mapping[str, Json]], call: OperationCall
) -> Result:
    return operation(Step(means, call))
