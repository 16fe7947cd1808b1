"""Load is seen: home results answered for, both heads above full time (crediting.md 0.9)."""

from __future__ import annotations

import pytest

from tests.acceptance.unfair import city
from tests.acceptance.unfair.ratings import RATE, heard, sign

PAIR = (("citra", "ketua", 10), ("sari", "anggota", 30))
OUT = {
    "title": "Laporan", "indicator": "Diterima", "target": "1", "person_days": 20,
    "due_on": "2026-06-30",
}  # fmt: skip


@pytest.fixture
def asked(town):
    """Sari has a home result and T1; a second squad asks for 30 per cent of her."""
    town.write(city.add_plan, "sari", rater="budi", squads=("T1",))
    members = "\n".join(f"{town.nip(who)} {role} {part} %" for who, role, part in PAIR)
    form = {
        "host_unit_id": town.ids["pusat"], "way": "letter", "name": "Tim Portal",
        "starts_on": "2026-02-02", "ends_on": "2026-06-30", "person_days": 40,
        "letter_no": "ST-7/2026", "members": members,
    }  # fmt: skip
    town.ask("squad_formation", by="wati", **form)
    town.do("confirm_squad", "wati", outputs=[OUT])
    return town


def answered(town, **change):
    rows = town.begun(town.task("sign_membership", "sari"))["results"]
    return [{**row, **change} for row in rows]


def test_each_home_result_is_reduced_dropped_or_kept_with_a_reason(asked):
    town = asked
    shown = town.begun(town.task("sign_membership", "sari"))
    assert {int(float(row["load_percent"])) for row in shown["load"]} == {130}
    town.barred("sign_membership", "budi", "wati", "joko", about="sari", answer="accepted")
    first = town.turned_down("sign_membership", "sari", answer="accepted", home_percent=50)
    assert set(first.values()) == {"result_unanswered"}
    kept = answered(town, change="kept")
    said = {"answer": "accepted", "home_percent": 50}
    assert town.turned_down("sign_membership", "sari", **said, results=kept) == {
        "results.0.reason": "reason_missing"
    }
    town.do("sign_membership", "sari", **said, results=answered(town, change="reduced"))
    # inside full time only her home is asked
    assert town.waiting("sign_load", "give_consent") == [("give_consent", "budi")]


def overloaded(town):
    values = {"answer": "accepted", "home_percent": 80}
    kept = answered(town, change="kept", reason="Tugas rutin")
    town.do("sign_membership", "sari", **values, results=kept)


def test_above_full_time_both_heads_sign_and_silence_approves_nothing(asked):
    town = asked
    overloaded(town)
    assert town.waiting("sign_load", "give_consent") == [
        ("sign_load", "budi"),
        ("sign_load", "wati"),
    ]
    for who, other in (("budi", "wati"), ("wati", "budi")):
        task = town.task("sign_load", who)
        assert int(float(town.begun(task)["load_percent"])) == 130
        for by in ("sari", "citra", "joko", other):
            assert town.sent(task, {"answer": "approve"}, by=by).status_code in (403, 404)
    town.do("sign_load", "budi", answer="approve")
    town.pass_days(10)
    assert ("settle_load", "wati") in town.waiting()
    assert ("give_consent", "budi") not in town.waiting()


def joined(town):
    overloaded(town)
    for who in ("budi", "wati"):
        town.do("sign_load", who, answer="approve")
    town.do("give_consent", "budi", decision="given")


def test_the_verified_load_stands_at_the_rating_and_the_rater_comments(asked):
    town = asked
    joined(town)
    path = f"/api/people/{town.ids['sari']}/load"
    for who in ("sari", "budi", "ratna", "citra"):
        months = {row["month"]: row["loadBp"] for row in town.read(who, path)["months"]}
        assert (months[1], months[3]) == (10_000, 13_000)
    town.hidden(path, "dedi", "hana", "xena")
    while town.open("answer_shares"):
        town.answer(town.open("answer_shares")[0], {"answer": "agree"})
    heard(town, "sari")
    shown = town.begun(town.task("rate"))
    assert "Mar 130 %" in shown["sheet_load"]
    assert "load_comment" in town.turned_down("rate", "budi", **RATE)
    town.do("rate", "budi", **RATE, load_comment="Beban tinggi, target disesuaikan")
    sign(town)


def test_a_member_says_that_it_is_too_much_and_the_sponsor_must_settle_it(asked):
    town = asked
    town.do("sign_membership", "sari", answer="overload")
    assert ("settle_load", "wati") in town.waiting()
    town.barred("settle_load", "sari", "citra", "budi", "joko", decision="keep", reason="x")
    town.do("settle_load", "wati", decision="release", reason="Tidak dipaksa")
    assert ("sign_membership", "sari") not in town.waiting()
