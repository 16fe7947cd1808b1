"""/v2: decisions, the files they came in, and what they answered."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from flask import Response
from marshmallow import fields

from api.door import actor, house
from api.smorest import Paths
from api.v2 import cards
from api.v2 import evaluation_shapes as evaluated
from api.v2.evaluation import inputs, matched
from api.v2.filters import Constant, Flag, Key, Text, Time, Whole, filter_of
from api.v2.published import DEFAULT_TENANT, shape
from api.v2.requirements import id_and_name
from api.v2.searching import page_of, search, search_of
from engine.usecases import listing
from engine.usecases.ports.listing import Listed

if TYPE_CHECKING:
    from collections.abc import Mapping

#: of a key
_DIGITS = 18

paths = Paths("v2 decisions", "/v2", "Decisions and what they answered.", invalid_status=400)

DecisionFilter = filter_of(
    "DecisionDefinitionFilter",
    {
        "decisionDefinitionKey": Key("key"),
        "decisionDefinitionId": Text("decision_id"),
        "name": Text("name"),
        "version": Whole("version"),
        "isLatestVersion": Flag("latest"),
        "decisionRequirementsKey": Key("requirements_key"),
        "decisionRequirementsVersion": Whole("version"),
        "tenantId": Constant(),
    },
    unsupported="decisionRequirementsId decisionRequirementsName",
)
DecisionSearch = search_of(
    "DecisionDefinitionSearch",
    DecisionFilter,
    {
        "decisionDefinitionKey": "key",
        "decisionDefinitionId": "decision_id",
        "name": "name",
        "version": "version",
        "decisionRequirementsKey": "requirements_key",
    },
)
Decision = shape(
    "DecisionDefinition",
    "A version of a decision.",
    text="decisionDefinitionKey decisionDefinitionId name decisionRequirementsId"
    " decisionRequirementsKey decisionRequirementsName tenantId",
    whole="version decisionRequirementsVersion",
)
DecisionPage = page_of("DecisionDefinitionPage", Decision)

RequirementsFilter = filter_of(
    "DecisionRequirementsFilter",
    {
        "decisionRequirementsKey": Key("key"),
        "version": Whole("version"),
        "resourceName": Text("resource_name"),
        "tenantId": Constant(),
    },
    unsupported="decisionRequirementsId decisionRequirementsName",
)
RequirementsSearch = search_of(
    "DecisionRequirementsSearch",
    RequirementsFilter,
    {"decisionRequirementsKey": "key", "version": "version"},
)
Requirements = shape(
    "DecisionRequirements",
    "A file of decisions; it goes by the key of its first decision.",
    text="decisionRequirementsKey decisionRequirementsId decisionRequirementsName resourceName"
    " tenantId",
    whole="version",
)
RequirementsPage = page_of("DecisionRequirementsPage", Requirements)

AnswerFilter = filter_of(
    "DecisionInstanceFilter",
    {
        "decisionEvaluationKey": Key("key"),
        "decisionDefinitionKey": Key("decision_key"),
        "decisionDefinitionId": Text("decision_id"),
        "decisionDefinitionName": Text("decision_name"),
        "decisionDefinitionVersion": Whole("decision_version"),
        "decisionRequirementsKey": Key("requirements_key"),
        "rootDecisionDefinitionKey": Key("decision_key"),
        "processDefinitionKey": Key("definition_key"),
        "processInstanceKey": Key("process_instance"),
        "elementInstanceKey": Key("activation"),
        "businessId": Text("business_key"),
        "evaluationDate": Time("at"),
        "decisionDefinitionType": Constant("DECISION_TABLE"),
        "state": Constant("EVALUATED"),
        "tenantId": Constant(),
    },
    unsupported="decisionEvaluationInstanceKey evaluationFailure",
)
AnswerSearch = search_of(
    "DecisionInstanceSearch",
    AnswerFilter,
    {
        "decisionEvaluationKey": "key",
        "decisionEvaluationInstanceKey": "key",
        "decisionDefinitionKey": "decision_key",
        "decisionDefinitionId": "decision_id",
        "decisionDefinitionName": "decision_name",
        "decisionDefinitionVersion": "decision_version",
        "rootDecisionDefinitionKey": "decision_key",
        "processDefinitionKey": "definition_key",
        "processInstanceKey": "process_instance",
        "elementInstanceKey": "activation",
        "evaluationDate": "at",
    },
)
_ANSWER_TEXT = (
    "decisionDefinitionKey decisionDefinitionId decisionDefinitionName decisionDefinitionType"
    " decisionEvaluationKey decisionEvaluationInstanceKey rootDecisionDefinitionKey state result"
    " evaluationFailure? elementInstanceKey? processDefinitionKey? processInstanceKey?"
    " rootProcessInstanceKey? businessId? tenantId"
)
Answer = shape(
    "DecisionInstance",
    "What a decision answered in a process; `result` is JSON text.",
    text=_ANSWER_TEXT,
    whole="decisionDefinitionVersion",
    time="evaluationDate",
)
AnswerPage = page_of("DecisionInstancePage", Answer)
AnswerDetail = shape(
    "DecisionInstanceDetail",
    "The same with what came in and the rules that counted.",
    text=_ANSWER_TEXT,
    whole="decisionDefinitionVersion",
    time="evaluationDate",
    evaluatedInputs=fields.List(fields.Nested(evaluated.EvaluatedInput)),
    matchedRules=fields.List(fields.Nested(evaluated.MatchedRule)),
)


@paths.operation(
    "POST",
    "/decision-definitions/search",
    answer=DecisionPage,
    body=DecisionSearch,
    body_required=False,
)
def search_decision_definitions(body: dict[str, Any]) -> dict[str, Any]:
    """Versions of decisions."""
    return search(Listed.DECISION_DEFINITION, body, DecisionSearch, _decision)


@paths.operation("GET", "/decision-definitions/<key:decision_key>", answer=Decision, errors=(404,))
def get_decision_definition(decision_key: int) -> dict[str, Any]:
    """One version of a decision."""
    return _decision(listing.one(house(), actor(), Listed.DECISION_DEFINITION, decision_key))


@paths.operation(
    "GET",
    "/decision-definitions/<key:decision_key>/xml",
    errors=(404,),
    media=("text/xml",),
)
def get_decision_definition_xml(decision_key: int) -> Response:
    """The file it came in, exactly as it was deployed."""
    row = listing.one(house(), actor(), Listed.DECISION_DEFINITION, decision_key)
    return Response(row["xml"], mimetype="text/xml")


@paths.operation(
    "POST",
    "/decision-requirements/search",
    answer=RequirementsPage,
    body=RequirementsSearch,
    body_required=False,
)
def search_decision_requirements(body: dict[str, Any]) -> dict[str, Any]:
    """Files of decisions."""
    return search(Listed.DECISION_REQUIREMENTS, body, RequirementsSearch, _requirements)


@paths.operation("GET", "/decision-requirements/<key:file_key>", answer=Requirements, errors=(404,))
def get_decision_requirements(file_key: int) -> dict[str, Any]:
    """One file of decisions."""
    return _requirements(listing.one(house(), actor(), Listed.DECISION_REQUIREMENTS, file_key))


@paths.operation(
    "GET", "/decision-requirements/<key:file_key>/xml", errors=(404,), media=("text/xml",)
)
def get_decision_requirements_xml(file_key: int) -> Response:
    """The file exactly as it was deployed."""
    row = listing.one(house(), actor(), Listed.DECISION_REQUIREMENTS, file_key)
    return Response(row["xml"], mimetype="text/xml")


@paths.operation(
    "POST",
    "/decision-instances/search",
    answer=AnswerPage,
    body=AnswerSearch,
    body_required=False,
)
def search_decision_instances(body: dict[str, Any]) -> dict[str, Any]:
    """What decisions answered in processes."""
    return search(Listed.DECISION_INSTANCE, body, AnswerSearch, _answered)


@paths.operation("GET", "/decision-instances/<evaluation_key>", answer=AnswerDetail, errors=(404,))
def get_decision_instance(evaluation_key: str) -> dict[str, Any]:
    """One answer, by its key with or without the `-1` behind it, with the rules that counted."""
    text = evaluation_key.removesuffix("-1")
    number = int(text) if text.isascii() and text.isdecimal() and len(text) <= _DIGITS else 0
    row = listing.one(house(), actor(), Listed.DECISION_INSTANCE, number)
    tables = json.loads(row["detail"]).get("tables")
    asked: dict[str, Any] = tables[-1] if tables else {}
    return {
        **_answered(row),
        "evaluatedInputs": inputs(asked.get("inputs", ())),
        "matchedRules": [matched(rule) for rule in asked.get("rules", ())],
    }


def _decision(row: Mapping[str, Any]) -> dict[str, Any]:
    file_id, file_name = id_and_name(row["xml"])
    return {
        "decisionDefinitionKey": str(row["key"]),
        "decisionDefinitionId": row["decision_id"],
        "name": row["name"],
        "version": row["version"],
        "decisionRequirementsId": file_id,
        "decisionRequirementsKey": str(row["requirements_key"]),
        "decisionRequirementsName": file_name,
        "decisionRequirementsVersion": row["version"],
        "tenantId": DEFAULT_TENANT,
    }


def _requirements(row: Mapping[str, Any]) -> dict[str, Any]:
    file_id, file_name = id_and_name(row["xml"])
    return {
        "decisionRequirementsKey": str(row["key"]),
        "decisionRequirementsId": file_id,
        "decisionRequirementsName": file_name,
        "version": row["version"],
        "resourceName": row["resource_name"],
        "tenantId": DEFAULT_TENANT,
    }


def _answered(row: Mapping[str, Any]) -> dict[str, Any]:
    key = str(row["key"])
    return {
        "decisionDefinitionKey": str(row["decision_key"]),
        "decisionDefinitionId": row["decision_id"],
        "decisionDefinitionName": row["decision_name"],
        "decisionDefinitionVersion": row["decision_version"],
        "decisionDefinitionType": "DECISION_TABLE",
        "decisionEvaluationKey": key,
        "decisionEvaluationInstanceKey": f"{key}-1",
        "rootDecisionDefinitionKey": str(row["decision_key"]),
        "state": "EVALUATED",
        "result": cards.json_text(json.loads(row["detail"]).get("result")),
        "evaluationDate": row["at"],
        "evaluationFailure": None,
        "elementInstanceKey": cards.key_text(row["activation"]),
        "processDefinitionKey": str(row["definition_key"]),
        "processInstanceKey": str(row["process_instance"]),
        "rootProcessInstanceKey": str(row["root_key"]),
        "businessId": row["business_key"],
        "tenantId": DEFAULT_TENANT,
    }
