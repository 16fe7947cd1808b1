"""Members change: effort, exit, join, lead; for the future only (crediting.md 0.10, 0.11)."""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from engine.domain.calendar import start_of_day
from engine.domain.joining import ChangeKind, ChangeStatus, SquadChange, check_change
from engine.domain.protection import LoweringKind
from engine.domain.squads import (
    Acceptance,
    Consent,
    SquadRole,
    check_effort_change,
    check_members,
    last_day,
)
from engine.usecases import audit_tags, protection
from engine.usecases.errors import AccessRefused, NotFound
from engine.usecases.operations.formation import required_day
from engine.usecases.operations.squads import joining, new_member
from engine.usecases.operations.step import as_bp, fault, refuse
from engine.usecases.operations.telling import tell_effort, tell_place
from engine.usecases.reassigning import follow
from engine.usecases.rights import PERF_ADMIN, same_agency

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from engine.domain.squads import Membership, Squad
    from engine.usecases.operations.step import Step
    from engine.usecases.ports.process import Json

#: tells that somebody left a squad; key: "<person>:<cycle of his home agency>"
MEMBER_LEFT: Final = "member_left"


class Second(StrEnum):
    """The second signature."""

    #: given
    APPROVE = "approve"
    #: not given; nothing changes
    REFUSE = "refuse"


def propose_change(step: Step) -> Mapping[str, Json]:
    """`regu.squad.change`: by the lead, the sponsor, or perf_admin of the host agency.

    Form: squad_id, kind effort|exit|join|lead, member_nip, effort_percent, from_on, reason,
    handover. After a grievance of the member a second signature is asked (crediting.md 0.10).
    """
    squad = step.standing.squad(step.text("squad_id"))
    member = _member_named(step)
    change = _change(step, squad, member)
    _require_changer(step, squad, change)
    held = _held(step, squad, change)
    refuse(
        (*check_change(change), *check_effort_change(change.effective_on, change.decided_on)),
        back_dated="from_on", effort_back_dated="from_on", reason_missing="reason",
        handover_missing="handover", effort_missing="effort_percent",
    )  # fmt: skip
    if change.effective_on > squad.ends_on:
        raise fault("from_on", "member_days", "the squad is over by then")
    limits = step.tables(squad.host_agency_id).squad_limits()
    if change.effort_bp and not (
        limits.least_effort_bp <= change.effort_bp <= limits.most_effort_bp
    ):
        raise fault("effort_percent", "effort_limits", "outside the agency's limits")
    refuse(check_members(squad, _after(step, squad, change, held)), other="member_nip")
    second = _second(step, squad, change) if _lowers(change, held) else None
    step.uow.formation.add([change])
    step.note(f"squad:{squad.id}", audit_tags.SQUAD_CHANGED, change=change.id, kind=change.kind)
    zone = step.standing.zone(squad.host_agency_id)
    return {
        "change_id": change.id,
        "squad_id": squad.id,
        "title": squad.name,
        "change_kind": change.kind.value,
        "second_id": second,
        "effective_at": start_of_day(change.effective_on, zone).isoformat(),
    }


def countersign(step: Step) -> Mapping[str, Json]:
    """`regu.squad.countersign` (form: decision approve|refuse, reason): by who is asked."""
    change = _known(step)
    person_id = step.require_person(step.ref("second_id"))
    if person_id in (change.proposed_by, change.person_id):
        raise AccessRefused(step.call.element_id, change.id)
    decision = step.word("decision", Second)
    if decision is Second.REFUSE and not step.text("reason"):
        raise fault("reason", "required", "a refusal gives its reason")
    refused_ = decision is Second.REFUSE
    step.uow.formation.put(
        replace(
            change,
            second_by=person_id,
            status=ChangeStatus.REFUSED if refused_ else change.status,
        )
    )
    return {"countersigned": not refused_}


