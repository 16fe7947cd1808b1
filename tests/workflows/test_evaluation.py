"""Evaluation: everybody heard, rating with reasons, second signature, signing, receipt."""

from __future__ import annotations

import pytest

from engine.domain.judging import DeviationKind
from engine.domain.ratings import Level, OrgLevel, OrgRating, Predikat, RatingStatus
from engine.domain.signing import SignaturePart
from engine.usecases.errors import AccessRefused, InputRefused, NotFound
from tests.workflows.judging import (
    audited,
    begin,
    heard,
    judging,
    objected_before,
    organisation_rated,
    rate,
    rated,
    rating,
    second_squad,
    sign,
    substitute,
    tell,
    voice,
)

#: whoever may not know of a task is told that there is none
REFUSED = (NotFound, AccessRefused)


def test_the_evaluation_waits_for_the_organisation_then_runs_to_its_end(town):
    key = begin(town)
    assert town.waiting() == []
    organisation_rated(town)
    assert town.waiting() == [("self_evaluate", "dedi")]
    town.do("self_evaluate", self_note="Target tercapai")
    assert town.waiting() == [("rate", "budi")]
    town.do("rate", result_level="di_bawah", behaviour_level="sesuai")
    assert town.waiting() == [("sign_rating", "budi")]
    sign(town)
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


def test_leads_recommend_peers_answer_and_the_employee_writes_at_the_same_time(town):
    begin(town, "sari")
    givers = [("give_input", name) for name in ("citra", "dedi", "eko")]
    assert town.waiting() == givers
    organisation_rated(town, "sari")
    asked = [*givers, ("recommend", "citra"), ("self_evaluate", "sari")]
    assert town.waiting() == sorted(asked)
    town.do("recommend", level="di_atas", words="Memimpin analisis")
    for task in town.open("give_input"):
        voice(town, task, "di_atas")
    assert town.waiting() == [("self_evaluate", "sari")]
    roles = town.begun(town.task("self_evaluate"))["roles"]
    with pytest.raises(InputRefused) as refused:
        town.do("self_evaluate", roles=roles)
    assert refused.value.faults
    town.do("self_evaluate", roles=[{**row, "words": "Selesai"} for row in roles])
    assert town.waiting() == [("rate", "budi")]
    seen = town.begun(town.task("rate"))
    squad = next(row for row in seen["roles"] if row["role"] == town.ids["member sari"])
    assert (squad["level"], squad["self_words"]) == ("di_atas", "Selesai")
    assert "Memimpin analisis" in squad["recommendation"]
    assert "Rekan kerja: rata-rata 3,00 dari 3 (3 jawaban)" in seen["behaviour"][0]["seen"]
    assert "bersifat saran" in seen["sheet_arithmetic"]
    assert "Jan 100 %" in seen["sheet_load"]


def test_whoever_is_silent_stops_nobody_and_is_noted(town):
    begin(town, "sari")
    organisation_rated(town, "sari")
    town.pass_days(15)
    assert town.waiting() == [("rate", "budi")]
    assert rating(town, "sari").self_note is None
    about = (town.ids["sari"], town.ids["cycle"])
    (silent,) = judging(town, "recommendations", *about)
    assert (silent.recommender_id, silent.level) == (town.ids["citra"], None)
    round_ = judging(town, "round_of", *about)
    assert (round_.state, judging(town, "voices", round_.id)) == ("closed", [])


def test_two_answers_are_never_shown(town):
    begin(town, "sari")
    organisation_rated(town, "sari")
    for task in town.open("give_input")[:2]:
        voice(town, task, "di_bawah", "Jangan dibaca")
    town.pass_days(15)
    round_ = judging(town, "round_of", town.ids["sari"], town.ids["cycle"])
    assert judging(town, "voices", round_.id) == []
    assert judging(town, "voice_words", round_.id) == []
    assert {row["seen"] for row in town.begun(town.task("rate"))["behaviour"]} == {""}


def test_an_answer_leaves_no_trace_but_its_counter(town):
    key = begin(town, "sari")
    for task in town.open("give_input"):
        voice(town, task, "di_atas", "Rahasia besar")
    seen = repr(town.variables(key))
    with town.house.reading() as uow:
        seen += repr(list(uow.work_list.history(key)))
    seen += audited(town)
    assert "Rahasia" not in seen
    assert "di_atas" not in seen
    round_ = judging(town, "round_of", town.ids["sari"], town.ids["cycle"])
    assert {text for _, text in judging(town, "voice_words", round_.id)} == {"Rahasia besar"}


