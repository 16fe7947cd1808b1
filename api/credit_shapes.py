"""Schemas of the paths about credit by period, budgets and certificates."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from api.shapes import moment, text
from api.work_shapes import RollUpShape

# ruff: noqa: N815


class ByQuery(Schema):
    """Whether a row counts in the period of its work or of its booking."""

    by = fields.String(validate=validate.OneOf(["work", "posting"]), load_default="work")


class UnitsQuery(Schema):
    """Whether the matrix goes down to units."""

    units = fields.Boolean(load_default=True)


class PoolShape(Schema):
    """What is not allocated yet of a host unit's outputs."""

    unitId = text()
    poolE4 = fields.Integer()
    valueE4 = fields.Integer()


class PeriodShape(Schema):
    """A period from home, from host and its pool."""

    periodId = text()
    name = text()
    status = text()
    sealHash = text(null=True)
    home = fields.List(fields.Nested(RollUpShape))
    host = fields.List(fields.Nested(RollUpShape))
    pools = fields.List(fields.Nested(PoolShape))
    balanced = fields.Boolean()


class PeriodsShape(Schema):
    """Every period of a cycle."""

    by = text()
    items = fields.List(fields.Nested(PeriodShape))


class CreditCellShape(Schema):
    """Credit of people of a home in squads of a host."""

    homeAgencyId = text()
    homeUnitId = text()
    hostAgencyId = text()
    hostUnitId = text()
    pointsE4 = fields.Integer()
    collectiveE4 = fields.Integer()


class CreditMatrixShape(Schema):
    """The in-out matrix of units or of agencies."""

    items = fields.List(fields.Nested(CreditCellShape))
    inE4 = fields.Integer()
    outE4 = fields.Integer()


class PeriodCreditShape(Schema):
    """Credit of one work period as booked in one posting period."""

    workPeriodId = text()
    postingPeriodId = text()
    pointsE4 = fields.Integer()
    rows = fields.Integer()
    correction = fields.Boolean()


class OverlayShape(Schema):
    """Help outside the shares."""

    outputId = text()
    role = text()
    note = text()
    evidenceLink = text()
    proposedBy = text()
    acceptedAt = moment()


class FlagShape(Schema):
    """Something decided on numbers that a correction changed."""

    subject = text()
    correctionId = text()
    before = text()
    after = text()
    outcome = text()
    raisedAt = moment()
    clearedAt = moment()


class PersonCreditShape(Schema):
    """A person's credit of a cycle by period, and what stands beside the shares."""

    cycleId = text()
    items = fields.List(fields.Nested(PeriodCreditShape))
    overlays = fields.List(fields.Nested(OverlayShape))
    flags = fields.List(fields.Nested(FlagShape))


class BudgetShape(Schema):
    """A period's points of a squad."""

    periodId = text()
    name = text()
    points = fields.Integer(allow_none=True)
    usedPoints = fields.Integer()
    leftPoints = fields.Integer(allow_none=True)
    outputs = fields.Integer()


class SquadBudgetShape(Schema):
    """A squad's points."""

    squadId = text()
    cycleId = text()
    budgetPoints = fields.Integer()
    items = fields.List(fields.Nested(BudgetShape))


class CertificateLineShape(Schema):
    """One contribution on a certificate."""

    squad = text()
    host = text()
    role = text()
    output = text()
    kind = text()
    valuePoints = fields.Integer()
    shareBp = fields.Integer()
    pointsE4 = fields.Integer()
    startsOn = fields.Date()
    endsOn = fields.Date()


class CertificateShape(Schema):
    """A certificate as it was issued."""

    code = text()
    status = text()
    name = text()
    nip = text()
    unit = text()
    agency = text()
    startsOn = fields.Date()
    endsOn = fields.Date()
    issuedAt = moment()
    ledgerHash = text()
    pointsE4 = fields.Integer()
    lines = fields.List(fields.Nested(CertificateLineShape))


class VerificationShape(Schema):
    """What a verification says: valid, corrected, broken or unknown."""

    status = text()
    certificate = fields.Nested(CertificateShape, allow_none=True)


class CertificatesShape(Schema):
    """A person's certificates, newest first."""

    items = fields.List(fields.Nested(CertificateShape))
