"""Schemas of the paths about surveys of services."""

from __future__ import annotations

from marshmallow import Schema, fields

from api.shapes import moment, text

# ruff: noqa: N815


class ElementShape(Schema):
    """One question with what counts of its answers; the mean has two decimals."""

    number = fields.Integer()
    element = text(null=True)
    question = text()
    people = fields.Integer()
    mean = text(null=True)
    weight = text()


class SurveyShape(Schema):
    """One survey in figures; no single answer, no link."""

    id = text()
    kind = text()
    title = text()
    itemId = text(null=True)
    state = text()
    weighing = text()
    opensAt = moment()
    closesAt = moment()
    answers = fields.Integer()
    setAside = fields.Integer()
    odd = fields.Integer()
    leastAnswers = fields.Integer()
    tooFew = fields.Boolean()
    ikm = text(null=True)
    grade = text(null=True)
    elements = fields.List(fields.Nested(ElementShape))


class SurveyList(Schema):
    """Surveys of a unit, newest window first."""

    items = fields.List(fields.Nested(SurveyShape))