def test_the_lead_s_word_is_departed_from_with_a_reason_that_he_reads(town):
    key = begin(town, "sari")
    heard(town, "sari")
    rows = town.begun(town.task("rate"))["roles"]
    other = [{**row, "level": "di_bawah"} if row["level"] == "sesuai" else row for row in rows]
    with pytest.raises(InputRefused) as refused:
        rate(town, roles=other)
    (fault,) = refused.value.faults
    assert fault.field.endswith(".reason")
    rate(town, roles=[{**row, "reason": "Dua keluaran terlambat"} for row in other])
    sign(town)
    assert town.waiting() == [("read_deviation", "citra"), ("receive_result", "sari")]
    assert "Dua keluaran terlambat" in town.begun(town.task("read_deviation"))["why"]
    assert "Dua keluaran terlambat" in town.begun(town.task("receive_result"))["result_text"]
    town.do("read_deviation", seen=True)
    town.do("receive_result", answer="accept")
    assert town.status(key) == "completed"
    kinds = {row.kind for row in judging(town, "deviations", town.ids["cycle"])}
    assert DeviationKind.RECOMMENDATION in kinds


def test_a_reason_that_a_lead_does_not_read_holds_nothing_up(town):
    key = begin(town, "sari")
    heard(town, "sari")
    rows = town.begun(town.task("rate"))["roles"]
    rows = [{**row, "level": "di_atas", "reason": "Melampaui target"} for row in rows]
    rate(town, roles=rows)
    sign(town)
    town.pass_days(15)
    assert town.status(key) == "completed"


def test_another_result_than_proposed_needs_a_reason(town):
    begin(town)
    heard(town)
    levels = {"result_level": "di_atas", "behaviour_level": "di_atas"}
    with pytest.raises(InputRefused) as refused:
        town.do("rate", **levels)
    assert [fault.field for fault in refused.value.faults] == ["reason"]
    with pytest.raises(InputRefused) as refused:
        town.do("rate", **levels, reason="Bukti di luar indeks")
    assert [fault.field for fault in refused.value.faults] == ["behaviour_reason"]
    assert rating(town).status is RatingStatus.PROPOSED
    town.do("rate", **levels, reason="Bukti di luar indeks", behaviour_reason="Teladan")
    assert rating(town).predikat is Predikat.SANGAT_BAIK
    counted = judging(town, "rater_sums", town.ids["cycle"])
    assert [(row.rater_id, row.deviations) for row in counted] == [(town.ids["budi"], 2)]


def test_marks_of_statements_propose_the_level_of_conduct(town):
    begin(town)
    heard(town)
    rows = town.begun(town.task("rate"))["behaviour"]
    raised = [{**row, "first": "di_atas", "second": "di_atas"} for row in rows]
    town.do("rate", result_level="di_bawah", behaviour=raised, behaviour_level="di_atas")
    found = rating(town)
    assert found.predikat is Predikat.BUTUH_PERBAIKAN
    marks = judging(town, "marks", found.id)
    assert len(marks) == 21
    assert sum(mark.level is Level.DI_ATAS for mark in marks) == 14


def test_a_late_rater_is_reminded_and_may_still_rate(town):
    begin(town)
    heard(town)
    town.pass_days(10)
    assert town.told() == ["rating_due"]
    rate(town, "budi")
    assert rating(town).status is RatingStatus.RATED
    town.pass_days(8)
    assert town.told() == ["rating_due", "signature_due"]


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
    rate(town)
    with pytest.raises(REFUSED):
        town.do("sign_rating", by="dedi", read=True, code="x")
    sign(town)
    with pytest.raises(NotFound):
        town.do("receive_result", by="budi", answer="accept")


def test_a_substitute_rates_in_the_rater_s_name_but_never_himself(town):
    substitute(town, "budi", "dedi")
    begin(town)
    organisation_rated(town)
    town.do("self_evaluate", "dedi", self_note="Target tercapai")
    assert town.waiting() == [("rate", "budi")]
    with pytest.raises(REFUSED):
        rate(town, by="dedi")
    rate(town, by="budi")
    begin(town, "sari")
    heard(town, "sari")
    rate(town, by="dedi")
    found = rating(town, "sari")
    assert (found.rater_id, found.on_behalf_of) == (town.ids["dedi"], town.ids["budi"])
    sign(town, "dedi")
    (signed,) = judging(town, "signatures", found.id)
    assert (signed.signer_id, signed.on_behalf_of) == (town.ids["dedi"], town.ids["budi"])


def test_who_signs_has_seen_the_document_as_it_stands(town):
    begin(town)
    heard(town)
    rate(town)
    shown = town.begun(town.task("sign_rating"))
    assert len(shown["document"]) == 64
    for wrong in ({"code": shown["document_code"]}, {"read": True, "code": "00000000"}):
        with pytest.raises(InputRefused):
            town.do("sign_rating", **wrong)
    sign(town)
    town.do("receive_result", answer="accept")
    by_employee = {row.part: row for row in judging(town, "signatures", rating(town).id)}
    assert set(by_employee) == {SignaturePart.RATER, SignaturePart.RECEIPT}
    assert {row.digest for row in by_employee.values()} == {shown["document"]}


def test_a_result_nobody_answers_is_final_after_fourteen_days(town):
    key = rated(town)
    town.pass_days(13)
    assert town.status(key) == "active"
    town.pass_days(2)
    assert town.status(key) == "completed"
    assert rating(town).status is RatingStatus.FINAL


