"""Voices on services: a survey from its plan to what the unit does, a complaint with its clock."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
import sqlalchemy as sa

from engine.domain.complaints import ComplaintState
from engine.domain.surveys import Flag, Standing, SurveyState, least_sample
from engine.persistence.tables.surveys import survey_mark, survey_salt
from engine.usecases.answering import OVER, USED, Sent, answer_survey, survey_sheet
from engine.usecases.complaining import Said, complain, read_complaint
from engine.usecases.errors import AccessRefused, Conflict, InputRefused, NotFound
from engine.usecases.survey_keeping import RuleAnswer, make_links, rule_answer
from engine.usecases.survey_results import my_surveys, unit_voices, voices_beside
from tests.workflows.test_goal_tree import fixed_plan

#: NRR of the worked example of domain.md 9, times 20: sums of twenty answers
SUMS = (68, 64, 62, 78, 66, 70, 69, 61, 65)
PLAN = {
    "kind": "service",
    "title": "Perizinan penelitian",
    "opens_on": "2026-01-19",
    "closes_on": "2026-02-27",
    "weighing": "equal",
    "open_link": True,
}


def plan(town, subject=None, **change):
    values = {**PLAN, "subject": subject or f"unit:{town.ids['biro']}", **change}
    return town.ask("stakeholder_voice", by="joko", **values)


def the_survey(town):
    with town.house.reading() as uow:
        (found,) = uow.surveys.of_units([town.ids["biro"], town.ids["pusat"]], limit=9)
    return found


def token(town):
    found = the_survey(town)
    return found.selector + found.secret


def sent(*scores, **change):
    whole = scores if len(scores) > 1 else scores * 9
    row = Sent(
        scores=dict(enumerate(whole, start=1)), comment="", trap="", seconds=60, place="10.0.0.1"
    )
    return replace(row, **change)


def results(town, who="budi", unit="biro", **asked):
    return unit_voices(town.house, town.actor(who), town.ids[unit], **asked)


def answer_twenty(town):
    """Answers whose means are those of the worked example."""
    for n in range(20):
        scores = [total // 20 + (1 if n < total % 20 else 0) for total in SUMS]
        answer_survey(town.house, token(town), sent(*scores, place=f"10.0.0.{n}"))


def test_the_worked_example_answered_by_citizens_gives_its_index_grade_and_warning(town):
    plan(town)
    answer_twenty(town)
    (row,) = results(town).results
    assert (row.ikm, row.grade, row.word) == (Decimal("83.75"), "B", "Baik")
    assert (row.counts.taken, row.few, row.survey.least_answers) == (20, True, 30)


@pytest.mark.parametrize(("weighing", "ikm"), [("hundredths", "82.91"), ("thousandths", "83.67")])
def test_rounded_weights_give_the_figures_of_older_papers(town, weighing, ikm):
    plan(town, weighing=weighing)
    answer_twenty(town)
    (row,) = results(town).results
    assert row.ikm == Decimal(ikm)


def test_own_elements_and_weights_count(town):
    found = [
        {"element": None, "text": "Antrean?", "text_en": "", "weight_percent": Decimal(25)},
        {"element": None, "text": "Parkir?", "text_en": "", "weight_percent": Decimal(75)},
    ]
    with pytest.raises(InputRefused):
        plan(town, kind="service", questions=found, weighing="own")
    plan(town, kind="partner", questions=found, weighing="own")
    answer_survey(town.house, token(town), sent(4, 2))
    (row,) = results(town).results
    assert (row.ikm, row.grade) == (Decimal("62.50"), "")


def test_only_who_looks_after_performance_plans_a_survey(town):
    with pytest.raises(NotFound):
        town.ask("stakeholder_voice", by="sari", **PLAN, subject=f"unit:{town.ids['biro']}")


def test_a_service_that_is_somebodys_planned_result_shows_beside_it(town):
    (item,) = fixed_plan(town, "budi")
    plan(town, f"item:{item.id}")
    assert (the_survey(town).unit_id, the_survey(town).item_id) == (town.ids["biro"], item.id)
    answer_twenty(town)
    to_the_end(town)
    (shown,) = voices_beside(town.house, town.actor("sari"), [item.id])[item.id].surveys
    assert shown.ikm == Decimal("83.75")


def test_complaints_stand_beside_the_result_they_are_about_in_words_for_who_reads_the_unit(town):
    """Whoever reads the plan sees how many and how they stand; words are the unit's to read."""
    (item,) = fixed_plan(town, "budi")
    plan(town, f"item:{item.id}")
    for words in ("Antre tiga jam", "Loket tutup"):
        complain(town.house, token(town), said(words))
    town.worker.drain()
    first = next(one for one in results(town).complaints if one.text == "Antre tiga jam")
    with town.house.writing() as uow:
        uow.surveys.put(replace(first, state=ComplaintState.ESCALATED))
        uow.commit()

    def beside(who):
        return voices_beside(town.house, town.actor(who), [item.id, "another"])

    for who in ("budi", "ratna", "joko", "lina"):
        assert {one.text for one in beside(who)[item.id].words} == {"Antre tiga jam", "Loket tutup"}
    for who in ("budi", "sari"):
        counts = beside(who)[item.id].complaints
        assert counts == {ComplaintState.RECEIVED: 1, ComplaintState.ESCALATED: 1}
    assert beside("sari")[item.id].words == []
    assert list(beside("sari")) == [item.id]


