"""Evaluation does not wait for credit, and leave stops a clock (crediting.md 0.6)."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from tests.acceptance.unfair import city
from tests.acceptance.unfair.ratings import begun, evaluation, heard, rate, sign
from tests.acceptance.unfair.squads import accepted, attest, claim, index, line, sealed


@pytest.fixture
def planned(town):
    town.write(city.add_plan, "sari", rater="budi", attainment="99.1", squads=("T1",))
    return town


def test_an_unsealed_line_counts_at_its_expected_share_and_says_sementara(planned):
    town = planned
    accepted(town)
    # nobody attested yet: 0.8 * 99.1 + 0.2 * 96
    assert line(town, "sari") == ("96.00", "sesuai", True)
    assert line(town, "sari", "home") == ("99.10", "sesuai", False)
    assert str(index(town, "sari")["ihk"]) == "98.48"
    page = town.page("sari").text("/skp")
    assert "sementara" in page
    claim(town, "sari", 18)
    attest(town, "sari")
    # attested, but not sealed: still the expected share
    assert line(town, "sari") == ("96.00", "sesuai", True)


def test_the_rating_is_made_over_an_output_that_is_not_sealed(planned):
    town = planned
    accepted(town)
    heard(town, "sari")
    shown = town.begun(town.task("rate"))
    assert "sementara" in shown["sheet_arithmetic"]
    rate(town)
    sign(town)
    found = evaluation(town, "sari")
    assert [row["provisional"] for row in found["lines"]] == [False, True]
    assert str(found["ihk"]) == "98.48"
    town.do("receive_result", "sari", answer="accept")
    # sealing afterwards leaves the rating that was signed as it was
    for who in ("citra", "sari", "eko"):
        claim(town, who)
        attest(town, who)
    sealed(town)
    assert line(town, "sari")[2] is False
    assert [row["provisional"] for row in evaluation(town, "sari")["lines"]] == [False, True]


def test_an_output_that_nobody_took_holds_no_evaluation_up(planned):
    town = planned
    town.start("contribution", output_id=town.ids["T1/1"])
    begun(town, "sari")
    town.pass_days(15)
    assert ("rate", "budi") in town.waiting()


def test_the_clock_of_a_member_on_leave_stands_still(town):
    """Eko is away for two weeks: his claim is due so much later, and nobody claims for him."""
    form = {
        "kind": "cuti", "leave_kind": "tahunan", "nip": town.nip("eko"),
        "starts_on": "2026-01-20", "ends_on": "2026-01-31", "letter_no": "CT-1",
    }  # fmt: skip
    town.ask("role_change", by="joko", **form)
    town.move(datetime.fromisoformat("2026-01-21T09:00:00+07:00"))
    accepted(town)
    due = {
        who: date.fromisoformat(str(town.mine(who, "claim")[0]["dueAt"])[:10])
        for who in ("sari", "eko")
    }
    assert due["eko"] - due["sari"] >= timedelta(days=4)
    while not town.open("claim_for_member"):
        town.pass_days(1)
    late = {town.about(task) for task in town.open("claim_for_member")}
    assert late == {"sari", "citra"}
    assert [town.about(task) for task in town.open("claim")] == ["eko"]
    # the lead does not get to claim for who is away, and the letter went to the late one alone
    assert {who for subject, who in town.letters("claim_due")} <= {"sari", "citra"}
