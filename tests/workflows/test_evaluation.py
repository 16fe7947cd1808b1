"""Evaluation: organisation first, self-evaluation, rating, predikat, objection, final."""

from __future__ import annotations

from datetime import date

import pytest

from engine.domain.objections import ObjectionOutcome, ObjectionState
from engine.domain.people import Substitution
from engine.domain.ratings import Level, OrgLevel, OrgRating, Predikat, RatingStatus
from engine.usecases import messages
from engine.usecases.errors import AccessRefused, InputRefused, NotFound

#: whoever may not know of a task is told that there is none
REFUSED = (NotFound, AccessRefused)


def begin(town, name="dedi"):
    return town.begin("evaluation", name)


def organisation_rated(town, name="dedi"):
    """The message that each person of a unit gets when its level is set."""
    key = f"{town.ids[name]}:{town.ids['cycle']}"
    command = messages.PublishMessage(
        name="org_rating_set", correlation_key=key, time_to_live_ms=60_000
    )
    messages.publish_message(town.house, town.operator, command)
    town.worker.drain()


def rated(town, name="dedi", **values):
    """The employee looks at his result."""
    key = begin(town, name)
    organisation_rated(town, name)
    town.do("self_evaluate", name, self_note="Target tercapai")
    given = {"result_level": "sesuai", "behaviour_level": "sesuai", "reason": "Bukti cukup"}
    town.do("rate", **{**given, **values})
    return key


def rating(town, name="dedi"):
    with town.house.reading() as uow:
        return uow.performance.rating_of(town.ids[name], town.ids["cycle"])


def objection(town, name="dedi", version=1):
    with town.house.reading() as uow:
        found = uow.performance.rating_of(town.ids[name], town.ids["cycle"])
        return uow.performance.objection_to(found.id), found


def test_the_evaluation_waits_for_the_organisation_then_runs_to_its_end(town):
    key = begin(town)
    assert town.waiting() == []
    organisation_rated(town)
    assert town.waiting() == [("self_evaluate", "dedi")]
    town.do("self_evaluate", self_note="Target tercapai")
    assert town.waiting() == [("rate", "budi")]
    town.do("rate", result_level="di_bawah", behaviour_level="sesuai")
    assert town.waiting() == [("receive_result", "dedi")]
    town.do("receive_result", answer="accept")
    assert town.status(key) == "completed"
    found = rating(town)
    assert found.predikat is Predikat.BUTUH_PERBAIKAN
    assert (found.status, found.self_note) == (RatingStatus.FINAL, "Target tercapai")
    assert found.rater_id == town.ids["budi"]


def test_a_rating_of_the_organisation_that_came_first_is_not_lost(town):
    organisation_rated(town)
    begin(town)
    assert town.waiting() == [("self_evaluate", "dedi")]


def test_the_form_proposes_what_the_index_proposes(town):
    begin(town)
    organisation_rated(town)
    town.do("self_evaluate", self_note="Target tercapai")
    proposed = rating(town).proposed_level.value
    assert town.begun(town.task("rate"))["result_level"] == proposed


def test_a_missing_self_evaluation_stops_nobody(town):
    begin(town)
    organisation_rated(town)
    town.pass_days(8)
    assert town.waiting() == [("rate", "budi")]
    assert rating(town).self_note is None


def test_another_result_than_proposed_needs_a_reason(town):
    begin(town)
    organisation_rated(town)
    town.do("self_evaluate", self_note="Target tercapai")
    levels = {"result_level": "di_atas", "behaviour_level": "di_atas"}
    with pytest.raises(InputRefused) as refused:
        town.do("rate", **levels)
    assert [fault.field for fault in refused.value.faults] == ["reason"]
    assert rating(town).status is RatingStatus.PROPOSED
    town.do("rate", **levels, reason="Bukti di luar indeks")
    assert rating(town).predikat is Predikat.SANGAT_BAIK


def test_a_late_rater_is_reminded_and_may_still_rate(town):
    begin(town)
    organisation_rated(town)
    town.do("self_evaluate", self_note="Target tercapai")
    town.pass_days(10)
    assert town.told() == ["rating_due"]
    town.do("rate", "budi", behaviour_level="sesuai")
    assert rating(town).status is RatingStatus.RATED


def test_nobody_rates_himself_and_only_the_employee_answers(town):
    begin(town)
    organisation_rated(town)
    for by in ("budi", "citra"):
        with pytest.raises(NotFound):
            town.do("self_evaluate", by=by, self_note="x")
    town.do("self_evaluate", self_note="Target tercapai")
    for by in ("dedi", "wati", "joko"):
        with pytest.raises(REFUSED):
            town.do("rate", by=by, result_level="sesuai", behaviour_level="sesuai", reason="x")
    town.do("rate", behaviour_level="sesuai")
    with pytest.raises(NotFound):
        town.do("receive_result", by="budi", answer="accept")


