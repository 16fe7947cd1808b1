"""Operations on who stands in for whom, and on a superior who is not the right one."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from engine.domain.people import Appointment, AppointmentKind, Person, Substitution
from engine.domain.segments import ChangeKind, RoleChange
from engine.domain.substitutions import Scope, check_substitution
from engine.domain.units import Unit
from engine.usecases import audit_tags
from engine.usecases.errors import AccessRefused, FieldFault, InputRefused, NotFound
from engine.usecases.operations.role_changes import (
    by_nip,
    closed,
    cycle_on,
    day_of,
    main_post,
    moment_of,
    require_recorder,
)
from engine.usecases.operations.step import fault
from engine.usecases.operations.telling import tell_raters
from engine.usecases.reassigning import follow

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import date

    from engine.usecases.operations.step import Step
    from engine.usecases.ports.process import Json

_DAY: Final = timedelta(days=1)


def record_substitutions(step: Step) -> Mapping[str, Json]:
    """`regu.substitution.record`: one letter for pairs of people, or for all of an office.

    Form: letter_no, starts_on, ends_on, scope, pairs[absent_nip, substitute_nip], unit_id,
    unit_substitute_nip. Nobody records what makes him a substitute, or replaces himself.
    """
    require_recorder(step)
    first, last = day_of(step, "starts_on", needed=True), day_of(step, "ends_on", needed=True)
    if last < first:
        raise fault("ends_on", "ends_before", "ends before it starts")
    pairs = _pairs(step, first)
    if not pairs:
        raise fault("pairs", "required", "nobody is named")
    rows = [
        Substitution(
            id=step.means.ids.uuid(),
            absent_id=absent,
            substitute_id=by,
            valid_from=first,
            valid_to=last + _DAY,
            scope=step.word("scope", Scope).value,
            letter_no=step.text("letter_no"),
        )
        for _, absent, by in pairs
    ]
    _refuse(step, rows, [field for field, _, _ in pairs])
    step.uow.agency.add(rows)
    agency_id = str(step.actor.agency_id)
    for row in rows:
        step.note(
            f"agency:{agency_id}",
            audit_tags.SUBSTITUTION_RECORDED,
            substitution=row.id,
            absent=row.absent_id,
            substitute=row.substitute_id,
        )
    people = sorted({name for row in rows for name in (row.absent_id, row.substitute_id)})
    return {
        "substitution_ids": [row.id for row in rows],
        "people": people,
        "letter_no": step.text("letter_no"),
        "starts_at": moment_of(step, agency_id, first),
        "ends_at": moment_of(step, agency_id, last + _DAY),
    }


def end_substitutions(step: Step) -> Mapping[str, Json]:
    """`regu.substitution.end` (form: last_day): the office is back before the letter's day."""
    require_recorder(step)
    last = day_of(step, "last_day", needed=True)
    if last < step.standing.today(step.actor.agency_id) - _DAY:
        raise fault("last_day", "back_dated", "what was done in its name stays valid")
    ids = step.call.variables.get("substitution_ids") or []
    for row_id in ids:
        row = step.uow.agency.get(Substitution, str(row_id))
        if row is None:
            raise NotFound("substitution", str(row_id))
        if last < row.valid_from or (row.valid_to is not None and row.valid_to <= last):
            raise fault("last_day", "outside", "lies outside the letter's days")
        if step.person in (row.absent_id, row.substitute_id):
            raise AccessRefused("substitution:end", "own substitution")
        step.uow.agency.put(replace(row, valid_to=last + _DAY))
        step.note(
            f"agency:{step.actor.agency_id}",
            audit_tags.SUBSTITUTION_RECORDED,
            substitution=row.id,
            last_day=last.isoformat(),
        )
    return {"ends_at": moment_of(step, str(step.actor.agency_id), last + _DAY)}


def report_rater(step: Step) -> Mapping[str, Json]:
    """`regu.rater.report`: "this is not my superior", or "this is not one of my people".

    Form: about (me, or the person rated), right_nip or right_rater_id, reason. By the person
    himself, or by the rater that the records name.
    """
    me = step.person
    subject = by_nip(step, "nip").id if step.text("nip") else me
    rater = step.standing.rater(subject)
    names = {name for name in ((rater.person_id, rater.on_behalf_of) if rater else ()) if name}
    if me != subject and me not in names:
        raise AccessRefused("rater:report", subject)
    if not step.text("reason"):
        raise fault("reason", "required", "say why")
    right = step.text("right_rater_id")
    if right and (right == subject or _stranger(step, right)):
        raise fault("right_rater_id", "unknown_person", "another person of this agency")
    step.note(f"person:{subject}", audit_tags.RATER_REPORTED, person=subject, proposed=right)
    alleged = (rater.on_behalf_of or rater.person_id) if rater else None
    return {
        "person_id": subject,
        "reported_by": me,
        "alleged_rater_id": alleged,
        "proposed_rater_id": right or None,
    }


