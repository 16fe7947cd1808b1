"""After somebody spoke up the next two lowering acts need two signatures (crediting.md 0.10)."""

from __future__ import annotations

import pytest

from engine.domain.squads import SquadRole
from tests.acceptance.unfair import city
from tests.acceptance.unfair.ratings import heard, rate, rated, sign
from tests.acceptance.unfair.squads import accepted, adjust, attest, attested, balances, claim

COSIGN = {"decision": "approve", "reason": "Sesuai bukti"}
THREE = {
    "citra": (SquadRole.KETUA, 1000),
    "sari": (SquadRole.ANGGOTA, 1000),
    "eko": (SquadRole.ANGGOTA, 1000),
}


def listed(town):
    """What internal audit reads: who acted against whom, and who signed as the second."""
    rows = town.read("agus", "/api/audit/lowering-acts")["items"]
    return [
        (town.short(row["actorId"]), town.short(row["personId"]), town.short(row["secondId"]))
        for row in rows
    ]


@pytest.fixture
def spoken(town):
    """Sari contested her line in T1; it is decided."""
    accepted(town)
    attested(town, "citra", "sari", "eko")
    body = {"ground": "Porsi saya lebih besar", "evidenceLink": ""}
    said = town.api("sari").post(f"/api/outputs/{town.ids['T1/1']}/disputes", body)
    assert said.status_code == 201, said.text
    town.worker.drain()
    for task in town.open("hear_party"):
        town.answer(task, {"statement": "Keterangan"})
    town.do("decide_dispute", "ratna", reason="Tetap")
    town.squad("T2", THREE, outputs=3)
    town.pass_days(1)
    return town


def lowered(town, output, who="sari"):
    """A move inside the band, over no word: 25 becomes 24 per cent of an output at T = 96."""
    accepted(town, output)
    claim(town, who)
    attest(town, who, **adjust(24))


def test_two_acts_after_a_dispute_are_signed_twice_and_listed_and_the_third_is_not(spoken):
    town = spoken
    for output in ("T2/1", "T2/2"):
        lowered(town, output)
        assert "sari" not in balances(town, output)
        town.do("answer_adjustment", "sari", answer="disagree", note="Sejak saya menggugat")
        shown = town.begun(town.task("cosign"))
        assert "Sejak saya menggugat" in shown["member_answer"]
        town.barred("cosign", "citra", "sari", **COSIGN)
        town.do("cosign", "wati", **COSIGN)
        assert balances(town, output)["sari"] == 2400
    assert listed(town) == [("citra", "sari", "wati")] * 2
    lowered(town, "T2/3")
    assert balances(town, "T2/3")["sari"] == 2400
    assert len(listed(town)) == 2
    town.hidden("/api/audit/lowering-acts", "citra", "wati", "sari", "joko", "ratna")
    # another agency's auditor reads his own list only
    assert town.read("xena", "/api/audit/lowering-acts")["items"] == []


def test_who_did_not_speak_up_is_lowered_with_one_signature(spoken):
    town = spoken
    lowered(town, "T2/1", "eko")
    assert balances(town, "T2/1")["eko"] == 2400
    assert listed(town) == []


def test_after_critical_feedback_upward_the_rater_needs_the_next_superior(town):
    town.write(city.add_plan, "dedi", rater="budi")
    note = {"concerns": "whole", "tone": "criticism", "text": "Rapat selalu dibatalkan"}
    town.ask("feedback_note", by="dedi", about_id=town.ids["budi"])
    town.do("write_feedback", "dedi", **note)
    assert "Rapat selalu" in town.begun(town.task("read_feedback", "budi"))["words"]
    heard(town, "dedi")
    rate(town, result_level="di_bawah", behaviour_level="di_bawah")
    assert town.waiting("countersign_rating", "sign_rating") == [("countersign_rating", "ratna")]
    town.barred("countersign_rating", "budi", "dedi", "joko", decision="approve", reason="x")
    town.do("countersign_rating", "ratna", decision="approve", reason="Bukti dibaca")
    sign(town)
    assert listed(town) == [("budi", "dedi", "ratna")]


def test_praise_and_feedback_downward_are_no_grievance(town):
    town.write(city.add_plan, "dedi", rater="budi")
    for giver, about, tone in (("dedi", "budi", "appreciation"), ("budi", "dedi", "criticism")):
        town.ask("feedback_note", by=giver, about_id=town.ids[about])
        note = {"concerns": "whole", "tone": tone, "text": "Catatan"}
        town.do("write_feedback", giver, **note)
    rated(town, "dedi", result_level="di_bawah", behaviour_level="di_bawah")
    assert listed(town) == []


def test_a_lead_who_sends_a_disputant_away_needs_the_sponsor(spoken):
    town = spoken
    form = {
        "squad_id": town.ids["T2"], "kind": "exit", "member_nip": town.nip("sari"),
        "from_on": "2026-03-02", "reason": "Beban berubah",
    }  # fmt: skip
    town.ask("squad_change", by="citra", **form)
    assert town.waiting("countersign") == [("countersign", "wati")]
    assert town.short(town.begun(town.task("countersign"))["person_id"]) == "sari"
    town.do("countersign", "wati", decision="refuse", reason="Tidak beralasan")
    roles = town.read("sari", f"/api/people/{town.ids['sari']}/segments")["squads"]
    assert {(row["squadName"], row["endsOn"]) for row in roles} == {
        ("Tim T1", "2026-12-31"),
        ("Tim T2", "2026-12-31"),
    }
