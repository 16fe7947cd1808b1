"""Lessons: no squad ends without one, corrections are other rows, what is taken up is linked."""

from __future__ import annotations

from datetime import datetime

import pytest

from engine.usecases import lessons
from engine.usecases.errors import InputRefused
from engine.usecases.ports.process import Resource
from tests.workflows.forming import LESSON, agreed, confirmed, from_letter, joined, learnt
from tests.workflows.rehearsal import ROOT

AFTER = datetime.fromisoformat("2026-07-01T01:00:00+07:00")


def ended(town, **values):
    """A squad whose letter ran out and whose lead wrote the lesson; its instance and lesson."""
    key = from_letter(town)
    confirmed(town)
    joined(town)
    agreed(town, "citra", "sari")
    town.move(AFTER)
    learnt(town, key, **values)
    return key, town.variables(key)["lesson_id"]


def found(town, **values):
    asked = lessons.Wanted(**values)
    return lessons.library(town.house, town.actor("eko"), asked).rows


def one(town, lesson_id, who="eko"):
    return lessons.lesson(town.house, town.actor(who), lesson_id)


def test_a_squad_does_not_end_before_its_lesson_says_all_parts(town):
    key = from_letter(town)
    confirmed(town)
    joined(town)
    agreed(town, "citra", "sari")
    town.move(AFTER)
    for missing in ("worked", "failed", "advice", "topics"):
        with pytest.raises(InputRefused):
            town.do("write_lessons", "citra", **{**LESSON, missing: ""})
    assert town.status(key) == "active"
    learnt(town, key)
    [row] = found(town)
    assert (row.squad, row.lesson.year, row.uses) == ("Tim Portal", 2026, 0)


def test_lessons_are_found_by_words_topic_unit_and_year(town):
    ended(town)
    pusat = town.ids["pusat"]
    assert found(town, words="DATA minggu") != []
    assert found(town, words="kapal") == []
    assert found(town, topic="koordinasi", unit_id=pusat, year=2026) != []
    assert found(town, topic="lain") == []
    assert found(town, year=2025) == []


def test_a_correction_is_another_row_and_the_earlier_one_stays(town):
    _, lesson_id = ended(town)
    said = {"advice": "Minta data sejak Januari", "reason": "Bulannya keliru"}
    town.ask("lesson_correction", by="citra", lesson_id=lesson_id, **said)
    seen = one(town, lesson_id)
    assert seen.row.lesson.advice == "Minta data sejak Januari"
    assert seen.row.lesson.worked == LESSON["worked"]
    assert [row.advice for row in seen.writings] == [LESSON["advice"], "Minta data sejak Januari"]
    assert seen.beside.topics == ["data", "koordinasi"]
    assert len(found(town)) == 1
    assert found(town, words="minggu pertama") == []


def test_only_who_wrote_it_corrects_it_and_says_why(town):
    _, lesson_id = ended(town)
    for who, reason in (("eko", "Keliru"), ("citra", "")):
        with pytest.raises(InputRefused):
            town.ask("lesson_correction", by=who, lesson_id=lesson_id, reason=reason)


def test_what_is_taken_up_points_both_ways_once(town):
    _, lesson_id = ended(town)
    place = f"squad:{town.ids['squad']}"
    town.ask("lesson_use", by="eko", lesson_id=lesson_id, place=place, note="Di rapat pertama")
    seen = one(town, lesson_id)
    assert seen.row.uses == 1
    [use] = seen.uses
    assert (use.use.title, use.use.note) == ("Tim Satu Data", "Di rapat pertama")
    with town.house.reading() as uow:
        [back] = uow.lessons.uses(squad_id=town.ids["squad"])
    assert (back.squad, back.advice) == ("Tim Portal", LESSON["advice"])
    with pytest.raises(InputRefused):
        town.ask("lesson_use", by="sari", lesson_id=lesson_id, place=place)
    with pytest.raises(InputRefused):
        town.ask("lesson_use", by="budi", lesson_id=lesson_id, place=place)


def test_a_squad_that_began_under_an_earlier_drawing_ends_by_it(town):
    name = "squad_formation.bpmn"
    now = (ROOT / "workflows" / "squad_formation" / name).read_text(encoding="utf-8")
    before = without_lessons(now)
    deploy(town, name, before)
    key = from_letter(town)
    deploy(town, name, now)
    confirmed(town)
    joined(town)
    agreed(town, "citra", "sari")
    town.move(AFTER)
    assert town.status(key) == "completed"


def deploy(town, name, text):
    with town.house.writing() as uow:
        town.house.runner.deploy(uow, [Resource(name=name, content=text.encode())], town.operator)
        uow.commit()


def without_lessons(text):
    """The drawing as it was: closing leads to the end at once."""
    a, b = (
        text.index('    <bpmn:userTask id="write_lessons"'),
        text.index('    <bpmn:endEvent id="closed"'),
    )
    text = text[:a] + text[b:]
    text = text.replace("        <bpmn:flowNodeRef>write_lessons</bpmn:flowNodeRef>\n", "")
    text = text.replace('targetRef="write_lessons"', 'targetRef="closed"')
    text = text.replace(
        "<bpmn:incoming>write_lessons_to_closed<", "<bpmn:incoming>close_squad_to_write_lessons<"
    )
    for part, end in (
        ('    <bpmn:sequenceFlow id="write_lessons_to_closed"', "/>\n"),
        ('      <bpmndi:BPMNShape id="write_lessons_di"', "</bpmndi:BPMNShape>\n"),
        ('      <bpmndi:BPMNEdge id="write_lessons_to_closed_di"', "</bpmndi:BPMNEdge>\n"),
    ):
        a = text.index(part)
        text = text[:a] + text[text.index(end, a) + len(end) :]
    return text


def test_flows(town, every_flow):
    _, lesson_id = ended(town)
    town.ask("lesson_use", by="eko", lesson_id=lesson_id, place=f"squad:{town.ids['squad']}")
    town.ask("lesson_correction", by="citra", lesson_id=lesson_id, reason="Tanda baca")
    town.note_walked()
    for process_id in ("lesson_use", "lesson_correction"):
        every_flow(process_id)
