"""Regu's own path for the versions of a plan."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from api import plan_shapes as shapes
from api.door import actor, house
from api.smorest import Paths
from api.work_shapes import CycleQuery
from engine.usecases import plan_reading
from engine.usecases.answers.plan_words import hint_sentence

if TYPE_CHECKING:
    from engine.domain.plans import Indicator, Progress
    from engine.domain.revisions import PlanRevision
    from engine.domain.smart import Hint
    from engine.usecases.plan_reading import PlanVersion

paths = Paths("plans", "/api", "Versions of plans.")


@paths.operation(
    "GET",
    "/people/<person_id>/plan/versions",
    answer=shapes.PlanVersionsShape,
    query=CycleQuery,
    errors=(404,),
)
def get_plan_versions(query: dict[str, Any], person_id: str) -> dict[str, Any]:
    """Every version of a person's plan with indicators, measurements, hints and revisions."""
    found = plan_reading.plan_versions(house(), actor(), person_id, query.get("cycle"))
    return {
        "personId": found.person_id,
        "cycleId": found.cycle.id,
        "versions": [_version(one) for one in found.versions],
        "revisions": [_revision(row) for row in found.revisions],
    }


def indicator(one: Indicator) -> dict[str, Any]:
    """An indicator in the API's words."""
    return {
        "id": one.id,
        "number": one.number,
        "aspect": one.aspect.value,
        "direction": one.direction.value,
        "text": one.text,
        "target": one.target,
        "lower": one.lower,
        "upper": one.upper,
        "unit": one.unit,
        "targetText": one.target_text,
        "weight": one.weight,
    }


def _version(found: PlanVersion) -> dict[str, Any]:
    plan = found.plan
    return {
        "planId": plan.id,
        "version": plan.version,
        "status": plan.status.value,
        "approach": plan.approach.value,
        "validFrom": plan.valid_from,
        "fixedBy": plan.fixed_by,
        "fixedAt": plan.fixed_at,
        "items": [
            {
                "id": item.id,
                "number": item.number,
                "kind": item.kind.value,
                "role": item.role,
                "title": item.title,
                "weightBp": item.weight_bp,
                "originItemId": item.origin_item_id,
                "indicators": [indicator(x) for x in found.indicators if x.item_id == item.id],
            }
            for item in found.items
        ],
        "progress": [_progress(row, found) for row in found.progress],
        "hints": [_hint(hint) for hint in found.hints],
    }


def _progress(row: Progress, found: PlanVersion) -> dict[str, Any]:
    return {
        "itemId": row.item_id,
        "periodId": row.period_id,
        "attainment": row.attainment,
        "note": row.note,
        "at": row.at,
        "measurements": [
            {
                "indicatorId": line.indicator_id,
                "actual": line.actual,
                "actualText": line.actual_text,
                "level": line.level.value if line.level else None,
                "judgedBy": line.judged_by,
                "attainment": line.attainment,
            }
            for line in found.measurements
            if line.progress_id == row.id
        ],
    }


def _hint(hint: Hint) -> dict[str, Any]:
    return {
        "code": hint.code.value,
        "itemId": hint.item_id or None,
        "sentence": hint_sentence(hint.code, "id"),
        "sentenceEnglish": hint_sentence(hint.code, "en"),
    }


def _revision(row: PlanRevision) -> dict[str, Any]:
    return {
        "revisionId": row.id,
        "basePlanId": row.base_plan_id,
        "planId": row.plan_id,
        "side": row.side.value,
        "proposedBy": row.proposed_by,
        "summary": row.summary,
        "reason": row.reason,
        "validFrom": row.valid_from,
        "state": row.state.value,
        "employeeSignedAt": row.employee_signed_at,
        "raterSignedBy": row.rater_signed_by,
        "onBehalfOf": row.on_behalf_of,
        "raterSignedAt": row.rater_signed_at,
        "mediatorId": row.mediator_id,
    }
