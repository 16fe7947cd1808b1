"""Schemas of the paths about cycles, squads, credit and evidence."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from api.plan_shapes import IndicatorShape
from api.shapes import NAME, moment, text

# ruff: noqa: N815

WORDS = validate.Length(max=4000)


class CycleQuery(Schema):
    """Which cycle, by id or year; the newest begun one without."""

    cycle = fields.String(validate=NAME)


class CycleStarted(Schema):
    """The process of the year."""

    instanceKey = text()


class RollUpShape(Schema):
    """Credit of a unit; points are scaled by 10,000."""

    unitId = text()
    agencyId = text()
    pointsE4 = fields.Integer()
    ownE4 = fields.Integer()
    collectiveE4 = fields.Integer()


class FlowShape(Schema):
    """Credit earned by people of one unit in squads of another."""

    homeUnitId = text()
    hostUnitId = text()
    pointsE4 = fields.Integer()


class ReconciliationShape(Schema):
    """Home and host views of one ledger; balanced says that they agree."""

    home = fields.List(fields.Nested(RollUpShape))
    host = fields.List(fields.Nested(RollUpShape))
    flows = fields.List(fields.Nested(FlowShape))
    homeE4 = fields.Integer()
    hostE4 = fields.Integer()
    outE4 = fields.Integer()
    inE4 = fields.Integer()
    valueE4 = fields.Integer()
    poolE4 = fields.Integer()
    balanced = fields.Boolean()


class Proof(Schema):
    """Faults of audit chains and ledgers; none when all hold."""

    holds = fields.Boolean()
    faults = fields.List(fields.String())


class TransferShape(Schema):
    """One row of the ledger."""

    id = fields.Integer()
    outputId = text()
    outputTitle = text()
    valuePoints = fields.Integer()
    debitAccount = text()
    creditAccount = text()
    amountBp = fields.Integer()
    code = text()
    lineClass = text()
    personId = text(null=True)
    role = text()
    squadId = text()
    homeUnitId = text()
    hostUnitId = text()
    workPeriodId = text()
    postingPeriodId = text()
    reversesId = fields.Integer(allow_none=True)
    actorId = text()
    reason = text()
    at = moment()
    hash = text()


class PersonLedgerShape(Schema):
    """A person's rows."""

    cycleId = text()
    items = fields.List(fields.Nested(TransferShape))


class UnitLedgerShape(Schema):
    """A unit's rows from both sides."""

    cycleId = text()
    home = fields.List(fields.Nested(TransferShape))
    host = fields.List(fields.Nested(TransferShape))
    homeTotal = fields.Nested(RollUpShape, allow_none=True)
    hostTotal = fields.Nested(RollUpShape, allow_none=True)
    flows = fields.List(fields.Nested(FlowShape))


class PlanItemShape(Schema):
    """A planned result (RHK)."""

    id = text()
    number = fields.Integer()
    kind = text()
    title = text()
    weightBp = fields.Integer()
    indicators = fields.List(fields.Nested(IndicatorShape))


class RoleShape(Schema):
    """One role of a plan."""

    role = text()
    kind = text()
    name = text()
    squadId = text(null=True)
    weightBp = fields.Integer()
    effortBp = fields.Integer()
    items = fields.List(fields.Nested(PlanItemShape))


class IndexLineShape(Schema):
    """One role's part of the index."""

    role = text()
    weightBp = fields.Integer()
    attainment = fields.Decimal()
    points = fields.Decimal()
    level = text()
    provisional = fields.Boolean()


class PlanShape(Schema):
    """A person's plan by role; the index is advisory."""

    personId = text()
    cycleId = text()
    planId = text(null=True)
    version = fields.Integer(allow_none=True)
    approach = text(null=True)
    validFrom = fields.Date(allow_none=True)
    status = text(null=True)
    loadBp = fields.Integer()
    roles = fields.List(fields.Nested(RoleShape))
    ihk = fields.Decimal(allow_none=True)
    proposedLevel = text(null=True)
    lines = fields.List(fields.Nested(IndexLineShape))


class RatingShape(Schema):
    """A version of a person's evaluation."""

    ratingId = text()
    personId = text()
    cycleId = text()
    version = fields.Integer()
    status = text()
    ihk = fields.Decimal()
    proposedLevel = text()
    resultLevel = text(null=True)
    behaviourLevel = text(null=True)
    predikat = text(null=True)
    reason = text(null=True)
    raterId = text(null=True)


class DisputeBody(Schema):
    """Whose line is contested and why."""

    ground = fields.String(required=True, validate=WORDS)
    personId = fields.String(allow_none=True, validate=NAME)
    evidenceLink = fields.String(load_default="", validate=validate.Length(max=2000))


class DisputeRaised(Schema):
    """A dispute was opened."""

    disputeId = text()


class ConsentBody(Schema):
    """The home superior's answer."""

    consent = fields.String(required=True, validate=validate.OneOf(["given", "refused"]))
    reason = fields.String(load_default="", validate=WORDS)


class ConsentGiven(Schema):
    """The answer, and shares that were waiting for it."""

    consent = text()
    postedBp = fields.Integer()


class AnswerBody(Schema):
    """The member's own answer; false: the load is too much."""

    accepts = fields.Boolean(required=True)


class AnswerKept(Schema):
    """The member's load."""

    loadBp = fields.Integer()
    flag = fields.Raw(allow_none=True)


class EvidenceKept(Schema):
    """A reference to a kept file, for a form's file field."""

    id = text()
    sha256 = text()
    filename = text()
    mediaType = text()
    sizeBytes = fields.Integer()


class FlawShape(Schema):
    """One thing wrong with a workbook."""

    sheet = text()
    row = fields.Integer()
    cell = text()
    severity = text()
    code = text()
    message = text()
    value = text()


class ImportAnswer(Schema):
    """What a dry run says, or what was imported."""

    imported = fields.Boolean()
    agencyId = text(null=True)
    cycleId = text(null=True)
    accounts = fields.Integer()
    counts = fields.Dict(keys=fields.String(), values=fields.Integer())
    flaws = fields.List(fields.Nested(FlawShape))
    obstacle = text()


class ImportQuery(Schema):
    """A dry run writes nothing."""

    dryRun = fields.Boolean(load_default=True)
