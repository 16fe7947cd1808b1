"""Notes of a day beside one's own results: written once, then copied and documented from here.

A person writes for himself. He, his rater and the leads of his squads read: a lead only what
served results of squads that he leads.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from engine.domain.access import Resource
from engine.domain.cycles import Cycle
from engine.domain.daily_notes import DailyNote, NoteAct, check_note
from engine.domain.plans import Plan, PlanItem, PlanStatus
from engine.domain.squads import SquadRole
from engine.usecases import audit_tags
from engine.usecases.audit import note as tell
from engine.usecases.books import readable
from engine.usecases.errors import FieldFault, InputRefused, NotFound
from engine.usecases.once import recall, remember, repeated
from engine.usecases.organisation import Standing
from engine.usecases.ports.daily_notes import NoteScope
from engine.usecases.relations import around, may_read

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import date

    from engine.domain.people import Person
    from engine.usecases.actor import Actor
    from engine.usecases.ports.daily_notes import NoteRow
    from engine.usecases.ports.process import Json
    from engine.usecases.ports.work import House, UnitOfWork

_ACTS = {
    NoteAct.WRITTEN: audit_tags.DAILY_NOTE_WRITTEN,
    NoteAct.CORRECTED: audit_tags.DAILY_NOTE_CORRECTED,
    NoteAct.WITHDRAWN: audit_tags.DAILY_NOTE_WITHDRAWN,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteWords:
    """What a note says, as it was typed."""

    #: the result (RHK) that the work served
    item_id: str
    #: None: no day could be read
    on_day: date | None
    #: minutes of the day; below 0 where no time could be read
    from_minute: int | None = None
    until_minute: int | None = None
    text: str
    link: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteNote:
    """A new note."""

    words: NoteWords
    idempotency_key: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectNote:
    """Other words for a note, by the id of its newest writing."""

    note_id: str
    words: NoteWords
    idempotency_key: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteBook:
    """A page of somebody's notes, and what a new one may name."""

    person: Person
    cycle: Cycle
    rows: Sequence[NoteRow]
    #: results of the plan in force; empty for readers
    results: Sequence[PlanItem]
    today: date
    #: whether the reader writes here
    mine: bool


def daily_notes(
    house: House,
    actor: Actor,
    person_id: str,
    wanted: str | None = None,
    *,
    after: tuple[date, str] | None = None,
    limit: int | None = None,
) -> NoteBook:
    """Notes of a person in a cycle, newest day first, keyset paged by (day, id).

    `NotFound` for whom the matrix closes them; what others read is noted.
    """
    with house.reading() as uow:
        standing = Standing(uow, house.clock.now())
        cycle = readable(standing, actor, person_id, Resource.DAILY_NOTE, wanted)
        person = standing.person(person_id)
        if person is None:
            raise NotFound("person", person_id)
        mine = actor.person_id == person_id
        squads = None if mine else _narrowed(standing, actor, person_id, cycle)
        scope = NoteScope(person_id=person_id, cycle_id=cycle.id, squads=squads)
        return NoteBook(
            person=person,
            cycle=cycle,
            rows=uow.dialogues.daily_notes(scope, after=after, limit=limit),
            results=_results(uow, person_id, cycle) if mine else (),
            today=standing.today(person.agency_id),
            mine=mine,
        )


def sees_daily_notes(house: House, actor: Actor, person_id: str, cycle: Cycle) -> bool:
    """Whether `daily_notes` opens this person's notes of a cycle to the actor."""
    with house.reading() as uow:
        standing = Standing(uow, house.clock.now())
        return may_read(around(uow, standing, person_id, cycle), actor, Resource.DAILY_NOTE)


@repeated
def write_daily_note(house: House, actor: Actor, command: WriteNote) -> Mapping[str, Json]:
    """Keep a note of the actor's own; {"id"}.

    `InputRefused` names every fault, `NotFound` for an account without a person.
    """
    with house.writing() as uow:
        earlier = recall(uow, actor, command.idempotency_key, command)
        if earlier is not None:
            return earlier
        person_id = _person(actor)
        cycle = _year_of(uow, person_id, command.words.item_id, held=True)
        made = _made(house, uow, actor, command.words)
        answer = _keep(house, uow, actor, made, cycle)
        remember(uow, house, actor, command.idempotency_key, command, answer)
        uow.commit()
        return answer


