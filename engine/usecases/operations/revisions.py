"""Operations of a changed expectation: propose, write, answer, mediate, take over on its day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from engine.domain import revisions as rules
from engine.domain.calendar import end_of_day
from engine.domain.errors import Malformed
from engine.domain.organisation import Official
from engine.domain.plans import Plan, PlanStatus, advance, fix
from engine.domain.revisions import PlanRevision, RevisionState, Side, Signature
from engine.usecases import audit_tags
from engine.usecases.errors import AccessRefused, Conflict, NotFound
from engine.usecases.operations.plan_rows import held
from engine.usecases.operations.planning import (
    complete,
    in_words,
    memberships,
    plan_of,
    write_home,
)
from engine.usecases.operations.step import fault, refused
from engine.usecases.operations.superiors import announce_fixed
from engine.usecases.operations.telling import tell_revision

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from engine.domain.cycles import Cycle
    from engine.usecases.operations.step import Step
    from engine.usecases.ports.process import Json


def propose(step: Step) -> Mapping[str, Json]:
    """`regu.revision.propose`: the employee for himself, or his rater for him, wishes a change.

    Form: person_id (the rater's choice; nothing: oneself), summary, reason, valid_from.
    """
    person_id = step.text("person_id") or step.person
    side = _side(step, person_id)
    cycle = step.cycle()
    base = step.uow.performance.plan_of(person_id, cycle.id)
    if base is None or base.status is not PlanStatus.FIXED:
        raise Conflict("no_fixed_plan", person=person_id)
    if step.uow.performance.open_revision(person_id, cycle.id) is not None:
        raise Conflict("revision_open", person=person_id)
    valid_from = _day(step, cycle)
    plan = draft_version(step, base, cycle)
    row = PlanRevision(
        id=step.means.ids.uuid(),
        person_id=person_id,
        cycle_id=cycle.id,
        base_plan_id=base.id,
        plan_id=plan.id,
        side=side,
        proposed_by=step.person,
        summary=_words(step, "summary"),
        reason=_words(step, "reason"),
        valid_from=valid_from,
        at=step.now,
    )
    return begin(step, row, cycle, audit_tags.REVISION_PROPOSED)


def begin(step: Step, row: PlanRevision, cycle: Cycle, act: str) -> dict[str, Json]:
    """Keep a revision that begins; the variables by which `plan_revision` goes on."""
    step.uow.performance.add([row])
    _note(step, row, act)
    return {
        "person_id": row.person_id,
        "cycle_id": cycle.id,
        "plan_id": row.plan_id,
        "revision_id": row.id,
        "proposer_id": row.proposed_by,
        "side": row.side.value,
        "cycle_name": cycle.name,
    }


def draft_version(step: Step, base: Plan, cycle: Cycle) -> Plan:
    """A draft that continues a fixed plan, with something proposed for roles that came since."""
    store = step.uow.performance
    newest = store.plan_versions(base.person_id, cycle.id)[0]
    plan = rules.next_version(base, step.means.ids.uuid(), newest.version + 1)
    content = held(step, base)
    items, measures = rules.copied(plan.id, content.items, content.indicators, step.means.ids.uuid)
    store.add([plan])
    store.add(items)
    store.add(measures)
    complete(step, plan, memberships(step, base.person_id, cycle))
    return plan


def write(step: Step) -> Mapping[str, Json]:
    """`regu.revision.write` (form: decision send|drop, the rows of a plan): by its proposer.

    Sending is the proposer's signature.
    """
    row, plan = _open(step)
    step.require_person(row.proposed_by)
    decision = step.text("decision") or "send"
    if decision not in ("send", "drop"):
        raise fault("decision", "unknown_word", "send or drop")
    if decision == "drop":
        with refused():
            _put(step, rules.drop(row), advance(plan, PlanStatus.DROPPED))
        _note(step, row, audit_tags.REVISION_DROPPED)
        return {"written": "drop"}
    plan = in_words(step, plan)
    write_home(step, plan, {item.role for item in held(step, plan).items})
    with refused():
        sent = rules.hand_in(row, _signature(step, _office(step, row, row.side)))
        _put(step, sent, advance(plan, PlanStatus.SUBMITTED))
    _note(step, row, audit_tags.REVISION_HANDED_IN)
    return {"written": "send"}


def lapse(step: Step) -> Mapping[str, Json]:
    """`regu.revision.lapse`: nobody wrote it; the plan stays as it is."""
    row, plan = _open(step)
    _put(step, rules.drop(row), advance(plan, PlanStatus.DROPPED))
    _note(step, row, audit_tags.REVISION_DROPPED)
    return {}


def answer(step: Step) -> Mapping[str, Json]:
    """`regu.revision.answer` (form: decision agree|refuse, note): the other side signs or not."""
    row, plan = _open(step)
    decision = step.text("decision")
    if decision not in ("agree", "refuse"):
        raise fault("decision", "unknown_word", "agree or refuse")
    other = Side.RATER if row.side is Side.EMPLOYEE else Side.EMPLOYEE
    office = _office(step, row, other)
    with refused(answer="note"):
        if decision == "refuse":
            done = rules.refuse(row, office.person_id, step.text("note"))
            step.uow.performance.put(done)
        else:
            done = replace(rules.agree(row, _signature(step, office)), answer=step.text("note"))
            _put(step, done, advance(plan, PlanStatus.CLARIFIED))
    _note(step, row, audit_tags.REVISION_ANSWERED, decision=decision)
    return {"agreement": decision, **_holds(step, done)}


def silence(step: Step) -> Mapping[str, Json]:
    """`regu.revision.silence`: the other side did not answer; the superior mediates."""
    row, _ = _open(step)
    step.uow.performance.put(rules.refuse(row, None, ""))
    _note(step, row, audit_tags.REVISION_ANSWERED, decision="silence")
    return {"agreement": "silence"}


def mediate(step: Step) -> Mapping[str, Json]:
    """`regu.revision.mediate` (form: decision adopt|keep, note): the rater's superior decides."""
    row, plan = _open(step)
    above = next(iter(step.standing.superiors(row.person_id)[1:]), None)
    office = step.require_office_or_admin(above, row.person_id)
    decision = step.text("decision")
    if decision not in ("adopt", "keep"):
        raise fault("decision", "unknown_word", "adopt or keep")
    with refused(mediation="note"):
        done = rules.mediate(
            row, _signature(step, office), step.text("note"), adopt=decision == "adopt"
        )
        status = PlanStatus.CLARIFIED if decision == "adopt" else PlanStatus.DROPPED
        _put(step, done, advance(plan, status))
    _note(step, row, audit_tags.REVISION_MEDIATED, decision=decision)
    return {"agreement": decision, **_holds(step, done)}


def take_over(step: Step) -> Mapping[str, Json]:
    """`regu.revision.apply`: on its day the new version holds and the old one is superseded.

    Results that stay keep their identity, and with it progress, evidence and credit.
    """
    row, plan = _open(step)
    step.require_not_own(row.person_id)
    base = step.uow.performance.get(Plan, row.base_plan_id)
    if base is None:
        raise NotFound("plan", row.base_plan_id)
    cycle = step.cycle()
    signed = row.rater_signed_by or row.mediator_id or ""
    with refused():
        done = rules.applied(row, step.standing.today(cycle.agency_id))
        fixed = fix(plan, signed, step.now, row.valid_from)
    step.uow.performance.take_over(base, fixed)
    step.uow.performance.put(done)
    _note(step, row, audit_tags.REVISION_APPLIED)
    tell_revision(step, row)
    announce_fixed(step, fixed)
    return {"plan_id": fixed.id}


def _open(step: Step) -> tuple[PlanRevision, Plan]:
    found = step.uow.performance.get(PlanRevision, step.ref("revision_id"))
    if found is None:
        raise NotFound("revision", step.ref("revision_id"))
    return found, plan_of(step)


def _side(step: Step, person_id: str) -> Side:
    """Who asks: the employee himself, or who rates him or stands in for that one."""
    if step.standing.person(person_id) is None:
        raise NotFound("person", person_id)
    if person_id == step.person:
        return Side.EMPLOYEE
    step.require_office_or_admin(step.standing.rater(person_id), person_id)
    return Side.RATER


def _office(step: Step, row: PlanRevision, side: Side) -> Official:
    """In which office the actor signs for a side; `AccessRefused` for anybody else."""
    if side is Side.EMPLOYEE:
        return Official(person_id=step.require_person(row.person_id))
    if step.person == row.person_id:
        raise AccessRefused(step.call.element_id, "own matter")
    return step.require_office_or_admin(step.standing.rater(row.person_id), row.person_id)


def _signature(step: Step, office: Official) -> Signature:
    return Signature(
        person_id=office.person_id,
        on_behalf_of=office.on_behalf_of,
        at=step.now,
        on=step.standing.today(step.cycle().agency_id),
    )


def _holds(step: Step, row: PlanRevision) -> dict[str, Json]:
    """`valid_at`: the moment from which an agreed revision can take over; already due today."""
    if row.state is not RevisionState.AGREED:
        return {}
    cycle = step.cycle()
    zone = step.standing.zone(cycle.agency_id)
    eve = date.fromordinal(row.valid_from.toordinal() - 1)
    return {"valid_at": (end_of_day(eve, zone) + timedelta(seconds=1)).isoformat()}


def _day(step: Step, cycle: Cycle) -> date:
    """From when the change is to hold: today when the form says nothing."""
    today = step.standing.today(cycle.agency_id)
    try:
        found = date.fromisoformat(step.text("valid_from") or today.isoformat())
        rules.check_day(found, today, cycle)
    except ValueError as error:
        raise fault("valid_from", "not_a_date", "a date is needed") from error
    except Malformed as error:
        raise fault("valid_from", "not_forward", error.reason) from error
    return found


def _words(step: Step, key: str) -> str:
    if not step.text(key):
        raise fault(key, "required", "say it in words")
    return step.text(key)


def _put(step: Step, row: PlanRevision, plan: Plan) -> None:
    step.uow.performance.put(plan)
    step.uow.performance.put(row)


def _note(step: Step, row: PlanRevision, act: str, **facts: Json) -> None:
    step.note(f"plan:{row.base_plan_id}", act, revision=row.id, plan=row.plan_id, **facts)


OPERATIONS: Final[Mapping[str, Callable[[Step], Mapping[str, Json]]]] = {
    "regu.revision.propose": propose,
    "regu.revision.write": write,
    "regu.revision.lapse": lapse,
    "regu.revision.answer": answer,
    "regu.revision.silence": silence,
    "regu.revision.mediate": mediate,
    "regu.revision.apply": take_over,
}
