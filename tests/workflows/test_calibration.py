"""Calibration: one session for a pool of units, moves with reasons, a warning and no bar."""

from __future__ import annotations

import pytest

from engine.domain.judging import DeviationKind
from engine.domain.ratings import OrgLevel, OrgRating, Predikat
from engine.usecases import tasks
from engine.usecases.errors import AccessRefused, InputRefused, NotFound
from tests.workflows.agency import PEOPLE
from tests.workflows.judging import (
    begin,
    heard,
    judging,
    objected_before,
    rate,
    rated,
    rating,
    substitute,
)

REFUSED = (NotFound, AccessRefused)
#: the rated people of a session in these tests, and their raters
RATED = {"dedi": "budi", "sari": "budi", "eko": "wati"}


def session(town, unit="badan"):
    """The session of a unit; the three units of the agency are small and are pooled at the top."""
    return town.start("calibration", unit_id=town.ids[unit], cycle_id=town.ids["cycle"])


def rate_three(town):
    for name in RATED:
        begin(town, name)
        heard(town, name)
        rate(town)


def gathered(town):
    """A session that waits for its raters, its ratings not all in, its time over."""
    key = session(town)
    rate_three(town)
    assert not town.open("sign_rating")
    town.pass_days(43)
    return key


def moved(rows, town, **changes):
    """Rows of the form with levels and reasons changed for some people."""
    ids = {town.ids[name]: change for name, change in changes.items()}
    return [{**row, **ids.get(row["person_id"], {})} for row in rows]


UP = {"result_level": "di_atas", "behaviour_level": "di_atas", "reason": "Setara dengan eko"}
DOWN = {"result_level": "di_bawah", "reason": "Target utama tidak tercapai"}


def propose(town, who, **changes):
    rows = town.begun(town.task("propose_moves", who))["moves"]
    town.do("propose_moves", who, moves=moved(rows, town, **changes))


def decide(town, by=None, override_reason="Unit kecil", **changes):
    rows = town.begun(town.task("decide_calibration"))["moves"]
    values = {"moves": moved(rows, town, **changes), "override_reason": override_reason}
    town.do("decide_calibration", by=by, **values)


def test_a_small_unit_is_calibrated_with_the_unit_above_it(town):
    key = session(town, "biro")
    assert town.status(key) == "completed"
    assert judging(town, "calibration_of", town.ids["biro"], town.ids["cycle"]) is None
    session(town)
    found = judging(town, "calibration_of", town.ids["biro"], town.ids["cycle"])
    assert found.unit_id == town.ids["badan"]
    assert len(judging(town, "calibration_units", found.id)) == 3


def test_ratings_wait_for_the_session_and_come_out_of_it_moved_or_not(town):
    gathered(town)
    assert town.waiting() == [("propose_moves", "budi"), ("propose_moves", "wati")]
    propose(town, "wati")
    propose(town, "budi", dedi=UP)
    assert town.waiting() == [("decide_calibration", "ratna")]
    decide(town, eko=DOWN)
    signers = [("sign_rating", "budi"), ("sign_rating", "budi"), ("sign_rating", "wati")]
    assert town.waiting() == signers
    assert rating(town, "dedi").predikat is Predikat.SANGAT_BAIK
    assert rating(town, "dedi").version == 2
    assert rating(town, "eko").predikat is Predikat.BUTUH_PERBAIKAN
    assert rating(town, "sari").version == 1
    by = {town.names[row.person_id]: row for row in moves(town)}
    assert town.names[by["dedi"].moved_by] == "budi"
    assert town.names[by["eko"].moved_by] == "ratna"
    assert (by["eko"].before_predikat, by["eko"].after_predikat) == ("baik", "butuh_perbaikan")
    kinds = {
        (town.names[row.rater_id], town.names[row.person_id])
        for row in judging(town, "deviations", town.ids["cycle"])
        if row.kind is DeviationKind.CALIBRATION
    }
    assert kinds == {("budi", "dedi"), ("wati", "eko")}
    shifts = judging(town, "shifts", town.ids["cycle"], town.house.clock.now().date())
    assert sorted((row.before, row.after, row.people) for row in shifts) == [
        ("baik", "baik", 1),
        ("baik", "butuh_perbaikan", 1),
        ("baik", "sangat_baik", 1),
    ]


def moves(town):
    found = judging(town, "calibration_of", town.ids["badan"], town.ids["cycle"])
    return judging(town, "moves", found.id)


def test_silent_raters_and_a_late_leader_hold_it_up_a_while_only(town):
    gathered(town)
    town.pass_days(8)
    assert town.waiting() == [("decide_calibration", "ratna")]
    town.pass_days(8)
    assert "calibration_due" in town.told()
    decide(town)
    assert {element for element, _ in town.waiting()} == {"sign_rating"}


def test_it_begins_at_once_when_the_last_of_the_pool_is_rated(town):
    session(town)
    for name in PEOPLE:
        begin(town, name)
        heard(town, name)
        rate(town, by="joko" if name == "ratna" else None)
    assert {element for element, _ in town.waiting()} == {"propose_moves"}


