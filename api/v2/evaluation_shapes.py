"""Schemas of trying decisions and expressions: the names and fields that Camunda 8 publishes."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from api.v2.shapes import NAME, TENANT, key

# ruff: noqa: N815

#: characters of an expression that is tried
_TEXT_MAX = 100_000


class DecisionEvaluation(Schema):
    """Which decision, by id (the version that holds today) or by key, and with what."""

    decisionDefinitionId = fields.String(validate=NAME)
    decisionDefinitionKey = key()
    variables = fields.Dict(keys=fields.String(), load_default=dict)
    tenantId = fields.String(validate=TENANT)


class EvaluatedInput(Schema):
    """A column of a table with what came in."""

    inputId = fields.String()
    inputName = fields.String()
    inputValue = fields.String()


class EvaluatedOutput(Schema):
    """A column of a table with what a rule gave."""

    outputId = fields.String()
    outputName = fields.String()
    outputValue = fields.String()
    ruleId = fields.String()
    ruleIndex = fields.Integer()


class MatchedRule(Schema):
    """A rule that counted; `explanation` is its sentence in Indonesian."""

    ruleId = fields.String()
    ruleIndex = fields.Integer()
    evaluatedOutputs = fields.List(fields.Nested(EvaluatedOutput))
    explanation = fields.String()


class EvaluatedDecision(Schema):
    """A table that was asked."""

    decisionDefinitionId = fields.String()
    decisionDefinitionName = fields.String()
    decisionDefinitionVersion = fields.Integer()
    decisionDefinitionType = fields.String()
    output = fields.String()
    tenantId = fields.String()
    evaluatedInputs = fields.List(fields.Nested(EvaluatedInput))
    matchedRules = fields.List(fields.Nested(MatchedRule))


class DecisionEvaluated(Schema):
    """What came out; `output` is JSON text."""

    decisionDefinitionId = fields.String()
    decisionDefinitionName = fields.String()
    decisionDefinitionVersion = fields.Integer()
    decisionDefinitionKey = fields.String()
    output = fields.String()
    failedDecisionDefinitionId = fields.String(allow_none=True)
    failureMessage = fields.String(allow_none=True)
    tenantId = fields.String()
    evaluatedDecisions = fields.List(fields.Nested(EvaluatedDecision))


class ExpressionEvaluation(Schema):
    """A FEEL expression, with or without the leading `=`."""

    expression = fields.String(required=True, validate=validate.Length(min=1, max=_TEXT_MAX))
    variables = fields.Dict(keys=fields.String(), load_default=dict)
    tenantId = fields.String(validate=TENANT)


class ExpressionEvaluated(Schema):
    """Its value, and why something in it was null."""

    expression = fields.String()
    result = fields.Raw(allow_none=True)
    warnings = fields.List(fields.String())
