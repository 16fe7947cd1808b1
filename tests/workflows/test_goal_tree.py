"""The goal tree: objectives from the top down, matrices of the units, publication."""

from __future__ import annotations

from datetime import timedelta

import pytest

from engine.domain.cascade import CascadeMethod
from engine.domain.goals import ObjectiveStatus
from engine.domain.matrix import CellStatus
from engine.domain.plans import ItemKind, PlanStatus
from engine.usecases.errors import AccessRefused, InputRefused, NotFound
from tests.workflows.agency import PEOPLE

TOP = {
    "code": "S1",
    "title": "Layanan data dipercaya",
    "level": "outcome",
    "perspective": "recipient",
    "indicator": "Indeks kepuasan",
    "target": 85,
    "unit": "indeks",
    "direction": "higher",
}
BIRO = {
    "code": "B1",
    "title": "Data terpadu tersedia",
    "level": "intermediate",
    "leads_to": "S1",
    "indicator": "Jumlah data",
    "target": 40,
    "unit": "data",
}
PUSAT = {**BIRO, "code": "P1", "title": "Portal berjalan", "level": "output"}


def begin(town):
    return town.start("goal_tree", cycle_id=town.ids["cycle"], agency_id=town.ids["agency"])


def to_units(town, **top):
    key = begin(town)
    town.do("set_objectives", objectives=[{**TOP, **top}])
    town.do("approve_objectives", "ratna", decision="accept")
    return key


def objectives(town):
    with town.house.reading() as uow:
        return {one.code: one for one in uow.goals.objectives(town.ids["cycle"])}


def cell(town, who, column, title, **more):
    begun = {"nip": PEOPLE[who][0], "column": column, "title": title}
    return {**begun, "method": "nondirect", "kind": "utama", **more}


def items(town, who):
    with town.house.reading() as uow:
        plan = uow.performance.plan_of(town.ids[who], town.ids["cycle"])
        return list(uow.performance.items(plan.id)) if plan else []


def links(town, item_id):
    with town.house.reading() as uow:
        return list(uow.goals.links_of([item_id]))


def test_objectives_are_set_approved_derived_divided_and_published(town):
    key = to_units(town)
    assert town.waiting() == [("set_unit_objectives", "budi"), ("set_unit_objectives", "wati")]
    town.do("set_unit_objectives", "budi", objectives=[BIRO, {**BIRO, "indicator": "Mutu data"}])
    town.do("set_unit_objectives", "wati", objectives=[PUSAT])
    column = f"objective:{objectives(town)['B1'].id}"
    town.do("fill_matrix", "budi", cells=[cell(town, "sari", column, "Katalog data tersusun")])
    town.do("fill_matrix", "wati", cells=[])
    assert town.status(key) == "completed"
    held = objectives(town)
    assert {one.status for one in held.values()} == {ObjectiveStatus.PUBLISHED}
    assert held["B1"].parent_id == held["S1"].id
    with town.house.reading() as uow:
        texts = [row.text for row in uow.goals.measures([held["B1"].id])]
    assert texts == ["Jumlah data", "Mutu data"]
    assert not town.incidents()


def test_the_head_of_the_agency_sends_objectives_back_with_a_note(town):
    begin(town)
    town.do("set_objectives", objectives=[TOP])
    with pytest.raises(InputRefused):
        town.do("approve_objectives", "ratna", decision="revise")
    town.do("approve_objectives", "ratna", decision="revise", note="Terlalu banyak")
    assert [element for element, _ in town.waiting()] == ["set_objectives"]
    town.do("set_objectives", objectives=[{**TOP, "title": "Layanan data andal"}])
    assert [one.title for one in objectives(town).values()] == ["Layanan data andal"]


def test_a_late_unit_is_reminded_and_stops_nobody_and_is_repaired_later(town):
    key = to_units(town)
    town.do("set_unit_objectives", "budi", objectives=[{**BIRO, "indicator": ""}])
    town.pass_days(8)
    assert town.told() == ["goals_due"]
    town.pass_days(7)
    assert [element for element, _ in town.waiting()] == ["repair_objectives"]
    assert objectives(town)["S1"].status is ObjectiveStatus.PUBLISHED
    assert objectives(town)["B1"].status is ObjectiveStatus.DRAFT
    begun = town.begun(town.task("repair_objectives"))["objectives"]
    town.do("repair_objectives", objectives=[{**begun[0], "indicator": "Jumlah data"}])
    assert town.status(key) == "completed"
    assert objectives(town)["B1"].status is ObjectiveStatus.PUBLISHED