def test_a_session_that_finds_everybody_rated_does_not_wait(town):
    for name in PEOPLE:
        begin(town, name)
        heard(town, name)
        rate(town, by="joko" if name == "ratna" else None)
    session(town)
    assert "propose_moves" in {element for element, _ in town.waiting()}
    rater = judging(town, "rater_sums", town.ids["cycle"])
    assert sum(row.own.people for row in rater) == len(PEOPLE)


def test_a_session_that_never_closes_does_not_keep_a_rating_for_ever(town):
    session(town)
    begin(town)
    heard(town)
    rate(town)
    town.pass_days(61)
    assert ("sign_rating", "budi") in town.waiting()


def test_a_move_needs_its_reason_and_nobody_moves_himself(town):
    gathered(town)
    with pytest.raises(InputRefused) as refused:
        propose(town, "budi", dedi={**UP, "reason": ""})
    assert refused.value.faults[0].field.endswith(".reason")
    propose(town, "budi")
    propose(town, "wati")
    begin(town, "budi")
    heard(town, "budi")
    rate(town)
    substitute(town, "ratna", "budi")
    with pytest.raises(AccessRefused):
        decide(town, by="budi", budi=UP)
    decide(town)


def test_nobody_outside_the_line_moves_a_rating(town):
    """wati takes part in the session, but is not above sari."""
    gathered(town)
    rows = town.begun(town.task("propose_moves", "budi"))["moves"]
    task = town.task("propose_moves", "budi")
    hand_over(town, task, "wati")
    held = [t for t in town.open("propose_moves") if town.names[t.assignee] == "wati"]
    (mine,) = [t for t in held if t.key == task.key]
    with pytest.raises(AccessRefused) as refused:
        town.answer(mine, {"moves": moved(rows, town, sari=UP)})
    assert "outside_chain" in str(refused.value)
    hand_over(town, mine, "joko")
    (mine,) = [t for t in town.open("propose_moves") if t.key == task.key]
    with pytest.raises(AccessRefused):
        town.answer(mine, {"moves": moved(rows, town, sari=UP)})


def test_a_missed_pattern_asks_for_a_reason_and_never_bars(town):
    with town.house.writing() as uow:
        row = OrgRating(
            unit_id=town.ids["badan"],
            cycle_id=town.ids["cycle"],
            level=OrgLevel.BAIK,
            decided_by=town.ids["joko"],
            at=town.house.clock.now(),
        )
        uow.performance.add([row])
        uow.commit()
    gathered(town)
    shown = town.begun(town.task("propose_moves", "budi"))["distribution_text"]
    assert "Baik: 3 dari 3 pegawai, pola paling banyak 2" in shown
    assert "Butuh perbaikan + Kurang: 0 dari 3 pegawai, pola paling sedikit 1" in shown
    town.pass_days(8)
    with pytest.raises(InputRefused) as refused:
        decide(town, override_reason="")
    assert [fault.field for fault in refused.value.faults] == ["override_reason"]
    decide(town, override_reason="Tiga orang, semua mencapai target")
    found = judging(town, "calibration_of", town.ids["badan"], town.ids["cycle"])
    assert found.reason == "Tiga orang, semua mencapai target"


def test_who_moved_a_rating_does_not_decide_its_objection(town):
    """calibrator = objection decider: ratna moved dedi, so it is recorded from outside."""
    gathered(town)
    town.pass_days(8)
    decide(town, dedi={**DOWN, "reason": "Pola unit"})
    for _ in RATED:
        sign_first(town)
    town.do("receive_result", "dedi", answer="object", ground="Tidak dijelaskan")
    town.pass_days(8)
    assert [who for element, who in town.waiting() if element == "decide_objection"] == [
        "perf_admin"
    ]
    task = town.open("decide_objection")[0]
    hand_over(town, task, "ratna")
    with pytest.raises(AccessRefused):
        town.do("decide_objection", "ratna", outcome="upheld", reason="x")


def sign_first(town):
    task = town.open("sign_rating")[0]
    code = town.begun(task)["document_code"]
    town.answer(task, {"read": True, "code": code, "override_reason": "Unit kecil"})


def test_a_move_down_after_a_grievance_needs_a_second_signature(town):
    """ratna moves eko, who objected to her before: nobody above is left, it is signed outside."""
    objected_before(town, "eko", "ratna")
    gathered(town)
    town.pass_days(8)
    decide(town, eko=DOWN)
    assert ("countersign_rating", "perf_admin") in town.waiting()
    town.do("countersign_rating", by="joko", decision="approve", reason="Bukti dibaca")
    assert ("sign_rating", "wati") in town.waiting()


def test_a_rating_made_without_a_session_is_signed_at_once(town):
    rated(town)
    assert town.waiting() == [("receive_result", "dedi")]


def hand_over(town, task, who):
    command = tasks.AssignTask(task_key=task.key, assignee=town.ids[who])
    tasks.assign_task(town.house, town.actor("joko"), command)


def test_every_flow_of_calibration_is_walked(every_flow):
    every_flow("calibration")
