"""Objection: fourteen days, both heard, decided by someone new, final, signed again."""

from __future__ import annotations

import pytest

from engine.domain.objections import ObjectionOutcome, ObjectionState
from engine.domain.ratings import Level, Predikat, RatingStatus
from engine.usecases import tasks
from engine.usecases.errors import AccessRefused, InputRefused, NotFound
from tests.workflows.judging import (
    begin,
    heard,
    judging,
    objection,
    rate,
    rated,
    rating,
    second_squad,
    sign,
    substitute,
)

GROUND = "Capaian akhir tahun belum dihitung"
UPHELD = {"outcome": "upheld", "reason": "Penilaian sesuai bukti"}
#: whoever may not know of a task is told that there is none
REFUSED = (NotFound, AccessRefused)


def objected(town, name="dedi", **values):
    """An objection that both sides let stand without words."""
    key = rated(town, name, **values)
    town.do("receive_result", name, answer="object", ground=GROUND)
    town.pass_days(8)
    return key


def test_an_objection_without_a_ground_is_refused(town):
    rated(town)
    with pytest.raises(InputRefused) as refused:
        town.do("receive_result", answer="object")
    assert [fault.field for fault in refused.value.faults] == ["ground"]


def test_an_objection_heard_by_both_is_upheld_by_the_rater_s_superior(town):
    key = rated(town)
    town.do("receive_result", answer="object", ground=GROUND)
    assert town.waiting() == [("explain_employee", "dedi"), ("explain_rater", "budi")]
    town.do("explain_employee", statement="Lihat bukti triwulan keempat")
    assert "statement" not in town.begun(town.task("explain_rater"))
    with pytest.raises(NotFound):
        town.do("explain_rater", by="dedi", statement="x")
    town.do("explain_rater", statement="Bukti itu sudah dihitung")
    assert town.waiting() == [("decide_objection", "ratna")]
    for by in ("budi", "dedi", "wati"):
        with pytest.raises(REFUSED):
            town.do("decide_objection", by=by, outcome="upheld", reason="x")
    with pytest.raises(InputRefused):
        town.do("decide_objection", outcome="upheld", reason="")
    town.do("decide_objection", **UPHELD)
    assert town.status(key) == "completed"
    found, kept = objection(town)
    assert (found.state, found.outcome) == (ObjectionState.DECIDED, ObjectionOutcome.UPHELD)
    assert (found.rater_statement, found.employee_statement) == (
        "Bukti itu sudah dihitung",
        "Lihat bukti triwulan keempat",
    )
    assert (kept.version, kept.predikat, kept.status) == (1, Predikat.BAIK, RatingStatus.FINAL)


def test_a_changed_rating_is_a_new_version_that_its_decider_signs(town):
    key = objected(town)
    first = rating(town)
    assert town.waiting() == [("decide_objection", "ratna")]
    changed = {"outcome": "changed", "reason": "Bukti baru"}
    with pytest.raises(InputRefused):
        town.do("decide_objection", **changed)
    town.do("decide_objection", **changed, result_level="di_atas", behaviour_level="di_atas")
    assert town.waiting() == [("sign_decision", "ratna")]
    sign(town, "ratna", "sign_decision")
    assert town.status(key) == "completed"
    found = rating(town)
    assert (found.version, found.predikat) == (2, Predikat.SANGAT_BAIK)
    assert (found.result_level, found.status) == (Level.DI_ATAS, RatingStatus.FINAL)
    assert found.rater_id == town.ids["ratna"]
    old = judging(town, "signatures", first.id)
    (new,) = judging(town, "signatures", found.id)
    assert new.signer_id == town.ids["ratna"]
    assert new.digest not in {row.digest for row in old}
    # a final rating does not change, and the version before it stays as it was signed
    assert judging(town, "versions", found.person_id, found.cycle_id)[0].predikat is Predikat.BAIK


def test_a_late_decision_goes_to_the_competent_authority(town):
    key = objected(town)
    town.pass_days(15)
    assert town.told() == ["objection_due"]
    assert town.waiting() == [("decide_as_authority", "ratna")]
    with pytest.raises(REFUSED):
        town.do("decide_as_authority", by="budi", **UPHELD)
    town.pass_days(15)
    assert town.told() == ["objection_due", "objection_due"]
    town.do("decide_as_authority", **UPHELD)
    assert town.status(key) == "completed"


def test_where_nobody_above_is_left_the_decision_from_outside_is_recorded(town):
    key = objected(town, "budi")
    assert town.waiting() == [("decide_objection", "perf_admin")]
    with pytest.raises(REFUSED):
        town.do("decide_objection", by="ratna", outcome="upheld", reason="x")
    town.do("decide_objection", by="joko", outcome="upheld", reason="Surat Menteri 12/2026")
    assert town.status(key) == "completed"


def test_late_where_nobody_is_left_it_is_recorded_from_outside_too(town):
    key = objected(town, "budi")
    town.pass_days(15)
    assert town.waiting() == [("decide_as_authority", "perf_admin")]
    town.do("decide_as_authority", by="joko", outcome="upheld", reason="Surat Menteri 13/2026")
    assert town.status(key) == "completed"


def test_who_recommended_as_sponsor_does_not_decide(town):
    """ketua = rater: the sponsor, had she been above, would have been asked; she is barred."""
    second_squad(town, "budi")
    with town.house.writing() as uow:
        acts = uow.judging.acts_on(town.ids["sari"], town.ids["cycle"])
    assert acts == []
    begin(town, "sari")
    heard(town, "sari")
    names = {act.actor_id for act in judging(town, "acts_on", town.ids["sari"], town.ids["cycle"])}
    assert names == {town.ids["wati"], town.ids["citra"]}
    rate(town)
    sign(town)
    names = {act.actor_id for act in judging(town, "acts_on", town.ids["sari"], town.ids["cycle"])}
    assert names == {town.ids[one] for one in ("wati", "citra", "budi")}


def test_the_substitute_of_the_rater_does_not_decide_in_anybody_s_name(town):
    """wati rated sari as budi's substitute, and stands in for ratna too: it goes past her."""
    substitute(town, "budi", "wati")
    substitute(town, "ratna", "wati")
    objected(town, "sari", by="wati")
    found = rating(town, "sari")
    assert (found.rater_id, found.on_behalf_of) == (town.ids["wati"], town.ids["budi"])
    task = town.open("decide_objection")[0]
    assert town.holder(task) == "perf_admin"
    hand_over(town, task, "wati")
    with pytest.raises(AccessRefused):
        town.do("decide_objection", "wati", **UPHELD)


def test_the_absent_official_does_not_decide_about_what_was_done_in_his_name(town):
    """dedi rated sari for the absent budi; ratna is next, and neither of the two decides."""
    substitute(town, "budi", "dedi")
    objected(town, "sari", by="dedi")
    task = town.task("decide_objection", "ratna")
    for who in ("budi", "dedi"):
        hand_over(town, task, who)
        task = town.task("decide_objection", who)
        with pytest.raises(AccessRefused):
            town.do("decide_objection", who, **UPHELD)


def hand_over(town, task, who):
    command = tasks.AssignTask(task_key=task.key, assignee=town.ids[who])
    tasks.assign_task(town.house, town.actor("joko"), command)


def test_every_flow_of_objection_is_walked(every_flow):
    every_flow("objection")
