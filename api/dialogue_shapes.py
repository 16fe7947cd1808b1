"""Schemas of the paths about the dialogue."""

from __future__ import annotations

from marshmallow import Schema, fields

from api.shapes import moment, text

# ruff: noqa: N815


class CheckInShape(Schema):
    """A check-in of a leader and an employee."""

    id = text()
    leaderId = text()
    personId = text()
    askedBy = text()
    meetsAt = moment()
    state = text()
    heldOn = text(null=True)
    agreedText = text()
    remark = text()


class PromiseShape(Schema):
    """A promise made in a check-in or in coaching."""

    id = text()
    checkInId = text(null=True)
    coachingId = text(null=True)
    ownerId = text()
    counterpartId = text()
    text = text()
    dueOn = text()
    firstDueOn = text()
    state = text()
    carried = fields.Integer()
    keptInTime = fields.Boolean()


class FeedbackShape(Schema):
    """A feedback under its giver's name."""

    id = text()
    personId = text()
    giverId = text()
    onBehalfOf = text(null=True)
    voice = text()
    tone = text()
    itemId = text(null=True)
    behaviour = text(null=True)
    periodId = text(null=True)
    text = text()
    link = text()
    reply = text(null=True)
    at = moment()


class IncidentShape(Schema):
    """A critical incident with the person's answer."""

    id = text()
    personId = text()
    recordedBy = text()
    voice = text()
    value = text()
    kind = text()
    happenedOn = text()
    text = text()
    link = text()
    state = text()
    answer = text()


class CoachingShape(Schema):
    """A line of coaching, without its words."""

    id = text()
    kind = text()
    source = text()
    coachId = text(null=True)
    state = text()
    at = moment()


class TimelineShape(Schema):
    """A person's dialogue in a cycle, as the asker may see it."""

    cycleId = text()
    checkIns = fields.List(fields.Nested(CheckInShape))
    promises = fields.List(fields.Nested(PromiseShape))
    feedback = fields.List(fields.Nested(FeedbackShape))
    incidents = fields.List(fields.Nested(IncidentShape))
    coaching = fields.List(fields.Nested(CoachingShape))


class CadenceLineShape(Schema):
    """One of a leader's people."""

    personId = text()
    confirmed = fields.Integer()
    unconfirmed = fields.Integer()
    lastOn = text(null=True)
    daysWithout = fields.Integer()
    everyDays = fields.Integer()
    leastPerCycle = fields.Integer()
    overdue = fields.Boolean()
    promised = fields.Integer()
    kept = fields.Integer()
    keptLate = fields.Integer()
    theirPromises = fields.Integer()
    theirKept = fields.Integer()
    feedback = fields.Integer()


class CadenceShape(Schema):
    """How a leader keeps up the conversation."""

    cycleId = text()
    items = fields.List(fields.Nested(CadenceLineShape))


class NoteShape(Schema):
    """A private note of one's own."""

    id = text()
    aboutId = text()
    text = text()
    at = moment()


class OwnShape(Schema):
    """What one wrote oneself."""

    cycleId = text()
    notes = fields.List(fields.Nested(NoteShape))
    feedback = fields.List(fields.Nested(FeedbackShape))
    incidents = fields.List(fields.Nested(IncidentShape))
