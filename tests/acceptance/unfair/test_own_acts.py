"""Nobody decides about his own act: every office that coincides (crediting.md 0.8)."""

from __future__ import annotations

from engine.domain.squads import SquadRole
from tests.acceptance.unfair.acting import BARRED
from tests.acceptance.unfair.ratings import heard, rate, rated, sign
from tests.acceptance.unfair.squads import MET, accepted, adjust, attest, balances, claim, line

COSIGN = {"decision": "approve", "reason": "Sesuai bukti"}
UPHELD = {"outcome": "upheld", "reason": "Sesuai bukti"}
ATTEST = {"decision": "attest", **MET}
KETUA, ANGGOTA = SquadRole.KETUA, SquadRole.ANGGOTA


def disputed(town, who, output="T1/1"):
    """Somebody contests his line; everybody is heard."""
    path = f"/api/outputs/{town.ids[output]}/disputes"
    body = {"ground": "Porsi saya lebih besar", "evidenceLink": ""}
    for stranger in ("hana", "xena", "agus"):
        assert town.api(stranger).post(path, body).status_code in BARRED
    said = town.api(who).post(path, body)
    assert said.status_code == 201, said.text
    town.worker.drain()
    for task in town.open("hear_party"):
        town.answer(task, {"statement": "Keterangan"})
    return town.task("decide_dispute")


def handed(town, element, *people, about=None, **values):
    """Not even when a manager hands him the task."""
    for who in people:
        task = town.task(element, about=about)
        town.hand_over(task, who)
        answer = town.sent(task, values, by=who)
        assert answer.status_code in BARRED, (element, who, answer.text)


def attested(town, *people, output="T1/1"):
    accepted(town, output)
    for who in people:
        claim(town, who)
        task = next(one for one in town.open("attest") if town.about(one) == who)
        town.answer(task, ATTEST)


def test_nobody_attests_or_signs_his_own_line_whatever_he_is(town):
    accepted(town)
    for who in ("citra", "sari"):
        claim(town, who)
    # the lead's line goes to the sponsor; groups that run the cycle attest nothing
    assert town.holder(town.task("attest", about="citra")) == "wati"
    town.barred("attest", "citra", "sari", "joko", "lina", "agus", about="citra", **ATTEST)
    town.barred("attest", "sari", "eko", "joko", "lina", "agus", about="sari", **ATTEST)
    handed(town, "attest", "citra", "joko", "eko", about="citra", **ATTEST)


def test_who_attested_or_is_a_party_does_not_decide_the_dispute(town):
    """Sponsor = attester of the lead's line: the next above decides."""
    attested(town, "citra", "sari", "eko")
    task = disputed(town, "sari")
    assert town.holder(task) == "ratna"
    town.barred("decide_dispute", "wati", "citra", "sari", "eko", "budi", reason="x")
    handed(town, "decide_dispute", "wati", "citra", "sari", "joko", reason="x")
    town.hand_over(town.task("decide_dispute"), "ratna")
    town.do("decide_dispute", "ratna", reason="Tetap")
    assert balances(town) == {"citra": 6000, "sari": 1600, "eko": 2400}


def test_a_sponsor_who_rates_the_claimant_does_not_decide_what_he_signed(town):
    """Sponsor = rater: Budi signs Dedi's line as the lead's attester, and decides nothing of it."""
    town.squad("T2", {"dedi": (KETUA, 1000), "eko": (ANGGOTA, 1000)}, sponsor="budi")
    attested(town, "dedi", "eko", output="T2/1")
    task = disputed(town, "dedi", "T2/1")
    assert town.holder(task) == "ratna"
    handed(town, "decide_dispute", "budi", reason="x")


def test_a_lead_who_rates_a_member_is_not_asked_to_recommend_to_himself(town):
    """Ketua = rater: the sponsor recommends; the rater does not deviate from his own word."""
    town.squad("T2", {"budi": (KETUA, 1000), "sari": (ANGGOTA, 1000)})
    key = town.start("evaluation", person_id=town.ids["sari"], cycle_id=town.ids["cycle BC"])
    town.tell("org_rating_set", f"{town.ids['sari']}:{town.ids['cycle BC']}")
    assert sorted(town.holder(one) for one in town.open("recommend")) == ["citra", "wati"]
    assert key


def test_a_lead_does_not_attest_his_own_superior(town):
    """Ketua = the claimant's subordinate: the superior's line goes to the sponsor."""
    town.squad("T2", {"sari": (KETUA, 1000), "budi": (ANGGOTA, 1000)})
    accepted(town, "T2/1")
    claim(town, "budi")
    assert town.holder(town.task("attest", about="budi")) == "wati"
    town.barred("attest", "sari", "budi", about="budi", **ATTEST)
    handed(town, "attest", "sari", "dedi", about="budi", **ATTEST)


def test_who_calibrated_does_not_decide_the_objection(town):
    """Calibrator = objection decider: Ratna moved Dedi, so it is recorded from outside."""
    ids = town.ids
    town.start("calibration", unit_id=ids["badan"], cycle_id=ids["cycle BC"])
    heard(town, "dedi")
    rate(town)
    town.pass_days(52)
    rows = town.begun(town.task("decide_calibration"))["moves"]
    down = {"result_level": "di_bawah", "reason": "Pola unit"}
    moves = [{**row, **down} if row["person_id"] == ids["dedi"] else row for row in rows]
    town.do("decide_calibration", "ratna", moves=moves, override_reason="Unit kecil")
    sign(town)
    shown = town.read("dedi", f"/api/people/{ids['dedi']}/evaluation")
    assert [(row["before"], row["after"], row["reason"]) for row in shown["moves"]] == [
        ("baik", "butuh_perbaikan", "Pola unit")
    ]
    town.do("receive_result", "dedi", answer="object", ground="Tidak dijelaskan")
    town.pass_days(8)
    assert town.waiting("decide_objection") == [("decide_objection", "perf_admin")]
    handed(town, "decide_objection", "ratna", "budi", "dedi", **UPHELD)


