"""/v2: trying decisions and expressions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from flask import request
from werkzeug.exceptions import BadRequest

from api.door import actor, house
from api.smorest import Paths
from api.v2 import evaluation_shapes as shapes
from api.v2.cards import json_text
from api.v2.published import DEFAULT_TENANT
from api.v2.requirements import id_and_name
from engine.usecases import evaluating

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from engine.usecases.ports.process import DecisionRow
    from engine.usecases.ports.runner import Consulted

#: languages of an explanation, as `Accept-Language` asks; without it the first
_LANGUAGES: Final = ("id", "en")

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
    variables = body["variables"] or {}
    if by_key is not None:
        found = evaluating.evaluate_version(house(), actor(), by_key, variables)
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
    text, variables = body["expression"], body["variables"] or {}
    value, warnings = evaluating.evaluate_expression(house(), actor(), text, variables)
    return {
        "expression": text,
        "result": value,
        "warnings": [{"message": one} for one in warnings],
        "referencedSecrets": [],
    }


def _evaluated(found: Consulted) -> dict[str, Any]:
    language = request.accept_languages.best_match(_LANGUAGES, _LANGUAGES[0])
    because: Mapping[str, Any] = found.because(language)
    # nothing is kept of a trial: it goes by an own key that no list knows
    trial = str(house().ids.key())
    own = _named(found.row)
    file_id, _ = id_and_name(found.row.xml)
    return {
        **own,
        "output": json_text(found.value),
        "failedDecisionDefinitionId": None,
        "failureMessage": None,
        "decisionEvaluationKey": trial,
        "decisionInstanceKey": trial,
        "decisionRequirementsId": file_id,
        "decisionRequirementsKey": str(evaluating.file_key(house(), actor(), found.row.key)),
        "evaluatedDecisions": [
            {
                **own,
                "decisionDefinitionType": "DECISION_TABLE",
                "decisionEvaluationInstanceKey": f"{trial}-{number}",
                "output": json_text(found.value),
                "evaluatedInputs": inputs(table["inputs"]),
                "matchedRules": [matched(rule) for rule in table["rules"]],
            }
            for number, table in enumerate(because["tables"], 1)
        ],
    }


def _named(row: DecisionRow) -> dict[str, Any]:
    return {
        "decisionDefinitionId": row.decision_id,
        "decisionDefinitionKey": str(row.key),
        "decisionDefinitionName": row.name,
        "decisionDefinitionVersion": row.version,
        "tenantId": DEFAULT_TENANT,
    }


def inputs(found: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """What came into a table."""
    return [
        {"inputId": "", "inputName": one["name"], "inputValue": json_text(one["value"])}
        for one in found
    ]


def matched(rule: Mapping[str, Any]) -> dict[str, Any]:
    """A rule that counted."""
    return {
        "ruleId": rule["id"],
        "ruleIndex": rule["number"],
        "evaluatedOutputs": [
            {
                "outputId": "",
                "outputName": one["name"],
                "outputValue": json_text(one["value"]),
                "ruleId": rule["id"],
                "ruleIndex": rule["number"],
            }
            for one in rule["results"]
        ],
        "explanation": rule.get("sentence", ""),
    }
