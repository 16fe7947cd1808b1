"""Notes of a day: one line on a phone, the list by day, corrections; others' for who may read."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Final

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for

from engine.usecases.daily_notes import (
    CorrectNote,
    WriteNote,
    correct_daily_note,
    daily_notes,
    withdraw_daily_note,
    write_daily_note,
)
from engine.usecases.errors import Conflict, InputRefused, KeyReused
from web import paging
from web.context import actor, house
from web.faults import text_of
from web.readings.daily_notes import note_table, typed_of, words_of
from web.tables import wanted
from web.wording import gettext as _

if TYPE_CHECKING:
    from werkzeug import Response

    from engine.usecases.daily_notes import NoteBook

pages = Blueprint("daily_notes", __name__)

#: rows of a file
FILE_ROWS: Final = 20_000


@pages.get("/catatan")
def mine() -> Response | str:
    """One's own notes, with the form on top."""
    return show(_own())


@pages.get("/catatan/<person_id>")
def show(person_id: str) -> Response | str:
    """Notes of a person, for those who may read them."""
    if "bentuk" not in request.args:
        return _page(_book(person_id, _after(), paging.ROWS + 1))
    found = _book(person_id, None, FILE_ROWS)
    return wanted(note_table(found.rows)) or _page(found)


@pages.post("/catatan")
def write() -> Response | tuple[str, int]:
    """Keep a note."""
    command = WriteNote(
        words=words_of(request.form), idempotency_key=request.form.get("once") or None
    )
    try:
        _write_once(command)
    except InputRefused as error:
        return _again(error), 422
    flash(_("The note is kept."), "good")
    return _back()


@pages.post("/catatan/<note_id>/perbaiki")
def correct(note_id: str) -> Response | tuple[str, int]:
    """Keep other words for a note."""
    try:
        command = CorrectNote(note_id=note_id, words=words_of(request.form))
        correct_daily_note(house(), actor(), command)
    except InputRefused as error:
        return _again(error, note_id), 422
    except Conflict:
        flash(_("This note was changed meanwhile."), "wait")
        return _back()
    flash(_("The note is corrected; its earlier words are kept."), "good")
    return _back()


@pages.post("/catatan/<note_id>/tarik")
def withdraw(note_id: str) -> Response:
    """Take a note back."""
    withdraw_daily_note(house(), actor(), note_id)
    flash(_("The note is withdrawn."), "good")
    return _back()


def _write_once(command: WriteNote) -> None:
    """Sent twice it is kept once; other words from the same page are another note."""
    try:
        write_daily_note(house(), actor(), command)
    except KeyReused:
        write_daily_note(house(), actor(), replace(command, idempotency_key=None))


def _own() -> str:
    person_id = actor().person_id
    if person_id is None:
        abort(404)
    return person_id


def _book(person_id: str, after: tuple[date, str] | None, rows: int) -> NoteBook:
    cycle = request.values.get("siklus") or None
    return daily_notes(house(), actor(), person_id, cycle, after=after, limit=rows)


def _again(error: InputRefused, note_id: str = "") -> str:
    faults = {fault.field: text_of(None, fault) for fault in error.faults}
    return _page(_book(_own(), None, paging.ROWS + 1), faults, note_id)


def _page(found: NoteBook, faults: dict[str, str] | None = None, note_id: str = "") -> str:
    leaf = paging.leaf(found.rows, lambda row: (row.note.on_day.isoformat(), row.note.id))
    return render_template(
        "pages/daily_notes.html",
        found=found,
        leaf=leaf,
        table=note_table(leaf.rows),
        faults=faults or {},
        wrong=note_id,
        typed=request.form if faults else {},
        typed_of=typed_of,
        once=house().ids.uuid(),
    )


def _after() -> tuple[date, str] | None:
    found = paging.after(2)
    try:
        return (date.fromisoformat(found[0]), found[1]) if found else None
    except ValueError:
        return None


def _back() -> Response:
    cycle = request.form.get("siklus") or None
    return redirect(url_for("daily_notes.mine", siklus=cycle), code=303)
