"""What the page of daily notes shows: its table, and a form read into the words of a note."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, Final

from engine.domain.daily_notes import clock
from engine.usecases.daily_notes import NoteWords
from web.tables import Column, Kind, Table
from web.wording import gettext as _

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from engine.usecases.ports.daily_notes import NoteRow

_CLOCK: Final = re.compile(r"([01]?[0-9]|2[0-4])[:.]([0-5][0-9])")
#: what could not be read as a time: no minute of a day
_UNREAD: Final = -1
_HOUR: Final = 60


def note_table(rows: Sequence[NoteRow]) -> Table:
    """Notes, newest day first."""
    return Table(
        "catatan-kerja-harian",
        _("Daily notes"),
        (
            Column(_("Date"), Kind.DAY),
            Column(_("Time")),
            Column(_("Description")),
            Column(_("Planned result (RHK)")),
            Column(_("Evidence")),
            Column(_("Written"), Kind.MOMENT),
        ),
        [
            (
                row.note.on_day,
                row.note.hours,
                row.note.text,
                row.result,
                row.note.link,
                row.note.at,
            )
            for row in rows
        ],
    )


def words_of(form: Mapping[str, str]) -> NoteWords:
    """What was typed into the form of a note; what cannot be read is refused by its field."""
    return NoteWords(
        item_id=form.get("item_id", ""),
        on_day=_day(form.get("on_day", "")),
        from_minute=minute_of(form.get("from", "")),
        until_minute=minute_of(form.get("until", "")),
        text=form.get("text", ""),
        link=form.get("link", ""),
    )


def typed_of(row: NoteRow) -> Mapping[str, str]:
    """A note as its form begins."""
    note = row.note
    return {
        "item_id": note.item_id,
        "on_day": note.on_day.isoformat(),
        "from": "" if note.from_minute is None else clock(note.from_minute),
        "until": "" if note.until_minute is None else clock(note.until_minute),
        "text": note.text,
        "link": note.link,
    }


def minute_of(text: str) -> int | None:
    """A time such as "07:30" as a minute of the day; None for none, below 0 for nonsense."""
    if not text.strip():
        return None
    found = _CLOCK.fullmatch(text.strip())
    return int(found[1]) * _HOUR + int(found[2]) if found else _UNREAD


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        return None