def write_change(step: Step) -> Mapping[str, Json]:
    """`regu.squad.write_change`: the memberships before and from the day on.

    Returns members: those who must sign because they take on more, or another role.
    """
    change = _known(step)
    squad = step.standing.squad(change.squad_id)
    held = _held(step, squad, change)
    store = step.uow.contributions
    rows = {row.id: row for row in store.members(squad.id)}
    asked: list[Membership] = []
    for row in _after(step, squad, change, held):
        if row.id in rows:
            if row != rows[row.id]:
                store.put(row)
        else:
            store.add([row])
            asked += [row] if row.acceptance is Acceptance.PENDING else []
    step.uow.formation.put(replace(change, status=ChangeStatus.WRITTEN))
    if _lowers(change, held):
        protection.record_lowering(
            step.uow,
            step.means.ids,
            actor_id=change.proposed_by,
            person_id=change.person_id,
            kind=LoweringKind.MEMBERSHIP,
            subject_id=change.id,
            at=step.now,
            second_id=change.second_by,
        )
    tell_place(step, asked)
    return {"members": joining(asked)}


def take_effect(step: Step) -> Mapping[str, Json]:
    """`regu.squad.take_effect`: the day has come; of an exit the person's year is told.

    Open tasks of the lead who was go to the one who is.
    """
    change = _known(step)
    step.uow.formation.put(replace(change, status=ChangeStatus.DONE))
    if change.kind is ChangeKind.EFFORT:
        tell_effort(step, change.id, change.person_id, change.squad_id)
    if change.kind is ChangeKind.LEAD:
        follow(step.uow, step.means.ids, step.actor, _leads(step, change))
    left = _left(step, change)
    cycle = (
        step.uow.performance.cycle_of(left.home_agency_id, change.effective_on.year)
        if left
        else None
    )
    if left is not None and cycle is not None:
        step.means.announce(
            step.uow,
            step.actor,
            MEMBER_LEFT,
            f"{left.person_id}:{cycle.id}",
            person_id=left.person_id,
            cycle_id=cycle.id,
            membership_id=left.id,
        )
    return {}


def _leads(step: Step, change: SquadChange) -> set[str]:
    """Who leads from the day of the change on, and who led until then."""
    return {
        row.person_id
        for row in step.uow.contributions.members(change.squad_id)
        if row.role is SquadRole.KETUA and change.effective_on in (row.valid_from, row.valid_to)
    }


def _left(step: Step, change: SquadChange) -> Membership | None:
    """The membership that an exit ended; None for other changes."""
    if change.kind is not ChangeKind.EXIT:
        return None
    rows = step.uow.contributions.members(change.squad_id)
    mine = [row for row in rows if row.person_id == change.person_id]
    return next((row for row in mine if row.valid_to == change.effective_on), None)


def _known(step: Step) -> SquadChange:
    found = step.uow.formation.get(SquadChange, step.ref("change_id"))
    if found is None:
        raise NotFound("squad_change", step.ref("change_id"))
    return found


def _member_named(step: Step) -> str:
    person = step.uow.agency.person_by_nip(step.text("member_nip"))
    if person is None:
        raise fault("member_nip", "unknown_person", "nobody has this NIP")
    return person.id


def _change(step: Step, squad: Squad, person_id: str) -> SquadChange:
    kind = step.word("kind", ChangeKind)
    roles = {ChangeKind.LEAD: SquadRole.KETUA, ChangeKind.JOIN: SquadRole.ANGGOTA}
    effort = as_bp(step.call.form.get("effort_percent"), "effort_percent")
    return SquadChange(
        id=step.means.ids.uuid(),
        squad_id=squad.id,
        kind=kind,
        person_id=person_id,
        role=roles.get(kind),
        effort_bp=None if kind is ChangeKind.EXIT else effort,
        decided_on=step.standing.today(squad.host_agency_id),
        effective_on=required_day(step, "from_on"),
        reason=step.text("reason"),
        handover=step.text("handover"),
        proposed_by=step.actor.person_id or step.actor.name,
        second_by=None,
        status=ChangeStatus.PROPOSED,
        at=step.now,
    )


def _require_changer(step: Step, squad: Squad, change: SquadChange) -> None:
    """Never for oneself; a lead changes neither the lead nor what stands above him at home."""
    actor = step.actor
    if actor.person_id == change.person_id:
        raise AccessRefused("squad:change", "own matter")
    if PERF_ADMIN in actor.groups and same_agency(actor, squad.host_agency_id):
        return
    if actor.person_id == squad.sponsor_id:
        return
    lead = step.standing.lead(squad)
    if lead is None or actor.person_id != lead.person_id or change.kind is ChangeKind.LEAD:
        raise AccessRefused("squad:change", squad.id)
    if lead.person_id in step.standing.below(change.person_id, {lead.person_id}):
        raise AccessRefused("squad:change", "own superior")