def test_what_nobody_completes_can_stay_a_draft(town):
    key = to_units(town)
    town.do("set_unit_objectives", "budi", objectives=[{**BIRO, "indicator": ""}])
    town.pass_days(15)
    town.do("repair_objectives", leave=True)
    assert town.status(key) == "completed"
    assert objectives(town)["B1"].status is ObjectiveStatus.DRAFT


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"leads_to": "S9"}, "objectives.0.leads_to"),
        ({"leads_to": "B1"}, "objectives.0.leads_to"),
        ({"level": "outcome", "code": "S1", "leads_to": ""}, "objectives.0.code"),
    ],
)
def test_a_tree_that_breaks_a_rule_is_refused_at_its_row(town, change, field):
    to_units(town)
    with pytest.raises(InputRefused) as refused:
        town.do("set_unit_objectives", "budi", objectives=[{**BIRO, **change}])
    assert field in [fault.field for fault in refused.value.faults]
    assert set(objectives(town)) == {"S1"}


def test_nobody_sets_the_objectives_of_another_unit(town):
    to_units(town)
    with pytest.raises(NotFound):
        town.do("set_unit_objectives", "budi", by="wati", objectives=[BIRO])


def test_a_draft_that_is_left_out_leaves_and_a_published_one_stays(town):
    begin(town)
    town.do("set_objectives", objectives=[TOP, {**TOP, "code": "S2"}])
    town.do("approve_objectives", "ratna", decision="revise", note="Satu saja")
    town.do("set_objectives", objectives=[TOP])
    assert set(objectives(town)) == {"S1"}
    town.do("approve_objectives", "ratna", decision="accept")
    town.pass_days(15)
    begin(town)
    town.do("set_objectives", objectives=[])
    assert set(objectives(town)) == {"S1"}


def published(town):
    """Objectives of the biro and the pusat, published."""
    to_units(town)
    town.do("set_unit_objectives", "budi", objectives=[BIRO])
    town.do("set_unit_objectives", "wati", objectives=[PUSAT])
    town.do("fill_matrix", "budi", cells=[])
    town.do("fill_matrix", "wati", cells=[])
    return {code: f"objective:{one.id}" for code, one in objectives(town).items()}


def test_a_head_begins_his_plan_with_the_objectives_of_his_unit(town):
    column = published(town)["B1"]
    town.begin("planning", "budi")
    (item,) = items(town, "budi")
    assert item.title == "Data terpadu tersedia"
    (link,) = links(town, item.id)
    assert (f"objective:{link.objective_id}", link.method) == (column, CascadeMethod.DIRECT)


def test_one_row_may_fill_columns_of_different_leaders(town):
    goals = published(town)
    town.ask("role_matrix", by="budi", cells=[cell(town, "sari", goals["B1"], "Katalog data")])
    squad = town.ids["squad"]
    portal = cell(town, "sari", goals["P1"], "Isi portal", squad_id=squad, kind="tambahan")
    town.ask("role_matrix", by="wati", cells=[portal])
    town.begin("planning", "sari")
    held = {item.title: item for item in items(town, "sari")}
    assert set(held) == {"Katalog data", "Isi portal"}
    assert held["Isi portal"].membership_id == town.ids["member sari"]
    # it serves an objective of the organisation: utama, whatever the leader wrote
    assert held["Isi portal"].kind is ItemKind.UTAMA
    assert {links(town, item.id)[0].squad_id for item in held.values()} == {None, squad}
    with town.house.reading() as uow:
        assert uow.goals.orphans(town.ids["cycle"]) == []
        assert uow.goals.uncovered(town.ids["cycle"]) == []


def test_one_result_may_serve_several_columns_and_is_split_directly_once(town):
    goals = published(town)
    rows = [
        cell(town, "sari", goals["B1"], "Katalog data", method="direct"),
        cell(town, "dedi", goals["B1"], "Mutu data", kind="tambahan"),
    ]
    town.ask("role_matrix", by="budi", cells=rows)
    one = cell(town, "sari", goals["P1"], "Katalog data", method="direct")
    town.ask("role_matrix", by="wati", cells=[one])
    town.begin("planning", "sari")
    home = next(item for item in items(town, "sari") if item.membership_id is None)
    methods = sorted(link.method.value for link in links(town, home.id))
    assert methods == ["direct", "nondirect"]
    town.begin("planning", "dedi")
    assert [item.kind for item in items(town, "dedi")] == [ItemKind.TAMBAHAN]


def test_a_draft_that_is_open_takes_new_cells_at_once_and_its_weights_stay_whole(town):
    goals = published(town)
    town.begin("planning", "dedi")
    rows = [cell(town, "dedi", goals["B1"], "Mutu data")]
    town.ask("role_matrix", by="budi", cells=rows)
    held = items(town, "dedi")
    assert [item.title for item in held] == ["Terlaksananya tugas jabatan", "Mutu data"]
    assert [item.weight_bp for item in held] == [5000, 5000]
    begun = town.begun(town.task("draft_plan", "dedi"))
    assert [row["title"] for row in begun["results"]] == [item.title for item in held]


def test_a_cell_that_left_the_matrix_is_dropped_and_a_taken_one_stays(town):
    goals = published(town)
    rows = [cell(town, "dedi", goals["B1"], "Mutu data"), cell(town, "sari", goals["B1"], "Kamus")]
    town.ask("role_matrix", by="budi", cells=rows)
    town.begin("planning", "dedi")
    town.ask("role_matrix", by="budi", cells=[])
    with town.house.reading() as uow:
        left = uow.goals.matrix(town.ids["budi"], town.ids["cycle"])
    assert [(one.title, one.status) for one in left] == [("Mutu data", CellStatus.TAKEN)]


