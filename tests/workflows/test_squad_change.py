"""Members change forward only: effort, exit, join, lead; shares follow time, everybody is told."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

import pytest
import sqlalchemy as sa

from engine.domain.joining import ChangeKind, ChangeStatus, SquadChange
from engine.domain.squads import Acceptance, Consent, SquadRole
from engine.persistence.tables.waiting import message
from engine.usecases.errors import AccessRefused, Conflict, InputRefused
from tests.workflows.agency import PEOPLE
from tests.workflows.forming import confirmed, from_letter, members, shares, signs

FROM = "2026-02-16"


def change(town, kind, who, by="citra", **values):
    form = {"squad_id": town.ids["squad"], "kind": kind, "member_nip": PEOPLE[who][0]}
    form |= {"from_on": FROM, "reason": "Beban berubah"}
    return town.ask("squad_change", by=by, **{**form, **values})


def everybody_agrees(town):
    for _, who in [one for one in town.waiting() if one[0] == "answer_shares"]:
        town.do("answer_shares", who, answer="agree")


def to_the_day(town, key):
    everybody_agrees(town)
    town.move(datetime.fromisoformat("2026-02-16T08:00:00+07:00"))
    assert town.status(key) == "completed"


def test_a_smaller_effort_holds_from_its_day_and_shares_follow_the_time(town):
    key = change(town, "effort", "sari", effort_percent=10)
    old, new = members(town, town.ids["squad"])["sari"]
    assert (old.effort_bp, old.valid_to) == (2000, date(2026, 2, 16))
    assert (new.effort_bp, new.valid_from, new.consent) == (
        1000, date(2026, 2, 16), Consent.GIVEN,
    )  # fmt: skip
    # 90 days to the end of March: Citra 2x20x90, Eko 20x90, Sari 20x46 + 10x44
    assert shares(town, town.ids["squad"]) == {
        "Portal data": {"citra": 5325, "eko": 2663, "sari": 2012}
    }
    asked = [who for element, who in town.waiting() if element == "answer_shares"]
    assert asked == ["citra", "eko", "sari"]
    to_the_day(town, key)


def test_a_larger_effort_is_signed_and_lent_anew(town):
    key = change(town, "effort", "sari", effort_percent=30)
    signs(town, "sari")
    town.do("give_consent", "budi", decision="given")
    to_the_day(town, key)


def test_an_exit_tells_the_persons_year_on_its_day_and_keeps_what_was_worked(town):
    key = change(town, "exit", "eko")
    assert members(town, town.ids["squad"])["eko"][0].valid_to == date(2026, 2, 16)
    assert shares(town, town.ids["squad"])["Portal data"]["eko"] > 0
    assert left(town) == []
    to_the_day(town, key)
    assert left(town) == [f"{town.ids['eko']}:{town.ids['cycle']}"]


def left(town):
    query = sa.select(message.c.correlation_key).where(message.c.name == "member_left")
    with town.wired.database.reading.connect() as connection:
        return list(connection.execute(query).scalars())


def test_somebody_joins_from_a_day_on(town):
    key = change(town, "join", "dedi", by="wati", effort_percent=10)
    signs(town, "dedi")
    town.do("give_consent", "budi", decision="given")
    assert shares(town, town.ids["squad"])["Portal data"]["dedi"] > 0
    to_the_day(town, key)


def claiming(town):
    return [who for element, who in town.waiting() if element == "claim_early"]


def test_who_joins_while_an_output_is_open_claims_in_it(town):
    town.start("contribution", output_id=town.ids["output"], cycle_id=town.ids["cycle"])
    key = change(town, "join", "dedi", by="wati", effort_percent=10)
    signs(town, "dedi")
    town.do("give_consent", "budi", decision="given")
    to_the_day(town, key)
    town.do("deliver_output", "citra", note="Lengkap")
    assert claiming(town) == ["citra", "dedi", "eko", "sari"]
    planned = shares(town, town.ids["squad"])["Portal data"]
    assert sum(planned.values()) == 10_000


def test_who_left_while_an_output_was_open_claims_what_he_worked_and_no_more(town):
    town.start("contribution", output_id=town.ids["output"], cycle_id=town.ids["cycle"])
    before = shares(town, town.ids["squad"])["Portal data"]["eko"]
    to_the_day(town, change(town, "exit", "eko"))
    town.do("deliver_output", "citra", note="Lengkap")
    assert claiming(town) == ["citra", "eko", "sari"]
    planned = shares(town, town.ids["squad"])["Portal data"]
    assert 0 < planned["eko"] < before
    assert sum(planned.values()) == 10_000


def test_who_leaves_an_output_that_was_delivered_keeps_his_claim(town):
    town.start("contribution", output_id=town.ids["output"], cycle_id=town.ids["cycle"])
    town.do("deliver_output", "citra", note="Lengkap")
    before = shares(town, town.ids["squad"])["Portal data"]
    key = change(town, "exit", "eko")
    everybody_agrees(town)
    assert claiming(town) == ["citra", "eko", "sari"]
    assert shares(town, town.ids["squad"])["Portal data"] == before
    town.move(datetime.fromisoformat("2026-02-16T08:00:00+07:00"))
    assert town.status(key) == "completed"


def test_who_joins_after_the_delivery_has_no_share_in_it(town):
    town.start("contribution", output_id=town.ids["output"], cycle_id=town.ids["cycle"])
    town.do("deliver_output", "citra", note="Lengkap")
    before = shares(town, town.ids["squad"])["Portal data"]
    key = change(town, "join", "dedi", by="wati", effort_percent=10)
    signs(town, "dedi")
    town.do("give_consent", "budi", decision="given")
    to_the_day(town, key)
    assert claiming(town) == ["citra", "eko", "sari"]
    assert shares(town, town.ids["squad"])["Portal data"] == before


def test_another_lead_takes_over_with_a_note(town):
    with pytest.raises(AccessRefused):
        change(town, "lead", "sari", handover="Semua berkas di folder tim")
    with pytest.raises(InputRefused):
        change(town, "lead", "sari", by="wati")
    key = change(town, "lead", "sari", by="wati", handover="Semua berkas di folder tim")
    rows = members(town, town.ids["squad"])
    assert [row.role for row in rows["sari"]] == [SquadRole.ANGGOTA, SquadRole.KETUA]
    assert [row.role for row in rows["citra"]] == [SquadRole.KETUA, SquadRole.ANGGOTA]
    signs(town, "sari")
    to_the_day(town, key)
    with town.house.reading() as uow:
        squad = uow.contributions.squad_by_code(town.ids["agency"], "T1")
        [done] = uow.formation.changes(squad.id)
    assert (done.kind, done.status) == (ChangeKind.LEAD, ChangeStatus.DONE)


def test_what_waits_for_the_lead_goes_to_the_lead_who_follows(town):
    town.start("contribution", output_id=town.ids["output"], cycle_id=town.ids["cycle"])
    assert ("deliver_output", "citra") in town.waiting()
    key = change(town, "lead", "sari", by="wati", handover="Semua berkas di folder tim")
    signs(town, "sari")
    assert ("deliver_output", "citra") in town.waiting()
    to_the_day(town, key)
    assert ("deliver_output", "sari") in town.waiting()
    assert not town.audit_faults()


@pytest.mark.parametrize("day", ["2026-01-19", "2026-01-02"])
def test_nothing_is_changed_backwards(town, day):
    with pytest.raises(InputRefused) as refused:
        change(town, "effort", "sari", effort_percent=10, from_on=day)
    assert {fault.code for fault in refused.value.faults} & {"back_dated", "effort_back_dated"}


def test_nobody_changes_himself_his_superior_or_a_squad_that_is_not_his(town):
    for who, by in (("citra", "citra"), ("sari", "eko"), ("sari", "budi"), ("sari", "ratna")):
        with pytest.raises(AccessRefused):
            change(town, "exit", who, by=by)
    change(town, "exit", "sari", by="joko")


def grieved(town):
    """Sari said that her membership is too much: she spoke up about her lead and her sponsor."""
    row = members(town, town.ids["squad"])["sari"][0]
    with town.house.writing() as uow:
        said = replace(row, acceptance=Acceptance.OVERLOAD, accepted_at=town.house.clock.now())
        uow.contributions.put(said)
        uow.commit()


def test_a_lead_does_not_change_his_own_superior(town):
    """Ketua = the member's subordinate: only the sponsor or perf_admin may."""
    from_letter(town, members=(("sari", "ketua", "10 %"), ("budi", "anggota", "10 %")))
    confirmed(town)
    with town.house.reading() as uow:
        squad = uow.contributions.squad_by_code(town.ids["agency"], "pusat-2026-01")
    with pytest.raises(AccessRefused):
        change(town, "exit", "budi", by="sari", squad_id=squad.id)
    change(town, "exit", "budi", by="wati", squad_id=squad.id)


