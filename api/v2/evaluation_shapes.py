"""Schemas of trying decisions and expressions: the names and fields that Camunda 8 publishes."""

from __future__ import annotations

from marshmallow import fields, validate

from api.v2.published import NAME, TENANT, Request, VariableValues, key, shape

# ruff: noqa: N815

#: characters of an expression that is tried
_TEXT_MAX = 100_000


class DecisionEvaluation(Request):
    """Which decision, by id (the version that holds today) or by key, and with what."""

    decisionDefinitionId = fields.String(validate=NAME)
    decisionDefinitionKey = key()
    variables = VariableValues(load_default=dict)
    tenantId = fields.String(validate=TENANT)


EvaluatedInput = shape(
    "EvaluatedInput", "A column of a table with what came in.", text="inputId inputName inputValue"
)
EvaluatedOutput = shape(
    "EvaluatedOutput",
    "A column of a table with what a rule gave.",
    text="outputId outputName outputValue ruleId",
    whole="ruleIndex",
)
MatchedRule = shape(
    "MatchedRule",
    "A rule that counted; `explanation` is its sentence in Indonesian.",
    text="ruleId explanation",
    whole="ruleIndex",
    evaluatedOutputs=fields.List(fields.Nested(EvaluatedOutput)),
)
EvaluatedDecision = shape(
    "EvaluatedDecision",
    "A table that was asked.",
    text="decisionDefinitionId decisionDefinitionKey decisionDefinitionName"
    " decisionDefinitionType decisionEvaluationInstanceKey output tenantId",
    whole="decisionDefinitionVersion",
    evaluatedInputs=fields.List(fields.Nested(EvaluatedInput)),
    matchedRules=fields.List(fields.Nested(MatchedRule)),
)
DecisionEvaluated = shape(
    "DecisionEvaluated",
    "What came out; `output` is JSON text.",
    text="decisionDefinitionId decisionDefinitionKey decisionDefinitionName output"
    " decisionEvaluationKey decisionInstanceKey decisionRequirementsId decisionRequirementsKey"
    " failedDecisionDefinitionId? failureMessage? tenantId",
    whole="decisionDefinitionVersion",
    evaluatedDecisions=fields.List(fields.Nested(EvaluatedDecision)),
)


class ExpressionEvaluation(Request):
    """A FEEL expression, with or without the leading `=`."""

    UNSUPPORTED = frozenset({"scopeKey"})

    expression = fields.String(required=True, validate=validate.Length(min=1, max=_TEXT_MAX))
    variables = VariableValues(load_default=dict)
    tenantId = fields.String(validate=TENANT)


ExpressionEvaluated = shape(
    "ExpressionEvaluated",
    "Its value, and why something in it was null.",
    text="expression",
    result=fields.Raw(allow_none=True),
    warnings=fields.List(
        fields.Nested(shape("ExpressionWarning", "Why something was null.", text="message"))
    ),
    referencedSecrets=fields.List(fields.Dict()),
)
