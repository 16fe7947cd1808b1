"""What is asked and told of notes of a day; `DialogueStore` keeps them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date

    from engine.domain.daily_notes import DailyNote


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteScope:
    """Which notes are asked for."""

    person_id: str
    cycle_id: str
    #: of results in these squads only; None: of every result
    squads: Collection[str] | None = None
    #: first and last day
    days: tuple[date, date] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteRow:
    """The newest writing of a note with the words of its result."""

    note: DailyNote
    cycle_id: str
    #: the result (RHK)
    result: str
