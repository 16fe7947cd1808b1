"""Rules of the dialogue: check-ins, promises, feedback, incidents, coaching, the seven values."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from engine.domain import coaching, dialogue, feedback, incidents
from engine.domain.behaviour import (
    STATEMENT_BY_CODE,
    STATEMENTS,
    STATEMENTS_PER_VALUE,
    Value,
    statements_of,
    value_name,
)
from engine.domain.coaching import (
    SESSION_STATEMENTS,
    About,
    Coaching,
    CoachingKind,
    CoachingSource,
    CoachingState,
    Competency,
    CompetencyScore,
    competency_name,
)
from engine.domain.dialogue import Cadence, CheckIn, CheckInState, Commitment, CommitmentState
from engine.domain.documentation import Way, way_of
from engine.domain.errors import NotEntitled, TransitionRefused
from engine.domain.feedback import (
    AskedState,
    FeedbackAsked,
    FeedbackNote,
    FeedbackRequest,
    Tone,
    Voice,
    voice_of,
)
from engine.domain.incidents import Incident, IncidentKind, IncidentState

NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
TODAY = NOW.date()
CHECK_IN = CheckIn(
    id="c",
    leader_id="budi",
    person_id="sari",
    cycle_id="y",
    asked_by="budi",
    meets_at=NOW + timedelta(days=1),
    at=NOW,
)
PROMISE = Commitment(
    id="p",
    check_in_id="c",
    cycle_id="y",
    owner_id="sari",
    counterpart_id="budi",
    text="Kirim draf",
    due_on=date(2026, 3, 9),
    first_due_on=date(2026, 3, 9),
    at=NOW,
)
NOTE = FeedbackNote(
    id="f",
    person_id="budi",
    cycle_id="y",
    giver_id="sari",
    voice=Voice.SUBORDINATE,
    tone=Tone.CRITICISM,
    text="Rapat selalu terlambat",
    at=NOW,
)
INCIDENT = Incident(
    id="i",
    person_id="sari",
    cycle_id="y",
    recorded_by="budi",
    voice=Voice.RATER,
    value=Value.KOLABORATIF,
    kind=IncidentKind.POSITIVE,
    happened_on=TODAY,
    text="Mengajak tiga unit",
    at=NOW,
)
LINE = Coaching(
    id="k",
    person_id="sari",
    cycle_id="y",
    kind=CoachingKind.BIMBINGAN,
    source=CoachingSource.REQUEST,
    at=NOW,
)


def codes(violations):
    return {one.code for one in violations}


# ---- the seven values


def test_seven_values_hold_three_statements_each_in_both_languages():
    assert len(Value) == 7
    assert len(STATEMENTS) == 21 == len(STATEMENT_BY_CODE)
    for value in Value:
        rows = statements_of(value)
        assert [row.number for row in rows] == list(range(1, STATEMENTS_PER_VALUE + 1))
        assert [row.code for row in rows] == [f"{value}_{n}" for n in (1, 2, 3)]
        assert value_name(value) != value_name(value, english=True) or value == Value.LOYAL
    words = [row.text for row in STATEMENTS] + [row.text_en for row in STATEMENTS]
    assert all(words)
    assert len(set(words)) == 42


def test_an_incident_is_somebody_elses_past_and_can_be_answered():
    assert incidents.check_incident(INCIDENT, TODAY) == ()
    wrong = {
        "own": replace(INCIDENT, recorded_by="sari"),
        "future": replace(INCIDENT, happened_on=TODAY + timedelta(days=1)),
        "text": replace(INCIDENT, kind=IncidentKind.NEGATIVE, text="Lalai"),
    }
    for code, one in wrong.items():
        assert codes(incidents.check_incident(one, TODAY)) == {code}
    assert codes(incidents.check_incident(replace(INCIDENT, on_behalf_of="sari"), TODAY)) == {"own"}
    assert codes(incidents.check_incident(replace(INCIDENT, text=" "), TODAY)) == {"text"}


def test_an_incident_is_answered_once_by_the_person():
    with pytest.raises(NotEntitled):
        incidents.answer_incident(INCIDENT, "budi", "Tidak", NOW)
    answered = incidents.answer_incident(INCIDENT, "sari", " Ya ", NOW)
    assert (answered.state, answered.answer) == (IncidentState.ANSWERED, "Ya")
    with pytest.raises(TransitionRefused):
        incidents.answer_incident(answered, "sari", "Lagi", NOW)
    assert incidents.lapse_incident(answered) == answered
    assert incidents.lapse_incident(INCIDENT).state is IncidentState.UNANSWERED


# ---- check-ins


def test_an_invitation_names_two_people_a_moment_to_come_and_a_topic():
    assert dialogue.check_invitation(CHECK_IN, ["a"], NOW) == ()
    late = replace(CHECK_IN, meets_at=NOW)
    assert codes(dialogue.check_invitation(late, [], NOW)) == {"past", "agenda"}
    alone = replace(CHECK_IN, person_id="budi")
    assert codes(dialogue.check_invitation(alone, ["a"] * 21, NOW)) == {"one_person", "agenda"}
    strange = replace(CHECK_IN, asked_by="dedi")
    assert codes(dialogue.check_invitation(strange, ["a"], NOW)) == {"stranger"}


def test_a_check_in_goes_through_both_words():
    with pytest.raises(NotEntitled):
        dialogue.answer(CHECK_IN, "budi", None)
    agreed = dialogue.answer(CHECK_IN, "sari", None)
    with pytest.raises(NotEntitled):
        dialogue.record(agreed, "sari", "x", held_on=TODAY, at=NOW)
    recorded = dialogue.record(agreed, "budi", "Sepakat", held_on=TODAY, at=NOW)
    with pytest.raises(NotEntitled):
        dialogue.confirm(recorded, "budi", agrees=True, remark="", at=NOW)
    remarked = dialogue.confirm(recorded, "sari", agrees=False, remark="Maret", at=NOW)
    assert (remarked.state, remarked.remark) == (CheckInState.RECORDED, "Maret")
    done = dialogue.confirm(remarked, "sari", agrees=True, remark="", at=NOW)
    assert (done.state, done.confirmed_at) == (CheckInState.CONFIRMED, NOW)
    for late in (dialogue.not_held, dialogue.leave_unconfirmed):
        with pytest.raises(TransitionRefused):
            late(done)


def test_another_moment_is_taken_or_the_check_in_called_off():
    later = NOW + timedelta(days=3)
    proposed = dialogue.answer(CHECK_IN, "sari", later)
    assert dialogue.settle(proposed, takes_proposal=True).meets_at == later
    assert dialogue.settle(proposed, takes_proposal=False).state is CheckInState.CALLED_OFF
    agreed = dialogue.answer(CHECK_IN, "sari", None)
    assert dialogue.stand(CHECK_IN).state is dialogue.stand(agreed).state is CheckInState.AGREED
    with pytest.raises(TransitionRefused):
        dialogue.answer(agreed, "sari", later)


def test_a_promise_is_to_somebody_else_has_words_and_a_day():
    assert dialogue.check_commitment(PROMISE, TODAY) == ()
    wrong = replace(PROMISE, counterpart_id="sari", text="", due_on=TODAY - timedelta(days=1))
    assert codes(dialogue.check_commitment(wrong, TODAY)) == {"one_person", "text", "due"}


def test_a_promise_is_kept_in_time_by_the_day_first_promised():
    later = dialogue.postpone(PROMISE, date(2026, 3, 20))
    kept = dialogue.close(later, CommitmentState.KEPT, date(2026, 3, 10))
    assert not kept.kept_in_time
    assert dialogue.close(PROMISE, CommitmentState.KEPT, date(2026, 3, 9)).kept_in_time
    assert not PROMISE.kept_in_time
    assert dialogue.carry(PROMISE).carried == 1
    for state in CommitmentState:
        with pytest.raises(TransitionRefused):
            dialogue.close(kept, state, TODAY)
    with pytest.raises(TransitionRefused):
        dialogue.postpone(PROMISE, date(2026, 3, 1))


def test_days_without_a_check_in_count_from_the_last_or_the_cycles_first():
    row = Cadence(
        person_id="sari",
        confirmed=0,
        unconfirmed=0,
        last_on=None,
        promised=0,
        kept=0,
        kept_late=0,
        their_promises=0,
        their_kept=0,
        feedback=0,
    )
    assert dialogue.days_without(row, date(2026, 2, 1), date(2026, 3, 3)) == 30
    met = replace(row, last_on=date(2026, 3, 1))
    assert dialogue.days_without(met, date(2026, 2, 1), date(2026, 3, 3)) == 2


# ---- feedback


@pytest.mark.parametrize(
    ("where", "voice"),
    [
        (("is_below", "is_rater"), Voice.SUBORDINATE),
        (("is_rater", "is_lead"), Voice.RATER),
        (("is_lead", "is_above"), Voice.LEAD),
        (("is_above",), Voice.SUPERIOR),
        ((), Voice.PEER),
    ],
)
def test_a_giver_has_one_voice(where, voice):
    places = dict.fromkeys(("is_below", "is_rater", "is_lead", "is_above"), False)
    assert voice_of(**places | dict.fromkeys(where, True)) is voice


def test_feedback_has_words_about_one_thing_of_somebody_else():
    assert feedback.check_feedback(NOTE) == ()
    wrong = replace(NOTE, giver_id="budi", text="", item_id="x", behaviour=Value.LOYAL)
    assert codes(feedback.check_feedback(wrong)) == {"own", "text", "subject"}


def test_a_request_asks_others_something_with_a_day_to_answer():
    request = FeedbackRequest(
        id="r",
        person_id="sari",
        cycle_id="y",
        question="Apa?",
        due_on=TODAY + timedelta(days=1),
        at=NOW,
    )
    assert feedback.check_request(request, ("budi",), TODAY) == ()
    wrong = replace(request, question="", due_on=TODAY)
    assert codes(feedback.check_request(wrong, ("sari", "budi", "budi"), TODAY)) == {
        "twice",
        "own",
        "question",
        "due",
    }
    assert codes(feedback.check_request(request, (), TODAY)) == {"nobody"}
    many = tuple(f"p{n}" for n in range(11))
    assert codes(feedback.check_request(request, many, TODAY)) == {"too_many"}


def test_who_was_asked_answers_once():
    asked = FeedbackAsked(id="a", request_id="r", giver_id="budi")
    with pytest.raises(NotEntitled):
        feedback.end_asking(asked, "dedi", AskedState.ANSWERED, NOW)
    ended = feedback.end_asking(asked, "budi", AskedState.DECLINED, NOW)
    with pytest.raises(TransitionRefused):
        feedback.end_asking(ended, "budi", AskedState.ANSWERED, NOW)


# ---- documentation


def test_a_number_says_more_than_a_tap_and_a_tap_more_than_words():
    assert way_of(as_planned=True, actual=Decimal(3)) is Way.MEASURED
    assert way_of(as_planned=True, actual=None) is Way.AS_PLANNED
    assert way_of(as_planned=False, actual=None) is Way.NOTED


# ---- coaching


def test_form_b18_has_three_statements_each_about_employee_coach_and_both():
    assert [row.about for row in SESSION_STATEMENTS] == [a for a in About for _ in range(3)]
    assert all(row.text and row.text_en for row in SESSION_STATEMENTS)
    given = {row.code: 5 for row in SESSION_STATEMENTS}
    assert coaching.check_answers(given) == ()
    assert codes(coaching.check_answers({**given, "both_3": 6, "other": 1})) == {"score", "unknown"}
    del given["coach_1"]
    assert codes(coaching.check_answers(given)) == {"missing"}


def test_form_b19_scores_from_1_to_5_with_a_reason():
    row = CompetencyScore(
        id="s", session_id="x", competency=Competency.TEKNIS, score=3, reason="Rapi"
    )
    assert coaching.check_scores([row]) == ()
    assert codes(coaching.check_scores([])) == {"nothing"}
    assert codes(coaching.check_scores([row, row])) == {"twice"}
    assert codes(coaching.check_scores([replace(row, score=0, reason=" ")])) == {"score", "reason"}
    assert all(competency_name(one) for one in Competency)
    assert all(competency_name(one, english=True) for one in Competency)


def test_counselling_is_asked_for_by_oneself_and_guidance_by_the_rater_too():
    assert coaching.may_ask("sari", "sari", ["budi"], CoachingKind.KONSELING)
    assert not coaching.may_ask("sari", "budi", ["budi"], CoachingKind.KONSELING)
    assert coaching.may_ask("sari", "budi", ["budi"], CoachingKind.BIMBINGAN)
    assert not coaching.may_ask("sari", "dedi", ["budi"], CoachingKind.BIMBINGAN)


def test_a_coach_is_somebody_else_and_takes_it_on_himself():
    with pytest.raises(NotEntitled):
        coaching.offer(LINE, "sari", "", special=False)
    with pytest.raises(NotEntitled):
        coaching.offer(LINE, "dedi", "", special=True)
    offered = coaching.offer(LINE, "dedi", "ST-1", special=True)
    with pytest.raises(NotEntitled):
        coaching.take_on(offered, "budi", accepts=True)
    back = coaching.take_on(offered, "dedi", accepts=False)
    assert (back.state, back.coach_id, back.letter_no) == (CoachingState.OPEN, None, "")
    running = coaching.take_on(offered, "dedi", accepts=True)
    with pytest.raises(TransitionRefused):
        coaching.offer(running, "budi", "", special=False)
    with pytest.raises(TransitionRefused):
        coaching.take_on(running, "dedi", accepts=True)
    closed = coaching.end(running, NOW)
    assert coaching.end(closed, NOW + timedelta(days=1)) == closed
