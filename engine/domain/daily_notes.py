"""What somebody did on a day, beside one of his own results: written, corrected, withdrawn."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from engine.domain.cycles import CycleStatus
from engine.domain.errors import Violation

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime

    from engine.domain.cycles import Cycle

#: letters of a note, and of the address of what proves it
TEXT_MAX: Final = 1_000
LINK_MAX: Final = 500
_SCHEMES: Final = ("https://", "http://")
_HOUR: Final = 60
_DAY: Final = 24 * _HOUR
_CUT: Final = " …"


class NoteAct(StrEnum):
    """What a row does to the note."""

    #: the first row of a note
    WRITTEN = "written"
    #: stands in place of the row that it names
    CORRECTED = "corrected"
    #: the note stands no longer
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class DailyNote:
    """One writing of a note of a day; a later one names the one that it replaces."""

    #: UUIDv7 text
    id: str
    #: the first writing: the same in all of them
    root_id: str
    #: who worked
    person_id: str
    #: his own result (RHK) that the work served
    item_id: str
    #: the day of the work
    on_day: date
    #: minutes of the day, 0 to 1440; both or none
    from_minute: int | None = None
    until_minute: int | None = None
    #: what was done
    text: str
    #: address of what proves it, "" for none
    link: str = ""
    #: what this row does
    act: NoteAct = NoteAct.WRITTEN
    #: the row before, None for the first
    replaces_id: str | None = None
    #: the day on the wall of the agency when it was written
    written_on: date
    #: when
    at: datetime

    @property
    def hours(self) -> str:
        """From when until when, such as "07:30-09:00"; "" when it does not say."""
        if self.from_minute is None or self.until_minute is None:
            return ""
        return f"{clock(self.from_minute)}-{clock(self.until_minute)}"


def clock(minute: int) -> str:
    """Promise: a minute of the day as "HH:MM"; the last one is "24:00"."""
    return f"{minute // _HOUR:02d}:{minute % _HOUR:02d}"


def check_note(note: DailyNote, cycle: Cycle) -> tuple[Violation, ...]:
    """Promise: every fault of a note of that cycle's plan, by field; () when it may stand."""
    faults = {
        ("text", "note_text"): not 0 < len(note.text.strip()) <= TEXT_MAX,
        ("hours", "note_hours"): not _fits(note.from_minute, note.until_minute),
        ("link", "not_a_link"): bool(note.link) and not _address(note.link),
        ("on_day", "future"): note.on_day > note.written_on,
        ("on_day", "outside_cycle"): not cycle.starts_on <= note.on_day <= cycle.ends_on,
        ("on_day", "closed"): cycle.status is CycleStatus.CLOSED,
    }
    return tuple(
        Violation(code=code, subject=field, message=f"the {field} cannot stand")
        for (field, code), wrong in faults.items()
        if wrong
    )


def told(notes: Iterable[DailyNote], most: int = TEXT_MAX) -> str:
    """Promise: the notes as one line in their order, at most so many letters, cut at the end."""
    words = "; ".join(f"{one.on_day:%d-%m} {one.text}" for one in notes)
    return words if len(words) <= most else words[: most - len(_CUT)] + _CUT


def _fits(start: int | None, end: int | None) -> bool:
    if start is None or end is None:
        return start is end
    return 0 <= start < end <= _DAY


def _address(link: str) -> bool:
    return link.startswith(_SCHEMES) and len(link) <= LINK_MAX and not set(link) & set(" \t\r\n")
