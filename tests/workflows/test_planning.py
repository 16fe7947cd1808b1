"""Planning and clarification: every way from the draft to the fixed plan."""

from __future__ import annotations

from datetime import timedelta

import pytest

from engine.domain.indicators import Direction
from engine.domain.plans import FeedbackRole, PlanStatus
from engine.domain.risks import Risk, RiskLevel
from engine.usecases.errors import InputRefused, NotFound

RESULT = {
    "title": "Data terpadu",
    "indicator": "Jumlah data",
    "aspect": "kuantitas",
    "target": 10,
    "unit": "data",
    "weight_percent": 100,
}


def plan_of(town, name):
    with town.house.reading() as uow:
        return uow.performance.plan_of(town.ids[name], town.ids["cycle"])


def feedback(town, name):
    with town.house.reading() as uow:
        plan = uow.performance.plan_of(town.ids[name], town.ids["cycle"])
        return [(row.role, row.text) for row in uow.performance.feedback(plan.id)]


def draft(town, who, **values):
    town.do("draft_plan", who, confirmed=True, **values)


def test_a_plan_is_drafted_clarified_by_lead_and_rater_and_fixed(town):
    town.begin("planning", "sari")
    assert town.waiting() == [("draft_plan", "sari")]
    draft(town, "sari", results=[RESULT])
    assert town.waiting() == [("clarify_role", "citra")]
    town.do("clarify_role", "citra", expectation="Dua dataset per bulan")
    town.do("clarify_expectation", "budi", decision="accept", expectation="Tepat waktu")
    assert town.waiting() == []
    plan = plan_of(town, "sari")
    assert (plan.status, plan.fixed_by) == (PlanStatus.FIXED, town.ids["budi"])
    assert feedback(town, "sari") == [
        (FeedbackRole.LEAD, "Dua dataset per bulan"),
        (FeedbackRole.RATER, "Tepat waktu"),
    ]


def test_what_the_house_proposes_can_be_handed_in_as_it_is(town):
    town.begin("planning", "dedi")
    draft(town, "dedi")
    town.do("clarify_expectation", "budi", decision="accept")
    with town.house.reading() as uow:
        items = uow.performance.items(plan_of(town, "dedi").id)
    assert [(item.title, item.weight_bp) for item in items] == [
        ("Terlaksananya tugas jabatan", 10_000)
    ]


def test_weights_that_do_not_sum_are_refused_and_nothing_is_saved(town):
    town.begin("planning", "dedi")
    with pytest.raises(InputRefused) as refused:
        draft(town, "dedi", results=[{**RESULT, "weight_percent": 60}])
    assert "weight" in str(refused.value.faults)
    assert town.waiting() == [("draft_plan", "dedi")]
    assert plan_of(town, "dedi").status is PlanStatus.DRAFT


def test_a_result_that_a_risk_names_is_not_left_out_of_a_draft(town):
    town.begin("planning", "dedi")
    with town.house.writing() as uow:
        [item] = uow.performance.items(plan_of(town, "dedi").id)
        uow.goals.add([risk_on(town, item.id)])
        uow.commit()
    with pytest.raises(InputRefused) as refused:
        draft(town, "dedi", results=[RESULT])
    assert [(one.field, one.code) for one in refused.value.faults] == [("results", "result_named")]
    draft(town, "dedi", results=[{**RESULT, "item_id": item.id}])
    assert town.waiting() == [("clarify_expectation", "budi")]


def risk_on(town, item_id):
    return Risk(
        id=town.house.ids.uuid(),
        cycle_id=town.ids["cycle"],
        title="Server padam",
        likelihood=2,
        impact=2,
        level=RiskLevel.LOW,
        owner_id=town.ids["dedi"],
        item_id=item_id,
        mitigation="Cadangan",
        registered_by=town.ids["dedi"],
        at=town.house.clock.now(),
    )


