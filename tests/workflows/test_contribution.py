"""Contribution: one output from delivery to seal, each member's line, pool, disputes."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from engine.domain.claims import ClaimState
from engine.domain.ledger import COLLECTIVE, POOL
from engine.domain.outputs import OutputStatus
from engine.domain.people import Substitution
from engine.domain.squads import Acceptance, Consent, Membership, Squad
from engine.usecases.errors import AccessRefused, Conflict, InputRefused, NotFound
from tests.workflows.contributing import (
    CLAIM,
    EXPECTED,
    accepted,
    attest,
    attested,
    balances,
    begin,
    books_hold,
    claim,
    claim_state,
    dispute,
    lapse,
    output_status,
    read,
)


def test_an_output_goes_from_delivery_to_seal(town):
    key = accepted(town)
    for who, percent in EXPECTED.items():
        begun = town.begun(town.task("claim", who))
        assert begun["claimed_percent"] == percent
    attested(town, "citra", "sari", "eko")
    assert balances(town) == {"citra": 5000, "sari": 2500, "eko": 2500}
    assert town.waiting() == []
    town.pass_days(15)
    assert town.status(key) == "completed"
    assert output_status(town) is OutputStatus.SEALED
    assert {claim_state(town, who) for who in EXPECTED} == {ClaimState.SEALED}
    assert books_hold(town) == []


def test_the_lead_s_own_line_goes_to_the_sponsor_and_members_to_the_lead(town):
    accepted(town)
    for who in EXPECTED:
        claim(town, who)
    held = {town.subject(task): town.holder(task) for task in town.open("attest")}
    assert held == {"citra": "wati", "sari": "citra", "eko": "citra"}


def test_nobody_attests_his_own_line(town):
    accepted(town)
    for who in EXPECTED:
        claim(town, who)
    for who in EXPECTED:
        with pytest.raises((NotFound, AccessRefused)):
            town.do("attest", about=who, by=who, decision="attest", commitment="met")


def test_nobody_but_the_lead_attests_a_member_s_line(town):
    accepted(town)
    claim(town, "sari")
    for who in ("sari", "eko", "wati", "budi", "ratna", "joko", "lina"):
        with pytest.raises((NotFound, AccessRefused)):
            town.do("attest", about="sari", by=who, decision="attest", commitment="met")
    attest(town, "sari")


def test_a_claim_needs_evidence_and_a_share(town):
    accepted(town)
    with pytest.raises(InputRefused):
        town.do("claim", "sari", **{**CLAIM, "evidence_link": ""})
    with pytest.raises(InputRefused):
        claim(town, "sari", claimed_percent=0)
    with pytest.raises(InputRefused):
        claim(town, "sari", claimed_percent="12.345")
    assert balances(town)[POOL] == 10_000


def test_an_output_that_is_late_is_reminded_of_and_one_sent_back_is_delivered_again(town):
    begin(town)
    town.move(datetime.fromisoformat("2026-04-01T09:00:00+07:00"))
    assert town.told() == ["delivery_due"]
    town.do("deliver_output", "citra", note="Lengkap")
    with pytest.raises(InputRefused):
        town.do("accept_output", "wati", decision="return")
    town.do("accept_output", "wati", decision="return", note="Lampiran hilang")
    assert output_status(town) is OutputStatus.PLANNED
    town.do("redeliver_output", "citra", note="Dengan lampiran")
    town.do("accept_output", "wati", decision="accept", attainment=100)
    assert output_status(town) is OutputStatus.ACCEPTED


def test_a_silent_sponsor_s_superior_accepts(town):
    begin(town)
    town.do("deliver_output", "citra", note="Lengkap")
    town.pass_days(5)
    assert town.holder(town.task("accept_for_sponsor")) == "ratna"
    # she stands on top: the performance managers are told, and she is asked again
    town.pass_days(5)
    assert town.told().count("nobody_above") == 1
    with pytest.raises(NotFound):
        town.do("accept_for_sponsor", by="citra", decision="accept", attainment=120)
    town.do("accept_for_sponsor", "ratna", decision="accept", attainment=100)
    assert output_status(town) is OutputStatus.ACCEPTED


def test_acceptance_states_an_attainment_up_to_120(town):
    begin(town)
    town.do("deliver_output", "citra", note="Lengkap")
    for attainment in (None, 121, -1):
        with pytest.raises(InputRefused):
            town.do("accept_output", "wati", decision="accept", attainment=attainment)


def test_a_silent_member_is_reminded_then_the_lead_claims_for_him(town):
    accepted(town)
    attested(town, "citra", "sari")
    town.pass_days(8)
    assert town.told() == ["claim_due"]
    town.pass_days(6)
    assert town.waiting() == [("claim_for_member", "citra")]
    town.do("claim_for_member", "citra", **CLAIM)
    with pytest.raises(NotFound):
        town.do("acknowledge_claim", by="citra", answer="accept")
    town.do("acknowledge_claim", "eko", answer="accept")
    # who claimed in his name does not attest it too
    assert town.waiting() == [("attest_for_lead", "wati")]
    town.do("attest_for_lead", decision="attest", commitment="met")
    assert balances(town)["eko"] == 2500


def test_what_nobody_claims_lapses_and_stays_in_the_pool(town):
    accepted(town)
    attested(town, "citra", "sari")
    lapse(town, "eko")
    assert claim_state(town, "eko") is ClaimState.LAPSED
    assert balances(town)[POOL] == 2500
    assert town.waiting() == [("allocate_remainder", "wati")]


def test_a_silent_attester_gives_way_to_the_sponsor(town):
    accepted(town)
    claim(town, "sari")
    town.pass_days(4)
    task = town.task("attest_for_lead", about="sari")
    assert town.holder(task) == "wati"
    assert claim_state(town, "sari") is ClaimState.CLAIMED
    town.do("attest_for_lead", about="sari", decision="attest", commitment="met")
    assert balances(town)["sari"] == 2500


def test_a_silent_sponsor_gives_way_to_his_superior_for_the_lead_s_own_line(town):
    accepted(town)
    claim(town, "citra")
    assert town.holder(town.task("attest", about="citra")) == "wati"
    town.pass_days(4)
    assert town.holder(town.task("attest_for_lead", about="citra")) == "ratna"
    town.do("attest_for_lead", about="citra", decision="attest", commitment="met")
    assert balances(town)["citra"] == 5000


def test_a_third_return_goes_to_the_sponsor(town):
    accepted(town)
    for _ in range(2):
        claim(town, "sari")
        attest(town, "sari", decision="return", commitment=None, reason="Bukti tidak terbuka")
        assert town.task("claim", "sari")
    claim(town, "sari")
    with pytest.raises(InputRefused):
        attest(town, "sari", decision="return", commitment=None, reason="")
    attest(town, "sari", decision="return", commitment=None, reason="Masih tidak terbuka")
    assert town.holder(town.task("attest_for_lead", about="sari")) == "wati"
    town.do("attest_for_lead", about="sari", decision="attest", commitment="met")
    assert balances(town)["sari"] == 2500


def test_inside_the_band_one_signature_with_a_reason_is_enough(town):
    accepted(town)
    claim(town, "sari")
    move = {"decision": "adjust", "share_percent": 27, "reason": "Lebih banyak data"}
    with pytest.raises(InputRefused):
        attest(town, "sari", **move)
    attest(town, "sari", **move, reason_code="effort")
    assert balances(town)["sari"] == 2700
    assert claim_state(town, "sari") is ClaimState.ADJUSTED


def test_a_small_move_that_changes_the_role_s_word_needs_the_second_signature(town):
    accepted(town, attainment=100)
    claim(town, "sari")
    # 100 * 27 / 25 = 108 is above 105: "di atas" instead of "sesuai"
    move = {"decision": "adjust", "share_percent": 27, "reason": "Lebih", "reason_code": "effort"}
    attest(town, "sari", **move)
    assert balances(town) == {POOL: 10_000}
    assert town.task("answer_adjustment", "sari")


def test_outside_the_band_the_member_answers_and_the_sponsor_signs(town):
    accepted(town)
    claim(town, "sari")
    attest(
        town,
        "sari",
        decision="adjust",
        share_percent=15,
        reason_code="effort",
        reason="Sebagian dikerjakan rekan",
    )
    assert balances(town) == {POOL: 10_000}
    with pytest.raises(NotFound):
        town.do("answer_adjustment", by="citra", answer="agree")
    town.do("answer_adjustment", "sari", answer="disagree", note="Bukti saya lengkap")
    assert town.holder(town.task("cosign")) == "wati"
    with pytest.raises(NotFound):
        town.do("cosign", by="citra", decision="approve", reason="Saya setuju")
    town.do("cosign", "wati", decision="approve", reason="Sesuai bukti")
    assert balances(town)["sari"] == 1500


def test_a_member_who_does_not_answer_stops_nobody(town):
    accepted(town)
    claim(town, "sari", claimed_percent=40)
    attest(town, "sari")
    town.pass_days(5)
    town.do("cosign", "wati", decision="approve", reason="Sesuai bukti")
    assert balances(town)["sari"] == 4000


def test_a_refused_second_signature_sends_the_line_back_to_the_attester(town):
    accepted(town)
    claim(town, "sari")
    out = {"decision": "adjust", "reason_code": "quality", "reason": "Mutu"}
    attest(town, "sari", **out, share_percent=10)
    town.do("answer_adjustment", "sari", answer="disagree")
    town.do("cosign", "wati", decision="refuse", reason="Terlalu jauh")
    assert claim_state(town, "sari") is ClaimState.CLAIMED
    attest(town, "sari", **out, share_percent=24)
    assert balances(town)["sari"] == 2400


def test_a_return_by_the_sponsor_goes_back_to_the_member(town):
    accepted(town)
    claim(town, "sari")
    town.pass_days(4)
    town.do(
        "attest_for_lead", about="sari", decision="return", reason="Bukti kosong", commitment=None
    )
    assert town.holder(town.task("claim", "sari")) == "sari"


def test_the_remainder_becomes_collective_inside_its_cap_or_goes_to_members(town):
    accepted(town)
    attested(town, "citra", "sari")
    lapse(town, "eko")
    begun = town.begun(town.task("allocate_remainder"))
    assert begun["collective_percent"] == 10
    offered = {town.names[row["person_id"]]: row["share_percent"] for row in begun["lines"]}
    assert offered == {"citra": 10, "sari": 5, "eko": 0}
    with pytest.raises(InputRefused):
        town.do("allocate_remainder", "wati", collective_percent=25, lines=[], reason="Bersama")
    with pytest.raises(InputRefused):
        town.do("allocate_remainder", "wati", collective_percent=5, reason="Bersama")
    lines = [
        {**row, "share_percent": 15 if row["person_id"] == town.ids["sari"] else 0}
        for row in begun["lines"]
    ]
    with pytest.raises(NotFound):
        town.do("allocate_remainder", by="sari", collective_percent=10, lines=lines, reason="x")
    town.do("allocate_remainder", "wati", collective_percent=10, lines=lines, reason="Bersama")
    assert balances(town) == {COLLECTIVE: 1000, "citra": 5000, "sari": 4000}
    assert [name for _, name in town.waiting()] == ["citra", "eko", "sari"]
    read(town, "citra", "eko", "sari")
    town.pass_days(15)
    assert output_status(town) is OutputStatus.SEALED
    assert books_hold(town) == []


def test_a_dispute_is_heard_decided_restated_and_the_window_opens_again(town):
    key = accepted(town)
    attested(town, "citra", "sari", "eko")
    town.pass_days(5)
    dispute(town, "sari")
    assert town.waiting() == [
        ("hear_party", "citra"),
        ("hear_party", "eko"),
        ("hear_party", "sari"),
    ]
    for who in EXPECTED:
        town.do("hear_party", who, statement="Saya mengerjakan bagian saya")
    # the sponsor attested the lead's line: the next above decides
    assert town.waiting() == [("decide_dispute", "ratna")]
    begun = town.begun(town.task("decide_dispute"))
    shares = {"citra": 45, "sari": 30, "eko": 25}
    lines = [
        {**row, "share_percent": shares[town.names[row["person_id"]]]} for row in begun["lines"]
    ]
    for by in ("wati", "citra", "sari"):
        with pytest.raises(NotFound):
            town.do("decide_dispute", by=by, lines=lines, reason="Bukti")
    wrong = [{**row, "share_percent": 50} for row in lines]
    with pytest.raises(InputRefused):
        town.do("decide_dispute", "ratna", lines=wrong, reason="Bukti")
    town.do("decide_dispute", "ratna", lines=lines, reason="Bukti kedua pihak")
    assert balances(town) == {"citra": 4500, "sari": 3000, "eko": 2500}
    assert town.status(key) == "active"
    town.pass_days(12)
    assert output_status(town) is OutputStatus.ACCEPTED
    town.pass_days(3)
    assert output_status(town) is OutputStatus.SEALED
    assert books_hold(town) == []


def test_a_hearing_ends_by_its_clock_and_a_late_decider_is_reminded(town):
    accepted(town)
    attested(town, "citra", "sari", "eko")
    dispute(town, "eko", about="sari")
    town.do("hear_party", "eko", statement="Porsi Sari terlalu besar")
    town.pass_days(5)
    assert town.waiting() == [("decide_dispute", "ratna")]
    town.pass_days(15)
    assert town.told() == ["dispute_due"]
    town.do("decide_dispute", "ratna", reason="Tetap")
    assert balances(town) == {"citra": 5000, "sari": 2500, "eko": 2500}


def test_only_members_and_their_raters_contest_and_only_in_the_window(town):
    accepted(town)
    with pytest.raises((Conflict, NotFound)):
        dispute(town, "sari")
    attested(town, "citra", "sari", "eko")
    with pytest.raises(NotFound):
        dispute(town, "dedi", about="sari")
    town.pass_days(15)
    with pytest.raises((Conflict, InputRefused)):
        dispute(town, "sari")


def test_an_output_waits_for_a_consent_that_the_home_left_open(town):
    with town.house.writing() as uow:
        row = uow.contributions.get(Membership, town.ids["member sari"])
        uow.contributions.put(replace(row, consent=Consent.PENDING))
        uow.commit()
    accepted(town)
    attested(town, "citra", "sari", "eko")
    assert town.waiting() == [("decide_consent", "ratna")]
    # silence is noted; nobody stands above her
    town.pass_days(7)
    assert town.waiting() == [("decide_consent", "ratna")]
    town.do("decide_consent", decision="given")
    town.pass_days(15)
    assert output_status(town) is OutputStatus.SEALED


@pytest.fixture
def top(town):
    """The head of the agency is the squad's sponsor: nobody stands above."""
    with town.house.writing() as uow:
        squad = uow.contributions.get(Squad, town.ids["squad"])
        uow.contributions.put(replace(squad, sponsor_id=town.ids["ratna"]))
        uow.commit()
    return town