def to_the_end(town):
    town.pass_days(40)
    if [name for name, _ in town.waiting() if name == "settle_sample"]:
        town.do("settle_sample", by="joko", decision="accept")
    town.do("review_answers", by="joko", looked=True)


def test_a_survey_ends_with_what_the_unit_does(town):
    key = plan(town, population=20)
    answer_twenty(town)
    to_the_end(town)
    assert ("improve", "budi") in town.waiting()
    town.do("improve", "budi", improvement="Loket tambahan")
    assert town.status(key) == "completed"
    found = the_survey(town)
    assert (found.state, found.improvement) == (SurveyState.TOLD, "Loket tambahan")
    with pytest.raises(Conflict, match=OVER):
        answer_survey(town.house, token(town), sent(3))


def test_a_small_sample_may_run_on(town):
    plan(town, population=100)
    assert the_survey(town).least_answers == least_sample(100)
    town.pass_days(40)
    town.do("settle_sample", by="joko", decision="extend", until="2026-03-31")
    answer_survey(town.house, token(town), sent(3))
    town.pass_days(35)
    assert [name for name, _ in town.waiting()] == ["settle_sample"]
    for _ in range(4):
        town.pass_days(16)
    assert town.waiting() == []
    assert the_survey(town).state is SurveyState.TOLD


def test_a_single_link_serves_once_and_does_not_say_for_what(town):
    plan(town, open_link=False)
    with pytest.raises(NotFound):
        survey_sheet(town.house, token(town))
    one, other = make_links(town.house, town.actor("joko"), the_survey(town).id, 2)
    answer_survey(town.house, one, sent(4))
    assert survey_sheet(town.house, one).shut == USED
    with pytest.raises(Conflict, match=USED):
        answer_survey(town.house, one, sent(4))
    assert survey_sheet(town.house, other).shut == ""
    assert results(town).results[0].links == (2, 1)
    with town.wired.database.reading.connect() as connection:
        kept = str(list(connection.execute(sa.text("SELECT * FROM survey_pass"))))
    assert one[12:] not in kept


@pytest.mark.parametrize("text", ["", "x" * 99, "a" * 12, "é" * 20, "%", "' OR 1=1 --"])
def test_every_other_link_leads_nowhere(town, text):
    plan(town)
    for wrong in (text, token(town)[:12] + text, token(town) + "x"):
        with pytest.raises(NotFound):
            survey_sheet(town.house, wrong)
        with pytest.raises(NotFound):
            read_complaint(town.house, wrong)


def test_odd_answers_are_marked_and_a_flood_from_one_place_is_refused(town):
    plan(town)
    answer_survey(town.house, token(town), sent(1, seconds=3, trap="http://spam"))
    for _ in range(19):
        answer_survey(town.house, token(town), sent(1))
    with pytest.raises(Conflict, match="too_often"):
        answer_survey(town.house, token(town), sent(1))
    answer_survey(town.house, token(town), sent(4, place="10.0.0.2"))
    (row,) = results(town).results
    assert (row.counts.taken, row.counts.odd) == (21, 18)
    assert row.ikm_sound == Decimal("50.00")
    odd = results(town, "joko", odd=True).answers
    assert {flag for one in odd for flag in one.answer.flags} == set(Flag)
    town.pass_days(1)
    answer_survey(town.house, token(town), sent(4))


def test_a_page_answered_sooner_than_it_is_read_asks_again(town):
    plan(town)
    for seconds in (None, 0, 1):
        with pytest.raises(InputRefused) as refused:
            answer_survey(town.house, token(town), sent(4, seconds=seconds))
        assert [fault.code for fault in refused.value.faults] == ["too_soon"]
    with pytest.raises(InputRefused) as refused:
        answer_survey(town.house, token(town), sent(4, 3))
    assert len(refused.value.faults) == 7
    assert results(town).results[0].counts.taken == 0