def test_who_rated_does_not_decide_and_both_sides_are_read_by_who_does(town):
    rated(town, "dedi", result_level="di_bawah")
    town.do("receive_result", "dedi", answer="object", ground="Bukti tidak dibaca")
    assert town.waiting("explain_employee", "explain_rater") == [
        ("explain_employee", "dedi"),
        ("explain_rater", "budi"),
    ]
    town.do("explain_employee", "dedi", statement="Lihat laporan Maret")
    shown = town.begun(town.task("explain_rater"))
    assert shown["objection_ground"] == "Bukti tidak dibaca"
    assert "Lihat laporan" not in str(shown)
    town.do("explain_rater", "budi", statement="Laporan itu terlambat")
    shown = town.begun(town.task("decide_objection", "ratna"))
    assert (shown["employee_statement"], shown["rater_statement"]) == (
        "Lihat laporan Maret",
        "Laporan itu terlambat",
    )
    town.barred("decide_objection", "budi", "dedi", "wati", "joko", **UPHELD)
    handed(town, "decide_objection", "budi", "dedi", "joko", **UPHELD)


# ---- substitutes of all these, over one hop and over two


def test_a_substitute_never_attests_himself(town):
    """Citra is away and Sari stands in: Sari's own line goes up, never sideways."""
    town.write_substitute("citra", "sari")
    accepted(town)
    claim(town, "sari")
    claim(town, "eko")
    town.barred("attest", "sari", about="sari", **ATTEST)
    attest_as(town, "eko", "sari")
    assert balances(town)["eko"] == 2400
    assert "sari" not in balances(town)


def attest_as(town, about, by):
    task = town.task("attest", about=about)
    assert str(task.key) in {one["taskKey"] for one in town.mine(by, "attest")}
    town.answer(task, ATTEST, by=by)


def test_a_substitute_over_one_hop_does_not_attest_himself_either(town):
    """Citra is away, so is her substitute Dedi: Sari stands in for him, and not for her line."""
    town.write_substitute("citra", "dedi")
    town.write_substitute("dedi", "sari")
    accepted(town)
    claim(town, "sari")
    town.barred("attest", "sari", about="sari", **ATTEST)
    handed(town, "attest", "sari", about="sari", **ATTEST)


def test_the_substitute_who_attested_does_not_sign_as_the_second(town):
    """Dedi attests for the absent lead and stands in for the sponsor too."""
    town.write_substitute("citra", "dedi")
    town.write_substitute("wati", "dedi")
    accepted(town)
    claim(town, "sari")
    town.answer(town.task("attest", about="sari"), adjust(6), by="dedi")
    town.do("answer_adjustment", "sari", answer="disagree")
    town.barred("cosign", "dedi", "citra", **COSIGN)
    assert town.holder(town.task("cosign")) == "ratna"
    handed(town, "cosign", "dedi", "citra", **COSIGN)


def test_a_rater_s_substitute_does_not_rate_himself_over_two_hops(town):
    """Budi is away, Citra stands in and is away too, Dedi stands in for her: not about Dedi."""
    town.write_substitute("budi", "citra")
    town.write_substitute("citra", "dedi")
    heard(town, "dedi")
    given = {"result_level": "di_atas", "behaviour_level": "di_atas", "reason": "x"}
    town.barred("rate", "dedi", **given, behaviour_reason="x")
    heard_also(town)


def heard_also(town):
    rate(town, by="citra")
    found = town.read("ratna", f"/api/people/{town.ids['dedi']}/rating")
    assert found["raterId"] == town.ids["citra"]


def test_the_absent_rater_does_not_decide_about_what_was_done_in_his_name(town):
    town.write_substitute("budi", "citra")
    heard(town, "dedi")
    rate(town, by="citra", result_level="di_bawah")
    sign(town, by="citra")
    shown = town.read("dedi", f"/api/people/{town.ids['dedi']}/evaluation")
    assert (shown["raterId"], shown["onBehalfOf"]) == (town.ids["citra"], town.ids["budi"])
    town.do("receive_result", "dedi", answer="object", ground="Tidak adil")
    town.pass_days(8)
    assert town.holder(town.task("decide_objection")) == "ratna"
    handed(town, "decide_objection", "budi", "citra", "dedi", **UPHELD)


def test_the_decider_s_substitute_who_attested_is_passed_over(town):
    """Ratna is away and Wati stands in: Wati attested, so nobody inside decides."""
    town.write_substitute("ratna", "wati")
    attested(town, "citra", "sari", "eko")
    task = disputed(town, "sari")
    assert town.holder(task) == "perf_admin"
    handed(town, "decide_dispute", "wati", "citra", reason="x")
    assert line(town, "sari")[2]


def test_whoever_runs_the_house_decides_nothing_about_people(town):
    accepted(town)
    claim(town, "sari")
    attest(town, "sari", **adjust(6))
    town.do("answer_adjustment", "sari", answer="disagree")
    town.barred("cosign", "operator", "joko", "lina", **COSIGN)
