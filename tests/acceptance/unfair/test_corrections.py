"""An audit cuts a sealed line: the open period, replay by work period (crediting.md 0.7, 2.6)."""

from __future__ import annotations

import pytest

from tests.acceptance.unfair import city
from tests.acceptance.unfair.ratings import heard, rate, sign
from tests.acceptance.unfair.squads import (
    accepted,
    attest,
    balances,
    claim,
    line,
    rows,
    sealed,
)

CUT = {"reason": "Temuan audit", "evidence_link": "https://bukti.example/lhp"}
COSIGN = {"decision": "approve", "reason": "Sesuai bukti"}


@pytest.fixture
def books(town):
    """Citra 59, Sari 18, Eko 23 sealed, Sari rated, and the first period closed."""
    return _books(town)


def _books(town):
    town.write(city.add_plan, "sari", rater="budi", attainment="99.1", squads=("T1",))
    accepted(town)
    for who, share in (("citra", 59), ("sari", 18), ("eko", 23)):
        claim(town, who, share)
        attest(town, who)
        if town.open("answer_adjustment"):
            town.do("answer_adjustment", who, answer="agree")
            town.do("cosign", "wati", **COSIGN)
    sealed(town)
    assert balances(town) == {"citra": 5900, "sari": 1800, "eko": 2300}
    assert line(town, "sari") == ("108.00", "di_atas", False)
    heard(town, "sari")
    rate(town)
    sign(town)
    town.do("receive_result", "sari", answer="accept")
    town.ask("certificate_request", by="sari", scope="all")
    town.ask("period_closing", by="joko", period=town.ids["period 1 BC"])
    town.do("seal_period", by="joko", minutes="Berita acara")
    return town


def line_number(town, who):
    live = [row for row in rows(town) if row["personId"] == town.ids[who]]
    return str(live[-1]["id"])


def cut(town):
    """Asked, everybody heard, decided by the next above; Sari's 18 become 15."""
    number = line_number(town, "sari")
    ask = {"line": number, "new_percent": 15, **CUT}
    assert town.asked("credit_correction", by="citra", **ask).status_code in (403, 404, 422)
    assert town.asked("credit_correction", by="sari", **ask).status_code in (403, 404, 422)
    town.ask("credit_correction", by="joko", **ask)
    for who in ("citra", "sari", "eko"):
        shown = town.begun(town.task("hear_affected", who))
        assert str(shown["asked_percent"]).startswith("15")
        town.do("hear_affected", who, statement="Sudah saya jelaskan")
    assert town.waiting() == [("decide_correction", "ratna")]
    yes = {"decision": "approve", "reason": "Temuan terbukti"}
    town.barred("decide_correction", "wati", "citra", "sari", "joko", "lina", "budi", **yes)
    town.do("decide_correction", "ratna", **yes)
    freed = town.begun(town.task("reallocate_freed", "wati"))["lines"]
    given = [
        {**row, "share_percent": 3 if row["person_id"] == town.ids["eko"] else 0} for row in freed
    ]
    town.barred("reallocate_freed", "eko", "citra", "joko", lines=given, reason="x")
    town.do("reallocate_freed", "wati", lines=given, reason="Dikerjakan Eko")


def test_the_correction_stands_in_the_open_period_and_replays_by_work_period(books):
    a_correction_replays(books)


def a_correction_replays(town):
    before = rows(town)
    cut(town)
    after = rows(town)
    assert after[: len(before)] == before
    back, new = after[len(before) : len(before) + 2]
    assert (back["code"], back["amountBp"]) == ("reverse", 1800)
    assert (new["code"], new["amountBp"]) == ("resolve", 1500)
    first, second = town.ids["period 1 BC"], town.ids["period 2 BC"]
    assert {row["workPeriodId"] for row in (back, new)} == {first}
    assert {row["postingPeriodId"] for row in (back, new)} == {second}
    assert balances(town) == {"citra": 5900, "sari": 1500, "eko": 2600}
    # shown apart: 18 % of 40 points in the first period, -3 % as koreksi periode lalu
    credit = town.read("sari", f"/api/people/{town.ids['sari']}/credit")["items"]
    assert {(row["postingPeriodId"], row["pointsE4"], row["correction"]) for row in credit} == {
        (first, 40 * 1800, False),
        (second, -40 * 300, True),
    }
    assert "koreksi periode lalu" in town.page("sari").text("/buku").lower()
    # the work was done in the first period: the index there is what 15 of 16 gives, kept promise
    assert line(town, "sari") == ("96.00", "sesuai", False)


def test_a_flipped_word_is_a_task_of_the_rater_and_flags_what_hangs_on_it(books):
    town = books
    cut(town)
    # 108 became 96: "di atas" became "sesuai"; Budi rated her, Eko's line moved in his word too
    [task] = [one for one in town.open("review_rating") if town.about(one) == "sari"]
    assert town.holder(task) == "budi"
    shown = town.begun(task)
    assert "di_atas" in shown["words_before"]
    assert "di_atas" not in shown["words_after"]
    for who in ("sari", "citra", "wati", "joko"):
        assert town.sent(task, {"outcome": "keep", "note": "x"}, by=who).status_code in (403, 404)
    flags = town.read("sari", f"/api/people/{town.ids['sari']}/credit")["flags"]
    assert {(row["subject"], row["outcome"]) for row in flags} >= {("rating", "")}
    town.answer(task, {"outcome": "keep", "note": "Predikat tidak berubah"})
    flags = town.read("sari", f"/api/people/{town.ids['sari']}/credit")["flags"]
    assert {row["subject"]: row["outcome"] for row in flags} == {
        "rating": "keep",
        "allowance": "keep",
        "certificate": "",
    }


def test_the_certificate_that_was_issued_says_that_it_was_corrected(books):
    town = books
    [mine] = town.read("sari", f"/api/people/{town.ids['sari']}/certificates")["items"]
    assert mine["status"] == "valid"
    town.hidden(f"/api/people/{town.ids['sari']}/certificates", "dedi", "hana", "xena")
    cut(town)
    # anybody with the code, signed in or not
    shown = town.api(None).get(f"/api/certificates/{mine['code']}").json
    assert shown["status"] == "corrected"


def test_a_correction_replays_on_both_databases(both):
    a_correction_replays(_books(both))
