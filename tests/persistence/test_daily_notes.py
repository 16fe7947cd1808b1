"""Notes of a day in their store, on both databases; the database refuses what breaks a rule too."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
import sqlalchemy as sa

from engine.domain.cycles import Cycle
from engine.domain.daily_notes import DailyNote, NoteAct
from engine.domain.people import Person
from engine.domain.plans import ItemKind, Plan, PlanItem, PlanStatus, RoleKind
from engine.domain.units import Agency
from engine.usecases.errors import Conflict
from engine.usecases.ports.daily_notes import NoteScope
from tests.persistence.building import NOON, units_of
from tests.persistence.counting import counted

FIRST, LAST = date(2026, 1, 1), date(2026, 12, 31)
DAY = date(2026, 6, 1)
NOTE = DailyNote(
    id="n1", root_id="n1", person_id="ani", item_id="i ani", on_day=DAY, text="Rapat",
    written_on=DAY, at=NOON,
)  # fmt: skip
AGAIN = replace(NOTE, id="n2", act=NoteAct.CORRECTED, replaces_id="n1", text="Rapat dua")
SCOPE = NoteScope(person_id="ani", cycle_id="c")


@pytest.fixture
def units(database):
    """One agency with a fixed plan of Ani's and of Budi's, and one draft of Cici's."""
    made = units_of(database)
    with made.writing() as uow:
        uow.agency.add([Agency(id="a", code="A", name="A")])
        span = {"starts_on": FIRST, "ends_on": LAST}
        uow.performance.add([Cycle(id="c", agency_id="a", year=2026, name="C", **span)])
        for n, who in enumerate(("ani", "budi", "cici")):
            nip = f"19800101200501{n:04d}"
            uow.agency.add([Person(id=who, agency_id="a", nip=nip, name=who)])
            plan = Plan(id=f"p {who}", person_id=who, cycle_id="c")
            uow.performance.add([plan])
            uow.performance.add([result(who)])
            if who != "cici":
                uow.performance.put(replace(plan, status=PlanStatus.FIXED))
        uow.commit()
    return made


def result(who):
    return PlanItem(
        id=f"i {who}", plan_id=f"p {who}", number=1, kind=ItemKind.UTAMA,
        role_kind=RoleKind.HOME, title="Data", weight_bp=10_000,
    )  # fmt: skip


def keep(units, *rows):
    with units.writing() as uow:
        uow.dialogues.add(list(rows))
        uow.commit()


def ids(units, scope=SCOPE, **page):
    with units.reading() as uow:
        return [row.note.id for row in uow.dialogues.daily_notes(scope, **page)]


def test_the_newest_writing_stands_until_it_is_withdrawn(units):
    keep(units, NOTE, AGAIN)
    assert ids(units) == ["n2"]
    with units.reading() as uow:
        assert uow.dialogues.daily_note("n1") is None
        assert uow.dialogues.daily_note("n2").note == AGAIN
        assert uow.dialogues.daily_note("n2").result == "Data"
    keep(units, replace(AGAIN, id="n3", act=NoteAct.WITHDRAWN, replaces_id="n2"))
    assert ids(units) == []


def test_pages_follow_by_day_and_id_in_one_statement_each(units, database):
    days = [date(2026, 5, day) for day in (4, 5, 5, 6)]
    keep(units, *(
        replace(NOTE, id=f"m{n}", root_id=f"m{n}", on_day=day) for n, day in enumerate(days)
    ))  # fmt: skip
    first = ids(units, limit=2)
    assert first == ["m3", "m2"]
    assert ids(units, after=(days[2], "m2"), limit=9) == ["m1", "m0"]
    assert ids(units, replace(SCOPE, days=(days[1], days[1]))) == ["m2", "m1"]
    assert ids(units, replace(SCOPE, squads=frozenset())) == []
    with units.reading() as uow, counted(database.reading) as asked:
        uow.dialogues.daily_notes(SCOPE)
    assert len(asked.texts) == 1


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"text": "  "}, "said"),
        ({"text": "x" * 1001}, "said"),
        ({"on_day": date(2026, 6, 2)}, "not_ahead"),
        ({"on_day": date(2025, 12, 31)}, "daily_note_in_its_year"),
        ({"from_minute": 10}, "hours"),
        ({"from_minute": 540, "until_minute": 540}, "hours"),
        ({"from_minute": 540, "until_minute": 1441}, "hours"),
        ({"act": NoteAct.CORRECTED}, "rooted"),
        ({"item_id": "i budi"}, "daily_note_own_result"),
        ({"person_id": "cici", "item_id": "i cici"}, "daily_note_own_result"),
    ],
)
def test_the_database_refuses_what_breaks_a_rule_by_its_name(units, change, name):
    with pytest.raises(Conflict) as refused:
        keep(units, replace(NOTE, **change))
    assert name in str(refused.value)
    assert ids(units) == []


@pytest.mark.parametrize(
    ("row", "name"),
    [
        (replace(AGAIN, id="n3"), "replace"),
        (replace(AGAIN, id="n3", replaces_id="n4"), "daily_note_replaces_own"),
        (replace(AGAIN, id="n3", replaces_id="n2", root_id="o1"), "daily_note_replaces_own"),
        (
            replace(AGAIN, id="n3", replaces_id="n2", person_id="budi", item_id="i budi"),
            "daily_note_replaces_own",
        ),
    ],
)
def test_a_row_replaces_one_of_the_same_note_once(units, row, name):
    other = replace(NOTE, id="o1", root_id="o1")
    third = replace(NOTE, id="n4", root_id="n4")
    gone = replace(third, id="n5", act=NoteAct.WITHDRAWN, replaces_id="n4")
    keep(units, NOTE, AGAIN, other, third, gone)
    with pytest.raises(Conflict) as refused:
        keep(units, row)
    assert name in str(refused.value)


@pytest.mark.parametrize("verb", ["DELETE FROM daily_note", "UPDATE daily_note SET text = 'z'"])
def test_what_was_written_stays(units, database, verb):
    keep(units, NOTE)
    with pytest.raises(sa.exc.DBAPIError), database.writing.begin() as connection:
        connection.execute(sa.text(verb))
    assert ids(units) == ["n1"]
