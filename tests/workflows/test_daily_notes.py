"""Notes of days: written once, kept as written, and what documents a period begins with them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from engine.usecases.as_planned import document_as_planned
from engine.usecases.copying import copy_desk, mark_copied
from engine.usecases.daily_notes import (
    CorrectNote,
    NoteWords,
    WriteNote,
    correct_daily_note,
    daily_notes,
    withdraw_daily_note,
    write_daily_note,
)
from engine.usecases.errors import InputRefused, NotFound
from tests.workflows.test_monitoring import documented, monitor, plan, rows

LINK = "https://bukti.example/rapat"


@pytest.fixture
def planned(town):
    """Dedi has a fixed plan with one home result."""
    return plan(town, "dedi")


def item(town, name="dedi"):
    return daily_notes(town.house, town.actor(name), town.ids[name]).results[0].id


def today(town, name="dedi"):
    return daily_notes(town.house, town.actor(name), town.ids[name]).today


def words(town, **changed):
    said = {"item_id": item(town), "on_day": today(town), "text": "Rapat data", "link": LINK}
    return NoteWords(**(said | changed))


def write(town, name="dedi", key=None, **changed):
    command = WriteNote(words=words(town, **changed), idempotency_key=key)
    return write_daily_note(town.house, town.actor(name), command)["id"]


def correct(town, note_id, name="dedi", **changed):
    command = CorrectNote(note_id=note_id, words=words(town, **changed))
    return correct_daily_note(town.house, town.actor(name), command)["id"]


def standing(town, reader="dedi", whose="dedi"):
    found = daily_notes(town.house, town.actor(reader), town.ids[whose])
    return [row.note.text for row in found.rows]


def codes(refused):
    return {(fault.field, fault.code) for fault in refused.value.faults}


def test_a_note_stands_with_its_day_hours_result_and_link(planned):
    write(planned, from_minute=450, until_minute=540)
    [row] = daily_notes(planned.house, planned.actor("dedi"), planned.ids["dedi"]).rows
    assert (row.note.hours, row.note.link, row.note.on_day) == ("07:30-09:00", LINK, today(planned))
    assert row.result


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"text": "  "}, ("text", "note_text")),
        ({"text": "x" * 1001}, ("text", "note_text")),
        ({"on_day": None}, ("on_day", "note_day")),
        ({"on_day": date(2001, 1, 1)}, ("on_day", "outside_cycle")),
        ({"from_minute": 540, "until_minute": 450}, ("hours", "note_hours")),
        ({"from_minute": 540}, ("hours", "note_hours")),
        ({"link": "di meja"}, ("link", "not_a_link")),
        ({"item_id": "nowhere"}, ("item_id", "unknown_item")),
    ],
)
def test_a_note_that_cannot_stand_is_refused_with_its_field(planned, change, fault):
    with pytest.raises(InputRefused) as refused:
        write(planned, **change)
    assert fault in codes(refused)
    assert standing(planned) == []


def test_a_day_that_has_not_come_is_refused(planned):
    with pytest.raises(InputRefused) as refused:
        write(planned, on_day=today(planned) + timedelta(days=1))
    assert ("on_day", "future") in codes(refused)


def test_a_result_of_somebody_else_is_refused(planned):
    with pytest.raises(InputRefused) as refused:
        write(planned, name="budi")
    assert codes(refused) == {("item_id", "unknown_item")}


def test_the_same_key_writes_one_note(planned):
    assert write(planned, key="k-1") == write(planned, key="k-1")
    assert standing(planned) == ["Rapat data"]


def test_a_correction_stands_in_place_and_nothing_is_lost(planned):
    first = write(planned)
    second = correct(planned, first, text="Rapat data kedua")
    assert standing(planned) == ["Rapat data kedua"]
    with pytest.raises(NotFound):
        correct(planned, first, text="Terlambat")
    withdraw_daily_note(planned.house, planned.actor("dedi"), second)
    assert standing(planned) == []
    with planned.house.writing() as uow:
        kept = uow.connection.scalar(sa.text("SELECT count(*) FROM daily_note"))
    assert kept == 3


def test_nobody_else_corrects_or_withdraws_a_note(planned):
    note_id = write(planned)
    with pytest.raises(NotFound):
        correct(planned, note_id, name="budi")
    with pytest.raises(NotFound):
        withdraw_daily_note(planned.house, planned.actor("budi"), note_id)
    assert standing(planned) == ["Rapat data"]


def test_the_rater_reads_and_it_is_noted_and_nobody_else_does(planned):
    write(planned)
    assert standing(planned, reader="budi") == ["Rapat data"]
    with planned.house.writing() as uow:
        noted = uow.connection.execute(
            sa.text("SELECT reader_person_id FROM data_reading WHERE resource = 'daily_note'")
        ).scalars()
        assert set(noted) == {planned.ids["budi"]}
    for name in ("sari", "eko", "lina"):
        with pytest.raises(NotFound):
            standing(planned, reader=name)


def test_the_documentation_of_a_period_begins_with_its_notes(planned):
    write(planned, text="Rapat data")
    write(planned, text="Uji data", link="")
    monitor(planned)
    [row] = rows(planned)
    day = f"{today(planned):%d-%m}"
    assert row["note"] == f"{day} Rapat data; {day} Uji data"
    assert row["links"] == LINK


def test_one_press_keeps_what_the_days_said(planned):
    write(planned)
    monitor(planned)
    key = planned.task("record_progress").key
    assert document_as_planned(planned.house, planned.actor("dedi"), [key]).left == []
    assert list(documented(planned).values()) == [[LINK]]
    with planned.house.reading() as uow:
        held = uow.performance.plan_of(planned.ids["dedi"], planned.ids["cycle"])
        [one] = uow.dialogues.documented(held.id, planned.ids["period 1"]).values()
    assert "Rapat data" in one.note


def test_the_copy_desk_tells_the_day_of_the_work_and_shows_a_correction_as_a_change(planned):
    note_id = write(planned, from_minute=450, until_minute=540)
    dedi = planned.actor("dedi")
    [entry] = copy_desk(planned.house, dedi).daily
    texts = {part.name: part.text for part in entry.fields}
    assert texts["date"] == f"{today(planned):%d-%m-%Y}"
    assert (texts["time"], texts["description"]) == ("07:30-09:00", "Rapat data")
    assert texts["evidence"] == LINK
    part = next(part for part in entry.fields if part.name == "description")
    mark_copied(planned.house, dedi, entry.entry, "description", part.version)
    correct(planned, note_id, text="Rapat data kedua", from_minute=450, until_minute=540)
    [change] = copy_desk(planned.house, dedi).changes
    assert (change.before, change.now) == ("Rapat data", "Rapat data kedua")


def test_pages_follow_each_other_by_day(planned):
    days = [today(planned) - timedelta(days=n) for n in range(3)]
    known = [one for one in days if one.year == today(planned).year]
    for one in known:
        write(planned, on_day=one, text=f"{one}")
    seen, after = [], None
    while True:
        book = daily_notes(
            planned.house, planned.actor("dedi"), planned.ids["dedi"], after=after, limit=1
        )
        if not book.rows:
            break
        seen += [row.note.on_day for row in book.rows]
        after = (book.rows[-1].note.on_day, book.rows[-1].note.id)
    assert seen == known
