"""Forming a squad: from a letter, by appointment, or from volunteers; its outputs and its end."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Final

from engine.domain.calendar import WorkingCalendar, end_of_day, working_days
from engine.domain.formation import (
    Candidate,
    CandidateState,
    Formation,
    FormationStatus,
    Way,
    check_choice,
    check_formation,
    choose,
    proposed_effort_bp,
)
from engine.domain.member_list import read_members
from engine.domain.organisation import Official
from engine.domain.squads import SquadRole, months_later
from engine.domain.units import Unit
from engine.usecases import audit_tags
from engine.usecases.errors import AccessRefused, FieldFault, InputRefused, NotFound
from engine.usecases.operations.step import as_bp, fault, refuse, refused
from engine.usecases.rights import may, same_agency

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from engine.domain.member_list import ListedMember
    from engine.domain.people import Person
    from engine.domain.squads import SquadLimits
    from engine.usecases.operations.step import Step
    from engine.usecases.ports.process import Json

#: tells a volunteer that the owner chose; key: the candidate
CHOSEN: Final = "volunteer_decided"
#: background job that tells people of an open call
CALLS: Final = "tell_of_call"


def propose(step: Step) -> Mapping[str, Json]:
    """`regu.squad.propose`: open a formation; by the unit's head, who stands above him, or HR.

    Form: way, host_unit_id, name, code, letter_no, sponsor_nip, starts_on, ends_on, person_days,
    and members (text) for a letter, else places, competence, apply_until.
    """
    unit = step.uow.agency.get(Unit, step.text("host_unit_id"))
    if unit is None or unit.agency_id != step.actor.agency_id:
        raise fault("host_unit_id", "unknown_unit", "a unit of your own agency")
    head = step.standing.head(unit.id)
    _require_owner(step, head, unit.id)
    row = _formation(step, unit, _sponsor(step, head))
    limits = step.tables(unit.agency_id).squad_limits()
    _check_days(row, limits)
    refuse(check_formation(row, step.standing.today(unit.agency_id)), places="places",
           competence="competence", apply_until="apply_until")  # fmt: skip
    if row.way is Way.LETTER and not row.letter_no:
        raise fault("letter_no", "letter_missing", "the letter has a number")
    step.uow.formation.add([row])
    if row.way is Way.LETTER:
        _name_all(step, row, limits)
    if row.way is Way.VOLUNTEERS:
        step.uow.jobs.enqueue(CALLS, row.id, {"formation_id": row.id, "after": ""})
    step.note(f"agency:{row.agency_id}", audit_tags.FORMATION_OPENED, formation=row.id)
    zone = step.standing.zone(row.agency_id)
    until = end_of_day(row.apply_until, zone).isoformat() if row.apply_until else None
    return {
        "formation_id": row.id,
        "way": row.way.value,
        "owner_id": row.sponsor_id,
        "title": row.name,
        "apply_until_at": until,
    }


def name_members(step: Step) -> Mapping[str, Json]:
    """`regu.squad.name_members` (form: members, text): the owner appoints (penunjukan)."""
    row = formation_of(step)
    require_formation_owner(step, row)
    _name_all(step, row, step.tables(row.agency_id).squad_limits())
    return {}


def apply(step: Step) -> Mapping[str, Json]:
    """`regu.squad.apply` (form: call_id, effort_percent, motive): volunteer for an open call."""
    person_id = step.person
    row = step.uow.formation.get(Formation, step.text("call_id"))
    today = step.standing.today(step.actor.agency_id)
    if row is None or row.agency_id != step.actor.agency_id or not is_open(row, today):
        raise fault("call_id", "call_closed", "this call takes no volunteers")
    if row.sponsor_id == person_id:
        raise fault("call_id", "member_sponsor", "the sponsor is no member")
    if any(one.person_id == person_id for one in step.uow.formation.candidates(row.id)):
        raise fault("call_id", "applied", "you applied already")
    if step.standing.home_unit(person_id, row.starts_on) is None:
        raise fault("call_id", "person_unknown", "you hold no post on the squad's first day")
    effort = as_bp(step.call.form.get("effort_percent"), "effort_percent") or 0
    _check_effort(effort, step.tables(row.agency_id).squad_limits(), "effort_percent")
    mine = _candidate(step, row, person_id, (SquadRole.ANGGOTA, effort))
    step.uow.formation.add([replace(mine, motive=step.text("motive"))])
    step.note(f"agency:{row.agency_id}", audit_tags.FORMATION_APPLIED, candidate=mine.id)
    return {"formation_id": row.id, "candidate_id": mine.id, "title": row.name}


def choose_volunteers(step: Step) -> Mapping[str, Json]:
    """`regu.squad.choose` (form: next form|appoint|stop; volunteers[...], each with a reason).

    Rows: candidate_id, decision take|pass, role, effort_percent, reason.
    """
    row = formation_of(step)
    require_formation_owner(step, row)
    waiting = {one.id: one for one in step.uow.formation.candidates(row.id)}
    rows = step.rows("volunteers")
    chosen = [
        (waiting[key], str(line.get("decision")) == "take", str(line.get("reason") or ""))
        for line in rows
        if (key := str(line.get("candidate_id") or "")) in waiting
    ]
    if {one.id for one, _, _ in chosen} != set(waiting):
        raise fault("volunteers", "incomplete", "everybody who applied is answered")
    following = step.text("next")
    taken = sum(take for _, take, _ in chosen)
    if (following == "form") != (taken > 0):
        raise fault("next", "nobody_chosen", "with somebody chosen the squad is formed")
    found = check_choice(chosen, row.places or 0)
    _refuse_rows(found, "volunteers", reason_missing="reason")
    with refused(candidate="volunteers"):
        for (one, take, reason), line in zip(chosen, rows, strict=True):
            _answer(step, _adjusted(one, line) if take else one, taken=take, reason=reason)
    if following == "stop":
        step.uow.formation.put(replace(row, status=FormationStatus.DROPPED))
    return {"next": following}


def formation_of(step: Step) -> Formation:
    """The formation that the process speaks of."""
    row = step.uow.formation.get(Formation, step.ref("formation_id"))
    if row is None:
        raise NotFound("formation", step.ref("formation_id"))
    return row


def require_formation_owner(step: Step, row: Formation) -> None:
    """The owner, who stands above him, or HR; `AccessRefused` for others."""
    require_owner_of(step, row.sponsor_id, row.agency_id)


def require_owner_of(step: Step, sponsor_id: str, agency_id: str) -> None:
    """The sponsor, who stands above him, or the groups that form squads in his agency."""
    if may(step.actor, "squad:form") and same_agency(step.actor, agency_id):
        return
    above = step.standing.superiors(sponsor_id)
    step.require_office(Official(person_id=sponsor_id), *above, subject_id="")


def as_day(value: Any, field: str) -> date | None:
    """A day of the form, None when empty."""
    if value is None or value == "":
        return None
    try:
        return date.fromisoformat(str(value))
    except ValueError as error:
        raise fault(field, "bad_date", "a day such as 2026-01-31") from error


def required_day(step: Step, field: str) -> date:
    """A day that must be there."""
    found = as_day(step.call.form.get(field), field)
    if found is None:
        raise fault(field, "required", "a day is needed")
    return found


def _require_owner(step: Step, head: Official | None, unit_id: str) -> None:
    if may(step.actor, "squad:form"):
        return
    if head is None:
        raise AccessRefused("squad:form", unit_id)
    above = step.standing.superiors(head.on_behalf_of or head.person_id)
    step.require_office(head, *above, subject_id="")


def _formation(step: Step, unit: Unit, sponsor_id: str) -> Formation:
    way = step.word("way", Way)
    starts_on, ends_on = required_day(step, "starts_on"), required_day(step, "ends_on")
    letter = way is Way.LETTER
    until = as_day(step.call.form.get("apply_until"), "apply_until")
    return Formation(
        id=step.means.ids.uuid(),
        agency_id=unit.agency_id,
        host_unit_id=unit.id,
        way=way,
        name=step.text("name"),
        code=step.text("code") or _free_code(step, unit, starts_on),
        letter_no=step.text("letter_no"),
        sponsor_id=sponsor_id,
        opened_by=step.actor.person_id or step.actor.name,
        starts_on=starts_on,
        ends_on=ends_on,
        person_days=int(step.decimal("person_days") or 0),
        places=None if letter else int(step.decimal("places") or 0),
        competence="" if letter else step.text("competence"),
        apply_until=until if way is Way.VOLUNTEERS else None,
        status=FormationStatus.GATHERING,
        squad_id=None,
        at=step.now,
    )


def _free_code(step: Step, unit: Unit, starts_on: date) -> str:
    """The unit's code, the year and the next number that no squad has."""
    number = 1
    while True:
        code = f"{unit.code}-{starts_on.year}-{number:02d}"
        if step.uow.contributions.squad_by_code(unit.agency_id, code) is None:
            return code
        number += 1


