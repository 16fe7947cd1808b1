"""/v2: trying decisions and expressions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import current_app
from werkzeug.exceptions import BadRequest

from api.door import actor, house
from api.smorest import Paths
from api.v2 import evaluation_shapes as shapes
from api.v2.shapes import DEFAULT_TENANT
from engine.usecases import evaluating

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.usecases.ports.process import DecisionRow, Json
    from engine.usecases.ports.runner import Consulted

paths = Paths("v2 evaluation", "/v2", "Decisions and expressions, tried.", invalid_status=400)


@paths.operation(
    "POST",
    "/decision-definitions/evaluation",
    answer=shapes.DecisionEvaluated,
    body=shapes.DecisionEvaluation,
    errors=(404, 409),
)
def evaluate_decision(body: dict[str, Any]) -> dict[str, Any]:
    """Evaluate a decision by its id, as it holds today, or one version by its key."""
    by_id, by_key = body.get("decisionDefinitionId"), body.get("decisionDefinitionKey")
    if (by_id is None) == (by_key is None):
        raise BadRequest("name either decisionDefinitionId or decisionDefinitionKey")
    variables = body["variables"]
    if by_key is not None:
        found = evaluating.evaluate_version(house(), actor(), int(by_key), variables)
    else:
        found = evaluating.evaluate_decision(house(), actor(), str(by_id), variables)
    return _evaluated(found)


@paths.operation(
    "POST",
    "/expression/evaluation",
    answer=shapes.ExpressionEvaluated,
    body=shapes.ExpressionEvaluation,
    errors=(422,),
)
def evaluate_expression(body: dict[str, Any]) -> dict[str, Any]:
    """Evaluate a FEEL expression over the variables of the request, and over nothing else."""
    text = body["expression"]
    value, warnings = evaluating.evaluate_expression(house(), actor(), text, body["variables"])
    return {"expression": text, "result": value, "warnings": list(warnings)}


def _evaluated(found: Consulted) -> dict[str, Any]:
    because: Mapping[str, Any] = found.because("id")
    own = _named(found.row)
    return {
        **own,
        "decisionDefinitionKey": str(found.row.key),
        "output": _text(found.value),
        "failedDecisionDefinitionId": None,
        "failureMessage": None,
        "evaluatedDecisions": [
            {
                **own,
                "decisionDefinitionType": "DECISION_TABLE",
                "output": _text(found.value),
                "evaluatedInputs": [
                    {"inputId": "", "inputName": one["name"], "inputValue": _text(one["value"])}
                    for one in table["inputs"]
                ],
                "matchedRules": [_rule(rule) for rule in table["rules"]],
            }
            for table in because["tables"]
        ],
    }


def _named(row: DecisionRow) -> dict[str, Any]:
    return {
        "decisionDefinitionId": row.decision_id,
        "decisionDefinitionName": row.name,
        "decisionDefinitionVersion": row.version,
        "tenantId": DEFAULT_TENANT,
    }


def _rule(rule: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "ruleId": rule["id"],
        "ruleIndex": rule["number"],
        "evaluatedOutputs": [
            {
                "outputId": "",
                "outputName": one["name"],
                "outputValue": _text(one["value"]),
                "ruleId": rule["id"],
                "ruleIndex": rule["number"],
            }
            for one in rule["results"]
        ],
        "explanation": rule["sentence"],
    }


def _text(value: Json) -> str:
    """A value as JSON text, digits kept."""
    return current_app.json.dumps(value)