def test_no_place_is_kept_and_its_marks_go_with_the_window(town):
    plan(town)
    answer_survey(town.house, token(town), sent(4, place="203.0.113.77 Firefox"))

    def kept():
        with town.wired.database.reading.connect() as connection:
            tables = (survey_mark, survey_salt)
            return [list(connection.execute(sa.select(table))) for table in tables]

    assert "203.0.113.77" not in str(kept())
    assert all(kept())
    to_the_end(town)
    assert kept() == [[], []]


def test_an_answer_is_set_aside_by_a_person_with_a_reason_and_counted_again(town):
    plan(town)
    answer_twenty(town)
    answer_survey(town.house, token(town), sent(1, trap="x"))
    (odd,) = results(town, "joko", odd=True).answers

    def rule(who, standing, reason="Diisi mesin"):
        command = RuleAnswer(answer_id=odd.answer.id, standing=standing, reason=reason)
        return rule_answer(town.house, town.actor(who), command)

    with pytest.raises(AccessRefused):
        rule("budi", Standing.ASIDE)
    with pytest.raises(InputRefused):
        rule("joko", Standing.ASIDE, " x ")
    assert rule("joko", Standing.ASIDE) == town.ids["biro"]
    (row,) = results(town).results
    assert (row.ikm, row.counts.taken, row.counts.aside) == (Decimal("83.75"), 21, 1)
    rule("joko", Standing.COUNTED)
    assert results(town).results[0].counts.aside == 0


def test_results_are_read_by_the_head_those_above_and_who_looks_after_the_agency(town):
    plan(town)
    for who in ("budi", "ratna", "joko", "lina"):
        assert len(results(town, who).results) == 1
    for who in ("sari", "wati", "citra"):
        with pytest.raises(NotFound):
            results(town, who)
    assert [len(my_surveys(town.house, town.actor(who))) for who in ("budi", "joko", "sari")] == [
        1, 1, 0,
    ]  # fmt: skip
    answer_survey(town.house, token(town), sent(4, comment="Bagus"))
    assert results(town, "budi").answers == ()
    assert [one.answer.comment for one in results(town, "joko").answers] == ["Bagus"]


def said(text="Antre tiga jam", **change):
    return replace(Said(text=text, trap="", seconds=30, place="10.0.0.1"), **change)


def test_a_complaint_reaches_the_unit_and_its_answer_who_holds_the_code(town):
    plan(town)
    code = complain(town.house, token(town), said())
    town.worker.drain()
    assert town.waiting() == [("answer_complaint", "budi")]
    assert town.begun(town.task("answer_complaint"))["complaint"] == "Antre tiga jam"
    town.do("answer_complaint", "budi", answer="Mulai Senin ada nomor antrean.")
    heard = read_complaint(town.house, code)
    assert heard.complaint.answer == "Mulai Senin ada nomor antrean."
    assert heard.complaint.state is ComplaintState.ANSWERED


def test_a_complaint_that_a_unit_lets_lie_is_reminded_of_and_passed_on(town):
    plan(town)
    complain(town.house, token(town), said())
    town.worker.drain()
    town.pass_days(3)
    town.pass_days(6)
    ((step, _),) = [one for one in town.waiting() if "answer" in one[0]]
    assert step == "answer_escalated"
    town.do("answer_escalated", by="joko", answer="Kami minta maaf.")
    assert results(town).complaints[0].answer == "Kami minta maaf."


def test_complaints_of_one_place_and_of_machines_are_bounded(town):
    plan(town)
    for words in ("", "x" * 4001):
        with pytest.raises(InputRefused):
            complain(town.house, token(town), said(words))
    for change in ({"trap": "x"}, {"seconds": None}, {"seconds": 0}):
        with pytest.raises(InputRefused):
            complain(town.house, token(town), said(**change))
    for _ in range(5):
        complain(town.house, token(town), said())
    with pytest.raises(Conflict, match="too_often"):
        complain(town.house, token(town), said())
    complain(town.house, token(town), said(place="10.0.0.2"))


def test_links_are_made_by_who_keeps_surveys(town):
    plan(town)
    with pytest.raises(AccessRefused):
        make_links(town.house, town.actor("budi"), the_survey(town).id, 1)
    with pytest.raises(InputRefused):
        make_links(town.house, town.actor("joko"), the_survey(town).id, 1001)
    with pytest.raises(NotFound):
        make_links(town.house, town.actor("joko"), "nobody", 1)


def test_every_flow_of_the_drawings_was_walked(every_flow):
    every_flow("stakeholder_voice")
    every_flow("public_complaint")
