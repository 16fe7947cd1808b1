"""Cascading, the goal tree, the matrix and risks: rules, and reports on random trees."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.domain import cascade, goals, matrix, risks
from engine.domain.cascade import CascadeMethod, ResultLink
from engine.domain.errors import NotEntitled, RuleBroken, TransitionRefused
from engine.domain.goals import Objective, ObjectiveIndicator, ObjectiveLevel, ObjectiveStatus
from engine.domain.matrix import MatrixCell
from engine.domain.plans import ItemKind, RoleKind
from engine.domain.risks import Risk, RiskLevel, RiskReview, RiskStatus, TargetReopening

NOW = datetime(2026, 1, 20, 3, 0, tzinfo=UTC)
ITEMS = [f"i{n}" for n in range(8)]
GOALS = [f"g{n}" for n in range(6)]


def link(child, parent=None, objective=None, **more):
    key = f"{child}>{parent or objective}"
    facts = {"parent_id": parent, "objective_id": objective, **more}
    return ResultLink(id=key, child_id=child, at=NOW, **facts)


def codes(found):
    return [violation.code for violation in found]


def test_results_that_serve_themselves_are_named():
    rows = [link("a", "b"), link("b", "c"), link("c", "a"), link("d", "a"), link("f", "elsewhere")]
    assert [v.subject for v in cascade.check_links(rows)] == ["a", "b", "c"]


def test_a_link_has_one_target_stands_once_and_splits_directly_once():
    assert codes(cascade.check_links([link("a", "b", "g")])) == ["link_target"]
    assert codes(cascade.check_links([link("a")])) == ["link_target"]
    assert codes(cascade.check_links([link("a", "b"), link("a", "b")])) == ["link_twice"]
    direct = [link("a", p, method=CascadeMethod.DIRECT) for p in ("b", "c")]
    assert codes(cascade.check_links(direct)) == ["link_direct"]
    assert cascade.check_links([direct[0], link("a", "c"), link("a", None, "g")]) == ()


edges = st.lists(st.tuples(st.sampled_from(ITEMS), st.sampled_from(ITEMS)), max_size=20)


def closes_circle(pairs):
    """By removing what serves nothing that is left, again and again: what remains is a circle."""
    left = set(pairs)
    while True:
        children = {child for child, _ in left}
        kept = {(child, parent) for child, parent in left if parent in children}
        if kept == left:
            return bool(left)
        left = kept


@given(edges)
def test_links_are_accepted_exactly_when_no_result_comes_back_to_itself(pairs):
    rows = [link(child, parent) for child, parent in dict.fromkeys(pairs)]
    found = cascade.check_links(rows)
    assert bool(found) is closes_circle(pairs)


@given(edges)
def test_links_taken_one_by_one_when_no_rule_breaks_never_close_a_circle(pairs):
    held = []
    for child, parent in pairs:
        row = link(child, parent)
        if not cascade.check_links([*held, row]):
            held.append(row)
    assert not closes_circle([(row.child_id, row.parent_id) for row in held])


@st.composite
def trees(draw):
    """A tree of objectives, results whose links only go up, and links to objectives."""
    ladder = {
        name: draw(st.sampled_from([None, *GOALS[:n]])) if n else None
        for n, name in enumerate(GOALS)
    }
    rows = []
    for n, item in enumerate(ITEMS):
        parents = draw(st.sets(st.sampled_from(ITEMS[:n]), max_size=3)) if n else ()
        rows += [link(item, parent) for parent in parents]
        landed = draw(st.sets(st.sampled_from(GOALS), max_size=1))
        rows += [link(item, None, goal) for goal in landed]
    return ladder, rows


def reaches(item, rows):
    own = [row for row in rows if row.child_id == item]
    return any(row.objective_id or reaches(row.parent_id, rows) for row in own)


def covers(goal, ladder, rows):
    below = [child for child, parent in ladder.items() if parent == goal]
    served = any(row.objective_id == goal for row in rows)
    return served or any(covers(child, ladder, rows) for child in below)


@given(trees())
def test_orphans_are_the_main_results_from_which_no_line_reaches_an_objective(tree):
    _, rows = tree
    assert cascade.orphans(ITEMS, rows) == tuple(i for i in ITEMS if not reaches(i, rows))


@given(trees())
def test_uncovered_are_the_objectives_that_nothing_serves_below(tree):
    ladder, rows = tree
    found = cascade.uncovered(ladder, rows)
    assert found == tuple(g for g in GOALS if not covers(g, ladder, rows))


def test_a_squad_result_that_serves_an_objective_is_utama():
    extra = ItemKind.TAMBAHAN
    assert cascade.kind_of(extra, RoleKind.SQUAD, serves_objective=True) is ItemKind.UTAMA
    assert cascade.kind_of(extra, RoleKind.SQUAD, serves_objective=False) is extra
    assert cascade.kind_of(extra, RoleKind.HOME, serves_objective=True) is extra


UNITS = {"top": None, "biro": "top", "bagian": "biro", "pusat": "top"}
SERVED = Objective(
    id="a", cycle_id="c", unit_id="top", code="S1", level=ObjectiveLevel.OUTCOME, title="Served"
)


def under(key, **facts):
    first = {"unit_id": "biro", "parent_id": "a", "level": ObjectiveLevel.INTERMEDIATE}
    return Objective(id=key, cycle_id="c", code=key.upper(), title=key, **(first | facts))


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        ([under("b", parent_id="x")], "parent_unknown"),
        ([under("b"), under("d", unit_id="pusat", parent_id="b")], "parent_unit"),
        ([under("b"), under("d", level=ObjectiveLevel.OUTCOME, parent_id="b")], "level_order"),
        ([under("b", level=ObjectiveLevel.OUTPUT),
          under("d", level=ObjectiveLevel.SERVICE, parent_id="b")], "level_leaf"),
        ([under("b", parent_id="d"), under("d", parent_id="b")], "objective_circle"),
        ([replace(under("b"), code="S1")], "code_twice"),
        ([replace(under("b"), code=" ")], "code_missing"),
        ([replace(under("b"), title=" ")], "title_missing"),
    ],
)  # fmt: skip
def test_a_tree_names_what_breaks_it(rows, code):
    assert code in codes(goals.check_tree([SERVED, *rows], UNITS))


def test_a_tree_from_the_outcome_downward_stands():
    rows = [
        SERVED,
        under("b"),
        under("d", unit_id="bagian", parent_id="b", level=ObjectiveLevel.SERVICE),
    ]
    assert goals.check_tree(rows, UNITS) == ()


def test_publication_asks_for_an_indicator_and_a_way_to_an_outcome():
    loose = under("b", parent_id=None)
    measure = ObjectiveIndicator(id="m", objective_id="b", number=1, text="Jumlah")
    assert codes(goals.check_publication([SERVED, loose], [measure])) == [
        "indicator_missing",
        "objective_loose",
    ]
    shown = goals.publish(SERVED, NOW)
    assert (shown.status, shown.published_at) == (ObjectiveStatus.PUBLISHED, NOW)
    with pytest.raises(TransitionRefused):
        goals.publish(shown, NOW)


def cell(key, **facts):
    first = {"person_id": "sari", "parent_id": "r1", "title": "Katalog"}
    return MatrixCell(id=key, cycle_id="c", leader_id="budi", at=NOW, **(first | facts))


def test_a_matrix_names_the_cell_that_breaks_it():
    assert matrix.check_cells([cell("1"), cell("2", parent_id=None, objective_id="g")]) == ()
    assert matrix.check_cells([cell("1"), cell("2", squad_id="t")]) == ()
    assert codes(matrix.check_cells([cell("1"), cell("2")])) == ["cell_twice"]
    assert codes(matrix.check_cells([cell("1", person_id="budi")])) == ["cell_own"]
    assert codes(matrix.check_cells([cell("1", title=" ")])) == ["title_missing"]
    assert codes(matrix.check_cells([cell("1", objective_id="g")])) == ["cell_column"]


RISK = Risk(
    id="r", cycle_id="c", item_id="i", title="Padam", likelihood=2, impact=3,
    level=RiskLevel.MODERATE, owner_id="sari", mitigation="", registered_by="sari", at=NOW,
)  # fmt: skip


def look(status=RiskStatus.OPEN, **facts):
    first = {"likelihood": 4, "impact": 4, "level": RiskLevel.HIGH, "note": "seen"}
    return RiskReview(
        id="v", risk_id="r", reviewed_on=date(2026, 4, 1), status=status, reviewed_by="sari",
        at=NOW, **(first | facts),
    )  # fmt: skip


def test_a_review_moves_a_risk_and_never_back():
    after = risks.reviewed(RISK, look())
    assert (after.likelihood, after.level, after.status) == (4, RiskLevel.HIGH, RiskStatus.OPEN)
    realised = risks.reviewed(RISK, look(RiskStatus.REALISED))
    with pytest.raises(TransitionRefused):
        risks.reviewed(realised, look())
    closed = risks.reviewed(realised, look(RiskStatus.CLOSED))
    with pytest.raises(TransitionRefused):
        risks.reviewed(closed, look(RiskStatus.CLOSED))
    with pytest.raises(RuleBroken):
        risks.reviewed(RISK, look(RiskStatus.REALISED, note=" "))


@given(st.integers(-3, 9), st.integers(-3, 9))
def test_likelihood_and_impact_are_one_to_five(likelihood, impact):
    found = codes(risks.check_risk(replace(RISK, likelihood=likelihood, impact=impact)))
    wanted = [n for n, v in (("likelihood", likelihood), ("impact", impact)) if not 1 <= v <= 5]
    assert found == wanted


def test_a_risk_is_on_one_thing():
    assert codes(risks.check_risk(replace(RISK, objective_id="g"))) == ["risk_subject"]
    assert codes(risks.check_risk(replace(RISK, item_id=None))) == ["risk_subject"]


def test_a_target_is_reopened_for_a_realised_risk_with_a_reason_by_somebody_else():
    realised = replace(RISK, status=RiskStatus.REALISED)
    decided = TargetReopening(
        id="o", risk_id="r", item_id="i", person_id="sari", reopened=True, reason="Padam",
        decided_by="budi", at=NOW,
    )  # fmt: skip
    risks.check_reopening(realised, decided)
    with pytest.raises(TransitionRefused):
        risks.check_reopening(RISK, decided)
    with pytest.raises(NotEntitled):
        risks.check_reopening(realised, replace(decided, decided_by="sari"))
    with pytest.raises(NotEntitled):
        risks.check_reopening(realised, replace(decided, on_behalf_of="sari"))
    with pytest.raises(RuleBroken):
        risks.check_reopening(realised, replace(decided, reason=" "))
