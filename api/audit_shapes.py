"""Schemas of the paths about evidence, lending, and what internal audit reads."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from api.shapes import NAME, PAGE_LIMIT_MAX, moment, text

# ruff: noqa: N815


class ReportPage(Schema):
    """A page of a report; `after` is the id of the last row seen."""

    limit = fields.Integer(
        load_default=PAGE_LIMIT_MAX,
        strict=False,
        validate=validate.Range(min=1, max=PAGE_LIMIT_MAX),
    )
    after = fields.String(validate=NAME)


class OverrideQuery(ReportPage):
    """Only those of election periods, or only the others."""

    inElection = fields.Boolean()


class GuardedActShape(Schema):
    """An act that needed a second signature because somebody had spoken up."""

    id = text()
    at = moment()
    kind = text()
    subjectId = text()
    actorId = text()
    actorName = text()
    onBehalfOf = text(null=True)
    personId = text()
    personName = text()
    secondId = text()
    secondName = text()


class GuardedActs(Schema):
    """Guarded acts, newest first."""

    items = fields.List(fields.Nested(GuardedActShape))


class MutualPairShape(Schema):
    """Two people who signed each other's lines."""

    firstId = text()
    secondId = text()
    firstSigned = fields.Integer()
    secondSigned = fields.Integer()


class MutualPairs(Schema):
    """Pairs, most lines first."""

    items = fields.List(fields.Nested(MutualPairShape))


class UnshownShape(Schema):
    """An attainment above 100 behind which no verified evidence stands."""

    kind = text()
    subjectId = text()
    title = text()
    personId = text()
    attainment = fields.Decimal()


class UnshownList(Schema):
    """Attainments, highest first."""

    items = fields.List(fields.Nested(UnshownShape))


class SponsorShape(Schema):
    """How a sponsor accepts outputs, beside all sponsors of the cycle."""

    sponsorId = text()
    outputs = fields.Integer()
    mean = fields.Decimal()
    abovePercent = fields.Decimal()
    allOutputs = fields.Integer()
    allMean = fields.Decimal()
    allAbovePercent = fields.Decimal()
    lenient = fields.Boolean()


class Sponsors(Schema):
    """Sponsors, highest mean first."""

    items = fields.List(fields.Nested(SponsorShape))


class SplitShape(Schema):
    """Outputs of one squad and period just under the limit, together above it."""

    squadId = text()
    periodId = text()
    outputs = fields.Integer()
    points = fields.Integer()


class Splits(Schema):
    """Groups of outputs, most points first."""

    items = fields.List(fields.Nested(SplitShape))


class LateClaimShape(Schema):
    """A claim handed in on the last days of its period, or after it."""

    claimId = text()
    outputId = text()
    personId = text()
    periodId = text()
    submittedAt = moment()


class LateClaims(Schema):
    """Claims, latest first; `next` is the `after` of the page behind."""

    items = fields.List(fields.Nested(LateClaimShape))
    next = text(null=True)


class ConsentShape(Schema):
    """How one unit head answers squads that ask for his people."""

    headId = text()
    given = fields.Integer()
    refused = fields.Integer()
    silent = fields.Integer()


class Consents(Schema):
    """Unit heads, most refusals and silences first."""

    items = fields.List(fields.Nested(ConsentShape))


class DeviationFigureShape(Schema):
    """How often a rater decided otherwise than was proposed."""

    raterId = text()
    kind = text()
    deviations = fields.Integer()
    people = fields.Integer()


class DeviationCounts(Schema):
    """Raters and kinds, most first."""

    items = fields.List(fields.Nested(DeviationFigureShape))


class OverrideShape(Schema):
    """A decision against a proposal or pattern."""

    id = text()
    kind = text()
    actorId = text()
    onBehalfOf = text(null=True)
    subjectId = text()
    reason = text()
    inElection = fields.Boolean()
    at = moment()


class Overrides(Schema):
    """Overrides, newest first; `next` is the `after` of the page behind."""

    items = fields.List(fields.Nested(OverrideShape))
    next = text(null=True)


class FindingShape(Schema):
    """A piece of a sample with what was found."""

    itemId = text()
    number = fields.Integer()
    stratum = text()
    kind = text()
    subjectId = text()
    personId = text()
    verdict = text(null=True)
    note = text(null=True)
    correction = fields.Boolean(allow_none=True)
    auditorId = text(null=True)


class SampleShape(Schema):
    """A sample with its pieces; frameHash proves that a second draw saw the same."""

    id = text()
    size = fields.Integer()
    seed = text()
    frameHash = text()
    drawnBy = text()
    at = moment()
    pieces = fields.List(fields.Nested(FindingShape))


class Samples(Schema):
    """Samples of a cycle, newest first."""

    items = fields.List(fields.Nested(SampleShape))


class EvidenceShape(Schema):
    """A piece of evidence with what was said about it."""

    id = text()
    filename = text()
    link = text(null=True)
    mediaType = text()
    outputId = text(null=True)
    itemId = text(null=True)
    uploadedBy = text()
    at = moment()
    status = text()
    verifiedBy = text(null=True)
    reason = text()
    replacedBy = text(null=True)


class EvidenceList(Schema):
    """A person's evidence in a cycle, oldest first; results that nothing verified stands behind."""

    cycleId = text()
    items = fields.List(fields.Nested(EvidenceShape))
    unverifiedResults = fields.List(fields.String())


class LentShape(Schema):
    """One membership of a unit's person in a squad of another unit."""

    membershipId = text()
    personId = text()
    squadId = text()
    hostUnitId = text()
    effortBp = fields.Integer()
    validFrom = fields.Date()
    validTo = fields.Date(allow_none=True)


class LendingShape(Schema):
    """What a unit lends during a cycle; efforts are basis points of one full time."""

    unitId = text()
    cycleId = text()
    headId = text(null=True)
    people = fields.Integer()
    hosts = fields.Integer()
    lentBp = fields.Integer()
    capacityBp = fields.Integer()
    pointsE4 = fields.Integer()
    memberships = fields.List(fields.Nested(LentShape))