def test_a_revision_goes_back_to_the_employee_until_both_agree(town):
    town.begin("planning", "dedi")
    draft(town, "dedi")
    with pytest.raises(InputRefused):
        town.do("clarify_expectation", "budi", decision="revise")
    town.do("clarify_expectation", "budi", decision="revise", note="Ukuran mutu kurang")
    assert town.waiting() == [("draft_plan", "dedi")]
    draft(town, "dedi", results=[RESULT])
    town.do("clarify_expectation", "budi", decision="accept")
    assert plan_of(town, "dedi").status is PlanStatus.FIXED


def test_a_plan_comes_back_for_revision_with_its_days_begun_anew(town):
    town.begin("planning", "dedi")
    town.pass_days(10)
    draft(town, "dedi")
    town.do("clarify_expectation", "budi", decision="revise", note="Ukuran mutu kurang")
    town.pass_days(5)
    assert town.waiting() == [("draft_plan", "dedi")]


def test_a_late_draft_is_reminded_of_and_then_imposed(town):
    town.begin("planning", "dedi")
    town.pass_days(8)
    assert town.told() == ["plan_draft_due"]
    town.pass_days(7)
    assert town.waiting() == [("clarify_expectation", "budi")]
    assert plan_of(town, "dedi").status is PlanStatus.SUBMITTED
    town.do("clarify_expectation", "budi", decision="accept")
    assert plan_of(town, "dedi").status is PlanStatus.FIXED


def test_a_silent_lead_stops_nobody(town):
    town.begin("planning", "sari")
    draft(town, "sari")
    assert town.waiting() == [("clarify_role", "citra")]
    town.pass_days(5)
    assert town.waiting() == [("clarify_expectation", "budi")]


def test_a_late_rater_brings_the_performance_manager_in_and_may_still_answer(town):
    town.begin("planning", "dedi")
    draft(town, "dedi")
    town.pass_days(8)
    assert town.waiting() == [("clarify_expectation", "budi"), ("mediate", "perf_admin")]
    town.do("mediate", note="Bertemu bertiga")
    town.do("clarify_expectation", "budi", decision="accept")
    assert plan_of(town, "dedi").status is PlanStatus.FIXED


def test_the_plan_of_the_head_of_the_agency_is_clarified_by_the_performance_manager(town):
    key = town.begin("planning", "ratna")
    draft(town, "ratna")
    assert town.waiting() == [("clarify_expectation", "perf_admin")]
    town.do("clarify_expectation", decision="accept")
    assert town.status(key) == "completed"


def test_nobody_clarifies_his_own_plan_or_drafts_for_another(town):
    town.begin("planning", "dedi")
    with pytest.raises(NotFound):
        town.do("draft_plan", by="budi", confirmed=True)
    draft(town, "dedi")
    with pytest.raises(NotFound):
        town.do("clarify_expectation", by="dedi", decision="accept")


def test_results_of_the_head_are_offered_to_those_below(town):
    town.begin("planning", "budi")
    draft(town, "budi", results=[RESULT])
    town.do("clarify_expectation", "ratna", decision="accept")
    town.begin("planning", "dedi")
    begun = town.begun(town.task("draft_plan"))
    assert [row["title"] for row in begun["results"]] == ["Mendukung: Data terpadu"]


def test_the_clocks_are_shorter_at_the_end_of_the_year(town):
    first = town.begin("planning", "dedi")
    assert town.variables(first)["clocks"]["clarify_days"] == 3
    town.pass_days(20)
    second = town.begin("planning", "eko")
    assert town.variables(second)["clocks"]["clarify_days"] == 5
    assert town.house.clock.now() - timedelta(days=19) > town.started(first)


def contents(town, name):
    """Title, words and attainable numbers of every indicator of a person's plan, by result."""
    with town.house.reading() as uow:
        plan = plan_of(town, name)
        titles = {item.id: item.title for item in uow.performance.items(plan.id)}
        return [(titles[one.item_id], one) for one in uow.performance.indicators(plan.id)]


