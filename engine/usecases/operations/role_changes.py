"""Operations that record a change of somebody's roles: post, leave, acting, assignment, exit."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from engine.domain.people import Appointment, AppointmentKind, Person
from engine.domain.segments import UNPLANNED, ChangeKind, LeaveKind, RoleChange, check_change
from engine.domain.squads import Membership
from engine.domain.units import Post, Unit
from engine.usecases import audit_tags
from engine.usecases.credit_flags import recheck
from engine.usecases.errors import AccessRefused, Conflict, NotFound
from engine.usecases.operations.rater_changes import RaterWatch
from engine.usecases.operations.step import fault
from engine.usecases.reassigning import follow
from engine.usecases.rights import HR, PERF_ADMIN
from engine.usecases.segments import person_segments

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from engine.domain.cycles import Cycle
    from engine.usecases.operations.step import Step
    from engine.usecases.ports.process import Json

_DAY: Final = timedelta(days=1)
#: changes after which somebody sits in another post
_MOVES: Final = frozenset({ChangeKind.MUTASI, ChangeKind.PENUGASAN})
_ACTING: Final = {
    ChangeKind.PLT: AppointmentKind.PLT,
    ChangeKind.PLH: AppointmentKind.PLH,
}
#: changes that close the running home segment
_CLOSING: Final = frozenset({*_MOVES, ChangeKind.BERHENTI, ChangeKind.CUTI})


@dataclass(frozen=True, slots=True, kw_only=True)
class _Move:
    """What a change did to rows, and whom it touches beside the person."""

    closed_id: str | None = None
    opened_id: str | None = None
    membership_id: str | None = None
    #: who rated, or led, until then
    rater_id: str | None = None
    #: others whose open tasks may move
    touched: tuple[str | None, ...] = ()


def record_change(step: Step) -> Mapping[str, Json]:
    """`regu.role.record`: HR records a change by letter; the dated rows change at once.

    Form: kind, nip, starts_on, ends_on, letter_no, leave_kind, post_id or unit_id and post_title,
    rater_nip, squad_id. Nobody records his own.
    """
    require_recorder(step)
    person = by_nip(step, "nip")
    if person.id == step.person:
        raise AccessRefused("role:record", "own matter")
    kind = step.word("kind", ChangeKind)
    starts_on = day_of(step, "starts_on", needed=True)
    cycle = cycle_on(step, person, starts_on)
    change = RoleChange(
        id=step.means.ids.uuid(),
        person_id=person.id,
        cycle_id=cycle.id,
        kind=kind,
        starts_on=starts_on,
        ends_on=day_of(step, "ends_on") if step.text("ends_on") else None,
        leave_kind=step.word("leave_kind", LeaveKind) if kind is ChangeKind.CUTI else None,
        letter_no=step.text("letter_no"),
        recorded_by=step.person,
        at=step.now,
    )
    _refuse_change(change)
    watch = RaterWatch(step, change, step.text("post_id"))
    told = _recorded(step, change, cycle, _EFFECTS[kind](step, change))
    watch.tell()
    return told


def member_left(step: Step) -> Mapping[str, Json]:
    """`regu.role.member_left`: somebody left a squad by a process of its own.

    Variables: person_id, cycle_id, membership_id; the membership has its last day already.
    """
    row = step.uow.contributions.get(Membership, step.ref("membership_id"))
    cycle = step.cycle()
    if row is None or row.person_id != step.ref("person_id"):
        raise NotFound("membership", step.ref("membership_id"))
    if row.valid_to is None:
        raise Conflict("still_a_member", membership=row.id)
    squad = step.standing.squad(row.squad_id)
    human = step.actor.human
    change = RoleChange(
        id=step.means.ids.uuid(),
        person_id=row.person_id,
        cycle_id=cycle.id,
        kind=ChangeKind.KELUAR_TIM,
        starts_on=row.valid_to,
        letter_no=step.maybe("letter_no") or squad.letter_no,
        recorded_by=human if human and human != row.person_id else "system",
        at=step.now,
    )
    return _recorded(step, change, cycle, _Move(membership_id=row.id, rater_id=_led_by(step, row)))


def require_recorder(step: Step) -> None:
    """Only hr and perf_admin record what letters say."""
    if not step.actor.groups & {HR, PERF_ADMIN}:
        raise AccessRefused(step.call.element_id, "recording")


def by_nip(step: Step, key: str) -> Person:
    """The person of the actor's agency whose NIP a field holds; a refusal of the field."""
    found = step.uow.agency.person_by_nip("".join(step.text(key).split()))
    if found is None or found.agency_id != step.actor.agency_id:
        raise fault(key, "unknown_person", "nobody of this agency has this NIP")
    return found


def day_of(step: Step, key: str, *, needed: bool = False) -> date:
    """The day in a field; today when it is empty and not needed."""
    text = step.text(key)
    if not text and not needed:
        return step.standing.today(step.actor.agency_id)
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise fault(key, "malformed", "a day is needed") from None