def test_a_silent_sponsor_with_nobody_above_keeps_the_output(top):
    begin(top)
    top.do("deliver_output", "citra", note="Lengkap")
    top.pass_days(5)
    assert top.holder(top.task("accept_for_sponsor")) == "ratna"
    top.do("accept_for_sponsor", "ratna", decision="accept", attainment=96)
    claim(top, "citra")
    top.pass_days(4)
    assert top.holder(top.task("attest_for_lead", about="citra")) == "ratna"


def test_where_nobody_can_sign_the_line_goes_back_to_its_attester(top):
    begin(top)
    top.do("deliver_output", "citra", note="Lengkap")
    top.do("accept_output", "ratna", decision="accept", attainment=96)
    claim(top, "citra")
    out = {"decision": "adjust", "reason_code": "quality", "reason": "Mutu"}
    attest(top, "citra", **out, share_percent=30)
    top.do("answer_adjustment", "citra", answer="disagree")
    assert top.holder(top.task("cosign")) == "perf_admin"
    for by in ("joko", "ratna", "citra"):
        with pytest.raises((AccessRefused, NotFound)):
            top.do("cosign", by=by, decision="approve", reason="x")
    top.do("cosign", by="joko", decision="refuse", reason="Tidak ada penanda tangan kedua")
    assert top.holder(top.task("attest", about="citra")) == "ratna"


