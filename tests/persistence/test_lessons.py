"""Lessons in their store, on both databases; the database refuses what breaks a rule too."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from engine.domain.cycles import Cycle
from engine.domain.lessons import Audience, Lesson, LessonOutput, LessonTopic, LessonUse
from engine.domain.people import Person
from engine.domain.plans import Plan
from engine.domain.squads import Squad
from engine.domain.units import Agency, Unit
from engine.persistence.tables.lessons import APPEND_ONLY
from engine.usecases.errors import Conflict
from engine.usecases.ports.lessons import LessonScope
from tests.persistence.building import NOON, units_of
from tests.persistence.counting import counted

FIRST, LAST = date(2026, 1, 1), date(2026, 12, 31)
LESSON = Lesson(
    id="l1", root_id="l1", agency_id="a", unit_id="u", squad_id="s", year=2026,
    worked="Rapat", failed="Terlambat", advice="Lebih awal", audience=Audience.LEADS,
    words="rapat terlambat lebih awal", written_by="ani", at=NOON,
)  # fmt: skip
AGAIN = replace(
    LESSON, id="l2", corrects_id="l1", correction_reason="Keliru", at=NOON + timedelta(days=1)
)
USE = LessonUse(id="x", root_id="l1", used_by="ani", at=NOON, squad_id="t", title="T", note="")


@pytest.fixture
def units(database):
    """One agency with two squads, a plan of Ani's and one of Budi's."""
    made = units_of(database)
    with made.writing() as uow:
        uow.agency.add([Agency(id="a", code="A", name="A")])
        uow.agency.add([Unit(id="u", agency_id="a", code="U", name="U", parent_id=None)])
        for n, who in enumerate(("ani", "budi")):
            nip = f"19800101200501{n:04d}"
            uow.agency.add([Person(id=who, agency_id="a", nip=nip, name=who)])
        span = {"starts_on": FIRST, "ends_on": LAST}
        uow.performance.add([Cycle(id="c", agency_id="a", year=2026, name="C", **span)])
        for who in ("ani", "budi"):
            uow.performance.add([Plan(id=f"plan {who}", person_id=who, cycle_id="c")])
        for key in ("s", "t"):
            facts = {"host_agency_id": "a", "host_unit_id": "u", "sponsor_id": "budi"}
            squad = Squad(
                id=key, code=key, name=key, letter_no="1", budget_points=10, **facts, **span
            )
            uow.contributions.add([squad])
        uow.commit()
    return made


def keep(units, *rows):
    with units.writing() as uow:
        uow.lessons.add(list(rows))
        uow.commit()


def test_the_newest_writing_stands_and_counts_its_uses(units):
    keep(units, LESSON, LessonTopic(lesson_id="l1", topic="data"), AGAIN, USE)
    with units.reading() as uow:
        [row] = uow.lessons.page(LessonScope(agency_id="a"), limit=10)
        assert (row.lesson.id, row.uses, row.corrections, row.writer) == ("l2", 1, 1, "ani")
        assert uow.lessons.of_squad("s") == uow.lessons.newest("l1") == row
        assert [one.id for one in uow.lessons.writings("l1")] == ["l1", "l2"]
        assert uow.lessons.beside(["l1"])["l1"].topics == ["data"]
        assert uow.lessons.topics("a") == []
        [use] = uow.lessons.uses(squad_id="t")
        assert (use.squad, use.unit, use.advice) == ("s", "U", "Lebih awal")
        later = (row.lesson.at, row.lesson.id)
        assert uow.lessons.page(LessonScope(agency_id="a"), after=later, limit=10) == []


@pytest.mark.parametrize(
    "row",
    [
        replace(LESSON, id="n", root_id="n"),
        replace(LESSON, id="n", root_id="n", squad_id="t", unit_id="a"),
        replace(AGAIN, id="n", squad_id="t"),
        replace(AGAIN, id="n", correction_reason=""),
        replace(AGAIN, id="n", root_id="n"),
        LessonTopic(lesson_id="l1", topic="Data"),
        LessonTopic(lesson_id="l1", topic=""),
        LessonOutput(lesson_id="l1", output_id="nowhere"),
        replace(USE, squad_id="s"),
        replace(USE, squad_id=None),
        replace(USE, plan_id="plan ani", item_id="i"),
        replace(USE, squad_id=None, plan_id="plan budi", item_id="i"),
    ],
)
def test_the_database_refuses_what_breaks_a_rule(units, row):
    keep(units, LESSON)
    with pytest.raises(Conflict):
        keep(units, row)


def test_a_writing_is_corrected_once_and_taken_up_once_in_a_place(units):
    keep(units, LESSON, AGAIN, USE)
    for row in (replace(AGAIN, id="l3"), replace(USE, id="y")):
        with pytest.raises(Conflict):
            keep(units, row)
    with pytest.raises(Conflict):
        keep(units, replace(USE, id="y", root_id="l2"))


@pytest.mark.parametrize("table", APPEND_ONLY)
def test_what_was_written_stays(units, database, table):
    keep(units, LESSON, LessonTopic(lesson_id="l1", topic="data"), USE)
    if table == "lesson_output":
        pytest.skip("no output here; the trigger is the same")
    with database.writing.connect() as connection:
        for verb in (f"DELETE FROM {table}", f"UPDATE {table} SET {first(table)} = 'z'"):  # noqa: S608 - ours
            with pytest.raises(sa.exc.DBAPIError), connection.begin():
                connection.execute(sa.text(verb))


def first(table):
    return {"lesson": "advice", "lesson_topic": "topic", "lesson_use": "note"}[table]


def test_a_page_takes_one_statement(units, database):
    keep(units, LESSON)
    with units.reading() as uow, counted(database.reading) as found:
        uow.lessons.page(LessonScope(agency_id="a", terms=("rapat",), topic="data"), limit=50)
    assert found.count == 1
