"""What gaming looks like to internal audit, and to nobody else (crediting.md 0.11, domain.md)."""

from __future__ import annotations

from io import BytesIO

from engine.domain.squads import SquadRole
from tests.acceptance.unfair import city
from tests.acceptance.unfair.city import ROOT
from tests.acceptance.unfair.ratings import heard, rate, rated
from tests.acceptance.unfair.squads import CLAIM, MET, accepted, attested, claim

KETUA, ANGGOTA = SquadRole.KETUA, SquadRole.ANGGOTA
REPORTS = (
    "mutual-attestations",
    "unshown",
    "sponsors",
    "split-outputs",
    "late-claims",
    "consents",
    "deviations",
    "overrides",
    "samples",
)


def path(town, report):
    return f"/api/audit/cycles/{town.ids['cycle BC']}/{report}"


def listed(town, report, **query):
    return town.read("agus", path(town, report), **query)["items"]


def test_every_report_is_the_auditor_s_of_this_agency_alone(town):
    others = ("sari", "citra", "wati", "ratna", "joko", "lina", "operator", "xena")
    for report in REPORTS:
        assert listed(town, report) == []
        town.hidden(path(town, report), *others)
        town.hidden(path(town, report), None, status=(401,))


def test_two_who_sign_each_other_appear_as_a_pair(town):
    """Citra leads T1 with Sari, Sari leads T2 with Citra."""
    town.squad("T2", {"sari": (KETUA, 1000), "citra": (ANGGOTA, 1000)})
    for output, about in (("T2/1", "citra"), ("T1/1", "sari")):
        accepted(town, output)
        for element, values in (("claim", CLAIM), ("attest", {"decision": "attest", **MET})):
            tasks = [one for one in town.open(element) if one.subject.endswith(output)]
            [task] = [one for one in tasks if town.about(one) == about]
            town.answer(task, values)
    [pair] = listed(town, "mutual-attestations")
    names = {town.short(pair["firstId"]), town.short(pair["secondId"])}
    assert (names, pair["firstSigned"], pair["secondSigned"]) == ({"citra", "sari"}, 1, 1)


def test_an_attainment_above_100_without_verified_evidence_appears(town):
    accepted(town, attainment=118)
    [row] = listed(town, "unshown")
    assert (row["subjectId"], float(row["attainment"])) == (town.ids["T1/1"], 118)
    attested(town, "sari")
    assert len(listed(town, "unshown")) == 1


def test_an_output_split_just_under_the_limit_appears_as_one(town):
    town.squad("T2", {"citra": (KETUA, 1000), "eko": (ANGGOTA, 1000)}, outputs=0)
    for number in (1, 2, 3):
        town.write(city.add_output, f"T2/{number}", value=19)
    [row] = listed(town, "split-outputs")
    assert (row["squadId"], row["outputs"], row["points"]) == (town.ids["T2"], 3, 57)


def test_a_claim_of_the_last_day_appears_by_the_agency_s_clock(town):
    town.move("2026-06-28T09:00:00+07:00")
    town.start("contribution", output_id=town.ids["T1/1"])
    town.do("deliver_output", note="Lengkap")
    town.do("accept_output", decision="accept", attainment=100)
    claim(town, "citra")
    town.move("2026-06-30T00:30:00+07:00")
    claim(town, "sari")
    late = {town.short(row["personId"]) for row in listed(town, "late-claims")}
    assert late == {"sari"}


def test_a_lenient_sponsor_stands_beside_all_sponsors(town):
    for sponsor, code, attainment in (("wati", "T2", 90), ("budi", "T3", 120)):
        members = {"citra": (KETUA, 500), "eko": (ANGGOTA, 500)}
        town.squad(code, members, outputs=3, sponsor=sponsor)
        for number in (1, 2, 3):
            accepted(town, f"{code}/{number}", attainment)
    seen = {town.short(row["sponsorId"]): row for row in listed(town, "sponsors")}
    assert (seen["budi"]["lenient"], seen["wati"]["lenient"]) == (True, False)
    assert (float(seen["budi"]["mean"]), float(seen["budi"]["allMean"])) == (120, 105)


def election(town):
    """The agency enters the calendar of an election: January and February."""
    drawn = (ROOT / "workflows" / "audit_sample" / "election_periods.dmn").read_text()
    drawn = drawn.replace("2023-11-28", "2026-01-19").replace("2024-02-14", "2026-01-25")
    drawn = drawn.replace("<text>memory</text>", "<text>agency</text>", 1)
    data = {"resources": (BytesIO(drawn.encode()), "election_periods.dmn")}
    answer = town.api("operator").ask(
        "POST", "/v2/deployments", data=data, content_type="multipart/form-data"
    )
    assert answer.status_code == 200, answer.text


def test_an_override_in_an_election_period_stands_out(town):
    election(town)
    town.write(city.add_plan, "dedi", rater="budi")
    town.write(city.add_plan, "sari", rater="budi", squads=("T1",))
    rated(town, "dedi", result_level="di_bawah", reason="Di bawah harapan saya")
    inside = listed(town, "overrides", inElection="true")
    assert {(row["kind"], town.short(row["actorId"]), row["reason"]) for row in inside} >= {
        ("rating", "budi", "Di bawah harapan saya")
    }
    town.move("2026-02-02T09:00:00+07:00")
    heard(town, "sari")
    rate(town, result_level="di_atas", reason="Di atas harapan saya")
    assert listed(town, "overrides", inElection="true") == inside
    outside = listed(town, "overrides", inElection="false")
    assert "Di atas harapan saya" in {row["reason"] for row in outside}