def test_a_dispute_that_nobody_inside_can_decide_is_recorded_from_outside(top):
    begin(top)
    top.do("deliver_output", "citra", note="Lengkap")
    top.do("accept_output", "ratna", decision="accept", attainment=96)
    attested(top, "citra", "sari", "eko")
    dispute(top, "eko")
    top.pass_days(5)
    assert top.waiting() == [("decide_dispute", "perf_admin")]
    with pytest.raises((AccessRefused, NotFound)):
        top.do("decide_dispute", by="ratna", reason="x")
    top.do("decide_dispute", by="joko", reason="Surat Menteri 14/2026")
    assert balances(top) == {"citra": 5000, "sari": 2500, "eko": 2500}


def test_claims_open_before_acceptance_and_are_attested_after_it(town):
    begin(town)
    town.do("deliver_output", "citra", note="Lengkap")
    assert town.begun(town.task("claim_early", "sari"))["mode"] == "plan"
    # one tap: as planned, with the link to the evidence
    town.do("claim_early", "sari", mode="plan", evidence_link="https://bukti.example/sari")
    town.do("claim_early", "eko", mode="withdraw")
    assert claim_state(town, "sari") is ClaimState.CLAIMED
    assert claim_state(town, "eko") is ClaimState.WITHDRAWN
    assert town.open("attest") == []
    town.do("accept_output", "wati", decision="accept", attainment=96)
    assert town.waiting() == [("attest", "citra"), ("claim", "citra")]
    attest(town, "sari")
    assert balances(town) == {POOL: 7500, "sari": 2500}
    town.do("claim", "citra", mode="withdraw")
    assert claim_state(town, "citra") is ClaimState.WITHDRAWN


