"""Schemas of the paths about ratings."""

from __future__ import annotations

from marshmallow import Schema, fields

from api.shapes import moment, text
from api.work_shapes import IndexLineShape

# ruff: noqa: N815


class RoleJudgementShape(Schema):
    """The rater's level for a role beside its lead's."""

    role = text()
    recommended = text(null=True)
    level = text()
    reason = text()


class MarkShape(Schema):
    """The rater's level for one statement of a value."""

    value = text()
    number = fields.Integer()
    level = text()


class DeviationShape(Schema):
    """A departure with its reason."""

    kind = text()
    role = text(null=True)
    proposed = text()
    decided = text()
    reason = text()
    raterId = text()


class SignatureShape(Schema):
    """A signature under the rating."""

    part = text()
    signerId = text()
    onBehalfOf = text(null=True)
    digest = text()
    refused = fields.Boolean()
    at = moment()


class RecommendationShape(Schema):
    """A lead's word for one role; level is null where he was silent."""

    membershipId = text()
    recommenderId = text()
    onBehalfOf = text(null=True)
    level = text(null=True)
    words = text()


class SelfEvaluationShape(Schema):
    """The employee's own words about a role."""

    role = text()
    level = text(null=True)
    words = text()


class PeriodRatingShape(Schema):
    """A rating of one period."""

    periodId = text()
    resultLevel = text()
    behaviourLevel = text()
    predikat = text()
    orgLevel = text(null=True)
    raterId = text()
    note = text()


class MoveShape(Schema):
    """A rating moved in a calibration."""

    personId = text()
    before = text()
    after = text()
    movedBy = text()
    onBehalfOf = text(null=True)
    reason = text()
    at = moment()


class EvaluationShape(Schema):
    """A person's rating with its arithmetic and everything said for it."""

    ratingId = text()
    personId = text()
    cycleId = text()
    version = fields.Integer()
    status = text()
    ihk = fields.Decimal()
    lines = fields.List(fields.Nested(IndexLineShape))
    proposedLevel = text()
    resultLevel = text(null=True)
    behaviourLevel = text(null=True)
    predikat = text(null=True)
    raterId = text(null=True)
    onBehalfOf = text(null=True)
    digest = text()
    roles = fields.List(fields.Nested(RoleJudgementShape))
    marks = fields.List(fields.Nested(MarkShape))
    deviations = fields.List(fields.Nested(DeviationShape))
    signatures = fields.List(fields.Nested(SignatureShape))
    recommendations = fields.List(fields.Nested(RecommendationShape))
    selfEvaluations = fields.List(fields.Nested(SelfEvaluationShape))
    periods = fields.List(fields.Nested(PeriodRatingShape))
    moves = fields.List(fields.Nested(MoveShape))


class VoiceShape(Schema):
    """What a source says about a value, from enough answers up."""

    source = text()
    value = text()
    people = fields.Integer()
    mean = fields.Decimal()


class VoiceWordsShape(Schema):
    """Words of a source, without a name and in no order."""

    source = text()
    words = text()


class VoicesShape(Schema):
    """The aggregate of 360; empty until it is released."""

    released = fields.Boolean()
    items = fields.List(fields.Nested(VoiceShape))
    words = fields.List(fields.Nested(VoiceWordsShape))


class MissShape(Schema):
    """A condition of the pattern that is missed; a warning."""

    predikats = fields.List(fields.String())
    has = fields.Integer()
    people = fields.Integer()
    atMost = fields.Integer(allow_none=True)
    atLeast = fields.Integer(allow_none=True)


class DistributionShape(Schema):
    """Predikats of a unit's pool, before and after calibration."""

    cycleId = text()
    unitId = text()
    unitIds = fields.List(fields.String())
    orgLevel = text(null=True)
    people = fields.Integer()
    rated = fields.Integer()
    before = fields.Dict(keys=fields.String(), values=fields.Integer())
    after = fields.Dict(keys=fields.String(), values=fields.Integer())
    misses = fields.List(fields.Nested(MissShape))
    calibration = text(null=True)
    reason = text()
    moves = fields.List(fields.Nested(MoveShape))


class RaterShape(Schema):
    """One rater beside all raters: levels count as 1, 2, 3."""

    raterId = text()
    name = text()
    people = fields.Integer()
    mean = fields.Decimal()
    deviation = fields.Decimal()
    leniency = fields.Decimal()
    departures = fields.Integer()


class RatersShape(Schema):
    """Raters of a cycle."""

    cycleId = text()
    mean = fields.Decimal()
    deviation = fields.Decimal()
    items = fields.List(fields.Nested(RaterShape))