def test_a_lowering_rating_after_a_grievance_needs_the_next_superior(town):
    objected_before(town, "dedi", "budi")
    begin(town)
    heard(town)
    rate(town, result_level="di_bawah", behaviour_level="di_bawah")
    assert town.waiting() == [("countersign_rating", "ratna")]
    with pytest.raises(REFUSED):
        town.do("countersign_rating", by="budi", decision="approve", reason="x")
    town.pass_days(8)
    assert town.told() == ["countersign_due"]
    town.do("countersign_rating", decision="refuse", reason="Bukti belum dibuka")
    assert town.waiting() == [("rate", "budi")]
    rate(town, result_level="di_bawah", behaviour_level="di_bawah")
    town.do("countersign_rating", decision="approve", reason="Bukti sudah dibuka")
    sign(town)
    found = rating(town)
    assert (found.version, found.predikat) == (2, Predikat.SANGAT_KURANG)
    second = [row for row in judging(town, "signatures", found.id) if row.part == "second"]
    assert [(row.signer_id, row.refused) for row in second] == [(town.ids["ratna"], False)]
    with town.house.reading() as uow:
        (act,) = uow.assurance.lowering_acts(town.ids["dedi"], [town.ids["budi"]])
    assert (act.second_id, act.guarded) == (town.ids["ratna"], True)


def test_a_rating_that_lowers_nothing_needs_one_signature_even_after_a_grievance(town):
    objected_before(town, "dedi", "budi")
    begin(town)
    heard(town)
    rate(town)
    assert town.waiting() == [("sign_rating", "budi")]


def test_the_level_of_the_unit_is_the_result_of_its_head(town):
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
    heard(town, "budi")
    assert rating(town, "budi").proposed_level is Level.DI_ATAS
    with pytest.raises(InputRefused) as refused:
        rate(town, result_level="sesuai")
    assert [fault.code for fault in refused.value.faults] == ["head_level"]
    rate(town, result_level="di_atas")


def test_the_head_of_the_agency_is_rated_by_the_performance_manager_for_outside(town):
    key = begin(town, "ratna")
    heard(town, "ratna")
    rate(town, by="joko")
    sign(town, "perf_admin")
    town.do("receive_result", "ratna", answer="accept")
    assert town.status(key) == "completed"


def test_the_rater_who_leads_the_squad_is_not_asked_by_himself(town):
    """ketua = rater: the sponsor recommends; sponsor = rater and ketua = person: nobody does."""
    second_squad(town, "budi")
    begin(town, "sari")
    organisation_rated(town, "sari")
    assert {town.holder(task) for task in town.open("recommend")} == {"citra", "wati"}
    begin(town, "citra")
    organisation_rated(town, "citra")
    held = sorted(town.holder(task) for task in town.open("recommend"))
    assert held == ["budi", "citra", "wati"]


def test_nobody_recommends_for_himself(town):
    """citra is ketua, her sponsor wati is her rater: nobody is left to recommend."""
    begin(town, "citra")
    organisation_rated(town, "citra")
    assert town.waiting() == [("self_evaluate", "citra")]
    town.do("self_evaluate", self_note="Tim selesai")
    assert town.waiting() == [("rate", "wati")]


def calibrated(town):
    """A session of the whole agency that waits for the ratings of everybody."""
    town.start("calibration", unit_id=town.ids["badan"], cycle_id=town.ids["cycle"])


def test_a_rating_waits_for_the_calibration_of_its_unit(town):
    calibrated(town)
    key = begin(town)
    heard(town)
    rate(town)
    assert town.waiting() == []
    tell(town, "calibration_closed", f"{town.ids['dedi']}:{town.ids['cycle']}")
    sign(town)
    town.do("receive_result", answer="accept")
    assert town.status(key) == "completed"


def test_a_calibration_that_never_ends_does_not_keep_a_rating(town):
    calibrated(town)
    begin(town)
    heard(town)
    rate(town)
    town.pass_days(61)
    assert ("sign_rating", "budi") in town.waiting()


def test_after_an_upheld_objection_the_rating_is_final(town):
    key = rated(town)
    town.do("receive_result", answer="object", ground="Belum dihitung")
    town.pass_days(8)
    town.do("decide_objection", outcome="upheld", reason="Sesuai bukti")
    assert town.status(key) == "completed"


def test_after_a_changed_rating_the_decider_signs(town):
    key = rated(town)
    town.do("receive_result", answer="object", ground="Belum dihitung")
    town.pass_days(8)
    levels = {"result_level": "di_atas", "behaviour_level": "sesuai"}
    town.do("decide_objection", outcome="changed", reason="Bukti baru", **levels)
    sign(town, "ratna", "sign_decision")
    assert town.status(key) == "completed"


def test_every_flow_of_evaluation_is_walked(every_flow):
    every_flow("evaluation")
