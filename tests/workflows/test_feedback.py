"""Feedback under a name, freely or on request, and incidents that bear on a value."""

from __future__ import annotations

from datetime import date

import pytest

from engine.domain.feedback import AskedState, Tone, Voice
from engine.domain.incidents import IncidentState
from engine.domain.protection import GrievanceKind
from engine.usecases.errors import InputRefused, NotFound
from tests.workflows.test_planning import RESULT

WRITTEN = {"concerns": "whole", "tone": "suggestion", "text": "Kirim draf lebih awal"}
SEEN = {
    "happened_on": "2026-01-15",
    "value": "kolaboratif",
    "kind": "positive",
    "text": "Mengajak tiga unit menyusun satu dataset",
}


def begin(town, by, about):
    return town.ask("feedback_note", by=by, about_id=town.ids[about])


def about(town, name):
    with town.house.reading() as uow:
        return list(uow.dialogues.feedback_about(town.ids[name], town.ids["cycle"]))


def incident(town, by, name, **more):
    values = {**SEEN, "about_id": town.ids[name], **more}
    return town.ask("behaviour_incident", by=by, **values)


def incidents(town, name):
    with town.house.reading() as uow:
        return list(uow.dialogues.incidents_about(town.ids[name], town.ids["cycle"]))


# ---- freely given


def test_feedback_reaches_the_person_under_the_givers_name_and_may_be_answered(town):
    key = begin(town, "budi", "sari")
    town.do("write_feedback", "budi", **WRITTEN)
    begun = town.begun(town.task("read_feedback", "sari"))
    assert begun["words"] == "Budi: Kirim draf lebih awal"
    town.do("read_feedback", "sari", reply="Baik")
    [note] = about(town, "sari")
    assert (note.voice, note.tone, note.giver_id) == (
        Voice.RATER,
        Tone.SUGGESTION,
        town.ids["budi"],
    )
    with town.house.reading() as uow:
        assert uow.dialogues.replies([note.id])[note.id].text == "Baik"
    assert town.status(key) == "completed"


@pytest.mark.parametrize(
    ("giver", "person", "voice"),
    [
        ("budi", "dedi", Voice.RATER),
        ("ratna", "dedi", Voice.SUPERIOR),
        ("citra", "sari", Voice.LEAD),
        ("dedi", "sari", Voice.PEER),
        ("eko", "sari", Voice.PEER),
        ("dedi", "budi", Voice.SUBORDINATE),
        ("sari", "citra", Voice.SUBORDINATE),
        ("dedi", "ratna", Voice.SUBORDINATE),
    ],
)
def test_a_giver_speaks_in_the_voice_of_where_he_stands(town, giver, person, voice):
    begin(town, giver, person)
    town.do("write_feedback", giver, **WRITTEN)
    assert [note.voice for note in about(town, person)] == [voice]


def test_strangers_and_oneself_cannot_be_chosen(town):
    for name in ("eko", "dedi"):
        with pytest.raises(InputRefused):
            begin(town, "dedi", name)


def test_feedback_is_about_a_result_that_the_giver_may_see_or_about_a_value(town):
    town.begin("planning", "dedi")
    town.do("draft_plan", results=[RESULT], confirmed=True)
    town.do("clarify_expectation", decision="accept")
    with town.house.reading() as uow:
        plan = uow.performance.plan_of(town.ids["dedi"], town.ids["cycle"])
        [item] = uow.performance.items(plan.id)
    begin(town, "budi", "dedi")
    result = {
        **WRITTEN,
        "concerns": "result",
        "item_id": item.id,
        "link": "https://bukti.example/1",
    }
    town.do("write_feedback", "budi", **result)
    town.do("read_feedback", "dedi")
    begin(town, "sari", "dedi")
    with pytest.raises(InputRefused):  # a colleague does not see the results of others
        town.do("write_feedback", "sari", **result)
    town.do("write_feedback", "sari", **{**WRITTEN, "concerns": "value", "behaviour": "loyal"})
    town.do("read_feedback", "dedi")
    first, second = about(town, "dedi")
    assert (first.item_id, first.link) == (item.id, "https://bukti.example/1")
    assert (second.item_id, second.behaviour) == (None, "loyal")


def test_feedback_that_nobody_writes_or_reads_ends_by_itself(town):
    unwritten = begin(town, "budi", "sari")
    unread = begin(town, "budi", "dedi")
    town.answer(town.open("write_feedback")[1], WRITTEN)
    town.pass_days(15)
    assert [town.status(key) for key in (unwritten, unread)] == ["completed", "completed"]