def _sponsor(step: Step, head: Official | None) -> str:
    """Pemberi tugas: the person named by NIP, else the head of the unit."""
    nip = step.text("sponsor_nip")
    if nip:
        person = step.uow.agency.person_by_nip(nip)
        if person is None or person.agency_id != step.actor.agency_id:
            raise fault("sponsor_nip", "unknown_person", "nobody of your agency has this NIP")
        return person.id
    if head is None:
        raise fault("sponsor_nip", "required", "the unit has no head today")
    return head.on_behalf_of or head.person_id


def _check_days(row: Formation, limits: SquadLimits) -> None:
    if row.ends_on <= row.starts_on:
        raise fault("ends_on", "squad_days", "ends before it starts")
    if row.ends_on >= months_later(row.starts_on, limits.longest_months):
        raise fault("ends_on", "squad_long", f"longer than {limits.longest_months} months")
    if row.person_days <= 0:
        raise fault("person_days", "person_days", "how many person-days are agreed?")


def _name_all(step: Step, row: Formation, limits: SquadLimits) -> None:
    """Candidates from the pasted list; every fault of every line at once."""
    read = read_members(step.text("members"))
    faults = [_of_line(v.subject, v.code, v.message) for v in read.faults]
    people: list[tuple[ListedMember, Person]] = []
    for line in read.members:
        person = step.uow.agency.person_by_nip(line.nip)
        home = step.standing.home_unit(person.id, row.starts_on) if person else None
        if person is None or home is None:
            faults.append(_of_line(line.line, "unknown_person", "holds no post on the first day"))
        elif person.id == row.sponsor_id:
            faults.append(_of_line(line.line, "member_sponsor", "the sponsor is no member"))
        else:
            people.append((line, person))
    effort = _proposed(step, row, len(people), limits)
    for line, _ in people:
        asked = line.effort_bp or effort
        if not limits.least_effort_bp <= asked <= limits.most_effort_bp:
            faults.append(_of_line(line.line, "effort_limits", f"effort {asked}"))
    if faults:
        raise InputRefused(*sorted(faults, key=lambda one: int(one.field.split(".")[1])))
    known = {one.person_id for one in step.uow.formation.candidates(row.id)}
    step.uow.formation.add(
        [
            _candidate(step, row, person.id, (line.role, line.effort_bp or effort))
            for line, person in people
            if person.id not in known
        ]
    )