def cycle_on(step: Step, person: Person, day: date) -> Cycle:
    """The cycle of the person's agency on a day; a refusal of `starts_on`."""
    found = step.uow.performance.cycle_of(person.agency_id, day.year)
    if found is None:
        raise fault("starts_on", "no_cycle", f"there is no cycle of {day.year}")
    return found


def moment_of(step: Step, agency_id: str, day: date) -> str:
    """The first moment of a day in an agency, as a timer reads it."""
    zone = ZoneInfo(step.standing.zone(agency_id))
    return datetime.combine(day, datetime.min.time(), tzinfo=zone).isoformat()


def main_post(step: Step, person_id: str, day: date) -> Appointment:
    """The definitive appointment on a day; a refusal of `starts_on` when there is none."""
    held = [row for row, _ in step.uow.segments.appointments(person_id) if row.covers(day)]
    found = next((a for a in held if a.kind is AppointmentKind.DEFINITIVE), None)
    if found is None:
        raise fault("starts_on", "no_post", "holds no definitive post that day")
    return found


def closed(step: Step, row: Appointment, starts_on: date) -> str:
    """An appointment ended before a day; a refusal when it began that day or later."""
    if row.valid_from >= starts_on:
        raise fault("starts_on", "before_the_post", f"the post began on {row.valid_from}")
    step.uow.agency.put(replace(row, valid_to=starts_on))
    return row.id


def _recorded(step: Step, change: RoleChange, cycle: Cycle, move: _Move) -> Mapping[str, Json]:
    change = replace(
        change,
        closed_id=move.closed_id,
        opened_id=move.opened_id,
        membership_id=move.membership_id,
        rater_id=move.rater_id if move.rater_id != change.person_id else None,
    )
    step.uow.segments.add([change])
    step.note(
        f"person:{change.person_id}",
        audit_tags.ROLE_CHANGED,
        person=change.person_id,
        change=change.id,
        kind=change.kind.value,
    )
    follow(step.uow, step.means.ids, step.actor, [change.person_id, *move.touched])
    recheck(step, change.person_id)
    last = change.ends_on or cycle.ends_on
    return {
        "person_id": change.person_id,
        "cycle_id": cycle.id,
        "cycle_name": cycle.name,
        "change_id": change.id,
        "change_kind": change.kind.value,
        "unplanned": change.leave_kind in UNPLANNED,
        "days": (last - change.starts_on).days + 1,
        "starts_on": change.starts_on.isoformat(),
        "starts_at": moment_of(step, cycle.agency_id, change.starts_on),
        "old_rater_id": change.rater_id,
        "touched": sorted({change.person_id, *(name for name in move.touched if name)}),
        "elapsed": _elapsed(step, change, cycle),
    }


def _elapsed(step: Step, change: RoleChange, cycle: Cycle) -> bool:
    """Whether a part of the cycle lies before the change in the role that it closes."""
    if change.starts_on <= cycle.starts_on:
        return False
    if change.membership_id is not None:
        return True
    before = change.starts_on - _DAY
    return change.kind in _CLOSING and any(
        row.starts_on <= before for row in person_segments(step.uow, change.person_id, cycle).base
    )


def _refuse_change(change: RoleChange) -> None:
    fields = {
        "letter_missing": "letter_no",
        "ends_before": "ends_on",
        "leave_kind_missing": "leave_kind",
    }
    for code in check_change(change):
        raise fault(fields[code], code, code.replace("_", " "))


def _rater_of(step: Step, person_id: str) -> str | None:
    """Whoever holds the rater's office; the office, not its substitute, closes the segment."""
    found = step.standing.rater(person_id)
    return None if found is None else found.on_behalf_of or found.person_id


def _led_by(step: Step, row: Membership) -> str | None:
    """Who led the squad, or its sponsor where the leader himself leaves."""
    squad = step.standing.squad(row.squad_id)
    lead = step.standing.lead(squad)
    return squad.sponsor_id if lead is None or lead.person_id == row.person_id else lead.person_id


def _move(step: Step, change: RoleChange) -> _Move:
    """Another post: the old appointment ends, the new one begins the same day."""
    old = main_post(step, change.person_id, change.starts_on)
    rater_id = _rater_of(step, change.person_id)
    post = _post(step, old)
    named = by_nip(step, "rater_nip").id if step.text("rater_nip") else None
    if named == change.person_id:
        raise fault("rater_nip", "same_person", "nobody rates himself")
    closed_id = closed(step, old, change.starts_on)
    new = Appointment(
        id=step.means.ids.uuid(),
        person_id=change.person_id,
        post_id=post.id,
        kind=AppointmentKind.DEFINITIVE,
        valid_from=change.starts_on,
        valid_to=old.valid_to,
        rater_id=named,
    )
    step.uow.agency.add([new])
    touched = (rater_id, *_heads(step, post, change.starts_on))
    return _Move(closed_id=closed_id, opened_id=new.id, rater_id=rater_id, touched=touched)


