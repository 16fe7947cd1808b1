"""What of goals, matrices, chains and risks is read by whom."""

from __future__ import annotations

import pytest

from api import goal_cards as cards
from api import goal_shapes as shapes
from engine.usecases import chains, goal_reports
from engine.usecases.errors import AccessRefused, NotFound
from tests.workflows.test_goal_tree import BIRO, cell, fixed_plan, items, objectives, published
from tests.workflows.test_risks import RISK, register


def test_the_chain_of_a_result_goes_up_to_the_outcome_and_down_to_outputs(town):
    goals = published(town)
    town.begin("planning", "budi")
    (above,) = items(town, "budi")
    squad = town.ids["squad"]
    mine = cell(town, "sari", f"item:{above.id}", "Katalog data")
    town.ask("role_matrix", by="budi", cells=[mine])
    theirs = cell(town, "sari", goals["P1"], "Isi portal", squad_id=squad)
    town.ask("role_matrix", by="wati", cells=[theirs])
    town.begin("planning", "sari")
    own, lent = items(town, "sari")
    found = chains.person_chain(town.house, town.actor("sari"), town.ids["sari"], own.id)
    assert [card.title for card in found.up.results] == ["Data terpadu tersedia"]
    assert {one.code for one in found.up.objectives} == {"B1", "S1"}
    whole = chains.person_chain(town.house, town.actor("sari"), town.ids["sari"], None)
    assert [row.title for row in whole.down.outputs] == ["Portal data"]
    assert {row.item_id for row in whole.down.outputs} == {lent.id}
    led = chains.person_chain(town.house, town.actor("budi"), town.ids["budi"], above.id)
    assert [card.item_id for card in led.down.results] == [own.id]
    shown = shapes.ChainShape().dump(cards.chain(whole))
    assert [row["title"] for row in shown["down"]["outputs"]] == ["Portal data"]
    with pytest.raises(NotFound):
        chains.person_chain(town.house, town.actor("sari"), town.ids["sari"], above.id)
    with pytest.raises(NotFound):
        chains.person_chain(town.house, town.actor("dedi"), town.ids["sari"], own.id)


def test_results_below_that_one_may_not_read_are_counted_only(town):
    published(town)
    town.begin("planning", "wati")
    (above,) = items(town, "wati")
    squad = town.ids["squad"]
    row = cell(town, "sari", f"item:{above.id}", "Isi portal", squad_id=squad)
    town.ask("role_matrix", by="wati", cells=[row])
    town.begin("planning", "sari")
    found = chains.person_chain(town.house, town.actor("wati"), town.ids["wati"], None)
    # the sponsor of a squad does not read the plans of its members
    assert (found.down.results, found.down.hidden, found.down.links) == ([], 1, [])
    seen = chains.person_chain(town.house, town.actor("ratna"), town.ids["wati"], None)
    assert [card.title for card in seen.down.results] == ["Isi portal"]


def test_a_plan_shows_its_risks_to_who_reads_the_plan(town):
    (item,) = fixed_plan(town, "dedi")
    register(town, "dedi", f"item:{item.id}")
    for who in ("dedi", "budi", "joko"):
        found = chains.person_risks(town.house, town.actor(who), town.ids["dedi"])
        assert [one.title for one in found.risks] == [RISK["title"]]
    shown = shapes.PlanRisksShape().dump(cards.risks(found))
    assert shown["risks"][0]["level"] == "low"
    with pytest.raises(NotFound):
        chains.person_risks(town.house, town.actor("sari"), town.ids["dedi"])


def test_a_unit_shows_its_goals_and_matrix_to_its_head_and_above(town):
    goals = published(town)
    rows = [cell(town, "sari", goals["B1"], "Katalog data")]
    town.ask("role_matrix", by="budi", cells=rows)
    for who in ("budi", "ratna", "joko"):
        tree = goal_reports.unit_goals(town.house, town.actor(who), town.ids["biro"])
        found = goal_reports.unit_matrix(town.house, town.actor(who), town.ids["biro"])
        assert [one.code for one in tree.objectives] == ["B1"]
        assert [one.code for one in tree.above] == ["S1"]
        assert [one.title for one in found.cells] == ["Katalog data"]
    assert shapes.GoalTreeShape().dump(cards.tree(tree))["objectives"][0]["indicators"]
    assert shapes.RoleMatrixShape().dump(cards.matrix(found))["cells"][0]["name"] == "Sari"
    whole = goal_reports.unit_goals(town.house, town.actor("ratna"), town.ids["badan"])
    assert {one.code for one in whole.objectives} == {"S1", "B1", "P1"}
    for who in ("sari", "wati"):
        with pytest.raises(NotFound):
            goal_reports.unit_goals(town.house, town.actor(who), town.ids["biro"])


def test_the_report_names_orphans_and_uncovered_objectives(town):
    (item,) = fixed_plan(town, "dedi")
    published(town)
    found = goal_reports.cascading(town.house, town.actor("joko"), town.ids["cycle"])
    assert [card.item_id for card in found.orphans] == [item.id]
    assert sorted(one.code for one in found.uncovered) == sorted(objectives(town))
    assert BIRO["code"] in {one.code for one in found.uncovered}
    with pytest.raises(AccessRefused):
        goal_reports.cascading(town.house, town.actor("budi"), town.ids["cycle"])
    with pytest.raises(NotFound):
        goal_reports.cascading(town.house, town.actor("joko"), "else")
