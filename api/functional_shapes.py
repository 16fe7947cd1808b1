"""Schemas of the paths about functional credit; numbers are texts, so that they stay exact."""

from __future__ import annotations

from marshmallow import Schema, fields

from api.shapes import PageQuery, moment, text

# ruff: noqa: N815


class CreditTargetShape(Schema):
    """Points that a next step needs."""

    needed = text()
    missing = text()
    met = fields.Boolean()


class CreditMonthShape(Schema):
    """One month with its arithmetic; twelve hundred units are one point."""

    year = fields.Integer()
    month = fields.Integer()
    level = text()
    coefficient = text()
    percent = fields.Integer()
    predikat = text()
    units = text()


class CreditPaperShape(Schema):
    """A paper as it was issued."""

    paperId = text()
    kind = text()
    code = text()
    number = text()
    year = fields.Integer()
    month = fields.Integer()
    issuedAt = moment()
    cancelledAt = moment()
    cancelReason = text()
    #: reason, before and after of each change since: predikat, level, grade, brought, months, table
    flags = fields.List(fields.Dict())
    contentHash = text()
    content = fields.Dict()


class FunctionalCreditShape(Schema):
    """A person's functional credit."""

    personId = text()
    employment = text(null=True)
    level = text(null=True)
    grade = text(null=True)
    contractUntil = text(null=True)
    since = text(null=True)
    #: points of the level when it began; with the months since then they are `points`
    brought = text(null=True)
    points = text(null=True)
    rank = fields.Nested(CreditTargetShape, allow_none=True)
    nextLevel = fields.Nested(CreditTargetShape, allow_none=True)
    months = fields.List(fields.Nested(CreditMonthShape))
    papers = fields.List(fields.Nested(CreditPaperShape))


class OfficialShape(Schema):
    """One functional official or contract."""

    personId = text()
    name = text()
    unitId = text()
    employment = text(null=True)
    level = text(null=True)
    grade = text(null=True)
    points = text(null=True)
    rank = fields.Nested(CreditTargetShape, allow_none=True)
    nextLevel = fields.Nested(CreditTargetShape, allow_none=True)
    flagged = fields.Integer()


class OfficialsShape(Schema):
    """Functional officials of a unit and below it; `after` begins the next page."""

    items = fields.List(fields.Nested(OfficialShape))
    after = text(null=True)


class OfficialsQuery(PageQuery):
    """A page of officials."""