def test_after_a_grievance_the_sponsor_signs_as_the_second(town):
    grieved(town)
    key = change(town, "exit", "sari")
    assert town.waiting() == [("countersign", "wati")]
    assert "Keluar" in town.begun(town.task("countersign", "wati"))["summary"]
    with pytest.raises(InputRefused):
        town.do("countersign", "wati", decision="refuse")
    town.do("countersign", "wati", decision="refuse", reason="Tidak beralasan")
    assert town.status(key) == "completed"
    assert members(town, town.ids["squad"])["sari"][0].valid_to is None
    key = change(town, "exit", "sari")
    town.do("countersign", "wati", decision="approve")
    assert members(town, town.ids["squad"])["sari"][0].valid_to == date(2026, 2, 16)
    to_the_day(town, key)


def test_the_database_refuses_what_is_dated_back(town):
    with town.house.writing() as uow:
        row = SquadChange(
            id=town.house.ids.uuid(),
            squad_id=town.ids["squad"],
            kind=ChangeKind.EFFORT,
            person_id=town.ids["sari"],
            role=None,
            effort_bp=1000,
            decided_on=date(2026, 1, 19),
            effective_on=date(2026, 1, 19),
            reason="x",
            handover="",
            proposed_by=town.ids["citra"],
            second_by=None,
            status=ChangeStatus.PROPOSED,
            at=town.house.clock.now(),
        )
        with pytest.raises(Conflict, match="forward_dated"):
            uow.formation.add([row])
        kept = members(town, town.ids["squad"])["sari"][0]
        with pytest.raises(Conflict, match="membership_effort_kept"):
            uow.contributions.put(replace(kept, effort_bp=100))


def test_flows(town, every_flow):
    key = change(town, "exit", "eko")
    to_the_day(town, key)
    town.note_walked()
    every_flow("squad_change")
