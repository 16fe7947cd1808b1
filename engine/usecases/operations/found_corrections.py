"""Corrections that internal audit asks for by a finding: opened by the message, written by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from engine.domain.claims import Claim
from engine.domain.ledger import live_line
from engine.domain.sampling import Finding, SampleItem
from engine.usecases import audit_tags
from engine.usecases.errors import Conflict, NotFound
from engine.usecases.operations.corrections import keep_request, locked_output, require_asker
from engine.usecases.operations.step import fault

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from engine.domain.outputs import Output
    from engine.usecases.operations.step import Step
    from engine.usecases.ports.process import Json


def open_finding(step: Step) -> Mapping[str, Json]:
    """`regu.correction.open_finding` (finding_id, output_id): what the request is written with.

    Nothing is asked for yet: an auditor writes it, or says that it is not needed any more.
    """
    finding, output = _found(step)
    return {
        "output_id": output.id,
        "squad_id": output.squad_id,
        "person_id": finding.person_id,
        "title": output.title,
    }


def ask_found(step: Step) -> Mapping[str, Json]:
    """`regu.correction.ask_found` (form: decision ask|drop, new_percent, reason, evidence_link).

    By internal audit or a performance manager of the host agency. Returns asked, and when it is
    asked for what `regu.correction.ask` returns.
    """
    finding, output = _found(step)
    require_asker(step, output)
    decision = step.text("decision")
    if decision not in ("ask", "drop"):
        raise fault("decision", "unknown_word", "ask or drop")
    if decision == "drop":
        if not step.text("reason"):
            raise fault("reason", "required", "say why it is not needed any more")
        step.note(f"output:{output.id}", audit_tags.CORRECTION_DROPPED, finding=finding.item_id)
        return {"asked": False}
    rows = step.uow.contributions.ledger(output.id)
    line = live_line(rows, output.id, finding.person_id)
    if line is None:
        raise fault("decision", "line_missing", "holds no line in the output")
    return {"asked": True, **keep_request(step, output, line)}


def _found(step: Step) -> tuple[Finding, Output]:
    """The finding that asks for a correction, and the output it speaks of, locked."""
    item_id = step.ref("finding_id")
    item = step.uow.assurance.get(SampleItem, item_id)
    finding = step.uow.assurance.finding(item_id)
    claim = step.uow.contributions.get(Claim, item.subject_id) if item else None
    if item is None or finding is None or claim is None:
        raise NotFound("finding", item_id)
    if not finding.correction or claim.output_id != step.ref("output_id"):
        raise Conflict("nothing_to_correct", finding=item_id)
    return finding, locked_output(step, claim.output_id)


OPERATIONS: Final[Mapping[str, Callable[[Step], Mapping[str, Json]]]] = {
    "regu.correction.open_finding": open_finding,
    "regu.correction.ask_found": ask_found,
}
