"""Expected shares of a squad's open outputs: planned by time and effort, answered, settled."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from engine.domain.cycles import Period
from engine.domain.formation import weighted_shares
from engine.domain.joining import ShareAnswer, ShareReply
from engine.domain.outputs import Output, OutputStatus, ShareLine, SharePlan
from engine.domain.shares import check_shares
from engine.domain.squads import Consent
from engine.usecases import audit_tags
from engine.usecases.errors import FieldFault, InputRefused
from engine.usecases.operations.formation import require_owner_of
from engine.usecases.operations.step import as_bp, fault
from engine.usecases.operations.telling import tell_shares

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import date

    from engine.domain.squads import Squad
    from engine.usecases.operations.step import Step
    from engine.usecases.ports.process import Json
    from engine.usecases.ports.work import UnitOfWork

_OPEN: Final = frozenset({OutputStatus.PLANNED, OutputStatus.DELIVERED})


def open_outputs(uow: UnitOfWork, squad: Squad) -> list[Output]:
    """Outputs of a squad that are not accepted yet, by cycle and number."""
    return [
        output
        for cycle in uow.performance.cycles(squad.host_agency_id)
        for output in uow.contributions.outputs(cycle.id, squad.id)
        if output.status in _OPEN
    ]


def plan_shares(step: Step) -> Mapping[str, Json]:
    """`regu.squad.plan_shares`: a new version of shares where members or efforts changed.

    By effort and time inside the work of each output not delivered yet; who was not lent in the
    end has no share. What was delivered is the work of those who were there: its shares stay, as
    everybody claims by them. Returns parties, one row for everybody with a line in a new version.
    """
    squad = step.standing.squad(step.ref("squad_id"))
    rules = step.tables(squad.host_agency_id).share_rules()
    members = [
        row
        for row in step.uow.contributions.members(squad.id)
        if row.consent is not Consent.REFUSED
    ]
    people = {row.id: row.person_id for row in members}
    told: dict[str, None] = {}
    planned = (one for one in open_outputs(step.uow, squad) if one.status is OutputStatus.PLANNED)
    for output in planned:
        shares = weighted_shares(members, _window(step, output, squad), squad, rules)
        lines = [(key, people[key], bp) for key, bp in sorted(shares.items()) if bp]
        if not lines or lines == _lines(step.uow, output.id):
            continue
        _write(step, output, lines, "" if _first(step.uow, output) else "members changed")
        told |= dict.fromkeys(person for _, person, _ in lines)
    return {"parties": [{"person_id": person} for person in told]}


def answer_shares(step: Step) -> Mapping[str, Json]:
    """`regu.squad.answer_shares` (form: answer agree|differ, note): for all one's lines."""
    person_id = step.require_person(step.ref("person_id"))
    squad = step.standing.squad(step.ref("squad_id"))
    answer, note = step.word("answer", ShareAnswer), step.text("note")
    if answer is ShareAnswer.DIFFER and not note:
        raise fault("note", "required", "say what should be different")
    replies = []
    for output in open_outputs(step.uow, squad):
        plan = step.uow.contributions.share_plan(output.id)
        lines = step.uow.contributions.share_lines(output.id)
        if plan is None or person_id not in {line.person_id for line in lines}:
            continue
        said = {reply.person_id for reply in step.uow.formation.share_replies(plan.id)}
        if person_id in said:
            continue
        replies.append(
            ShareReply(
                id=step.means.ids.uuid(),
                share_plan_id=plan.id,
                person_id=person_id,
                answer=answer,
                note=note,
                at=step.now,
            )
        )
    step.uow.formation.add(replies)
    step.note(f"squad:{squad.id}", audit_tags.SHARES_ANSWERED, person=person_id)
    return {}


def settle_shares(step: Step) -> Mapping[str, Json]:
    """`regu.squad.settle_shares` (form: lines[output_id, person_id, share_percent], reason).

    The sponsor decides after the members spoke; each output's lines sum to 100 per cent.
    """
    squad = step.standing.squad(step.ref("squad_id"))
    require_owner_of(step, squad.sponsor_id, squad.host_agency_id)
    reason = step.text("reason")
    if not reason:
        raise fault("reason", "required", "a decision gives its reasons")
    given: dict[str, dict[str, int]] = {}
    for n, line in enumerate(step.rows("lines")):
        bp = as_bp(line.get("share_percent"), f"lines.{n}.share_percent") or 0
        given.setdefault(str(line.get("output_id")), {})[str(line.get("person_id"))] = bp
    for output in open_outputs(step.uow, squad):
        _settle(step, output, given.get(output.id), reason)
    step.note(f"squad:{squad.id}", audit_tags.SHARES_SETTLED, squad=squad.id)
    return {}


def _settle(step: Step, output: Output, shares: Mapping[str, int] | None, reason: str) -> None:
    old = _lines(step.uow, output.id)
    if shares is None or not old:
        return
    if set(shares) != {person for _, person, _ in old}:
        raise fault("lines", "incomplete", "every member of the output has one line")
    lines = [(key, person, shares[person]) for key, person, _ in old]
    if lines != old:
        _write(step, output, lines, reason)


def _write(step: Step, output: Output, lines: Sequence[tuple[str, str, int]], reason: str) -> None:
    newest = step.uow.contributions.share_plan(output.id)
    before = {person: bp for _key, person, bp in _lines(step.uow, output.id)}
    plan = SharePlan(
        id=step.means.ids.uuid(),
        output_id=output.id,
        version=newest.version + 1 if newest else 1,
        reason=reason,
        at=step.now,
    )
    rows = [
        ShareLine(share_plan_id=plan.id, membership_id=key, person_id=person, expected_bp=bp)
        for key, person, bp in lines
    ]
    faults = check_shares(rows)
    if faults:
        raise InputRefused(
            *(FieldFault(field="lines", code=one.code, message=one.message) for one in faults)
        )
    step.uow.contributions.add([plan])
    step.uow.contributions.add(rows)
    step.note(f"output:{output.id}", audit_tags.SHARES_PLANNED, output=output.id, plan=plan.id)
    if newest:
        tell_shares(step, output, plan, before, {person: bp for _key, person, bp in lines})


def _lines(uow: UnitOfWork, output_id: str) -> list[tuple[str, str, int]]:
    return [
        (line.membership_id, line.person_id, line.expected_bp)
        for line in uow.contributions.share_lines(output_id)
    ]


def _first(uow: UnitOfWork, output: Output) -> bool:
    return uow.contributions.share_plan(output.id) is None


def _window(step: Step, output: Output, squad: Squad) -> tuple[date, date]:
    """First and last day of the work on an output: its period or the squad, to its due day."""
    period = step.uow.performance.get(Period, output.period_id)
    first = max(squad.starts_on, period.starts_on if period else squad.starts_on)
    return first, max(min(output.due_on, squad.ends_on), first)


OPERATIONS: Final[Mapping[str, Callable[[Step], Mapping[str, Json]]]] = {
    "regu.squad.plan_shares": plan_shares,
    "regu.squad.answer_shares": answer_shares,
    "regu.squad.settle_shares": settle_shares,
}