def test_a_result_that_leaves_a_draft_takes_its_links_along_and_its_cell_waits(town):
    goals = published(town)
    rows = [cell(town, "dedi", goals["B1"], "Mutu data")]
    town.ask("role_matrix", by="budi", cells=rows)
    town.begin("planning", "dedi")
    own = {
        "title": "Hasil lain",
        "indicator": "Jumlah",
        "aspect": "kuantitas",
        "target": 1,
        "unit": "hasil",
        "weight_percent": 100,
    }
    town.do("draft_plan", "dedi", confirmed=True, results=[own])
    with town.house.reading() as uow:
        (waiting,) = uow.goals.cells_for(town.ids["dedi"], 2026)
        lost = [card.title for card in uow.goals.orphans(town.ids["cycle"])]
    assert (waiting.status, waiting.item_id) == (CellStatus.PROPOSED, None)
    assert lost == ["Hasil lain"]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"nip": "199912312020121001"}, "cells.0.nip"),
        ({"column": "objective:else"}, "cells.0.column"),
        ({"squad_id": "else"}, "cells.0.squad_id"),
    ],
)
def test_a_cell_that_cannot_be_is_refused_at_its_row(town, change, field):
    goals = published(town)
    row = {**cell(town, "dedi", goals["B1"], "Mutu data"), **change}
    with pytest.raises(InputRefused) as refused:
        town.ask("role_matrix", by="budi", cells=[row])
    assert field in [fault.field for fault in refused.value.faults]


def test_who_leads_nothing_has_no_columns_and_nobody_is_in_his_own_rows(town):
    goals = published(town)
    with pytest.raises(InputRefused):
        town.ask("role_matrix", by="dedi", cells=[cell(town, "sari", goals["B1"], "Mutu data")])
    with pytest.raises(InputRefused):
        town.ask("role_matrix", by="budi", cells=[cell(town, "budi", goals["B1"], "Mutu data")])


def fixed_plan(town, who):
    town.begin("planning", who)
    town.do("draft_plan", who, confirmed=True)
    town.do("clarify_expectation", decision="accept")
    with town.house.reading() as uow:
        plan = uow.performance.plan_of(town.ids[who], town.ids["cycle"])
    assert plan.status is PlanStatus.FIXED
    return items(town, who)


def test_an_orphan_is_linked_by_its_owner_with_the_raters_agreement(town):
    (item,) = fixed_plan(town, "dedi")
    goals = published(town)
    with town.house.reading() as uow:
        assert [card.item_id for card in uow.goals.orphans(town.ids["cycle"])] == [item.id]
    key = town.ask(
        "result_linking", by="dedi", item_id=item.id, serves=goals["S1"], method="nondirect"
    )
    with pytest.raises(AccessRefused):
        town.do("confirm_link", "budi", by="dedi", decision="accept")
    town.do("confirm_link", "budi", decision="accept", note="Bahan indeks")
    assert town.status(key) == "completed"
    with town.house.reading() as uow:
        assert uow.goals.orphans(town.ids["cycle"]) == []
    with pytest.raises(InputRefused):
        town.ask("result_linking", by="dedi", item_id=item.id, serves=goals["S1"], method="direct")


def test_a_refused_link_is_not_kept_and_only_own_results_are_linked(town):
    (item,) = fixed_plan(town, "dedi")
    goals = published(town)
    town.ask("result_linking", by="dedi", item_id=item.id, serves=goals["B1"], method="direct")
    town.do("confirm_link", "budi", decision="refuse")
    assert links(town, item.id) == []
    with pytest.raises(InputRefused):
        town.ask("result_linking", by="sari", item_id=item.id, serves=goals["B1"], method="direct")


def test_nobody_starts_the_review_of_goals_without_the_group(town):
    with pytest.raises((AccessRefused, NotFound)):
        town.start("goal_tree", by="sari", cycle_id=town.ids["cycle"], agency_id=town.ids["agency"])


def test_the_days_of_the_units_begin_with_the_approval(town):
    begin(town)
    town.pass_days(20)
    town.do("set_objectives", objectives=[TOP])
    town.pass_days(1)
    town.do("approve_objectives", "ratna", decision="accept")
    town.pass_days(6)
    assert [element for element, _ in town.waiting()] == ["set_unit_objectives"] * 2
    assert town.house.clock.now() > town.started(town.roots[0]) + timedelta(days=14)


def test_every_flow_of_the_goal_tree_is_walked(every_flow):
    every_flow("goal_tree")


def test_every_flow_of_the_matrix_is_walked(every_flow):
    every_flow("role_matrix")


def test_every_flow_of_linking_is_walked(every_flow):
    every_flow("result_linking")