MORE = {
    "result_number": 1,
    "indicator": "Waktu tayang",
    "aspect": "waktu",
    "direction": "range",
    "lower": 10,
    "upper": 20,
    "unit": "hari",
    "indicator_weight": 3,
}


def test_a_result_has_several_indicators_of_every_kind(town):
    town.begin("planning", "dedi")
    words = {
        "result_number": 1,
        "indicator": "Mutu sajian",
        "aspect": "kualitas",
        "direction": "qualitative",
        "target_text": "Dipahami pembaca awam",
    }
    draft(town, "dedi", approach="kualitatif", results=[RESULT], more_indicators=[MORE, words])
    town.do("clarify_expectation", "budi", decision="revise", note="Tambah ukuran")
    begun = town.begun(town.task("draft_plan"))
    assert [row["indicator"] for row in begun["more_indicators"]] == ["Waktu tayang", "Mutu sajian"]
    assert begun["approach"] == "kualitatif"
    draft(town, "dedi")
    found = {one.text: one for _, one in contents(town, "dedi")}
    ranged, told = found["Waktu tayang"], found["Mutu sajian"]
    assert (ranged.lower, ranged.upper, ranged.target, ranged.weight) == (10, 20, None, 3)
    assert (told.direction, told.target_text) == (Direction.QUALITATIVE, "Dipahami pembaca awam")


def test_faulty_indicators_are_named_by_row_and_field(town):
    town.begin("planning", "dedi")
    rows = [{**MORE, "upper": 5}, {**MORE, "result_number": 2}]
    with pytest.raises(InputRefused) as refused:
        draft(town, "dedi", results=[RESULT], more_indicators=rows[:1])
    assert [(f.field, f.code) for f in refused.value.faults] == [
        ("more_indicators.0.upper", "range_ends")
    ]
    with pytest.raises(InputRefused) as refused:
        draft(town, "dedi", results=[RESULT], more_indicators=rows)
    assert refused.value.faults[0].field == "more_indicators.1.result_number"
    with pytest.raises(InputRefused) as refused:
        draft(town, "dedi", results=[{**RESULT, "target": 0}])
    assert refused.value.faults[0].field == "results.0.target"


def test_a_result_can_be_additional(town):
    town.begin("planning", "dedi")
    rows = [
        {**RESULT, "weight_percent": 70},
        {**RESULT, "title": "Panitia", "kind": "tambahan", "weight_percent": 30},
    ]
    draft(town, "dedi", results=rows)
    with town.house.reading() as uow:
        kinds = [item.kind.value for item in uow.performance.items(plan_of(town, "dedi").id)]
    assert kinds == ["utama", "tambahan"]


def test_a_lead_writes_result_and_indicator_of_the_role_in_his_squad_only(town):
    town.begin("planning", "sari")
    draft(town, "sari", results=[RESULT])
    task = town.task("clarify_role", "citra")
    rows = town.begun(task)["results"]
    assert [row["title"] for row in rows] == ["Kontribusi pada Tim Satu Data"]
    with pytest.raises(InputRefused) as refused:
        town.answer(task, {"expectation": "Tuntas", "results": [{**rows[0], "weight_percent": 50}]})
    assert refused.value.faults[0].code == "weights_sum"
    written = {**rows[0], "title": "Dua dataset terbit", "target": 2, "unit": "dataset"}
    town.do(
        "clarify_role",
        expectation="Tuntas",
        results=[written],
        more_indicators=[{**MORE, "indicator": "Waktu terbit"}],
    )
    found = [(title, one.text) for title, one in contents(town, "sari")]
    assert found == [
        ("Data terpadu", "Jumlah data"),
        ("Dua dataset terbit", "Keluaran tim diterima"),
        ("Dua dataset terbit", "Waktu terbit"),
    ]