def test_a_returned_claim_begins_with_what_was_claimed(town):
    accepted(town)
    claim(town, "sari", claimed_percent=26, note="Bab tiga", contribution_type="review")
    attest(town, "sari", decision="return", commitment=None, reason="Bukti tidak terbuka")
    begun = town.begun(town.task("claim", "sari"))
    assert begun["mode"] == "own"
    assert (begun["claimed_percent"], begun["contribution_type"]) == (26, "review")
    assert (begun["note"], begun["evidence_link"]) == ("Bab tiga", CLAIM["evidence_link"])


def test_a_member_claims_himself_or_withdraws_what_his_lead_claimed(town):
    for answer, after in (("own", ClaimState.DRAFT), ("withdraw", ClaimState.WITHDRAWN)):
        if answer == "own":
            accepted(town)
            attested(town, "citra", "sari")
        while not town.open("claim_for_member"):
            town.pass_days(1)
        town.do("claim_for_member", "citra", **CLAIM)
        town.do("acknowledge_claim", "eko", answer=answer)
        assert claim_state(town, "eko") is after
    assert balances(town)[POOL] == 2500


def test_a_member_who_does_not_answer_for_his_lead_s_claim_stops_nobody(town):
    accepted(town)
    while not town.open("claim_for_member"):
        town.pass_days(1)
    tasks = {town.subject(task): task for task in town.open("claim_for_member")}
    for task in tasks.values():
        town.answer(task, CLAIM)
    # the lead's own belated claim needs nobody's word but his
    assert {name for _, name in town.waiting()} == {"eko", "sari", "wati"}
    town.pass_days(5)
    assert len(town.open("attest_for_lead")) == 3
    assert claim_state(town, "citra") is ClaimState.CLAIMED