def test_critical_feedback_upward_is_a_grievance_and_praise_is_none(town):
    for tone in ("appreciation", "criticism"):
        begin(town, "dedi", "budi")
        town.do("write_feedback", "dedi", **{**WRITTEN, "tone": tone})
    begin(town, "budi", "dedi")
    town.do("write_feedback", "budi", **{**WRITTEN, "tone": "criticism"})
    ids = town.ids
    with town.house.reading() as uow:
        [spoken] = uow.dialogues.upward(ids["dedi"], [ids["budi"]])
        assert uow.dialogues.upward(ids["budi"], [ids["dedi"]]) == []
    assert (spoken.kind, spoken.about_id) == (GrievanceKind.FEEDBACK, ids["budi"])


# ---- on request


def request(town, *givers, **more):
    values = {"question": "Apa yang sebaiknya saya ubah?", "due_on": "2026-01-30", **more}
    return town.ask("feedback_request", by="sari", givers=[town.ids[g] for g in givers], **values)


def asked(town):
    with town.house.reading() as uow:
        root = town.roots[-1]
        request_id = town.house.runner.view(uow, root).variables["request_id"]
        return {town.names[a.giver_id]: a.state for a in uow.dialogues.asked(request_id)}


def test_named_people_answer_or_decline_until_the_day(town):
    key = request(town, "budi", "eko", "dedi")
    begun = town.begun(town.task("answer_request", "budi"))
    assert begun["question"] == "Sari: Apa yang sebaiknya saya ubah?"
    town.do(
        "answer_request", "budi", answer="give", tone="suggestion", text="Lebih sering bertanya"
    )
    town.do("answer_request", "dedi", answer="decline")
    town.pass_days(4)
    assert town.told() == ["feedback_asked"]
    town.pass_days(8)
    assert asked(town) == {
        "budi": AskedState.ANSWERED,
        "dedi": AskedState.DECLINED,
        "eko": AskedState.LAPSED,
    }
    assert town.begun(town.task("read_answers", "sari"))["words"] == "Budi: Lebih sering bertanya"
    town.do("read_answers", "sari")
    assert town.status(key) == "completed"


def test_answers_that_nobody_reads_end_by_themselves(town):
    key = request(town, "budi")
    town.do("answer_request", "budi", answer="give", tone="appreciation", text="Baik")
    town.pass_days(15)
    assert town.status(key) == "completed"


def test_an_answer_needs_words_and_comes_from_who_was_asked(town):
    request(town, "budi")
    with pytest.raises(InputRefused):
        town.do("answer_request", "budi", answer="give", tone="suggestion", text="")
    with pytest.raises(NotFound):
        town.do("answer_request", "budi", by="dedi", answer="decline")


def test_a_request_asks_somebody_else_something_with_time_to_answer(town):
    for wrong in ({"due_on": "2026-01-19"}, {"question": ""}):
        with pytest.raises(InputRefused):
            request(town, "budi", **wrong)
    with pytest.raises(InputRefused):
        request(town)


# ---- incidents


def test_an_incident_is_told_to_the_person_who_answers(town):
    key = incident(town, "budi", "sari", link="https://bukti.example/2")
    begun = town.begun(town.task("answer_incident", "sari"))
    assert begun["words"].startswith("Contoh baik - Kolaboratif - 2026-01-15\nBudi: Mengajak")
    town.do("answer_incident", "sari", answer="Terima kasih")
    [seen] = incidents(town, "sari")
    assert (seen.state, seen.answer) == (IncidentState.ANSWERED, "Terima kasih")
    assert seen.happened_on == date(2026, 1, 15)
    assert town.status(key) == "completed"


def test_an_incident_without_answer_stands_as_such(town):
    key = incident(town, "budi", "sari")
    town.pass_days(15)
    assert [one.state for one in incidents(town, "sari")] == [IncidentState.UNANSWERED]
    assert town.status(key) == "completed"


def test_an_incident_has_happened_in_this_cycle_and_can_be_answered(town):
    wrong = (
        {"happened_on": "2026-02-01"},
        {"happened_on": "2025-12-31"},
        {"kind": "negative", "text": "Lalai"},
        {"link": "bukti di meja"},
    )
    for change in wrong:
        with pytest.raises(InputRefused):
            incident(town, "budi", "sari", **change)
    assert incidents(town, "sari") == []


def test_a_negative_incident_upward_is_a_grievance(town):
    incident(town, "dedi", "budi", kind="negative", text="Memarahi pegawai di depan umum")
    with town.house.reading() as uow:
        [spoken] = uow.dialogues.upward(town.ids["dedi"], [town.ids["budi"]])
    assert spoken.kind is GrievanceKind.FEEDBACK


def test_every_flow_of_feedback_and_incidents_is_walked(every_flow):
    for process_id in ("feedback_note", "feedback_request", "behaviour_incident"):
        every_flow(process_id)