def test_hints_and_last_year_are_shown_and_stop_nobody(town):
    town.begin("planning", "dedi")
    functions = town.house.host.functions
    plan = plan_of(town, "dedi")
    with town.house.reading() as uow:
        ask = functions(uow, town.house.clock.now())
        told = ask["smart hints"].call(plan.id, "id")
        english = ask["smart hints"].call(plan.id, "en")
        last = ask["last year"].call(plan.id, "id")
        load = ask["planned load"].call(plan.id, "id")
    assert "**Terlaksananya tugas jabatan**: kata awalnya menyebut kegiatan" in told
    assert "it does not say by when" in english
    assert last == "Belum ada capaian tahun lalu di Regu."
    assert load.endswith("- jumlah: 100 %")
    draft(town, "dedi")
    assert plan_of(town, "dedi").status is PlanStatus.SUBMITTED


def fixed(town, name, by, **values):
    """A plan drafted and fixed."""
    town.begin("planning", name)
    draft(town, name, **values)
    town.do("clarify_expectation", by, decision="accept")


def test_nobody_waits_for_the_superiors_plan_and_links_are_compared_when_it_comes(town):
    key = town.begin("planning", "dedi")
    draft(town, "dedi", results=[RESULT])
    town.do("clarify_expectation", "budi", decision="accept")
    assert plan_of(town, "dedi").status is PlanStatus.FIXED
    assert town.status(key) == "active"
    town.begin("planning", "budi")
    draft(town, "budi", results=[{**RESULT, "title": "Satu data instansi"}])
    town.do("clarify_expectation", "ratna", decision="accept")
    assert town.waiting() == [("check_links", "dedi")]
    begun = town.begun(town.task("check_links"))
    assert [row["title"] for row in begun["results"]] == ["Data terpadu"]
    with town.house.reading() as uow:
        above = uow.performance.items(plan_of(town, "budi").id)[0]
    rows = [{**row, "serves_id": above.id} for row in begun["results"]]
    with pytest.raises(InputRefused):
        town.do("check_links", results=[{**rows[0], "serves_id": town.house.ids.uuid()}])
    town.do("check_links", results=rows)
    assert town.status(key) == "completed"
    with town.house.reading() as uow:
        links = uow.goals.links_of([rows[0]["item_id"]])
    assert [(link.parent_id, link.linked_by) for link in links] == [(above.id, town.ids["dedi"])]


def test_results_that_are_linked_already_bring_no_task(town):
    fixed(town, "budi", "ratna", results=[RESULT])
    key = town.begin("planning", "dedi")
    draft(town, "dedi")
    town.do("clarify_expectation", "budi", decision="accept")
    assert town.status(key) == "completed"


def test_a_superior_who_is_late_is_reminded_and_his_plan_is_compared_later(town):
    town.begin("planning", "budi")
    key = town.begin("planning", "dedi")
    draft(town, "dedi", results=[RESULT])
    town.do("clarify_expectation", "budi", decision="accept")
    town.pass_days(8)
    assert town.told() == ["plan_draft_due", "superior_plan_awaited"]
    draft(town, "budi", results=[RESULT])
    town.do("clarify_expectation", "ratna", decision="accept")
    assert town.waiting() == [("check_links", "dedi")]
    town.pass_days(8)
    assert town.status(key) == "completed"


def test_linked_results_go_on_when_the_superior_comes(town):
    town.begin("planning", "budi")
    draft(town, "budi", results=[RESULT])
    key = town.begin("planning", "dedi")
    draft(town, "dedi")
    town.do("clarify_expectation", "ratna", decision="accept")
    assert town.waiting() == [("clarify_expectation", "budi")]
    town.do("clarify_expectation", "budi", decision="accept")
    assert town.status(key) == "completed"


def test_without_a_superiors_plan_the_process_ends_at_the_deadline(town):
    key = town.begin("planning", "dedi")
    draft(town, "dedi", results=[RESULT])
    town.do("clarify_expectation", "budi", decision="accept")
    town.pass_days(31)
    assert town.status(key) == "completed"


def test_every_flow_of_planning_is_walked(every_flow):
    every_flow("planning")


def test_every_flow_of_clarification_is_walked(every_flow):
    every_flow("clarification")
