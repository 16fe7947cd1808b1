"""Coaching and counselling: a coach is found, sessions are held and answered, actions followed."""

from __future__ import annotations

from datetime import datetime

import pytest
import sqlalchemy as sa

from engine.domain.coaching import SESSION_STATEMENTS, CoachingState, Competency
from engine.domain.dialogue import CommitmentState
from engine.persistence.tables.metadata import metadata
from engine.usecases import messages, tasks
from engine.usecases.errors import AccessRefused, InputRefused, NotFound

B18 = {row.code: "4" for row in SESSION_STATEMENTS}
SESSION = {"held_on": "2026-01-19", "summary": "Mulai dari data"}
ACTION = {"owner": "person", "text": "Ikut pelatihan data", "due_on": "2026-02-06"}


def ask(town, by, about, kind="bimbingan", reason="Hasil belum tercapai"):
    return town.ask("coaching", by=by, about_id=town.ids[about], kind=kind, reason=reason)


def need(town, name, source="interim"):
    """What a low interim rating publishes."""
    person, cycle = town.ids[name], town.ids["cycle"]
    command = messages.PublishMessage(
        name="coaching_needed",
        correlation_key=f"{person}:{cycle}",
        variables={"person_id": person, "cycle_id": cycle, "coaching_source": source},
    )
    messages.publish_message(town.house, town.operator, command)
    town.worker.drain()


def coachings(town, name):
    with town.house.reading() as uow:
        return list(uow.dialogues.coachings_of(town.ids[name], town.ids["cycle"]))


def scored(town, reason="Data rapi", again="no"):
    task = town.task("rate_competencies")
    rows = town.begun(task)["competencies"]
    first = [{**rows[0], "score": "4", "reason": reason}]
    town.answer(task, {"competencies": [*first, *rows[1:]], "again": again})


def counselling(town):
    """Counselling of Dedi by Sari, whom he chose."""
    key = ask(town, "dedi", "dedi", kind="konseling", reason="Beban keluarga yang berat")
    town.do("choose_coach", "dedi", coach_id=town.ids["sari"])
    town.do("accept_coaching", "sari", answer="accept")
    return key


def test_the_rater_coaches_himself_and_both_evaluate_the_session(town):
    key = ask(town, "budi", "dedi")
    assert town.begun(town.task("choose_coach", "budi"))["reason"] == "Hasil belum tercapai"
    town.do("choose_coach", "budi", chosen="self")
    town.do("hold_session", "budi", **SESSION, actions=[ACTION])
    assert town.begun(town.task("rate_session", "dedi"))["summary"] == "Mulai dari data"
    town.do("rate_session", "dedi", **B18)
    scored(town)
    town.move(datetime.fromisoformat("2026-02-06T12:00:00+07:00"))
    town.do("report_promise", "dedi", answer="done")
    town.do("confirm_promise", "budi", answer="yes")
    [line] = coachings(town, "dedi")
    assert (line.state, line.coach_id) == (CoachingState.CLOSED, town.ids["budi"])
    with town.house.reading() as uow:
        [session] = uow.dialogues.sessions(line.id)
        assert [a.score for a in uow.dialogues.answers(session.id)] == [4] * 9
        [score] = uow.dialogues.scores(session.id)
        [action] = uow.dialogues.promises_of(town.ids["dedi"], town.ids["cycle"])
    assert (score.competency, score.score, score.reason) == (Competency.INTEGRITAS, 4, "Data rapi")
    assert (action.state, action.confidential) == (CommitmentState.KEPT, False)
    assert town.status(key) == "completed"


def test_another_coach_needs_a_letter_and_his_consent(town):
    ask(town, "dedi", "dedi")
    with pytest.raises(InputRefused):
        town.do("choose_coach", "budi", chosen="other", coach_id=town.ids["sari"])
    named = {"chosen": "other", "coach_id": town.ids["sari"], "letter_no": "ST-7/2026"}
    town.do("choose_coach", "budi", **named)
    town.do("accept_coaching", "sari", answer="decline")
    assert town.waiting() == [("choose_coach", "budi")]
    town.do("choose_coach", "budi", **named)
    town.do("accept_coaching", "sari", answer="accept")
    assert town.waiting() == [("hold_session", "sari")]
    with pytest.raises(AccessRefused):
        town.do("hold_session", "sari", by="dedi", **SESSION)


def test_who_says_nothing_to_an_offer_is_passed_over(town):
    ask(town, "dedi", "dedi")
    town.pass_days(9)
    assert town.told() == ["coach_due"]
    named = {"chosen": "other", "coach_id": town.ids["sari"], "letter_no": "ST-7/2026"}
    town.do("choose_coach", "budi", **named)
    town.pass_days(9)
    assert town.waiting() == [("choose_coach", "budi")]
    assert coachings(town, "dedi")[0].coach_id is None


def test_sessions_go_on_as_long_as_they_are_needed(town):
    ask(town, "budi", "dedi")
    town.do("choose_coach", "budi", chosen="self")
    town.do("hold_session", "budi", **SESSION)
    scored(town, again="yes")
    town.pass_days(9)  # the employee lets the first form lie
    assert town.waiting() == [("hold_session", "budi")]
    town.pass_days(20)
    assert "session_due" in town.told()
    town.do("hold_session", "budi", held_on="2026-02-02", summary="")
    scored(town)
    town.do("rate_session", "dedi", **B18)
    with town.house.reading() as uow:
        numbers = [s.number for s in uow.dialogues.sessions(coachings(town, "dedi")[0].id)]
    assert numbers == [1, 2]


