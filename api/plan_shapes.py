"""Schemas of the paths about plans, their versions, indicators and revisions."""

from __future__ import annotations

from marshmallow import Schema, fields

from api.shapes import moment, text

# ruff: noqa: N815


class IndicatorShape(Schema):
    """A measure of a result; a range has two ends and no target, words have neither."""

    id = text()
    number = fields.Integer()
    aspect = text()
    direction = text()
    target = fields.Decimal(allow_none=True)
    lower = fields.Decimal(allow_none=True)
    upper = fields.Decimal(allow_none=True)
    unit = text()
    targetText = text()
    weight = fields.Integer()
    #: the measure in words; last, since its name is the maker's
    text = text()


class MeasurementShape(Schema):
    """What one indicator came to in a period."""

    indicatorId = text()
    actual = fields.Decimal(allow_none=True)
    actualText = text()
    level = text(null=True)
    judgedBy = text(null=True)
    attainment = fields.Decimal()


class ProgressShape(Schema):
    """What was reached on a result in a period."""

    itemId = text()
    periodId = text()
    attainment = fields.Decimal()
    note = text()
    at = moment()
    measurements = fields.List(fields.Nested(MeasurementShape))


class HintShape(Schema):
    """Advice while a plan is written; it blocks nothing."""

    code = text()
    itemId = text(null=True)
    sentence = text()
    sentenceEnglish = text()


class VersionItemShape(Schema):
    """A result in one version; originItemId names the result that it is a version of."""

    id = text()
    number = fields.Integer()
    kind = text()
    role = text()
    title = text()
    weightBp = fields.Integer()
    originItemId = text(null=True)
    indicators = fields.List(fields.Nested(IndicatorShape))


class VersionShape(Schema):
    """One version of a plan."""

    planId = text()
    version = fields.Integer()
    status = text()
    approach = text()
    validFrom = fields.Date(allow_none=True)
    fixedBy = text(null=True)
    fixedAt = moment()
    items = fields.List(fields.Nested(VersionItemShape))
    progress = fields.List(fields.Nested(ProgressShape))
    hints = fields.List(fields.Nested(HintShape))


class RevisionShape(Schema):
    """A changed expectation; the words that both sides exchanged stay with their tasks."""

    revisionId = text()
    basePlanId = text()
    planId = text()
    side = text()
    proposedBy = text()
    summary = text()
    reason = text()
    validFrom = fields.Date()
    state = text()
    employeeSignedAt = moment()
    raterSignedBy = text(null=True)
    onBehalfOf = text(null=True)
    raterSignedAt = moment()
    mediatorId = text(null=True)


class PlanVersionsShape(Schema):
    """Every version of a person's plan, newest first."""

    personId = text()
    cycleId = text()
    versions = fields.List(fields.Nested(VersionShape))
    revisions = fields.List(fields.Nested(RevisionShape))