def _act(step: Step, change: RoleChange) -> _Move:
    """Acting in a post beside one's own, from a day to a day."""
    old = main_post(step, change.person_id, change.starts_on)
    post = _post(step, old)
    row = Appointment(
        id=step.means.ids.uuid(),
        person_id=change.person_id,
        post_id=post.id,
        kind=_ACTING[change.kind],
        valid_from=change.starts_on,
        valid_to=change.ends_on + _DAY if change.ends_on else None,
    )
    held = _heads(step, post, change.starts_on)
    step.uow.agency.add([row])
    return _Move(opened_id=row.id, touched=held)


def _away(step: Step, change: RoleChange) -> _Move:
    return _Move(rater_id=_rater_of(step, change.person_id))


def _leave_squad(step: Step, change: RoleChange) -> _Move:
    """The membership ends; its credit stays."""
    squad_id, day = step.text("squad_id"), change.starts_on - _DAY
    held = step.uow.contributions.memberships_of(change.person_id, day, day)
    row = next((m for m, squad in held if squad.id == squad_id), None)
    if row is None:
        raise fault("squad_id", "no_member", "is no member of this squad on the day before")
    if row.valid_from >= change.starts_on:
        raise fault("starts_on", "before_the_post", f"the membership began on {row.valid_from}")
    led_by = _led_by(step, row)
    step.uow.contributions.put(replace(row, valid_to=change.starts_on))
    return _Move(membership_id=row.id, rater_id=led_by, touched=(led_by,))


def _leave_agency(step: Step, change: RoleChange) -> _Move:
    """Every post and membership ends; the elapsed part is rated and stays on record."""
    old = main_post(step, change.person_id, change.starts_on)
    rater_id = _rater_of(step, change.person_id)
    closed_id = closed(step, old, change.starts_on)
    for row, _ in step.uow.segments.appointments(change.person_id):
        runs = row.valid_to is None or row.valid_to > change.starts_on
        if row.id != old.id and row.valid_from < change.starts_on and runs:
            step.uow.agency.put(replace(row, valid_to=change.starts_on))
    day = change.starts_on
    for member, _ in step.uow.contributions.memberships_of(change.person_id, day, day):
        if member.valid_from < day:
            step.uow.contributions.put(replace(member, valid_to=day))
    return _Move(closed_id=closed_id, rater_id=rater_id, touched=(rater_id,))


def _no_effect(step: Step, change: RoleChange) -> _Move:
    del step, change
    return _Move()


def _not_here(step: Step, change: RoleChange) -> _Move:
    del step
    raise fault("kind", "unknown_word", f"{change.kind} is recorded by its own process")


def _post(step: Step, old: Appointment) -> Post:
    """The post named, or a new one of that title in the unit named."""
    chosen, unit_id, title = step.text("post_id"), step.text("unit_id"), step.text("post_title")
    if chosen:
        found = step.uow.agency.get(Post, chosen)
        if found is None or not _ours(step, found.unit_id):
            raise fault("post_id", "unknown_post", "no post of this agency")
        return found
    if not unit_id or not title:
        raise fault("post_id", "required", "a post, or a unit and the title of a new post")
    before = step.uow.agency.get(Post, old.post_id)
    if not _ours(step, unit_id) or before is None:
        raise fault("unit_id", "unknown_unit", "no unit of this agency")
    made = Post(id=step.means.ids.uuid(), unit_id=unit_id, title=title, job_class=before.job_class)
    step.uow.agency.add([made])
    return made


def _ours(step: Step, unit_id: str) -> bool:
    unit = step.uow.agency.get(Unit, unit_id)
    return unit is not None and unit.agency_id == step.actor.agency_id


def _heads(step: Step, post: Post, day: date) -> tuple[str | None, ...]:
    """Who headed the unit of a head post until then: what is his by office may move."""
    if not post.is_head:
        return ()
    return tuple(seat.person_id for seat in step.uow.agency.head_seats(post.unit_id, day))


_EFFECTS: Final[Mapping[ChangeKind, Callable[[Step, RoleChange], _Move]]] = {
    ChangeKind.MUTASI: _move,
    ChangeKind.PENUGASAN: _move,
    ChangeKind.PLT: _act,
    ChangeKind.PLH: _act,
    ChangeKind.CUTI: _away,
    ChangeKind.KEMBALI: _no_effect,
    ChangeKind.KELUAR_TIM: _leave_squad,
    ChangeKind.BERHENTI: _leave_agency,
    ChangeKind.PENILAI: _not_here,
}


def reassign(step: Step) -> Mapping[str, Json]:
    """`regu.tasks.reassign` (input people, a list of ids): their open tasks are looked at again."""
    people = step.call.variables.get("people")
    if not isinstance(people, list | tuple):
        raise Conflict("variable_missing", variable="people", element=step.call.element_id)
    follow(step.uow, step.means.ids, step.actor, [str(name) for name in people])
    return {}


OPERATIONS: Final[Mapping[str, Callable[[Step], Mapping[str, Json]]]] = {
    "regu.role.record": record_change,
    "regu.role.member_left": member_left,
    "regu.tasks.reassign": reassign,
}
