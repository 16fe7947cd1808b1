"""Schemas of the paths about goals, cascading and risks."""

from __future__ import annotations

from marshmallow import Schema, fields

from api.shapes import NAME, moment, text
from api.work_shapes import CycleQuery

# ruff: noqa: N815


class ChainQuery(CycleQuery):
    """Which cycle, and which one result; all results of the plan without."""

    item = fields.String(validate=NAME)


class MeasureShape(Schema):
    """An indicator of an objective."""

    text = fields.String()
    target = fields.Decimal(allow_none=True)
    unit = fields.String()
    direction = fields.String()


class ObjectiveShape(Schema):
    """An objective of a unit."""

    id = text()
    unitId = text()
    parentId = text(null=True)
    code = text()
    level = text()
    perspective = text(null=True)
    title = text()
    status = text()
    publishedAt = moment()


class MeasuredObjectiveShape(ObjectiveShape):
    """An objective with its indicators."""

    indicators = fields.List(fields.Nested(MeasureShape))


class RiskShape(Schema):
    """A risk on an objective or a result."""

    id = text()
    objectiveId = text(null=True)
    itemId = text(null=True)
    title = text()
    likelihood = fields.Integer()
    impact = fields.Integer()
    level = text()
    ownerId = text()
    mitigation = text()
    status = text()


class GoalTreeShape(Schema):
    """Objectives of a unit and below, and what they lead to."""

    cycleId = text()
    objectives = fields.List(fields.Nested(MeasuredObjectiveShape))
    above = fields.List(fields.Nested(ObjectiveShape))
    risks = fields.List(fields.Nested(RiskShape))


class ColumnShape(Schema):
    """A result or objective of the leader."""

    id = text()
    title = text()


class RoleCellShape(Schema):
    """A role's result in a column."""

    id = text()
    columnId = text()
    personId = text()
    name = text()
    squadId = text(null=True)
    title = text()
    method = text()
    kind = text()
    status = text()
    itemId = text(null=True)


class RoleMatrixShape(Schema):
    """A leader's matrix."""

    cycleId = text()
    leaderId = text(null=True)
    columns = fields.List(fields.Nested(ColumnShape))
    cells = fields.List(fields.Nested(RoleCellShape))


class ResultShape(Schema):
    """A planned result with whose it is."""

    id = text()
    title = text()
    kind = text()
    membershipId = text(null=True)
    personId = text()
    planId = text()


class LinkShape(Schema):
    """A result and what it serves."""

    childId = text()
    parentId = text(null=True)
    objectiveId = text(null=True)
    method = text()
    note = text()
    squadId = text(null=True)


class CascadingShape(Schema):
    """What is not cascaded in a cycle."""

    cycleId = text()
    orphans = fields.List(fields.Nested(ResultShape))
    uncovered = fields.List(fields.Nested(ObjectiveShape))


class ServingOutputShape(Schema):
    """An output of the squad behind a result."""

    itemId = text()
    outputId = text()
    squadId = text()
    title = text()
    status = text()
    attainment = fields.Decimal(allow_none=True)


class ProofShape(Schema):
    """Evidence behind a result."""

    itemId = text()
    evidenceId = text()
    claimId = text(null=True)
    status = text()
    at = moment()


class UpwardShape(Schema):
    """Everything results serve."""

    links = fields.List(fields.Nested(LinkShape))
    results = fields.List(fields.Nested(ResultShape))
    objectives = fields.List(fields.Nested(ObjectiveShape))


class DownwardShape(Schema):
    """Everything that serves results; `hidden` counts results one may not read."""

    links = fields.List(fields.Nested(LinkShape))
    results = fields.List(fields.Nested(ResultShape))
    hidden = fields.Integer()
    outputs = fields.List(fields.Nested(ServingOutputShape))
    evidence = fields.List(fields.Nested(ProofShape))


class ChainShape(Schema):
    """The chain of a person's results."""

    cycleId = text()
    results = fields.List(fields.Nested(ResultShape))
    up = fields.Nested(UpwardShape)
    down = fields.Nested(DownwardShape)


class ReviewShape(Schema):
    """A dated look at a risk."""

    riskId = text()
    reviewedOn = fields.Date()
    likelihood = fields.Integer()
    impact = fields.Integer()
    level = text()
    status = text()
    note = text()
    reviewedBy = text()
    onBehalfOf = text(null=True)


class ReopeningShape(Schema):
    """A decision about a target after a risk came true."""

    riskId = text()
    itemId = text()
    reopened = fields.Boolean()
    reason = text()
    decidedBy = text()
    onBehalfOf = text(null=True)
    at = moment()


class PlanRisksShape(Schema):
    """Risks of a person's plan."""

    cycleId = text()
    risks = fields.List(fields.Nested(RiskShape))
    reviews = fields.List(fields.Nested(ReviewShape))
    reopenings = fields.List(fields.Nested(ReopeningShape))
