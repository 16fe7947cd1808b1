"""Operations on rows of decision tables from memory: shown by one person, confirmed by another."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from engine.domain.confirmations import RuleConfirmation, check_confirmation
from engine.usecases import audit_tags
from engine.usecases.confirmations import remembered_rows
from engine.usecases.errors import AccessRefused
from engine.usecases.operations.step import fault, refuse
from engine.usecases.rights import HR, PERF_ADMIN

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from engine.usecases.confirmations import RememberedRow
    from engine.usecases.operations.step import Step
    from engine.usecases.ports.process import Json

#: why HR does not confirm
_ANSWERS: Final = frozenset({"elsewhere", "says_otherwise", "revoked", "unreadable"})


def propose(step: Step) -> Mapping[str, Json]:
    """`regu.rule.propose` (form: act confirm|withdraw, rule, standing_rule, document, page).

    hr and perf_admin, each for his agency. The row is named by the hash of its cells.
    """
    _require(step, HR, PERF_ADMIN)
    act = step.text("act")
    if act not in ("confirm", "withdraw"):
        raise fault("act", "unknown_word", "confirm or withdraw")
    withdraws = act == "withdraw"
    field = "standing_rule" if withdraws else "rule"
    row = _row(step, step.text(field), field)
    if (row.standing is not None) is not withdraws:
        raise fault(field, "changed", "somebody was faster; look at the list again")
    document, page = step.text("document"), step.text("page")
    for name, value in (("document", document), ("page", page)):
        if not value and not withdraws:
            raise fault(name, "required", f"a confirmed row shows its {name}")
    step.note(_stream(step), audit_tags.RULE_PROPOSED, rule=row.rule.rule_id, hash=row.rule.digest)
    return {
        "rule_hash": row.rule.digest,
        "rule_id": row.rule.rule_id,
        "proposer_id": step.person,
        "withdraws": withdraws,
        "document": document,
        "page": page,
    }


def confirm(step: Step) -> Mapping[str, Json]:
    """`regu.rule.confirm` (form: decision agree|decline, answer): another person, of HR.

    A row that changed meanwhile can only be declined. Returns `agreed`, `answer`.
    """
    _require(step, HR)
    if step.person == step.ref("proposer_id"):
        raise AccessRefused(step.call.element_id, "own proposal")
    decision, answer = step.text("decision"), step.text("answer")
    if decision not in ("agree", "decline"):
        raise fault("decision", "unknown_word", "agree or decline")
    if decision == "decline":
        if answer not in _ANSWERS:
            raise fault("answer", "required", "what keeps the row from being confirmed")
        return {"agreed": False, "answer": answer}
    _keep(step, _row(step, step.ref("rule_hash"), "decision"))
    return {"agreed": True, "answer": ""}


def _keep(step: Step, row: RememberedRow) -> None:
    agency_id, withdraws = step.ref("agency_id"), step.call.variables.get("withdraws") is True
    before = step.uow.confirmations.newest(agency_id, row.rule.key)
    made = RuleConfirmation(
        id=step.means.ids.uuid(),
        agency_id=agency_id,
        decision_id=row.rule.owner_id,
        rule_id=row.rule.rule_id,
        rule_hash=row.rule.digest,
        number=before.number + 1 if before else 1,
        withdrawn=withdraws,
        document=step.maybe("document") or "",
        page=step.maybe("page") or "",
        proposed_by=step.ref("proposer_id"),
        confirmed_by=step.person,
        at=step.now,
    )
    refuse(
        check_confirmation(made, before), confirmed_already="decision", nothing_stands="decision"
    )
    step.uow.confirmations.add(made)
    act = audit_tags.RULE_WITHDRAWN if withdraws else audit_tags.RULE_CONFIRMED
    step.note(_stream(step), act, confirmation=made.id, rule=made.rule_id, hash=made.rule_hash)


def _require(step: Step, *groups: str) -> None:
    """A person of one of the groups, in his own agency."""
    allowed = step.actor.groups & frozenset(groups)
    if not allowed or step.actor.agency_id != step.ref("agency_id") or not step.person:
        raise AccessRefused(step.call.element_id, step.ref("agency_id"))


def _row(step: Step, digest: str, field: str) -> RememberedRow:
    for row in remembered_rows(step.uow, step.ref("agency_id")):
        if row.rule.digest == digest:
            return row
    raise fault(field, "changed", "the row is not in the tables any more as it was shown")


def _stream(step: Step) -> str:
    return f"agency:{step.ref('agency_id')}"


OPERATIONS: Final[Mapping[str, Callable[[Step], Mapping[str, Json]]]] = {
    "regu.rule.propose": propose,
    "regu.rule.confirm": confirm,
}
