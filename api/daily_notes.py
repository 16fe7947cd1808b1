"""Regu's own paths for notes of a day: one's own written and corrected, others' read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from marshmallow import Schema, fields, validate

from api.door import actor, house, idempotency_key
from api.shapes import NAME, moment, text
from api.smorest import Paths
from api.work_shapes import CycleQuery
from engine.domain.daily_notes import LINK_MAX, TEXT_MAX, clock
from engine.usecases import daily_notes
from engine.usecases.errors import NotFound

if TYPE_CHECKING:
    from engine.usecases.ports.daily_notes import NoteRow

# marshmallow names fields by class attributes, and the API's words are camelCase
# ruff: noqa: N815

paths = Paths("daily notes", "/api", "Notes of a day beside one's own results.")

ROWS: Final = 50
_CLOCK: Final = validate.Regexp(r"^([01][0-9]|2[0-3]):[0-5][0-9]$|^24:00$")


class DayNotesQuery(CycleQuery):
    """Notes of a cycle; `after…` is where a page ended."""

    afterDay = fields.Date(load_default=None)
    afterId = fields.String(validate=NAME)


class DayNoteBody(Schema):
    """What a note says; from and until both or none."""

    itemId = fields.String(required=True, validate=NAME)
    day = fields.Date(required=True)
    starts = fields.String(load_default=None, allow_none=True, validate=_CLOCK)
    ends = fields.String(load_default=None, allow_none=True, validate=_CLOCK)
    text = fields.String(required=True, validate=validate.Length(min=1, max=TEXT_MAX))
    link = fields.String(load_default="", validate=validate.Length(max=LINK_MAX))


class DayNoteKept(Schema):
    """The writing that stands now."""

    id = text()


class DayNoteShape(Schema):
    """A note as it stands."""

    id = text()
    noteId = text()
    itemId = text()
    result = text()
    day = fields.Date()
    starts = text(null=True)
    ends = text(null=True)
    text = fields.String()
    link = fields.String()
    corrected = fields.Boolean()
    writtenAt = moment()


class DayNotesShape(Schema):
    """A page, newest day first; what to ask for next, empty on the last page."""

    cycleId = text()
    items = fields.List(fields.Nested(DayNoteShape))
    afterDay = fields.Date(allow_none=True)
    afterId = text(null=True)


@paths.operation("GET", "/me/daily-notes", query=DayNotesQuery, answer=DayNotesShape, errors=(404,))
def get_my_daily_notes(query: dict[str, Any]) -> dict[str, Any]:
    """One's own notes, newest day first, fifty a page."""
    person_id = actor().person_id
    if person_id is None:
        raise NotFound("person", actor().name)
    return _page(query, person_id)


@paths.operation(
    "GET",
    "/people/<person_id>/daily-notes",
    query=DayNotesQuery,
    answer=DayNotesShape,
    errors=(404,),
)
def get_daily_notes(query: dict[str, Any], person_id: str) -> dict[str, Any]:
    """Notes of a person, for whom the matrix lets read them; leads those of their squads."""
    return _page(query, person_id)


@paths.operation(
    "POST",
    "/me/daily-notes",
    answer=DayNoteKept,
    body=DayNoteBody,
    status=201,
    errors=(404, 422),
    idempotent=True,
)
def post_daily_note(body: dict[str, Any]) -> Any:
    """Keep a note of one's own."""
    command = daily_notes.WriteNote(words=_words(body), idempotency_key=idempotency_key())
    return daily_notes.write_daily_note(house(), actor(), command)


@paths.operation(
    "POST",
    "/me/daily-notes/<note_id>/correction",
    answer=DayNoteKept,
    body=DayNoteBody,
    status=201,
    errors=(404, 409, 422),
    idempotent=True,
)
def correct_daily_note(body: dict[str, Any], note_id: str) -> Any:
    """Keep other words for a note, by the id of the writing that stands."""
    command = daily_notes.CorrectNote(
        note_id=note_id, words=_words(body), idempotency_key=idempotency_key()
    )
    return daily_notes.correct_daily_note(house(), actor(), command)


@paths.operation("POST", "/me/daily-notes/<note_id>/withdrawal", status=204, errors=(404, 409))
def withdraw_daily_note(note_id: str) -> None:
    """Take a note back, by the id of the writing that stands."""
    daily_notes.withdraw_daily_note(house(), actor(), note_id)


def _page(query: dict[str, Any], person_id: str) -> dict[str, Any]:
    day = query["afterDay"]
    after = (day, query["afterId"]) if day is not None and "afterId" in query else None
    found = daily_notes.daily_notes(
        house(), actor(), person_id, query.get("cycle"), after=after, limit=ROWS + 1
    )
    shown = found.rows[:ROWS]
    last = shown[-1].note if len(found.rows) > ROWS else None
    return {
        "cycleId": found.cycle.id,
        "items": [_shape(row) for row in shown],
        "afterDay": last.on_day if last else None,
        "afterId": last.id if last else None,
    }


def _shape(row: NoteRow) -> dict[str, Any]:
    note = row.note
    return {
        "id": note.id,
        "noteId": note.root_id,
        "itemId": note.item_id,
        "result": row.result,
        "day": note.on_day,
        "starts": None if note.from_minute is None else clock(note.from_minute),
        "ends": None if note.until_minute is None else clock(note.until_minute),
        "text": note.text,
        "link": note.link,
        "corrected": note.replaces_id is not None,
        "writtenAt": note.at,
    }


def _words(body: dict[str, Any]) -> daily_notes.NoteWords:
    return daily_notes.NoteWords(
        item_id=body["itemId"],
        on_day=body["day"],
        from_minute=_minute(body["starts"]),
        until_minute=_minute(body["ends"]),
        text=body["text"],
        link=body["link"],
    )


def _minute(text: str | None) -> int | None:
    if text is None:
        return None
    hour, minute = text.split(":")
    return int(hour) * 60 + int(minute)