def _proposed(step: Step, row: Formation, people: int, limits: SquadLimits) -> int:
    days = step.uow.agency.holidays(row.agency_id, row.starts_on, row.ends_on)
    worked = working_days(row.starts_on, row.ends_on, WorkingCalendar(holidays=days))
    return proposed_effort_bp(row.person_days, people, worked, limits)


def _of_line(line: int | str, code: str, message: str) -> FieldFault:
    """A fault of one line of the pasted list, 0-based in the field's path."""
    number = int(line)
    text = message if message.startswith("line ") else f"line {number}: {message}"
    return FieldFault(field=f"members.{number - 1}", code=code, message=text)


def _candidate(
    step: Step, row: Formation, person_id: str, place: tuple[SquadRole, int]
) -> Candidate:
    return Candidate(
        id=step.means.ids.uuid(),
        formation_id=row.id,
        person_id=person_id,
        role=place[0],
        effort_bp=place[1],
        motive="",
        state=CandidateState.PROPOSED,
        reason="",
        decided_by=None,
        at=step.now,
    )


def _adjusted(one: Candidate, line: Mapping[str, Json]) -> Candidate:
    role = SquadRole.KETUA if line.get("role") == SquadRole.KETUA else SquadRole.ANGGOTA
    effort = as_bp(line.get("effort_percent"), "volunteers") or one.effort_bp
    return replace(one, role=role, effort_bp=effort)


def _answer(step: Step, one: Candidate, *, taken: bool, reason: str) -> None:
    if one.person_id == step.actor.person_id:
        raise AccessRefused(step.call.element_id, "own matter")
    step.uow.formation.put(choose(one, taken=taken, reason=reason, decided_by=step.person))
    step.means.announce(step.uow, step.actor, CHOSEN, one.id)


def _check_effort(effort_bp: int, limits: SquadLimits, field: str) -> None:
    if not limits.least_effort_bp <= effort_bp <= limits.most_effort_bp:
        raise fault(field, "effort_limits", f"effort {effort_bp} is outside the limits")


def _refuse_rows(found: Sequence[Any], field: str, **columns: str) -> None:
    if found:
        raise InputRefused(
            *(
                FieldFault(
                    field=f"{field}.{one.subject}.{columns[one.code]}"
                    if one.subject and one.code in columns
                    else field,
                    code=one.code,
                    message=one.message,
                )
                for one in found
            )
        )


def is_open(row: Formation, today: date) -> bool:
    """Whether a call takes volunteers on a day."""
    gathering = row.status is FormationStatus.GATHERING and row.way is Way.VOLUNTEERS
    return gathering and row.apply_until is not None and today <= row.apply_until


def moments(step: Step, ends_on: date, agency_id: str, remind_days: int) -> dict[str, Json]:
    """When the owner is reminded of a squad's end, and the end itself, with offset."""
    zone = step.standing.zone(agency_id)
    remind = end_of_day(ends_on - timedelta(days=remind_days), zone)
    return {"remind_at": remind.isoformat(), "ends_at": end_of_day(ends_on, zone).isoformat()}


OPERATIONS: Final[Mapping[str, Callable[[Step], Mapping[str, Json]]]] = {
    "regu.squad.propose": propose,
    "regu.squad.name_members": name_members,
    "regu.squad.apply": apply,
    "regu.squad.choose": choose_volunteers,
}