def repair_rater(step: Step) -> Mapping[str, Json]:
    """`regu.rater.repair`: HR confirms with a date and a letter, or declines with a reason.

    Form: decision confirm|decline, rater_nip, starts_on, letter_no, reason. Not by the person, the
    rater he has or the rater he gets.
    """
    require_recorder(step)
    subject, alleged = step.ref("person_id"), step.maybe("alleged_rater_id")
    if step.person in (subject, alleged):
        raise AccessRefused("rater:repair", "own matter")
    if step.text("decision") == "decline":
        if not step.text("reason"):
            raise fault("reason", "required", "say why the records are right")
        step.note(
            f"person:{subject}", audit_tags.RATER_REPAIRED, person=subject, decision="decline"
        )
        return {"repaired": False, "people": [subject]}
    right = by_nip(step, "rater_nip")
    if right.id == subject:
        raise fault("rater_nip", "same_person", "nobody rates himself")
    if right.id == step.person:
        raise AccessRefused("rater:repair", "own matter")
    starts_on = day_of(step, "starts_on", needed=True)
    _named(step, subject, alleged, right.id, starts_on)
    people = sorted({name for name in (subject, alleged, right.id) if name})
    return {
        "repaired": True,
        "people": people,
        "starts_at": moment_of(step, right.agency_id, starts_on),
    }


def _named(step: Step, subject: str, alleged: str | None, right: str, starts_on: date) -> None:
    """The appointment with its rater from a day on, and the change on record."""
    person = step.standing.person(subject)
    if person is None:
        raise NotFound("person", subject)
    if not step.text("letter_no"):
        raise fault("letter_no", "letter_missing", "the letter is named")
    old = main_post(step, subject, starts_on)
    cycle = cycle_on(step, person, starts_on)
    closed_id, opened = None, replace(old, rater_id=right)
    if old.valid_from < starts_on:
        closed_id = closed(step, old, starts_on)
        opened = Appointment(
            id=step.means.ids.uuid(),
            person_id=subject,
            post_id=old.post_id,
            kind=AppointmentKind.DEFINITIVE,
            valid_from=starts_on,
            valid_to=old.valid_to,
            rater_id=right,
        )
        step.uow.agency.add([opened])
    else:
        step.uow.agency.put(opened)
    change = RoleChange(
        id=step.means.ids.uuid(),
        person_id=subject,
        cycle_id=cycle.id,
        kind=ChangeKind.PENILAI,
        starts_on=starts_on,
        letter_no=step.text("letter_no"),
        closed_id=closed_id,
        opened_id=opened.id,
        rater_id=alleged,
        recorded_by=step.person,
        at=step.now,
    )
    step.uow.segments.add([change])
    step.note(
        f"person:{subject}",
        audit_tags.RATER_REPAIRED,
        person=subject,
        decision="confirm",
        rater=right,
        change=change.id,
    )
    tell_raters(step, change, {subject: right})
    follow(step.uow, step.means.ids, step.actor, [subject, alleged, right])


def _pairs(step: Step, first: date) -> Sequence[tuple[str, str, str]]:
    """(field, absent, substitute): the pairs of the form, then everybody of the office named."""
    found = []
    for n, row in enumerate(step.rows("pairs")):
        names = []
        for key in ("absent_nip", "substitute_nip"):
            nip = "".join(str(row.get(key) or "").split())
            names.append(_by_nip(step, nip, f"pairs.{n}.{key}").id)
        found.append((f"pairs.{n}.substitute_nip", names[0], names[1]))
    unit_id = step.text("unit_id")
    if unit_id:
        unit = step.uow.agency.get(Unit, unit_id)
        if unit is None or unit.agency_id != step.actor.agency_id:
            raise fault("unit_id", "unknown_unit", "no unit of this agency")
        by = by_nip(step, "unit_substitute_nip").id
        named = {absent for _, absent, _ in found}
        found += [
            ("unit_substitute_nip", absent, by)
            for absent in step.uow.agency.residents(unit_id, first)
            if absent not in (by, *named)
        ]
    return found


def _by_nip(step: Step, nip: str, field: str) -> Person:
    found = step.uow.agency.person_by_nip(nip)
    if found is None or found.agency_id != step.actor.agency_id:
        raise fault(field, "unknown_person", "nobody of this agency has this NIP")
    return found


def _refuse(step: Step, rows: Sequence[Substitution], fields: Sequence[str]) -> None:
    """Every fault of every letter at once; the letters of one form are seen beside each other."""
    people = sorted({name for row in rows for name in (row.absent_id, row.substitute_id)})
    first, last = rows[0].valid_from, rows[0].valid_to
    standing = list(step.uow.segments.substitutions_around(people, first, last))
    if step.person in {row.substitute_id for row in rows}:
        raise AccessRefused("substitution:record", "own substitution")
    places = {"letter_missing": "letter_no", "ends_before": "ends_on", "scope_unknown": "scope"}
    found: dict[tuple[str, str], FieldFault] = {}
    for row, field in zip(rows, fields, strict=True):
        for violation in check_substitution(row, [*standing, *rows]):
            at = places.get(violation.code, field)
            found[at, violation.code] = FieldFault(
                field=at, code=violation.code, message=violation.message
            )
    if found:
        raise InputRefused(*found.values())


def _stranger(step: Step, person_id: str) -> bool:
    person = step.standing.person(person_id)
    return person is None or person.agency_id != step.actor.agency_id


OPERATIONS: Final[Mapping[str, Callable[[Step], Mapping[str, Json]]]] = {
    "regu.substitution.record": record_substitutions,
    "regu.substitution.end": end_substitutions,
    "regu.rater.report": report_rater,
    "regu.rater.repair": repair_rater,
}