def test_leave_stops_the_member_s_clock(town):
    with town.house.writing() as uow:
        away = Substitution(
            id=town.house.ids.uuid(),
            absent_id=town.ids["eko"],
            substitute_id=town.ids["sari"],
            valid_from=date(2026, 1, 20),
            valid_to=date(2026, 1, 31),
            letter_no="CT-1",
        )
        uow.agency.add([away])
        uow.commit()
    accepted(town)
    due = {town.holder(task): task.due_at.date() for task in town.open("claim")}
    assert due["eko"] - due["sari"] >= timedelta(days=7)


def test_silence_goes_up_and_up_and_stays_with_the_last(town):
    accepted(town)
    attested(town, "citra", "eko")
    claim(town, "sari")
    for _ in range(6):
        town.pass_days(5)
    # citra, then wati, then ratna, who has nobody above her
    assert town.holder(town.task("attest_for_lead", about="sari")) == "ratna"
    assert "nobody_above" in town.told()
    with town.house.reading() as uow:
        counted = uow.credits.silence_counts(town.ids["cycle"])
    assert {town.names[who] for who, act, _ in counted if act == "attest"} == {
        "citra",
        "wati",
        "ratna",
    }
    town.do("attest_for_lead", "ratna", decision="attest", commitment="met")


def test_a_silent_second_signer_gives_way_to_his_superior(town):
    accepted(town)
    claim(town, "sari")
    attest(
        town, "sari", decision="adjust", share_percent=15, reason_code="effort", reason="Sebagian"
    )
    town.do("answer_adjustment", "sari", answer="disagree")
    town.pass_days(5)
    assert town.holder(town.task("cosign")) == "ratna"
    with pytest.raises(NotFound):
        town.do("cosign", by="wati", decision="approve", reason="x")
    town.do("cosign", "ratna", decision="approve", reason="Sesuai bukti")
    assert balances(town)["sari"] == 1500