def _held(step: Step, squad: Squad, change: SquadChange) -> Membership | None:
    """The person's membership on the day of the change."""
    rows = step.uow.contributions.members(squad.id, change.effective_on)
    found = next((row for row in rows if row.person_id == change.person_id), None)
    if found is None and change.kind in (ChangeKind.EXIT, ChangeKind.EFFORT):
        raise fault("member_nip", "no_member", "no member of the squad on that day")
    if found is not None and change.kind is ChangeKind.JOIN:
        raise fault("member_nip", "member_twice", "a member of the squad already")
    if found is not None and found.valid_from >= change.effective_on:
        raise fault("from_on", "member_days", "a membership begins that day already")
    return found


def _after(
    step: Step, squad: Squad, change: SquadChange, held: Membership | None
) -> list[Membership]:
    """All memberships of the squad as the change leaves them."""
    rows = {row.id: row for row in step.uow.contributions.members(squad.id)}
    day = change.effective_on

    def ended(row: Membership) -> None:
        rows[row.id] = replace(row, valid_to=day)

    made: list[Membership] = []
    if held is not None:
        ended(held)
    if change.kind is not ChangeKind.EXIT:
        made.append(_next(step, squad, change, held))
    if change.kind is ChangeKind.LEAD:
        for row in rows.values():
            if row.role is SquadRole.KETUA and row.covers(day) and row.valid_from < day:
                made.append(_continued(step, replace(row, role=SquadRole.ANGGOTA), change))
                ended(row)
                break
    kept = [row for row in rows.values() if last_day(row, squad) >= row.valid_from]
    return [*kept, *made]


def _next(step: Step, squad: Squad, change: SquadChange, held: Membership | None) -> Membership:
    """What the person holds from the day on; asked anew when it is more, or another role."""
    if held is None:
        effort = change.effort_bp
        if not effort:
            raise fault("effort_percent", "effort_missing", "how much of full time?")
        role = change.role or SquadRole.ANGGOTA
        return new_member(step, squad, change.person_id, (role, effort, change.effective_on))
    row = _continued(step, held, change)
    effort = change.effort_bp or held.effort_bp
    row = replace(row, role=change.role or held.role, effort_bp=effort)
    if effort > held.effort_bp:
        own = row.home_unit_id == squad.host_unit_id
        consent = Consent.GIVEN if own else Consent.PENDING
        row = replace(row, consent=consent, consent_by=None, consent_at=None)
    if effort > held.effort_bp or row.role is not held.role:
        row = replace(row, acceptance=Acceptance.PENDING, accepted_at=None)
    return row


def _continued(step: Step, row: Membership, change: SquadChange) -> Membership:
    return replace(row, id=step.means.ids.uuid(), valid_from=change.effective_on)


def _lowers(change: SquadChange, held: Membership | None) -> bool:
    if held is None:
        return False
    less = change.effort_bp is not None and change.effort_bp < held.effort_bp
    return change.kind is ChangeKind.EXIT or less


def _second(step: Step, squad: Squad, change: SquadChange) -> str | None:
    """Who signs as the second, when the member has spoken up about whoever changes him."""
    tables = step.tables(squad.host_agency_id)
    guarded = protection.needs_second(
        step.uow,
        tables,
        actor_id=change.proposed_by,
        person_id=change.person_id,
        at=step.now,
    )
    if not guarded:
        return None
    line = [squad.sponsor_id]
    line += [official.person_id for official in step.standing.superiors(squad.sponsor_id)]
    barred = {change.proposed_by, change.person_id}
    barred |= step.standing.below(change.person_id, set(line) - {change.person_id})
    found = next((person for person in line if person not in barred), None)
    if found is None:
        raise fault("member_nip", "nobody_second", "nobody above is left to sign as the second")
    return found


OPERATIONS: Final[Mapping[str, Callable[[Step], Mapping[str, Json]]]] = {
    "regu.squad.change": propose_change,
    "regu.squad.countersign": countersign,
    "regu.squad.write_change": write_change,
    "regu.squad.take_effect": take_effect,
}
