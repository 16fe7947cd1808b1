"""Goals, links and risks in the API's words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from engine.domain.cascade import ResultLink
    from engine.domain.goals import Objective
    from engine.domain.risks import Risk
    from engine.usecases.chains import Chain, PlanRisks
    from engine.usecases.goal_reports import GoalTree, Matrix
    from engine.usecases.ports.goals import ResultCard


def objective(row: Objective) -> dict[str, Any]:
    """An objective."""
    return {
        "id": row.id,
        "unitId": row.unit_id,
        "parentId": row.parent_id,
        "code": row.code,
        "level": row.level.value,
        "perspective": row.perspective.value if row.perspective else None,
        "title": row.title,
        "status": row.status.value,
        "publishedAt": row.published_at,
    }


def result(row: ResultCard) -> dict[str, Any]:
    """A planned result with whose it is."""
    return {
        "id": row.item_id,
        "title": row.title,
        "kind": row.kind.value,
        "membershipId": row.membership_id,
        "personId": row.person_id,
        "planId": row.plan_id,
    }


def link(row: ResultLink) -> dict[str, Any]:
    """A result and what it serves."""
    return {
        "childId": row.child_id,
        "parentId": row.parent_id,
        "objectiveId": row.objective_id,
        "method": row.method.value,
        "note": row.note,
        "squadId": row.squad_id,
    }


def risk(row: Risk) -> dict[str, Any]:
    """A risk."""
    return {
        "id": row.id,
        "objectiveId": row.objective_id,
        "itemId": row.item_id,
        "title": row.title,
        "likelihood": row.likelihood,
        "impact": row.impact,
        "level": row.level.value,
        "ownerId": row.owner_id,
        "mitigation": row.mitigation,
        "status": row.status.value,
    }


def tree(found: GoalTree) -> dict[str, Any]:
    """Objectives with measures and risks."""
    lines: dict[str, list[dict[str, Any]]] = {}
    for row in found.measures:
        measure = {
            "text": row.text,
            "target": row.target,
            "unit": row.unit,
            "direction": row.direction.value,
        }
        lines.setdefault(row.objective_id, []).append(measure)
    return {
        "cycleId": found.cycle.id,
        "objectives": [
            {**objective(row), "indicators": lines.get(row.id, [])} for row in found.objectives
        ],
        "above": [objective(row) for row in found.above],
        "risks": [risk(row) for row in found.risks],
    }


def matrix(found: Matrix) -> dict[str, Any]:
    """Columns, and the cells with the names of their rows."""
    return {
        "cycleId": found.cycle.id,
        "leaderId": found.leader_id,
        "columns": [{"id": key, "title": title} for key, title in found.columns.items()],
        "cells": [
            {
                "id": cell.id,
                "columnId": cell.column,
                "personId": cell.person_id,
                "name": found.names.get(cell.person_id, ""),
                "squadId": cell.squad_id,
                "title": cell.title,
                "method": cell.method.value,
                "kind": cell.kind.value,
                "status": cell.status.value,
                "itemId": cell.item_id,
            }
            for cell in found.cells
        ],
    }


def chain(found: Chain) -> dict[str, Any]:
    """Both ways from a person's results."""
    return {
        "cycleId": found.cycle.id,
        "results": [result(row) for row in found.results],
        "up": {
            "links": [link(row) for row in found.up.links],
            "results": [result(row) for row in found.up.results],
            "objectives": [objective(row) for row in found.up.objectives],
        },
        "down": {
            "links": [link(row) for row in found.down.links],
            "results": [result(row) for row in found.down.results],
            "hidden": found.down.hidden,
            "outputs": [
                {
                    "itemId": row.item_id,
                    "outputId": row.output_id,
                    "squadId": row.squad_id,
                    "title": row.title,
                    "status": row.status.value,
                    "attainment": row.attainment,
                }
                for row in found.down.outputs
            ],
            "evidence": [
                {
                    "itemId": row.item_id,
                    "evidenceId": row.evidence_id,
                    "claimId": row.claim_id,
                    "status": row.status.value,
                    "at": row.at,
                }
                for row in found.down.evidence
            ],
        },
    }


def risks(found: PlanRisks) -> dict[str, Any]:
    """Risks with their reviews and reopened targets."""
    return {
        "cycleId": found.cycle.id,
        "risks": [risk(row) for row in found.risks],
        "reviews": [
            {
                "riskId": row.risk_id,
                "reviewedOn": row.reviewed_on,
                "likelihood": row.likelihood,
                "impact": row.impact,
                "level": row.level.value,
                "status": row.status.value,
                "note": row.note,
                "reviewedBy": row.reviewed_by,
                "onBehalfOf": row.on_behalf_of,
            }
            for row in found.reviews
        ],
        "reopenings": [
            {
                "riskId": row.risk_id,
                "itemId": row.item_id,
                "reopened": row.reopened,
                "reason": row.reason,
                "decidedBy": row.decided_by,
                "onBehalfOf": row.on_behalf_of,
                "at": row.at,
            }
            for row in found.reopenings
        ],
    }
