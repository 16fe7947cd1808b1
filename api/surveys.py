"""Regu's own path for surveys of services."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from api import survey_shapes as shapes
from api.door import actor, house
from api.smorest import Paths
from engine.domain.scales import at_scale
from engine.domain.surveys import MEAN_SCALE, WEIGHT_SCALE, weights
from engine.usecases.survey_results import unit_voices

if TYPE_CHECKING:
    from engine.usecases.survey_results import Result

paths = Paths("surveys", "/api", "Surveys of services in figures.")


@paths.operation("GET", "/units/<unit_id>/surveys", answer=shapes.SurveyList, errors=(404,))
def list_surveys(unit_id: str) -> dict[str, Any]:
    """What citizens said about a unit's services, in figures."""
    found = unit_voices(house(), actor(), unit_id)
    return {"items": [_survey(row) for row in found.results]}


def _survey(row: Result) -> dict[str, Any]:
    held = row.survey
    return {
        "id": held.id,
        "kind": held.kind.value,
        "title": held.title,
        "itemId": held.item_id,
        "state": held.state.value,
        "weighing": held.weighing.value,
        "opensAt": held.opens_at,
        "closesAt": held.closes_at,
        "answers": row.counts.counted,
        "setAside": row.counts.aside,
        "odd": row.counts.odd,
        "leastAnswers": held.least_answers,
        "tooFew": row.few,
        "ikm": None if row.ikm is None else str(row.ikm),
        "grade": row.grade or None,
        "elements": _elements(row),
    }


def _elements(row: Result) -> list[dict[str, Any]]:
    by = weights(row.survey, row.questions)
    found = []
    for one in row.questions:
        tally = row.tallies.get(one.number)
        found.append(
            {
                "number": one.number,
                "element": one.element.value if one.element else None,
                "question": one.text,
                "people": tally.people if tally else 0,
                "mean": str(at_scale(tally.mean, MEAN_SCALE)) if tally else None,
                "weight": str(at_scale(by[one.number], WEIGHT_SCALE)),
            }
        )
    return found
