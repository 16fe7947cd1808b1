"""A squad from the letter, from an appointment and from volunteers, until its letter ends."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

import pytest

from engine.domain.cycles import Cycle, CycleStatus
from engine.domain.formation import FormationStatus
from engine.domain.squads import Consent
from engine.usecases.errors import AccessRefused, Conflict, InputRefused
from tests.workflows.forming import (
    agreed,
    call_for,
    confirmed,
    formation,
    from_letter,
    joined,
    learnt,
    listed,
    members,
    shares,
    signs,
)

FAULTY = """1. Citra 19850520 201001 2 006 ketua 20 %
Sari 199001012015042004 ketua
entah siapa
19850520 201001 2 006 anggota
19850520 201001 2 00 anggota
197601012001042003 anggota 10%
196001011985031009 anggota 10%"""


def formed(town, **values):
    key = from_letter(town, **values)
    confirmed(town)
    joined(town)
    agreed(town, "citra", "sari")
    return key, town.variables(key)["squad_id"]


def test_a_letter_becomes_a_squad_with_members_outputs_points_and_shares(town):
    key = from_letter(town)
    begun = town.begun(town.task("confirm_squad", "wati"))
    assert begun["code"] == "pusat-2026-01"
    assert begun["letter_no"] == "ST-7/2026"
    assert [row["role"] for row in begun["members"]] == ["ketua", "anggota"]
    confirmed(town)
    joined(town)
    squad_id = town.variables(key)["squad_id"]
    # 2 x 20 against 1 x 10 is 80 to 20; the lead is capped at 60
    assert shares(town, squad_id) == {
        "Rancangan portal": {"citra": 6000, "sari": 4000},
        "Portal berjalan": {"citra": 6000, "sari": 4000},
    }
    agreed(town, "citra", "sari")
    with town.house.reading() as uow:
        outputs = uow.contributions.outputs(town.ids["cycle"], squad_id)
        [letter] = uow.formation.letters(squad_id)
        squad = uow.contributions.squad_by_code(town.ids["agency"], "pusat-2026-01")
    assert [o.value_points for o in outputs] == [15, 25]
    assert squad.budget_points == 40
    assert letter.letter_no == "ST-7/2026"
    rows = members(town, squad_id)
    assert rows["sari"][0].consent is Consent.GIVEN
    assert formation(town, key).status is FormationStatus.FORMED
    # nothing is done about the end: the letter runs out by itself
    town.move(datetime.fromisoformat("2026-07-01T01:00:00+07:00"))
    learnt(town, key)


def test_a_longer_squad_needs_another_letter_and_asks_everybody_again(town):
    key, squad_id = formed(town)
    town.move(datetime.fromisoformat("2026-06-02T09:00:00+07:00"))
    with pytest.raises(InputRefused):
        town.do("extend_or_close", "wati", decision="extend", letter_no="ST-7/2026",
                ends_on="2026-09-30")  # fmt: skip
    with pytest.raises(InputRefused):
        town.do("extend_or_close", "wati", decision="extend", letter_no="ST-9/2026",
                ends_on="2027-07-30")  # fmt: skip
    town.do("extend_or_close", "wati", decision="extend", letter_no="ST-9/2026",
            ends_on="2026-09-30")  # fmt: skip
    joined(town)
    agreed(town, *(name for element, name in town.waiting() if element == "answer_shares"))
    rows = members(town, squad_id)
    assert [(r.valid_from, r.valid_to) for r in rows["sari"]] == [
        (date(2026, 2, 2), date(2026, 7, 1)),
        (date(2026, 7, 1), None),
    ]
    town.move(datetime.fromisoformat("2026-09-02T09:00:00+07:00"))
    town.do("extend_or_close", "wati", decision="close")
    town.move(datetime.fromisoformat("2026-10-01T09:00:00+07:00"))
    learnt(town, key)


def test_members_are_appointed_when_no_letter_names_them(town):
    key = call_for(town, "appointed")
    town.do("name_members", "wati", members=listed(("citra", "ketua", ""), ("dedi", "", "")))
    begun = town.begun(town.task("confirm_squad", "wati"))
    # 60 person-days of two people over 131 working days: 23 per cent each
    assert [int(row["effort_percent"]) for row in begun["members"]] == [23, 23]
    with pytest.raises(InputRefused):
        confirmed(town, letter_no="")
    confirmed(town, letter_no="ST-8/2026", outputs=[out("2026-06-30")])
    assert formation(town, key).letter_no == "ST-8/2026"


def test_volunteers_are_chosen_with_reasons_and_everybody_is_answered(town):
    key = call_for(town, "volunteers", apply_until="2026-02-10")
    apply(town, "sari")
    apply(town, "eko")
    with pytest.raises(InputRefused):
        apply(town, "sari")
    with pytest.raises(InputRefused):
        apply(town, "wati")
    town.move(datetime.fromisoformat("2026-02-11T09:00:00+07:00"))
    with pytest.raises(InputRefused):
        apply(town, "dedi")
    choose(town, {"sari": "take", "eko": "pass"}, next="form", refused=True)
    choose(town, {"sari": "take", "eko": "pass"}, next="stop", reason="Beban", refused=True)
    choose(town, {"sari": "take", "eko": "pass"}, next="form", reason="Beban lain", role="ketua")
    assert ("read_answer", "eko") in town.waiting()
    assert ("read_answer", "sari") in town.waiting()
    eko = town.begun(town.task("read_answer", "eko"))
    assert (eko["taken"], eko["reason"]) == ("false", "Beban lain")
    confirmed(town, letter_no="ST-8/2026", outputs=[out("2026-06-30")])
    assert ("sign_membership", "sari") in town.waiting()
    assert formation(town, key).status is FormationStatus.FORMED


def test_without_a_volunteer_the_owner_appoints(town):
    call_for(town, "volunteers", apply_until="2026-02-10")
    town.move(datetime.fromisoformat("2026-02-11T09:00:00+07:00"))
    town.do("choose_volunteers", "wati", volunteers=[], next="appoint")
    town.task("name_members", "wati")


def test_a_call_may_come_to_nothing(town):
    key = call_for(town, "volunteers", apply_until="2026-02-10")
    apply(town, "eko")
    town.move(datetime.fromisoformat("2026-02-11T09:00:00+07:00"))
    choose(town, {"eko": "pass"}, next="stop", reason="Tim batal")
    assert formation(town, key).status is FormationStatus.DROPPED
    assert town.status(key) == "completed"


def test_every_fault_of_the_list_is_named_by_its_line(town):
    text = FAULTY
    with pytest.raises(InputRefused) as refused:
        from_letter(town, members=text)
    assert [(fault.field, fault.code) for fault in refused.value.faults] == [
        ("members.1", "lead_twice"),
        ("members.2", "nip_missing"),
        ("members.3", "nip_twice"),
        ("members.4", "nip"),
        ("members.5", "member_sponsor"),
        ("members.6", "unknown_person"),
    ]


def test_only_the_head_of_the_unit_who_stands_above_him_or_hr_opens_a_formation(town):
    for by in ("sari", "citra", "budi"):
        with pytest.raises(AccessRefused):
            from_letter(town, by=by)
    for by in ("ratna", "joko"):
        from_letter(town, by=by)
        assert [t[1] for t in town.waiting() if t[0] == "confirm_squad"][-1] == "wati"


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"ends_on": "2027-02-02"}, "squad_long"),
        ({"ends_on": "2026-01-01"}, "squad_days"),
        ({"letter_no": ""}, "letter_missing"),
    ],
)
def test_a_letter_covers_a_year_at_most_and_has_a_number(town, values, code):
    with pytest.raises(InputRefused) as refused:
        from_letter(town, **values)
    assert [fault.code for fault in refused.value.faults] == [code]


def test_outputs_stay_inside_the_person_days_agreed_and_the_squads_time(town):
    from_letter(town)
    for outputs, code in (
        ([], "no_output"),
        ([out("2026-06-30", 41)], "days_over"),
        ([out("2026-07-01", 10)], "output_due"),
    ):
        with pytest.raises(InputRefused) as refused:
            confirmed(town, outputs=outputs)
        assert [fault.code for fault in refused.value.faults] == [code]
    with pytest.raises(InputRefused) as refused:
        confirmed(town, code="T1")
    assert [fault.code for fault in refused.value.faults] == ["code_taken"]


def test_the_database_holds_the_year_and_the_letter_as_well(town):
    _, squad_id = formed(town)
    with town.house.writing() as uow:
        squad = uow.contributions.squad_by_code(town.ids["agency"], "pusat-2026-01")
        assert squad.id == squad_id
        with pytest.raises(Conflict, match="squad_extended_by_letter"):
            uow.contributions.put(replace(squad, ends_on=date(2026, 12, 31)))


def delivering(town):
    town.worker.drain()
    return [who for element, who in town.waiting() if element == "deliver_output"]


def test_outputs_of_a_squad_formed_in_a_running_cycle_begin_with_it(town):
    with town.house.writing() as uow:
        cycle = uow.performance.get(Cycle, town.ids["cycle"])
        uow.performance.put(replace(cycle, status=CycleStatus.RUNNING))
        uow.commit()
    key = from_letter(town)
    confirmed(town)
    joined(town)
    # nothing is delivered before everybody answered for his share
    assert delivering(town) == []
    agreed(town, "citra", "sari")
    assert delivering(town) == ["citra", "citra"]
    squad_id = town.variables(key)["squad_id"]
    with town.house.reading() as uow:
        outputs = uow.contributions.outputs(town.ids["cycle"], squad_id)
        seen = [town.house.runner.task_variables(uow, t.key) for t in town.open("deliver_output")]
    assert {one["output_id"] for one in seen} == {output.id for output in outputs}


def test_outputs_of_a_squad_formed_before_its_cycle_runs_wait_for_everybodys(town):
    formed(town)
    assert delivering(town) == []


def test_flows(town, every_flow):
    key = from_letter(town, members=(("eko", "ketua", "10 %"),))
    confirmed(town, outputs=[out("2026-06-30")])
    signs(town, "eko")
    agreed(town, "eko")
    town.move(datetime.fromisoformat("2026-06-30T12:00:00+07:00"))
    town.do("extend_or_close", "wati", decision="close")
    town.move(datetime.fromisoformat("2026-07-02T12:00:00+07:00"))
    learnt(town, key, "eko")
    town.note_walked()
    every_flow("squad_formation")


def out(due_on, days=20):
    return {
        "title": "Laporan",
        "indicator": "Laporan diterima",
        "target": "1 laporan",
        "person_days": days,
        "due_on": due_on,
    }


def apply(town, who):
    with town.house.reading() as uow:
        [call] = uow.formation.open_calls(town.ids["agency"], date(2026, 1, 20)) or [None]
    form = {"call_id": call.id, "effort_percent": 20, "motive": "Ingin belajar"}
    return town.ask("squad_volunteer", by=who, **form)


def choose(town, answers, *, refused=False, reason="", role="anggota", **values):
    task = town.task("choose_volunteers", "wati")
    rows = []
    for row in town.begun(task)["volunteers"]:
        decision = answers[town.names[row["person_id"]]]
        said = {"decision": decision, "role": role, "reason": "" if decision == "take" else reason}
        rows.append({**row, **said})
    if refused:
        with pytest.raises(InputRefused):
            town.answer(task, {"volunteers": rows, **values})
    else:
        town.answer(task, {"volunteers": rows, **values})
