"""Check-ins: an invitation, what was agreed in both words, promises followed to their day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from engine.domain.dialogue import CheckIn, CheckInState, Commitment, CommitmentState
from engine.usecases.errors import AccessRefused, InputRefused, NotFound

SOON = "2026-01-22T10:00:00+07:00"
LATER = "2026-01-26T13:00:00+07:00"
TOPICS = [{"topic": "Kemajuan portal"}]
PROMISES = [
    {"owner": "person", "text": "Kirim draf laporan", "due_on": "2026-02-06"},
    {"owner": "leader", "text": "Minta akses data", "due_on": "2026-02-06"},
]
AGREED = {"held": "yes", "agreed_text": "Laporan selesai Februari"}


def call(town, by="budi", partner="sari", at=SOON, **more):
    return town.ask(
        "check_in", by=by, partner_id=town.ids[partner], meets_at=at, topics=TOPICS, **more
    )


def the_check_in(town):
    with town.house.reading() as uow:
        [found] = uow.dialogues.check_ins(town.ids["sari"], town.ids["cycle"])
        return found


def promises(town):
    with town.house.reading() as uow:
        found = uow.dialogues.promises_of(town.ids["sari"], town.ids["cycle"])
        return {one.text: one for one in found}


def met(town, **agreed):
    """A check-in that took place and waits for the leader's words, then the employee's."""
    key = call(town)
    town.do("answer_invitation", "sari", answer="accept")
    town.move(datetime.fromisoformat(SOON) + timedelta(hours=1))
    if agreed:
        town.do("record_check_in", "budi", **agreed)
    return key


def test_leader_and_employee_agree_on_what_was_agreed(town):
    met(town, **AGREED, promises=PROMISES)
    begun = town.begun(town.task("confirm_check_in", "sari"))
    assert "Laporan selesai Februari" in begun["agreed"]
    assert "Minta akses data (2026-02-06)" in begun["agreed"]
    town.do("confirm_check_in", "sari", answer="agree")
    found = the_check_in(town)
    assert found.state is CheckInState.CONFIRMED
    assert (found.leader_id, found.person_id) == (town.ids["budi"], town.ids["sari"])
    assert found.held_on == date(2026, 1, 22)


def test_an_employee_may_ask_for_a_check_in_as_well(town):
    call(town, by="sari", partner="budi")
    town.do("answer_invitation", "budi", answer="accept", topics=[{"topic": "Cuti"}])
    with town.house.reading() as uow:
        topics = [(one.topic, one.raised_by) for one in uow.dialogues.agenda(the_check_in(town).id)]
    assert topics == [("Kemajuan portal", town.ids["sari"]), ("Cuti", town.ids["budi"])]


def test_nobody_calls_a_check_in_with_a_colleague_or_for_yesterday_or_about_nothing(town):
    with pytest.raises(InputRefused):
        call(town, by="dedi", partner="sari")
    with pytest.raises(InputRefused):
        call(town, at="2026-01-18T10:00:00+07:00")
    with pytest.raises(InputRefused):
        town.ask("check_in", by="budi", partner_id=town.ids["sari"], meets_at=SOON, topics=[])


def test_the_invited_one_may_propose_another_moment(town):
    call(town)
    town.do("answer_invitation", "sari", answer="move", other_at=LATER)
    assert "26 Januari" in town.begun(town.task("settle_moment", "budi"))["other"]
    town.do("settle_moment", "budi", answer="take")
    town.pass_days(4)
    assert town.waiting() == []
    town.pass_days(4)
    assert town.waiting() == [("record_check_in", "budi")]


def test_a_check_in_is_called_off_when_no_moment_suits(town):
    key = call(town)
    town.do("answer_invitation", "sari", answer="move", other_at=LATER)
    town.do("settle_moment", "budi", answer="call_off")
    assert (town.status(key), the_check_in(town).state) == ("completed", CheckInState.CALLED_OFF)


def test_an_unanswered_invitation_stands_when_its_moment_comes(town):
    call(town)
    town.move(datetime.fromisoformat(SOON) + timedelta(hours=1))
    assert town.waiting() == [("record_check_in", "budi")]
    assert the_check_in(town).state is CheckInState.AGREED


def test_who_did_not_meet_says_so(town):
    key = met(town, held="no")
    assert (town.status(key), the_check_in(town).state) == ("completed", CheckInState.NOT_HELD)


def test_a_leader_who_writes_nothing_down_is_reminded_and_it_counts_as_not_held(town):
    key = met(town)
    town.pass_days(4)
    assert town.told() == ["check_in_due"]
    town.pass_days(16)
    assert (town.status(key), the_check_in(town).state) == ("completed", CheckInState.NOT_HELD)


def test_the_employee_has_the_leaders_words_put_right(town):
    met(town, **AGREED)
    with pytest.raises(InputRefused):
        town.do("confirm_check_in", "sari", answer="correct", remark="")
    town.do("confirm_check_in", "sari", answer="correct", remark="Maret, bukan Februari")
    begun = town.begun(town.task("record_check_in", "budi"))
    assert begun["their_remark"] == "Maret, bukan Februari"
    town.do("record_check_in", "budi", held="yes", agreed_text="Laporan selesai Maret")
    town.do("confirm_check_in", "sari", answer="agree")
    assert the_check_in(town).agreed_text == "Laporan selesai Maret"


def test_a_silent_employee_confirms_nothing(town):
    key = met(town, **AGREED)
    town.pass_days(10)
    assert the_check_in(town).state is CheckInState.UNCONFIRMED
    assert town.status(key) == "completed"


def test_a_promise_comes_up_on_its_day_and_the_other_confirms_it(town):
    key = met(town, **AGREED, promises=PROMISES)
    town.do("confirm_check_in", "sari", answer="agree")
    assert town.waiting() == []
    town.move(datetime.fromisoformat("2026-02-06T12:00:00+07:00"))
    assert town.waiting() == [("report_promise", "budi"), ("report_promise", "sari")]
    town.do("report_promise", "sari", answer="done")
    town.do("confirm_promise", "budi", answer="yes")
    town.do("report_promise", "budi", answer="later", due_on="2026-02-20")
    assert promises(town)["Kirim draf laporan"].kept_in_time
    later = promises(town)["Minta akses data"]
    assert (later.due_on, later.first_due_on) == (date(2026, 2, 20), date(2026, 2, 6))
    town.move(datetime.fromisoformat("2026-02-20T12:00:00+07:00"))
    town.do("report_promise", "budi", answer="done")
    town.do("confirm_promise", "sari", answer="yes")
    kept = promises(town)["Minta akses data"]
    assert (kept.state, kept.kept_in_time) == (CommitmentState.KEPT, False)
    assert town.status(key) == "completed"


def test_nobody_confirms_his_own_promise(town):
    met(town, **AGREED, promises=PROMISES[:1])
    town.do("confirm_check_in", "sari", answer="agree")
    town.move(datetime.fromisoformat("2026-02-06T12:00:00+07:00"))
    with pytest.raises(AccessRefused):
        town.do("report_promise", "sari", by="budi", answer="done")
    town.do("report_promise", "sari", answer="done")
    with pytest.raises(NotFound):
        town.do("confirm_promise", "budi", by="sari", answer="yes")
    town.do("confirm_promise", "budi", answer="no")
    assert promises(town)["Kirim draf laporan"].state is CommitmentState.OPEN


def test_a_promise_without_report_or_answer_stays_open_and_is_carried_into_the_next_check_in(town):
    key = met(town, **AGREED, promises=PROMISES)
    town.do("confirm_check_in", "sari", answer="agree")
    town.move(datetime.fromisoformat("2026-02-06T12:00:00+07:00"))
    town.do("report_promise", "sari", answer="done")
    town.pass_days(30)
    assert town.status(key) == "completed"
    assert "promise_due" in town.told()
    assert {one.state for one in promises(town).values()} == {CommitmentState.OPEN}
    call(town, at="2026-03-16T10:00:00+07:00")
    town.do("answer_invitation", "sari", answer="accept")
    town.move(datetime.fromisoformat("2026-03-16T11:00:00+07:00"))
    rows = town.begun(town.task("record_check_in", "budi"))["their_promises"]
    assert [row["text"] for row in rows] == ["Kirim draf laporan"]
    kept = [{**row, "state": "kept"} for row in rows]
    town.do("record_check_in", "budi", held="yes", agreed_text="Lanjut", their_promises=kept)
    town.do("confirm_check_in", "sari", answer="agree")
    assert promises(town)["Kirim draf laporan"].state is CommitmentState.KEPT
    assert promises(town)["Minta akses data"].carried == 1


def test_what_a_later_check_in_settled_is_not_asked_again(town):
    met(town, **AGREED, promises=[PROMISES[1]])
    town.do("confirm_check_in", "sari", answer="agree")
    town.move(datetime.fromisoformat("2026-02-06T12:00:00+07:00"))
    call(town, at="2026-02-09T10:00:00+07:00")
    town.do("answer_invitation", "sari", answer="accept")
    town.move(datetime.fromisoformat("2026-02-09T11:00:00+07:00"))
    town.do("record_check_in", "budi", held="yes", agreed_text="Selesai")
    rows = town.begun(town.task("confirm_check_in", "sari"))["leader_promises"]
    kept = [{**row, "state": "kept"} for row in rows]
    town.do("confirm_check_in", "sari", answer="agree", leader_promises=kept)
    town.do("report_promise", "budi", answer="done")
    assert town.waiting() == []


def test_a_promise_that_moved_or_ended_meanwhile_waits_or_ends_by_itself(town):
    met(town, **AGREED, promises=PROMISES)
    town.do("confirm_check_in", "sari", answer="agree")
    with town.house.writing() as uow:
        one, two = (promises(town)[row["text"]] for row in PROMISES)
        uow.dialogues.put(replace(one, due_on=date(2026, 2, 13)))
        uow.dialogues.put(replace(two, state=CommitmentState.DROPPED, closed_on=date(2026, 1, 30)))
        uow.commit()
    town.move(datetime.fromisoformat("2026-02-06T12:00:00+07:00"))
    assert town.waiting() == []
    town.move(datetime.fromisoformat("2026-02-13T12:00:00+07:00"))
    assert town.waiting() == [("report_promise", "sari")]


def test_only_the_leader_writes_and_only_the_employee_confirms(town):
    met(town)
    with pytest.raises(NotFound):
        town.do("record_check_in", "budi", by="sari", **AGREED)
    town.do("record_check_in", "budi", **AGREED)
    with pytest.raises(AccessRefused):
        town.do("confirm_check_in", "sari", by="budi", answer="agree")


def test_the_cadence_counts_what_took_place_and_who_was_left_out(town):
    met(town, **AGREED, promises=PROMISES)
    town.do("confirm_check_in", "sari", answer="agree")
    with town.house.reading() as uow:
        rows = {
            row.person_id: row for row in uow.dialogues.cadence(town.ids["budi"], town.ids["cycle"])
        }
        assert uow.dialogues.get(CheckIn, "nobody") is None
        assert uow.dialogues.get(Commitment, "nobody") is None
    assert set(rows) == {town.ids["sari"], town.ids["dedi"]}
    sari, dedi = rows[town.ids["sari"]], rows[town.ids["dedi"]]
    assert (sari.confirmed, sari.last_on, sari.promised) == (1, date(2026, 1, 22), 1)
    assert (dedi.confirmed, dedi.last_on) == (0, None)


def test_every_flow_of_check_ins_is_walked(every_flow):
    every_flow("check_in")
    every_flow("promise")
