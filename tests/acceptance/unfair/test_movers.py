"""Who moves in mid-year, and who has the wrong superior on record (issue B, 4 and 8)."""

from __future__ import annotations

import pytest

from tests.acceptance.unfair import city
from tests.acceptance.unfair.ratings import evaluation, heard, rate, sign

RATE = {"result_level": "sesuai", "behaviour_level": "sesuai", "note": "Laporan lengkap"}


@pytest.fixture
def moved(town):
    """Dedi works at Biro until May and at Pusat from June, by letter."""
    town.write(city.add_plan, "dedi", rater="budi", attainment="99")
    form = {
        "kind": "mutasi", "nip": town.nip("dedi"), "starts_on": "2026-06-01",
        "unit_id": town.ids["pusat"], "post_title": "Analis Data", "letter_no": "SK-7",
    }  # fmt: skip
    for who in ("dedi", "budi", "wati", "ratna"):
        assert town.asked("role_change", by=who, **form).status_code in (403, 404)
    town.ask("role_change", by="joko", **form)
    town.move("2026-06-01T10:00:00+07:00")
    return town


def segments(town, reader):
    return town.read(reader, f"/api/people/{town.ids['dedi']}/segments")


def test_the_old_rater_s_word_reaches_the_new_one_and_is_not_averaged(moved):
    town = moved
    assert town.waiting("document_segment") == [("document_segment", "dedi")]
    town.do("document_segment", "dedi")
    town.barred("rate_segment", "dedi", "wati", "ratna", "joko", **RATE)
    assert town.turned_down("rate_segment", "budi", **{**RATE, "note": ""}) == {"note": "required"}
    town.do("rate_segment", "budi", **RATE)
    homes = [row for row in segments(town, "dedi")["base"] if row["kind"] == "home"]
    assert [(row["unitId"], row["endsOn"]) for row in homes] == [
        (town.ids["biro"], "2026-05-31"),
        (town.ids["pusat"], "2026-12-31"),
    ]
    [frozen] = segments(town, "wati")["snapshots"]
    assert (frozen["raterId"], frozen["interim"]["predikat"]) == (town.ids["budi"], "baik")
    # the old rater reads what he rated, and the plan of the new place no more
    assert [row["id"] for row in segments(town, "budi")["snapshots"]] == [frozen["id"]]
    town.hidden(f"/api/people/{town.ids['dedi']}/plan", "budi")
    shown = town.begun(town.task("receive_segment", "wati"))
    assert shown["predikat"].lower() == "baik"
    assert shown["note_of_rater"] == "Laporan lengkap"
    # two roles by days, 151 and 214 of 365; the closed one counts as it was frozen
    found = town.read("dedi", f"/api/people/{town.ids['dedi']}/plan")
    assert sorted(role["weightBp"] for role in found["roles"]) == [4137, 5863]
    assert [(str(one["attainment"]), one["level"]) for one in found["lines"]] == [
        ("99.00", "sesuai")
    ]


def test_the_predikat_of_the_year_is_set_once_by_the_new_rater(moved):
    town = moved
    town.do("document_segment", "dedi")
    town.do("rate_segment", "budi", **{**RATE, "result_level": "di_atas"})
    town.do("receive_segment", "wati", confirmed=True)
    town.move("2026-12-15T09:00:00+07:00")
    heard(town, "dedi")
    assert town.waiting("rate") == [("rate", "wati")]
    town.barred("rate", "budi", "dedi", "joko", result_level="sesuai")
    rate(town)
    sign(town)
    found = evaluation(town, "dedi")
    assert (found["predikat"], found["version"]) == ("baik", 1)
    assert town.short(found["raterId"]) == "wati"
    assert evaluation(town, "dedi", "wati")["predikat"] == "baik"
    town.hidden(f"/api/people/{town.ids['dedi']}/evaluation", "budi")


# ---- the wrong superior


@pytest.fixture
def drafting(town):
    """Dedi drafts; his plan waits for Budi, who is not his superior."""
    town.start("planning", person_id=town.ids["dedi"], cycle_id=town.ids["cycle BC"])
    town.do("draft_plan", "dedi", confirmed=True)
    task = town.task("clarify_expectation", "budi")
    draft = {"data": {"expectation": "Setengah jadi"}}
    assert (
        town.api("budi").ask("PUT", f"/api/tasks/{task.key}/draft", json=draft).status_code == 204
    )
    said = {"reason": "Saya bertugas di Pusat", "right_rater_id": town.ids["wati"]}
    assert town.asked("rater_repair", by="eko", nip=town.nip("dedi"), **said).status_code in (
        403,
        422,
    )
    town.ask("rater_repair", by="dedi", **said)
    return town


REPAIR = {"decision": "confirm", "starts_on": "2026-01-19", "letter_no": "SK-3/2026"}


def test_hr_repairs_with_a_date_tasks_move_with_drafts_and_both_are_told(drafting):
    town = drafting
    assert town.waiting("confirm_rater") == [("confirm_rater", "hr")]
    repair = {**REPAIR, "rater_nip": town.nip("wati")}
    town.barred("confirm_rater", "dedi", "budi", "wati", "xena", **repair)
    assert "letter_no" in town.turned_down(
        "confirm_rater", by="joko", **{**repair, "letter_no": ""}
    )
    town.do("confirm_rater", by="joko", **repair)
    task = town.task("clarify_expectation", "wati")
    # what Dedi typed goes along; what Budi had begun to say of him stays Budi's
    assert town.seen(task)["draft"] is None
    assert str(task.key) not in {one["taskKey"] for one in town.mine("budi")}
    assert sorted(town.letters("task_moved_here") + town.letters("task_moved_away")) == [
        ("task_moved_away", "budi"),
        ("task_moved_here", "wati"),
    ]
    town.barred("clarify_expectation", "budi", "dedi", decision="accept", expectation="x")
    town.do("clarify_expectation", "wati", decision="accept", expectation="Data tepat waktu")
    # from that day on Wati reads his plan; Budi does not
    assert town.read("wati", f"/api/people/{town.ids['dedi']}/plan")
    town.hidden(f"/api/people/{town.ids['dedi']}/plan", "budi")


def test_nobody_s_work_stops_while_human_resources_look(drafting):
    town = drafting
    town.do("clarify_expectation", "budi", decision="accept", expectation="Data tepat waktu")
    town.do("confirm_rater", by="joko", **REPAIR, rater_nip=town.nip("wati"))
    assert town.waiting("clarify_expectation") == []


def test_records_that_are_right_stay_and_the_reporter_is_told(drafting):
    town = drafting
    assert "reason" in town.turned_down("confirm_rater", by="joko", decision="decline")
    town.do("confirm_rater", by="joko", decision="decline", reason="SK benar")
    town.barred("read_answer", "budi", "wati", "eko", confirmed=True)
    town.do("read_answer", "dedi", confirmed=True)
    assert town.waiting("clarify_expectation") == [("clarify_expectation", "budi")]