def test_a_substitute_rates_in_the_rater_s_name_but_never_himself(town):
    with town.house.writing() as uow:
        row = Substitution(
            id=town.house.ids.uuid(),
            absent_id=town.ids["budi"],
            substitute_id=town.ids["dedi"],
            valid_from=date(2026, 1, 1),
        )
        uow.agency.add([row])
        uow.commit()
    begin(town)
    organisation_rated(town)
    town.do("self_evaluate", "dedi", self_note="Target tercapai")
    assert town.waiting() == [("rate", "budi")]
    with pytest.raises(REFUSED):
        town.do("rate", by="dedi", behaviour_level="sesuai")
    town.do("rate", by="budi", behaviour_level="sesuai")
    begin(town, "sari")
    organisation_rated(town, "sari")
    town.do("self_evaluate", "sari", self_note="Target tercapai")
    town.do("rate", by="dedi", behaviour_level="sesuai")
    found = rating(town, "sari")
    assert (found.rater_id, found.on_behalf_of) == (town.ids["dedi"], town.ids["budi"])


def test_a_result_nobody_answers_is_final_after_fourteen_days(town):
    key = rated(town)
    town.pass_days(13)
    assert town.status(key) == "active"
    town.pass_days(2)
    assert town.status(key) == "completed"
    assert rating(town).status is RatingStatus.FINAL


def test_an_objection_without_a_ground_is_refused(town):
    rated(town)
    with pytest.raises(InputRefused) as refused:
        town.do("receive_result", answer="object")
    assert [fault.field for fault in refused.value.faults] == ["ground"]


def test_an_objection_heard_by_both_is_upheld_by_the_rater_s_superior(town):
    key = rated(town)
    town.do("receive_result", answer="object", ground="Capaian akhir tahun belum dihitung")
    assert town.waiting() == [("explain_employee", "dedi"), ("explain_rater", "budi")]
    assert "statement" not in town.begun(town.task("explain_rater"))
    town.do("explain_employee", statement="Lihat bukti triwulan keempat")
    assert "statement" not in town.begun(town.task("explain_rater"))
    with pytest.raises(NotFound):
        town.do("explain_rater", by="dedi", statement="x")
    town.do("explain_rater", statement="Bukti itu sudah dihitung")
    assert town.waiting() == [("decide_objection", "ratna")]
    for by in ("budi", "dedi", "wati"):
        with pytest.raises(NotFound):
            town.do("decide_objection", by=by, outcome="upheld", reason="x")
    with pytest.raises(InputRefused):
        town.do("decide_objection", outcome="upheld", reason="")
    town.do("decide_objection", outcome="upheld", reason="Penilaian sesuai bukti")
    assert town.status(key) == "completed"
    found, kept = objection(town)
    assert (found.state, found.outcome) == (ObjectionState.DECIDED, ObjectionOutcome.UPHELD)
    assert (found.rater_statement, found.employee_statement) == (
        "Bukti itu sudah dihitung",
        "Lihat bukti triwulan keempat",
    )
    assert (kept.version, kept.predikat, kept.status) == (1, Predikat.BAIK, RatingStatus.FINAL)


def test_both_stay_silent_and_the_decider_changes_the_rating(town):
    rated(town)
    first = rating(town)
    town.do("receive_result", answer="object", ground="Capaian akhir tahun belum dihitung")
    town.pass_days(8)
    assert town.waiting() == [("decide_objection", "ratna")]
    changed = {"outcome": "changed", "reason": "Bukti baru"}
    with pytest.raises(InputRefused):
        town.do("decide_objection", **changed)
    town.do("decide_objection", **changed, result_level="di_atas", behaviour_level="di_atas")
    found = rating(town)
    assert (found.version, found.predikat) == (2, Predikat.SANGAT_BAIK)
    assert (found.result_level, found.status) == (Level.DI_ATAS, RatingStatus.FINAL)
    assert found.id != first.id


def test_a_late_decision_is_reported_and_still_taken(town):
    key = rated(town)
    town.do("receive_result", answer="object", ground="Capaian akhir tahun belum dihitung")
    town.do("explain_employee", statement="Bukti")
    town.do("explain_rater", statement="Bukti")
    town.pass_days(15)
    assert town.told() == ["objection_due"]
    town.do("decide_objection", outcome="upheld", reason="Penilaian sesuai bukti")
    assert town.status(key) == "completed"


def test_the_level_of_the_unit_is_the_proposal_for_its_head(town):
    with town.house.writing() as uow:
        row = OrgRating(
            unit_id=town.ids["biro"],
            cycle_id=town.ids["cycle"],
            level=OrgLevel.ISTIMEWA,
            decided_by=town.ids["ratna"],
            at=town.house.clock.now(),
        )
        uow.performance.add([row])
        uow.commit()
    begin(town, "budi")
    organisation_rated(town, "budi")
    assert rating(town, "budi").proposed_level is Level.DI_ATAS


def test_the_head_of_the_agency_is_rated_by_the_performance_manager_for_outside(town):
    key = rated(town, "ratna", by="joko")
    town.do("receive_result", "ratna", answer="accept")
    assert town.status(key) == "completed"


def test_where_nobody_above_is_left_the_decision_from_outside_is_recorded(town):
    key = rated(town, "budi")
    town.do("receive_result", "budi", answer="object", ground="Belum dihitung")
    town.pass_days(8)
    assert town.waiting() == [("decide_objection", "perf_admin")]
    with pytest.raises(REFUSED):
        town.do("decide_objection", by="ratna", outcome="upheld", reason="x")
    town.do("decide_objection", by="joko", outcome="upheld", reason="Surat Menteri 12/2026")
    assert town.status(key) == "completed"


def test_every_flow_of_evaluation_is_walked(every_flow):
    every_flow("evaluation")
