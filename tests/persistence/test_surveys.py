"""Surveys on both databases: windows, links used once, rulings, counts, what never changes."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
import sqlalchemy as sa

from engine.domain import complaints, surveys
from engine.domain.complaints import Complaint, ComplaintState
from engine.domain.cycles import Cycle
from engine.domain.people import Person
from engine.domain.plans import ItemKind, Plan, PlanItem, RoleKind
from engine.domain.surveys import (
    Answer,
    Element,
    Flag,
    Question,
    Ruling,
    Score,
    SinglePass,
    Standing,
    Survey,
    SurveyKind,
    Weighing,
)
from engine.domain.units import Agency, Unit
from engine.persistence.tables.metadata import metadata
from engine.usecases.errors import Conflict
from tests.persistence.counting import counted

AT = datetime(2026, 6, 1, tzinfo=UTC)
DAY = date(2026, 6, 1)
HASH = surveys.secret_hash("secret")
SURVEY = Survey(
    id="s", agency_id="ag", unit_id="u", item_id=None, kind=SurveyKind.SERVICE,
    title="Perizinan", weighing=Weighing.EQUAL, opens_at=AT,
    closes_at=datetime(2026, 7, 1, tzinfo=UTC), population=100, least_answers=80,
    open_link=True, selector="abc", secret="public", opened_by="p",  # noqa: S106 - on a wall
)  # fmt: skip
COMPLAINT = Complaint(
    id="k", agency_id="ag", survey_id="s", unit_id="u", item_id=None, text="Lama sekali",
    selector="kkk", secret_hash=HASH, received_on=DAY,
)  # fmt: skip
CYCLE = Cycle(
    id="c", agency_id="ag", year=2026, name="C", starts_on=date(2026, 1, 1),
    ends_on=date(2026, 12, 31),
)  # fmt: skip


@pytest.fixture
def town(units):
    with units.writing() as uow:
        uow.agency.add([Agency(id="ag", code="AG", name="Badan")])
        uow.agency.add([Unit(id="u", agency_id="ag", code="U", name="Unit")])
        uow.agency.add([Person(id="p", agency_id="ag", nip="199001012015040001", name="P")])
        uow.surveys.add([SURVEY])
        uow.surveys.add(
            [
                Question(survey_id="s", number=n, element=one, text="?", text_en="")
                for n, one in enumerate(Element, start=1)
            ]
        )
        uow.surveys.add(
            [SinglePass(id="t", survey_id="s", selector="ttt", secret_hash=HASH, made_on=DAY)]
        )
        uow.commit()
    return units


def opened(units):
    with units.writing() as uow:
        uow.surveys.put(surveys.begin(SURVEY))
        uow.commit()


def closed(units):
    with units.writing() as uow:
        uow.surveys.put(surveys.close(surveys.begin(SURVEY), AT))
        uow.commit()


def give(units, name, score=3, *flags):
    with units.writing() as uow:
        uow.surveys.add(
            [
                Answer(id=name, survey_id="s", single=False, given_on=DAY, comment="", flags=flags),
                *(
                    Score(answer_id=name, survey_id="s", number=n, score=score)
                    for n in range(1, 10)
                ),
            ]
        )
        uow.commit()


def rule(units, number, name, standing):
    with units.writing() as uow:
        row = Ruling(
            id=f"r{number}", answer_id=name, standing=standing, reason="berulang", by="p", at=AT
        )
        uow.surveys.add([row])
        uow.commit()


def test_answers_come_in_while_the_window_is_open_and_never_else(town):
    with pytest.raises(Conflict, match="survey_answer_in_window"):
        give(town, "early")
    opened(town)
    give(town, "in time")
    closed(town)
    with pytest.raises(Conflict, match="survey_answer_in_window"):
        give(town, "late")


def test_answers_questions_and_rulings_are_only_added(town):
    opened(town)
    give(town, "one")
    rule(town, 1, "one", Standing.ASIDE)
    for name in ("survey_question", "survey_answer", "survey_score", "survey_ruling"):
        table = metadata.tables[name]
        column = table.c[0]
        for statement in (table.update().values({column: column}), table.delete()):
            with pytest.raises(sa.exc.DBAPIError, match="append-only"), town.writing() as uow:
                uow.connection.execute(statement)


def test_a_score_is_one_to_four_of_a_question_that_was_asked(town):
    opened(town)
    with pytest.raises(Conflict, match="score"):
        give(town, "five", 5)
    answer = Answer(id="x", survey_id="s", single=False, given_on=DAY, comment="", flags=())
    unasked = Score(answer_id="x", survey_id="s", number=10, score=1)
    with pytest.raises(Conflict, match=r"(?i)foreign key|score_question"), town.writing() as uow:
        uow.surveys.add([answer, unasked])


def test_a_link_is_used_once_whoever_comes_first(town):
    opened(town)
    with town.writing() as uow:
        assert uow.surveys.spend("t")
        assert not uow.surveys.spend("t")
        uow.commit()
    with town.reading() as uow:
        assert uow.surveys.passes(["s"]) == {"s": (1, 1)}
        found = uow.surveys.pass_by_selector("ttt")
    with pytest.raises(Conflict, match="survey_pass_once"), town.writing() as uow:
        uow.surveys.put(replace(found, spent=False))


def test_a_survey_moves_on_and_what_it_asked_of_whom_stays(town):
    opened(town)
    for change, guard in (
        ({"title": "Lain"}, "survey_stays"),
        ({"secret": "else"}, "survey_stays"),
        ({"state": surveys.SurveyState.TOLD, "closed_at": AT}, "survey_moves_on"),
        ({"state": surveys.SurveyState.PLANNED}, "survey_moves_on"),
    ):
        with pytest.raises(Conflict, match=guard), town.writing() as uow:
            uow.surveys.put(replace(surveys.begin(SURVEY), **change))
    with pytest.raises(sa.exc.DBAPIError, match="survey_kept"), town.writing() as uow:
        uow.connection.execute(sa.text("DELETE FROM survey"))


def test_counts_tell_what_came_what_is_set_aside_and_what_looks_odd(town):
    opened(town)
    give(town, "a", 4)
    give(town, "b", 2)
    give(town, "c", 1, Flag.TRAP, Flag.HASTE)
    give(town, "d", 1, Flag.SAME_PLACE)
    rule(town, 1, "c", Standing.ASIDE)
    with town.reading() as uow:
        counts = uow.surveys.counts(["s"])["s"]
        assert (counts.taken, counts.aside, counts.odd, counts.counted) == (4, 1, 1, 3)
        assert [(row.people, row.total) for row in uow.surveys.tallies(["s"])["s"]] == [(3, 7)] * 9
        sound = uow.surveys.tallies(["s"], sound=True)["s"]
        assert [(row.people, row.total) for row in sound] == [(2, 6)] * 9
        odd = uow.surveys.answers("s", odd=True, limit=9)
        assert [(row.answer.id, row.standing) for row in odd] == [("c", "aside"), ("d", None)]
        assert odd[0].answer.flags == (Flag.TRAP, Flag.HASTE)
        assert odd[0].scores == dict.fromkeys(range(1, 10), 1)
    rule(town, 2, "c", Standing.COUNTED)
    with town.reading() as uow:
        counts = uow.surveys.counts(["s"])["s"]
    assert (counts.taken, counts.aside, counts.odd) == (4, 0, 1)


def test_marks_are_counted_by_day_and_go_with_their_salt(town):
    later = date(2026, 6, 2)
    with town.writing() as uow:
        assert uow.surveys.salt("s", DAY, "one") == "one"
        assert uow.surveys.salt("s", DAY, "two") == "one"
        assert [uow.surveys.hit("s", DAY, "m") for _ in range(3)] == [1, 2, 3]
        assert uow.surveys.hit("s", later, "m") == 1
        uow.surveys.forget_marks(before=later)
        assert uow.surveys.salt("s", DAY, "two") == "two"
        assert uow.surveys.hit("s", later, "m") == 2
        uow.surveys.forget_marks(survey_id="s")
        assert uow.surveys.hit("s", later, "m") == 1


def test_a_complaint_is_answered_once_and_keeps_its_words(town):
    with town.writing() as uow:
        uow.surveys.add([COMPLAINT])
        uow.commit()
    with pytest.raises(Conflict, match="complaint_stays"), town.writing() as uow:
        uow.surveys.put(replace(COMPLAINT, text="Cepat sekali"))
    done = complaints.answer(COMPLAINT, "Kami tambah loket.", "p", AT)
    with town.writing() as uow:
        uow.surveys.put(complaints.escalate(COMPLAINT))
        uow.surveys.put(done)
        uow.commit()
    with pytest.raises(Conflict, match="complaint_answered_once"), town.writing() as uow:
        uow.surveys.put(replace(done, answer="Tidak."))
    with town.reading() as uow:
        assert uow.surveys.complaint_by_selector("kkk") == done
        assert list(uow.surveys.complaints("u", limit=5)) == [done]


def test_reading_many_surveys_takes_as_many_statements_as_reading_one(town):
    opened(town)
    give(town, "a")

    def read(*ids):
        with town.reading() as uow, counted(town.database.reading) as seen:
            uow.surveys.counts(ids)
            uow.surveys.tallies(ids)
            uow.surveys.questions(ids)
            uow.surveys.passes(ids)
        return seen.count

    assert read("s") == read("s", "t", "u")


def test_complaints_are_counted_by_result_and_state_and_read_newest_first(town):
    with town.writing() as uow:
        uow.performance.add([CYCLE])
        uow.performance.add([Plan(id="plan", person_id="p", cycle_id="c")])
        uow.performance.add([an_item("i1", 1), an_item("i2", 2)])
        rows = [("k1", "i1", 1), ("k2", "i1", 2), ("k3", "i2", 3), ("k4", None, 4)]
        made = [
            replace(COMPLAINT, id=key, selector=key, item_id=item, received_on=date(2026, 6, day))
            for key, item, day in rows
        ]
        uow.surveys.add(made)
        uow.surveys.put(complaints.escalate(made[0]))
        uow.commit()
    with town.reading() as uow:
        assert uow.surveys.complaint_counts(["i1", "i2", "i3"]) == {
            "i1": {ComplaintState.RECEIVED: 1, ComplaintState.ESCALATED: 1},
            "i2": {ComplaintState.RECEIVED: 1},
        }
        found = uow.surveys.complaints_about(["i1", "i2"], limit=2)
        assert [row.id for row in found] == ["k3", "k2"]


def an_item(key, number):
    return PlanItem(
        id=key,
        plan_id="plan",
        number=number,
        kind=ItemKind.UTAMA,
        role_kind=RoleKind.HOME,
        title=key,
        weight_bp=5000,
    )
