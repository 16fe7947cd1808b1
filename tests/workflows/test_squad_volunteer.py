"""Volunteering: the load is seen before, the answer comes with its reason."""

from __future__ import annotations

from datetime import date, datetime

from engine.usecases import starting
from tests.workflows.forming import call_for


def test_a_volunteer_sees_his_load_and_gets_an_answer(town, every_flow):
    call_for(town, "volunteers", apply_until="2026-02-10")
    seen = starting.start_view(town.house, town.actor("eko"), "squad_volunteer")
    # the squad he is in takes 20, home has 80
    assert int(seen.variables["load_now"]) == 100
    with town.house.reading() as uow:
        [call] = uow.formation.open_calls(town.ids["agency"], date(2026, 1, 20))
    form = {"call_id": call.id, "effort_percent": 20, "motive": "Ingin belajar"}
    key = town.ask("squad_volunteer", by="eko", **form)
    town.move(datetime.fromisoformat("2026-02-11T09:00:00+07:00"))
    task = town.task("choose_volunteers", "wati")
    [row] = town.begun(task)["volunteers"]
    assert int(row["load_percent"]) == 120
    answer = {**row, "decision": "pass", "reason": "Beban sudah penuh"}
    town.answer(task, {"volunteers": [answer], "next": "stop"})
    told = town.begun(town.task("read_answer", "eko"))
    assert (told["taken"], told["reason"]) == ("false", "Beban sudah penuh")
    town.do("read_answer", "eko")
    assert town.status(key) == "completed"
    town.note_walked()
    every_flow("squad_volunteer")
