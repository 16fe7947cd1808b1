"""Schemas of the paths about portfolios, allowances and referrals."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from api.shapes import moment, text

# ruff: noqa: N815

_ROWS_MAX = 500


class UsesPageQuery(Schema):
    """Where a list goes on."""

    after = fields.String(validate=validate.Length(max=80))
    limit = fields.Integer(validate=validate.Range(min=1, max=_ROWS_MAX), load_default=50)


class UsedDataShape(Schema):
    """A row that a decision used, with its hash at that time."""

    data = text()
    dataId = text()
    version = text()
    sha256 = text()
    changedSince = fields.Boolean()
    pointsE4 = fields.Integer()
    outputId = text(null=True)
    output = text()
    squad = text()
    hostUnit = text()
    at = moment()


class RecognitionShape(Schema):
    """A recognition, confirmed or set aside, with the rows it stands on."""

    id = text()
    cycleId = text()
    kind = text()
    outcome = text()
    crossPointsE4 = fields.Integer()
    hostUnits = fields.Integer()
    overlays = fields.Integer()
    note = text()
    confirmedBy = text()
    at = moment()
    used = fields.List(fields.Nested(UsedDataShape))


class CrossUnitShape(Schema):
    """Sealed credit in units that are not his own."""

    pointsE4 = fields.Integer()
    allPointsE4 = fields.Integer()
    shareBp = fields.Integer()
    hostUnits = fields.Integer()
    transferIds = fields.List(fields.Integer())


class IpPartShape(Schema):
    """Points of one thing."""

    dimension = text()
    word = text()
    points = fields.Decimal(as_string=True)
    mark = text()


class IpAsnShape(Schema):
    """IP ASN; total and band are null as long as a dimension is missing."""

    parts = fields.List(fields.Nested(IpPartShape))
    total = fields.Decimal(as_string=True, allow_none=True)
    band = text(null=True)
    missing = fields.List(text())


class TalentBoxShape(Schema):
    """The box of nine; advisory, the amended rule was not seen."""

    performance = text(null=True)
    potential = text(null=True)
    source = text(null=True)
    box = fields.Integer(allow_none=True)
    promotionPool = fields.Boolean()
    mark = text()


class PortfolioShape(Schema):
    """What a person's results are used for."""

    personId = text()
    cycleId = text()
    predikat = text(null=True)
    recognitions = fields.List(fields.Nested(RecognitionShape))
    crossUnit = fields.Nested(CrossUnitShape)
    ipAsn = fields.Nested(IpAsnShape)
    talentBox = fields.Nested(TalentBoxShape)


class AllowanceShape(Schema):
    """Predikat of a person for the year (number 0) or a period."""

    personId = text()
    nip = text()
    name = text()
    number = fields.Integer()
    period = text()
    predikat = text()
    percent = fields.Decimal(as_string=True)
    doubtful = fields.Boolean()
    ratingId = text()
    at = moment()


class AllowancesShape(Schema):
    """A page of the feed; `next` is null on the last."""

    cycleId = text()
    items = fields.List(fields.Nested(AllowanceShape))
    next = text(null=True)


class ReferralShape(Schema):
    """A case that was referred; what came of it is not kept here."""

    id = text()
    nip = text()
    name = text()
    ground = text()
    source = text()
    referredBy = text()
    handedTo = text()
    letterNo = text()
    words = text()
    at = moment()
    handedAt = moment()


class ReferralsShape(Schema):
    """A page of referrals, newest first; `next` is null on the last."""

    items = fields.List(fields.Nested(ReferralShape))
    next = text(null=True)
