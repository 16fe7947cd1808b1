"""Who sees what of a person's dialogue, a leader's cadence, and one's own words."""

from __future__ import annotations

from datetime import datetime

import pytest

from engine.usecases import dialogues
from engine.usecases.errors import NotFound
from tests.workflows.test_check_in import AGREED, PROMISES, met
from tests.workflows.test_coaching import ACTION, counselling
from tests.workflows.test_feedback import WRITTEN, begin, incident


@pytest.fixture
def spoken(town):
    """Sari met her rater, was told two things, and counsels Dedi."""
    met(town, **AGREED, promises=PROMISES, private_note="Tampak lelah")
    town.do("confirm_check_in", "sari", answer="agree", private_note="Ia mendengarkan")
    begin(town, "citra", "sari")
    town.do("write_feedback", "citra", **WRITTEN)
    town.do("read_feedback", "sari", reply="Baik")
    incident(town, "eko", "sari")
    counselling(town)
    town.do("hold_session", "sari", held_on="2026-01-22", actions=[ACTION], private_note="Rahasia")
    return town


def seen(town, by, about="sari"):
    found = dialogues.timeline(town.house, town.actor(by), town.ids[about])
    return {
        "check_ins": len(found.check_ins),
        "promises": len(found.promises),
        "feedback": len(found.feedback),
        "incidents": len(found.incidents),
        "coaching": len(found.coaching),
    }


def test_the_person_and_the_rater_see_the_dialogue_and_the_next_superior_what_was_said_of_him(
    spoken,
):
    whole = {"check_ins": 1, "promises": 2, "feedback": 1, "incidents": 1, "coaching": 0}
    assert seen(spoken, "budi") == whole
    assert seen(spoken, "sari") == {**whole, "promises": 3}  # and her part in the counselling
    assert seen(spoken, "ratna") == {**whole, "check_ins": 0, "promises": 0}


def test_counselling_is_seen_by_the_two_and_by_nobody_above_them(spoken):
    assert seen(spoken, "dedi", "dedi")["coaching"] == 1
    for leader in ("budi", "ratna"):
        found = seen(spoken, leader, "dedi")
        assert (found["coaching"], found["promises"]) == (0, 0)


def test_colleagues_leads_and_managers_see_nothing(spoken):
    for name in ("dedi", "citra", "eko", "joko", "wati"):
        with pytest.raises(NotFound):
            seen(spoken, name)


def test_an_auditor_reads_what_was_said_under_a_name_and_no_conversation(spoken):
    found = seen(spoken, "lina")
    said = {"feedback": 1, "incidents": 1, "check_ins": 0, "promises": 0, "coaching": 0}
    assert found == said


def test_private_notes_are_their_authors_alone(spoken):
    notes = {
        name: [one.text for one in dialogues.own_words(spoken.house, spoken.actor(name)).notes]
        for name in ("budi", "sari", "dedi", "ratna", "joko")
    }
    assert notes["budi"] == ["Tampak lelah"]
    assert set(notes["sari"]) == {"Ia mendengarkan", "Rahasia"}
    assert notes["dedi"] == notes["ratna"] == notes["joko"] == []
    with pytest.raises(NotFound):
        dialogues.own_words(spoken.house, spoken.operator)
    own = dialogues.own_words(spoken.house, spoken.actor("citra"))
    assert [one.text for one in own.feedback] == [WRITTEN["text"]]
    assert len(dialogues.own_words(spoken.house, spoken.actor("eko")).incidents) == 1


def test_a_leaders_cadence_says_who_waits_too_long(spoken):
    spoken.move(datetime.fromisoformat("2026-02-16T09:00:00+07:00"))
    for reader in ("budi", "ratna", "joko"):
        found = dialogues.leader_cadence(spoken.house, spoken.actor(reader), spoken.ids["budi"])
        lines = {spoken.names[line.row.person_id]: line for line in found.lines}
        assert {name: line.overdue for name, line in lines.items()} == {"sari": False, "dedi": True}
        assert (lines["sari"].days_without, lines["dedi"].days_without) == (25, 46)
        assert (lines["sari"].every_days, lines["sari"].least_per_cycle) == (30, 6)
    with pytest.raises(NotFound):
        dialogues.leader_cadence(spoken.house, spoken.actor("sari"), spoken.ids["budi"])


def test_an_unknown_person_has_no_dialogue(town):
    with pytest.raises(NotFound):
        dialogues.timeline(town.house, town.actor("budi"), "nobody")
