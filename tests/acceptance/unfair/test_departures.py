"""A rater who decides otherwise says why, to whom it concerns; lending is seen (0.12)."""

from __future__ import annotations

from tests.acceptance.unfair import city
from tests.acceptance.unfair.ratings import RATE, evaluation, heard, rate, sign


def roles_with(town, level, reason):
    rows = town.begun(town.task("rate"))["roles"]
    return [
        {**row, "level": level, "reason": reason} if row["role"] == town.ids["T1 sari"] else row
        for row in rows
    ]


def test_another_word_than_the_lead_s_needs_a_reason_that_he_and_the_employee_read(town):
    town.write(city.add_plan, "sari", rater="budi", squads=("T1",))
    heard(town, "sari", recommends="di_atas")
    shown = town.begun(town.task("rate"))
    assert "Selesai tepat waktu" in str(shown["roles"])
    told = town.turned_down("rate", "budi", **{**RATE, "roles": roles_with(town, "sesuai", "")})
    assert [field.endswith(".reason") for field in told] == [True]
    why = "Dua keluaran terlambat"
    rate(town, roles=roles_with(town, "sesuai", why))
    sign(town)
    assert town.waiting("read_deviation", "receive_result") == [
        ("read_deviation", "citra"),
        ("receive_result", "sari"),
    ]
    assert why in town.begun(town.task("read_deviation"))["why"]
    assert why in town.begun(town.task("receive_result"))["result_text"]
    town.do("read_deviation", "citra", seen=True)
    found = [
        row for row in evaluation(town, "sari")["deviations"] if row["kind"] == "recommendation"
    ]
    assert [(row["proposed"], row["decided"], row["reason"]) for row in found] == [
        ("di_atas", "sesuai", why)
    ]
    # counted per rater: hr and audit read it, the lead and the rater do not
    cycle = town.ids["cycle BC"]
    counted = town.read("agus", f"/api/audit/cycles/{cycle}/deviations")["items"]
    kinds = {(town.short(row["raterId"]), row["kind"]): row["deviations"] for row in counted}
    assert kinds["budi", "recommendation"] == 1
    [rater] = town.read("joko", f"/api/cycles/{cycle}/raters")["items"]
    assert (town.short(rater["raterId"]), rater["departures"] >= 1) == ("budi", True)
    town.hidden(f"/api/cycles/{cycle}/raters", "budi", "citra", "sari", "xena")


def test_the_evaluation_is_read_by_the_line_and_by_nobody_else(town):
    town.write(city.add_plan, "sari", rater="budi", squads=("T1",))
    heard(town, "sari")
    rate(town)
    # weighed, not signed: she does not read it yet
    town.hidden(f"/api/people/{town.ids['sari']}/evaluation", "sari")
    sign(town)
    for who in ("sari", "budi", "ratna", "joko", "agus"):
        assert evaluation(town, "sari", who)["predikat"] == "baik"
    town.hidden(
        f"/api/people/{town.ids['sari']}/evaluation", "citra", "wati", "eko", "dedi", "xena"
    )


def test_lending_shows_with_the_home_head(town):
    """Sari works a fifth of her time at Pusat: it stands at Biro, with its head's name."""
    path = f"/api/units/{town.ids['biro']}/lending"
    for who in ("budi", "ratna", "joko", "agus"):
        found = town.read(who, path)
        assert (town.short(found["headId"]), found["people"], found["hosts"]) == ("budi", 1, 1)
        assert (found["lentBp"], found["capacityBp"]) != (0, 0)
        assert [town.short(row["personId"]) for row in found["memberships"]] == ["sari"]
    town.hidden(path, "sari", "citra", "wati", "hana", "xena")
    assert town.read("wati", f"/api/units/{town.ids['pusat']}/lending")["people"] == 0


def test_lending_is_evidence_of_kolaboratif_at_the_head_s_own_rating(town):
    heard(town, "budi")
    rows = town.begun(town.task("rate"))["behaviour"]
    [seen] = [row["seen"] for row in rows if row["value"] == "kolaboratif"]
    assert "Meminjamkan" in seen or "meminjamkan" in seen
