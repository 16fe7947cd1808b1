"""How far one signature moves a line, and what a promise kept is worth (crediting.md 0.1-0.3)."""

from __future__ import annotations

from engine.domain.squads import SquadRole
from tests.acceptance.unfair import city
from tests.acceptance.unfair.squads import (
    accepted,
    adjust,
    attest,
    attested,
    balances,
    claim,
    index,
    line,
    rows,
    sealed,
)

THREE = {
    "citra": (SquadRole.KETUA, 1000),
    "sari": (SquadRole.ANGGOTA, 1000),
    "eko": (SquadRole.ANGGOTA, 1000),
}
COSIGN = {"decision": "approve", "reason": "Sesuai bukti"}


def test_one_signature_does_not_turn_sixteen_into_six(town):
    accepted(town)
    claim(town, "sari")
    attest(town, "sari", **adjust(6))
    # nothing is posted, the index stays at the expected share, and Sari is asked
    assert balances(town) == {"POOL": 10_000}
    assert line(town, "sari") == ("96.00", "sesuai", True)
    assert town.waiting("answer_adjustment", "cosign", "attest") == [("answer_adjustment", "sari")]
    shown = town.seen(town.task("answer_adjustment", "sari"), "sari")
    assert "Sebagian dikerjakan rekan" in str(shown["variables"])
    town.barred("answer_adjustment", "citra", "eko", "wati", "budi", "joko", answer="agree")
    town.do("answer_adjustment", "sari", answer="disagree", note="Bukti saya lengkap")
    # then the sponsor, who reads her answer; the lead does not sign twice
    shown = town.seen(town.task("cosign"), "wati")
    assert "Bukti saya lengkap" in str(shown["variables"])
    town.barred("cosign", "citra", "sari", "eko", "budi", "joko", "lina", **COSIGN)
    assert town.turned_down("cosign", "wati", decision="approve") == {"reason": "required"}
    town.do("cosign", "wati", **COSIGN)
    assert balances(town) == {"POOL": 9_400, "sari": 600}


def test_a_refused_second_signature_gives_the_line_back_and_the_member_loses_nothing(town):
    accepted(town)
    claim(town, "sari")
    attest(town, "sari", **adjust(6))
    town.do("answer_adjustment", "sari", answer="disagree")
    town.do("cosign", "wati", decision="refuse", reason="Tanpa dasar")
    assert town.waiting("attest") == [("attest", "citra")]
    attest(town, "sari")
    assert balances(town)["sari"] == 1600


def test_inside_the_band_the_lead_signs_alone_with_a_reason_code(town):
    accepted(town)
    claim(town, "sari")
    # 20 % of 16 is 3.2 points: 13 lies inside, 12 does not; 96 * 13/16 would be below 90
    move = adjust(18)
    assert town.turned_down("attest", about="sari", **{**move, "reason_code": ""}) == {
        "reason_code": "reason_code_missing"
    }
    attest(town, "sari", **adjust(15))
    assert balances(town) == {"POOL": 8_500, "sari": 1500}
    # who keeps his promise stays where he was, whatever the share says
    assert town.waiting("answer_adjustment", "cosign") == []
    mine = [row for row in rows(town) if row["personId"] == town.ids["sari"]]
    assert [(row["reason"], row["code"]) for row in mine] == [
        ("Sebagian dikerjakan rekan", "adjust")
    ]


def test_a_small_move_that_flips_the_word_needs_the_second_signature_and_the_answer(town):
    """96 * 18/16 = 108: two points, and "sesuai" becomes "di atas"."""
    accepted(town)
    claim(town, "sari")
    attest(town, "sari", **adjust(18))
    assert balances(town) == {"POOL": 10_000}
    town.do("answer_adjustment", "sari", answer="agree")
    town.do("cosign", "wati", **COSIGN)
    for who, share in (("citra", 59), ("eko", 23)):
        claim(town, who, share)
        attest(town, who)
    assert balances(town) == {"citra": 5900, "sari": 1800, "eko": 2300}
    assert line(town, "sari") == ("96.00", "sesuai", True)
    sealed(town)
    assert line(town, "sari") == ("108.00", "di_atas", False)


def test_a_big_failed_output_weighs_what_was_undertaken_of_it(town):
    """5 % of 50 points at T = 58, and half of 10 points at T = 100: 65 by V alone, 86 by V*e."""
    town.squad("T2", THREE, outputs=0)
    town.write(city.add_output, "T2/1", value=50, shares={"citra": 5500, "sari": 500, "eko": 4000})
    town.write(city.add_output, "T2/2", value=10, shares={"citra": 3000, "sari": 5000, "eko": 2000})
    for output, attainment in (("T2/1", 58), ("T2/2", 100)):
        accepted(town, output, attainment)
        attested(town, *THREE)
    assert line(town, "sari", "T2") == ("86.00", "di_bawah", True)
    sealed(town)
    assert line(town, "sari", "T2") == ("86.00", "di_bawah", False)
    # Citra undertook most of what failed: (50*0.55*58 + 10*0.3*100) / (50*0.55 + 10*0.3)
    assert line(town, "citra", "T2") == ("62.13", "di_bawah", False)


def test_who_kept_his_promise_does_not_look_late_when_a_colleague_did_more(town):
    accepted(town)
    for who, share in (("citra", 60), ("sari", 14), ("eko", 26)):
        claim(town, who, share)
        attest(town, who)
    sealed(town)
    # the shares stay zero-sum: what Eko did more, Sari did less
    assert balances(town) == {"citra": 6000, "sari": 1400, "eko": 2600}
    assert [line(town, who)[:2] for who in ("citra", "sari", "eko")] == [
        ("96.00", "sesuai"),
        ("96.00", "sesuai"),
        ("104.00", "sesuai"),
    ]
    assert index(town, "sari")["proposedLevel"] == "sesuai"


def test_a_promise_kept_in_part_says_where_that_is_seen_and_counts_as_it_was(town):
    accepted(town)
    claim(town, "sari", 14)
    partly = {"commitment": "partly"}
    assert town.turned_down("attest", about="sari", decision="attest", **partly) == {
        "commitment_evidence": "commitment_evidence_missing"
    }
    # 96 * 14/16 = 84: her word would fall below 90, so two sign and she is heard first
    attest(town, "sari", **partly, commitment_evidence="Bab 2 belum ada")
    assert town.waiting("answer_adjustment") == [("answer_adjustment", "sari")]
    town.do("answer_adjustment", "sari", answer="agree")
    town.do("cosign", "wati", **COSIGN)
    for who, share in (("citra", 61), ("eko", 25)):
        claim(town, who, share)
        attest(town, who)
    sealed(town)
    assert line(town, "sari") == ("84.00", "di_bawah", False)