def test_a_silent_sponsor_gives_way_in_the_remainder_and_members_may_contest_it(town):
    accepted(town)
    attested(town, "citra", "sari")
    lapse(town, "eko")
    town.pass_days(7)
    lines = town.begun(town.task("allocate_remainder", "ratna"))["lines"]
    for row in lines:
        row["share_percent"] = 15 if row["person_id"] == town.ids["sari"] else 0
    values = {"collective_percent": 10, "lines": lines, "reason": "Bersama"}
    town.do("allocate_remainder", "ratna", **values)
    with pytest.raises(InputRefused):
        town.do("read_remainder", "eko", answer="dispute")
    # he has no line of his own, and is heard all the same
    town.do("read_remainder", "eko", answer="dispute", ground="Saya ikut mengerjakan")
    assert [name for element, name in town.waiting() if element == "hear_party"] == [
        "citra",
        "eko",
        "sari",
    ]
    town.pass_days(7)
    town.do("decide_dispute", reason="Tetap")
    town.pass_days(16)
    assert output_status(town) is OutputStatus.SEALED
    assert town.open("read_remainder") == []


def test_a_broken_commitment_says_where_that_can_be_seen(town):
    accepted(town)
    claim(town, "sari")
    with pytest.raises(InputRefused):
        attest(town, "sari", commitment="partly")
    attest(town, "sari", commitment="partly", commitment_evidence="Bab 2 belum ada")
    assert balances(town)["sari"] == 2500


def test_after_a_refusal_the_next_lowering_act_needs_the_second_signature(town):
    accepted(town)
    with town.house.writing() as uow:
        row = uow.contributions.get(Membership, town.ids["member sari"])
        said = {"acceptance": Acceptance.OVERLOAD, "accepted_at": town.house.clock.now()}
        uow.contributions.put(replace(row, **said))
        uow.commit()
    claim(town, "sari")
    # inside the band, and the word stays: one signature would do
    attest(
        town, "sari", decision="adjust", share_percent=24, reason_code="effort", reason="Sedikit"
    )
    assert balances(town) == {POOL: 10_000}
    town.do("answer_adjustment", "sari", answer="disagree")
    town.do("cosign", "wati", decision="approve", reason="Sesuai bukti")
    assert balances(town)["sari"] == 2400


def test_every_flow_of_contribution_is_walked(every_flow):
    every_flow("contribution")
