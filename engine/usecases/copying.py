"""One's notes and results in the order in which e-Kinerja asks for them, field by field.

e-Kinerja has no open way in for daily notes (domain.md 8): people copy. What they copied is
remembered with its words, so that a later change shows.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from engine.usecases.books import cycle_of
from engine.usecases.errors import Conflict, NotFound
from engine.usecases.organisation import Standing
from engine.usecases.ports.exchange import CopiedField

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from engine.domain.cycles import Cycle
    from engine.usecases.actor import Actor
    from engine.usecases.ports.exchange import DailyRow, ResultRow
    from engine.usecases.ports.work import House, UnitOfWork

#: fields of a day's note and of a result, in the order of e-Kinerja's screens
DAILY_FIELDS: Final = ("date", "time", "description", "result", "evidence")
RESULT_FIELDS: Final = ("result", "target", "actual", "evidence")


class Mark(StrEnum):
    """Whether a field was copied as it is now."""

    NEVER = "never"
    COPIED = "copied"
    #: it changed since it was copied
    CHANGED = "changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyField:
    """One field to be copied."""

    name: str
    text: str
    #: of its words; a mark is set for these and no others
    version: str
    mark: Mark
    copied_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyEntry:
    """A day's note or a result."""

    entry: str
    fields: Sequence[CopyField]

    @property
    def done(self) -> bool:
        """Whether everything that has words was copied as it is."""
        return all(field.mark is Mark.COPIED for field in self.fields if field.text)


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyChange:
    """Words that were copied and read otherwise now; "" when they are gone."""

    entry: str
    field: str
    before: str
    now: str
    copied_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyDesk:
    """Everything of a cycle to be copied, and what changed since it was."""

    cycle: Cycle
    daily: Sequence[CopyEntry]
    results: Sequence[CopyEntry]
    changes: Sequence[CopyChange]


def copy_desk(house: House, actor: Actor, wanted: str | None = None) -> CopyDesk:
    """One's own notes and results of a cycle; `NotFound` for an account without a person."""
    with house.reading() as uow:
        return _desk(house, uow, actor, wanted)


def mark_copied(house: House, actor: Actor, entry: str, field: str, version: str) -> None:
    """Remember that a field was copied; `Conflict` when its words changed meanwhile."""
    with house.writing() as uow:
        desk, found = _field(house, uow, actor, entry, field)
        if found.version != version:
            raise Conflict("changed_meanwhile", entry=entry, field=field)
        copied = CopiedField(entry=entry, field=field, text=found.text, at=house.clock.now())
        uow.exchange.mark(actor.person_id or "", desk.cycle.id, copied)
        uow.commit()


def unmark_copied(house: House, actor: Actor, entry: str, field: str) -> None:
    """Forget that a field was copied, also of an entry that is gone."""
    person_id = _person(actor)
    with house.writing() as uow:
        uow.exchange.unmark(person_id, entry, field)
        uow.commit()


def _desk(house: House, uow: UnitOfWork, actor: Actor, wanted: str | None) -> CopyDesk:
    person_id = _person(actor)
    cycle = cycle_of(uow, actor.agency_id or "", wanted)
    zone = ZoneInfo(Standing(uow, house.clock.now()).zone(cycle.agency_id))
    daily = {row.entry: _daily(row, zone) for row in uow.exchange.daily(person_id, cycle.id)}
    results = {f"result:{r.item_id}": _result(r) for r in uow.exchange.results(person_id, cycle.id)}
    marks = {(one.entry, one.field): one for one in uow.exchange.copied(person_id, cycle.id)}
    now = {(e, n): t for e, texts in {**daily, **results}.items() for n, t in texts.items()}
    changes = [
        CopyChange(
            entry=one.entry,
            field=one.field,
            before=one.text,
            now=now.get(key, ""),
            copied_at=one.at,
        )
        for key, one in marks.items()
        if now.get(key) != one.text
    ]
    return CopyDesk(
        cycle=cycle,
        daily=[_entry(entry, texts, marks) for entry, texts in daily.items()],
        results=[_entry(entry, texts, marks) for entry, texts in results.items()],
        changes=changes,
    )


def _field(
    house: House, uow: UnitOfWork, actor: Actor, entry: str, field: str
) -> tuple[CopyDesk, CopyField]:
    """The field of one's own in whichever cycle it stands."""
    for cycle in uow.performance.cycles(actor.agency_id or ""):
        desk = _desk(house, uow, actor, cycle.id)
        for one in (*desk.daily, *desk.results):
            if one.entry == entry:
                found = next((part for part in one.fields if part.name == field), None)
                if found is not None:
                    return desk, found
    raise NotFound("copy_field", f"{entry} {field}")


def _person(actor: Actor) -> str:
    if actor.person_id is None:
        raise NotFound("person", actor.name)
    return actor.person_id


def _daily(row: DailyRow, zone: ZoneInfo) -> Mapping[str, str]:
    here = row.at.astimezone(zone)
    texts = (
        f"{row.on or here.date():%d-%m-%Y}",
        row.hours or (f"{here:%H:%M}" if row.timed else ""),
        row.text,
        row.result,
        "\n".join(row.evidence),
    )
    return dict(zip(DAILY_FIELDS, texts, strict=True))


def _result(row: ResultRow) -> Mapping[str, str]:
    texts = (row.title, row.target, row.actual, "\n".join(row.evidence))
    return dict(zip(RESULT_FIELDS, texts, strict=True))


def _entry(
    entry: str, texts: Mapping[str, str], marks: Mapping[tuple[str, str], CopiedField]
) -> CopyEntry:
    return CopyEntry(
        entry=entry,
        fields=[_shown(name, text, marks.get((entry, name))) for name, text in texts.items()],
    )


def _shown(name: str, text: str, mark: CopiedField | None) -> CopyField:
    state = Mark.NEVER
    if mark is not None:
        state = Mark.COPIED if mark.text == text else Mark.CHANGED
    return CopyField(
        name=name,
        text=text,
        version=hashlib.sha256(text.encode()).hexdigest()[:32],
        mark=state,
        copied_at=mark.at if mark else None,
    )
