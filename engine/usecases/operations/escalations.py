"""Operation of a clock that ran out: who was silent is noted, and the next above is asked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from engine.domain.silences import Silence, Waiting
from engine.domain.squads import Membership
from engine.usecases import audit_tags, escalation
from engine.usecases.errors import Conflict
from engine.usecases.letters import ESCALATION
from engine.usecases.operations.posting import locked
from engine.usecases.rights import PERF_ADMIN

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from engine.domain.claims import Claim
    from engine.domain.organisation import Official
    from engine.domain.outputs import Output
    from engine.usecases.operations.step import Step
    from engine.usecases.ports.process import Json


def note_silence(step: Step) -> Mapping[str, Json]:
    """`regu.output.escalate` (inputs act, subject_id): the silent one is counted, never answered.

    Where nobody stands above him the performance managers are told, and he is asked again.
    """
    output = locked(step)
    act = Waiting(step.ref("act"))
    subjects = _subjects(step, act)
    for subject_id in subjects:
        holder = _holder(step, output, act, subject_id)
        if holder is None:
            continue
        row = Silence(
            id=step.means.ids.uuid(),
            output_id=output.id,
            act=act,
            subject_id=subject_id,
            person_id=holder.on_behalf_of or holder.person_id,
            at=step.now,
        )
        step.uow.credits.add([row])
        after = _holder(step, output, act, subject_id)
        step.note(
            f"output:{output.id}", audit_tags.SILENCE_COUNTED, waiting=act.value, silence=row.id
        )
        if after is None or _office(after) == row.person_id:
            _tell_managers(step, output)
    return {}


def _subjects(step: Step, act: Waiting) -> list[str]:
    if act is Waiting.CONSENT:
        waiting = step.call.variables.get("undecided")
        rows = waiting if isinstance(waiting, list | tuple) else []
        return [str(row["membership_id"]) for row in rows]
    if act in (Waiting.ATTEST, Waiting.COSIGN):
        return [step.ref("person_id")]
    return [""]


def _holder(step: Step, output: Output, act: Waiting, subject_id: str) -> Official | None:
    standing = step.standing
    if act is Waiting.ACCEPT:
        return escalation.acceptor(standing, output)
    if act is Waiting.ALLOCATE:
        return escalation.allocator(standing, output)
    if act is Waiting.ATTEST:
        first = standing.attester(output, subject_id)
        silent = step.uow.credits.silences(output.id, act, subject_id)
        if first is not None and step.maybe("stage") == "first" and _office(first) not in silent:
            return first
        return escalation.past_attester(standing, output, subject_id)
    if act is Waiting.COSIGN:
        claim = step.uow.contributions.claim_of(output.id, subject_id)
        return _cosigner(step, output, claim)
    row = step.uow.contributions.get(Membership, subject_id)
    if row is None:
        raise Conflict("row_missing", kind="membership", id=subject_id)
    return escalation.consent_decider(standing, row, output.id)


def _cosigner(step: Step, output: Output, claim: Claim | None) -> Official | None:
    return None if claim is None else escalation.cosigner(step.standing, output, claim)


def _office(official: Official) -> str:
    return official.on_behalf_of or official.person_id


def _tell_managers(step: Step, output: Output) -> None:
    key = f"{step.call.instance_key}:{step.call.element_id}:{step.means.ids.key()}"
    payload = {
        "group": PERF_ADMIN,
        "subject": "nobody_above",
        "reference_id": output.id,
        "instance_key": str(step.call.instance_key),
        "at": step.now.isoformat(),
    }
    step.uow.outbox.put(ESCALATION, key, payload)


OPERATIONS: Final[Mapping[str, Callable[[Step], Mapping[str, Json]]]] = {
    "regu.output.escalate": note_silence,
}