@repeated
def correct_daily_note(house: House, actor: Actor, command: CorrectNote) -> Mapping[str, Json]:
    """Keep other words for one of one's notes; {"id"} of the new writing.

    `NotFound` for a note of somebody else and for one that stands no longer.
    """
    with house.writing() as uow:
        earlier = recall(uow, actor, command.idempotency_key, command)
        if earlier is not None:
            return earlier
        row = _own(uow, actor, command.note_id)
        same = command.words.item_id == row.note.item_id
        cycle = _year_of(uow, row.note.person_id, command.words.item_id, held=not same)
        made = replace(
            _made(house, uow, actor, command.words),
            root_id=row.note.root_id,
            act=NoteAct.CORRECTED,
            replaces_id=row.note.id,
        )
        answer = _keep(house, uow, actor, made, cycle)
        remember(uow, house, actor, command.idempotency_key, command, answer)
        uow.commit()
        return answer


@repeated
def withdraw_daily_note(house: House, actor: Actor, note_id: str) -> None:
    """Take one of one's notes back; its words stay where they were written. `NotFound` as above."""
    with house.writing() as uow:
        row = _own(uow, actor, note_id)
        gone = replace(
            row.note,
            id=house.ids.uuid(),
            act=NoteAct.WITHDRAWN,
            replaces_id=row.note.id,
            written_on=Standing(uow, house.clock.now()).today(actor.agency_id),
            at=house.clock.now(),
        )
        cycle = _year_of(uow, row.note.person_id, row.note.item_id, held=False)
        _keep(house, uow, actor, gone, cycle)
        uow.commit()


def _narrowed(
    standing: Standing, actor: Actor, person_id: str, cycle: Cycle
) -> Collection[str] | None:
    """Squads whose results a lead reads; None for the rater, who reads all of them."""
    rater = standing.rater(person_id)
    if rater is not None and actor.person_id in (rater.person_id, rater.on_behalf_of):
        return None
    days = (cycle.starts_on, cycle.ends_on)
    return {
        row.squad_id
        for row in standing.uow.contributions.companions([person_id], *days)
        if row.role is SquadRole.KETUA and row.companion_id == actor.person_id
    }


def _results(uow: UnitOfWork, person_id: str, cycle: Cycle) -> Sequence[PlanItem]:
    plan = uow.performance.plan_of(person_id, cycle.id)
    return uow.performance.items(plan.id) if plan and plan.status is PlanStatus.FIXED else ()


def _year_of(uow: UnitOfWork, person_id: str, item_id: str, *, held: bool) -> Cycle:
    """The cycle of one's own result; `InputRefused` for another's, or when it must be in force."""
    item = uow.performance.get(PlanItem, item_id)
    found = uow.performance.get(Plan, item.plan_id) if item else None
    states = {PlanStatus.FIXED} if held else {PlanStatus.FIXED, PlanStatus.SUPERSEDED}
    if found is None or found.person_id != person_id or found.status not in states:
        raise InputRefused(_fault("unknown_item", "item_id"))
    cycle = uow.performance.get(Cycle, found.cycle_id)
    if cycle is None:
        raise NotFound("cycle", found.cycle_id)
    return cycle


def _made(house: House, uow: UnitOfWork, actor: Actor, words: NoteWords) -> DailyNote:
    if words.on_day is None:
        raise InputRefused(_fault("note_day", "on_day"))
    made_id, now = house.ids.uuid(), house.clock.now()
    return DailyNote(
        id=made_id,
        root_id=made_id,
        person_id=_person(actor),
        item_id=words.item_id,
        on_day=words.on_day,
        from_minute=words.from_minute,
        until_minute=words.until_minute,
        text=words.text.strip(),
        link=words.link.strip(),
        written_on=Standing(uow, now).today(actor.agency_id),
        at=now,
    )


def _keep(
    house: House, uow: UnitOfWork, actor: Actor, made: DailyNote, cycle: Cycle
) -> dict[str, Json]:
    if faults := check_note(made, cycle):
        raise InputRefused(*(_fault(one.code, one.subject) for one in faults))
    uow.dialogues.add([made])
    facts: dict[str, Json] = {"note": made.id, "item": made.item_id, "replaces": made.replaces_id}
    tell(house, uow, actor, stream=f"person:{made.person_id}", act=_ACTS[made.act], facts=facts)
    return {"id": made.id}


def _own(uow: UnitOfWork, actor: Actor, note_id: str) -> NoteRow:
    row = uow.dialogues.daily_note(note_id)
    if row is None or row.note.person_id != actor.person_id:
        raise NotFound("daily_note", note_id)
    return row


def _person(actor: Actor) -> str:
    if actor.person_id is None:
        raise NotFound("person", actor.name)
    return actor.person_id


def _fault(code: str, field: str) -> FieldFault:
    return FieldFault(field=field, code=code, message=f"the {field} cannot stand")