def test_a_low_interim_rating_calls_for_guidance_by_message(town):
    need(town, "dedi")
    assert town.waiting() == [("choose_coach", "budi")]
    [line] = coachings(town, "dedi")
    assert (line.source, line.asked_by, line.reason) == ("interim", None, "")


def test_nobody_asks_for_somebody_elses_counselling_or_coaches_himself(town):
    with pytest.raises(InputRefused):
        ask(town, "budi", "dedi", kind="konseling")
    with pytest.raises(InputRefused):
        ask(town, "sari", "dedi")
    ask(town, "dedi", "dedi", kind="konseling")
    with pytest.raises(InputRefused):
        town.do("choose_coach", "dedi", coach_id=town.ids["dedi"])


def test_a_competency_is_scored_with_its_reason(town):
    ask(town, "budi", "dedi")
    town.do("choose_coach", "budi", chosen="self")
    town.do("hold_session", "budi", **SESSION)
    with pytest.raises(InputRefused):
        scored(town, reason="")
    with pytest.raises(InputRefused):
        town.do("rate_competencies", "budi", again="no")


def test_counselling_is_between_the_two_and_scores_nobody(town):
    key = counselling(town)
    with pytest.raises(NotFound):
        town.do("hold_session", "sari", by="budi", **SESSION)
    town.do("hold_session", "sari", **SESSION, actions=[{**ACTION, "owner": "coach"}])
    assert town.begun(town.task("rate_session", "dedi")).get("summary", "") == ""
    town.do("rate_session", "dedi", **B18)
    town.do("meet_again", "sari", again="no")
    town.move(datetime.fromisoformat("2026-02-06T12:00:00+07:00"))
    town.do("report_promise", "sari", answer="done")
    town.do("confirm_promise", "dedi", answer="yes")
    assert town.status(key) == "completed"
    with town.house.reading() as uow:
        [action] = uow.dialogues.promises_of(town.ids["dedi"], town.ids["cycle"])
    assert action.confidential


def test_nobody_stands_in_for_a_counsellor(town):
    counselling(town)
    task = town.task("hold_session", "sari")
    command = tasks.CompleteTask(task_key=task.key, variables=SESSION)
    with pytest.raises((NotFound, AccessRefused)):
        tasks.complete_task(town.house, town.actor("joko"), command)


# ---- words stay where they belong

SECRETS = {
    "request": "Perceraian yang sedang berjalan",
    "note": "Tampak sangat lelah hari ini",
    "summary": "Sepakat mencari psikolog",
    "action": "Menghubungi psikolog rumah sakit",
    "draft": "Catatan setengah jadi tentang dia",
}


def where(town, words):
    """Names of the tables in which the words stand, in whatever form."""
    found = set()
    with town.wired.database.reading.connect() as connection:
        for table in metadata.tables.values():
            for row in connection.execute(sa.select(table)):
                blob = b"".join(one for one in row if isinstance(one, bytes))
                if words in repr(tuple(row)) or words.encode() in blob:
                    found.add(table.name)
    return found


def test_counselling_words_and_private_notes_stand_in_their_own_tables_only(town):
    key = ask(town, "dedi", "dedi", kind="konseling", reason=SECRETS["request"])
    town.do("choose_coach", "dedi", coach_id=town.ids["sari"])
    town.do("accept_coaching", "sari", answer="accept")
    typed = {"private_note": SECRETS["draft"]}
    tasks.save_draft(town.house, town.actor("sari"), town.task("hold_session").key, typed)
    assert where(town, SECRETS["draft"]) == {"task_draft"}
    town.do(
        "hold_session",
        "sari",
        held_on="2026-01-19",
        summary=SECRETS["summary"],
        private_note=SECRETS["note"],
        actions=[{**ACTION, "text": SECRETS["action"]}],
    )
    town.do("rate_session", "dedi", **B18, private_note=SECRETS["note"])
    town.do("meet_again", "sari", again="no")
    town.move(datetime.fromisoformat("2026-02-06T12:00:00+07:00"))
    town.do("report_promise", "dedi", answer="done")
    town.do("confirm_promise", "sari", answer="yes")
    assert town.status(key) == "completed"
    assert where(town, SECRETS["request"]) == {"coaching"}
    assert where(town, SECRETS["note"]) == {"private_note"}
    assert where(town, SECRETS["summary"]) == {"coaching_session"}
    assert where(town, SECRETS["action"]) == {"commitment"}
    assert where(town, SECRETS["draft"]) == set()


def test_a_draft_goes_when_its_task_is_taken_away_as_well(town):
    ask(town, "dedi", "dedi")
    named = {"chosen": "other", "coach_id": town.ids["sari"], "letter_no": "ST-7/2026"}
    town.do("choose_coach", "budi", **named)
    town.do("accept_coaching", "sari", answer="accept")
    town.do("hold_session", "sari", **SESSION)
    typed = {"private_note": SECRETS["draft"]}
    tasks.save_draft(town.house, town.actor("dedi"), town.task("rate_session").key, typed)
    town.pass_days(9)
    assert "rate_session" not in {element for element, _ in town.waiting()}
    assert where(town, SECRETS["draft"]) == set()


def test_every_flow_of_coaching_is_walked(every_flow):
    every_flow("coaching")
