"""Expected shares of a squad: everybody is asked, the sponsor decides where they differ."""

from __future__ import annotations

import pytest

from engine.usecases.errors import AccessRefused, InputRefused, NotFound
from tests.workflows.forming import confirmed, from_letter, joined, shares


@pytest.fixture
def planned(town):
    """Citra and Sari are asked about their shares of two outputs."""
    key = from_letter(town)
    confirmed(town)
    joined(town)
    town.squad_id = town.variables(key)["squad_id"]
    return town


def test_a_member_sees_his_lines_and_may_differ_with_a_note(planned):
    begun = planned.begun(planned.task("answer_shares", "sari"))
    assert [(r["title"], int(r["share_percent"])) for r in begun["shares"]] == [
        ("Rancangan portal", 40),
        ("Portal berjalan", 40),
    ]
    with pytest.raises(InputRefused):
        planned.do("answer_shares", "sari", answer="differ")
    planned.do("answer_shares", "sari", answer="differ", note="Saya mengerjakan lebih banyak")
    planned.do("answer_shares", "citra", answer="agree")
    task = planned.task("settle_shares", "wati")
    begun = planned.begun(task)
    assert [planned.names[r["person_id"]] for r in begun["objections"]] == ["sari"]
    lines = [
        {**row, "share_percent": 50} if row["title"] == "Portal berjalan" else row
        for row in begun["lines"]
    ]
    with pytest.raises((AccessRefused, NotFound)):
        planned.answer(task, {"lines": lines, "reason": "Adil"}, by="citra")
    with pytest.raises(InputRefused):
        planned.answer(task, {"lines": [{**lines[0], "share_percent": 1}, *lines[1:]],
                              "reason": "Adil"})  # fmt: skip
    planned.answer(task, {"lines": lines, "reason": "Pembagian yang disepakati"})
    assert shares(planned, planned.squad_id) == {
        "Rancangan portal": {"citra": 6000, "sari": 4000},
        "Portal berjalan": {"citra": 5000, "sari": 5000},
    }
    with planned.house.reading() as uow:
        outputs = uow.contributions.outputs(planned.ids["cycle"], planned.squad_id)
        versions = [uow.contributions.share_plan(output.id).version for output in outputs]
    assert versions == [1, 2]


def test_silence_does_not_hold_the_work_up(planned):
    planned.do("answer_shares", "citra", answer="agree")
    planned.pass_days(10)
    assert planned.waiting() == []


def test_nothing_is_asked_when_nothing_changes(planned):
    planned.do("answer_shares", "citra", answer="agree")
    planned.do("answer_shares", "sari", answer="agree")
    key = planned.start("squad_shares", squad_id=planned.squad_id, title="Tim Portal")
    assert planned.status(key) == "completed"


def test_flows(planned, every_flow):
    planned.note_walked()
    every_flow("squad_shares")
