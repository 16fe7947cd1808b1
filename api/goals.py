"""Regu's own paths for objectives, the matrix, cascading and risks."""

from __future__ import annotations

from typing import Any

from api import goal_cards as cards
from api import goal_shapes as shapes
from api.door import actor, house
from api.smorest import Paths
from api.work_shapes import CycleQuery
from engine.usecases import chains, goal_reports

paths = Paths("goals", "/api", "Objectives, the matrix of roles and results, cascading, risks.")


@paths.operation(
    "GET",
    "/units/<unit_id>/goals",
    answer=shapes.GoalTreeShape,
    query=CycleQuery,
    errors=(404,),
)
def get_unit_goals(query: dict[str, Any], unit_id: str) -> dict[str, Any]:
    """Objectives of a unit and of the units below it."""
    return cards.tree(goal_reports.unit_goals(house(), actor(), unit_id, query.get("cycle")))


@paths.operation(
    "GET",
    "/units/<unit_id>/matrix",
    answer=shapes.RoleMatrixShape,
    query=CycleQuery,
    errors=(404,),
)
def get_unit_matrix(query: dict[str, Any], unit_id: str) -> dict[str, Any]:
    """The Matriks Peran Hasil of a unit's head."""
    return cards.matrix(goal_reports.unit_matrix(house(), actor(), unit_id, query.get("cycle")))


@paths.operation("GET", "/cycles/<cycle_id>/cascading", answer=shapes.CascadingShape, errors=(404,))
def get_cascading(cycle_id: str) -> dict[str, Any]:
    """Main results that reach no objective, and objectives that nothing serves."""
    found = goal_reports.cascading(house(), actor(), cycle_id)
    return {
        "cycleId": found.cycle.id,
        "orphans": [cards.result(row) for row in found.orphans],
        "uncovered": [cards.objective(row) for row in found.uncovered],
    }


@paths.operation(
    "GET",
    "/people/<person_id>/chain",
    answer=shapes.ChainShape,
    query=shapes.ChainQuery,
    errors=(404,),
)
def get_person_chain(query: dict[str, Any], person_id: str) -> dict[str, Any]:
    """What a person's results serve, and what serves them."""
    asked = (query.get("item"), query.get("cycle"))
    return cards.chain(chains.person_chain(house(), actor(), person_id, *asked))


@paths.operation(
    "GET",
    "/people/<person_id>/risks",
    answer=shapes.PlanRisksShape,
    query=CycleQuery,
    errors=(404,),
)
def get_person_risks(query: dict[str, Any], person_id: str) -> dict[str, Any]:
    """Risks on a person's results and on the objectives they reach."""
    return cards.risks(chains.person_risks(house(), actor(), person_id, query.get("cycle")))
