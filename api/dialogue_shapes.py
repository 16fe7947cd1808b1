"""Schemas of the paths about the dialogue."""

from __future__ import annotations

from marshmallow import Schema, fields

from api.shapes import moment
from api.shapes import text as words

# ruff: noqa: N815


class CheckInShape(Schema):
    """A check-in of a leader and an employee."""

    id = words()
    leaderId = words()
    personId = words()
    askedBy = words()
    meetsAt = moment()
    state = words()
    heldOn = words(null=True)
    agreedText = words()
    remark = words()


class PromiseShape(Schema):
    """A promise made in a check-in or in coaching."""

    id = words()
    checkInId = words(null=True)
    coachingId = words(null=True)
    ownerId = words()
    counterpartId = words()
    text = words()
    dueOn = words()
    firstDueOn = words()
    state = words()
    carried = fields.Integer()
    keptInTime = fields.Boolean()


class FeedbackShape(Schema):
    """A feedback under its giver's name."""

    id = words()
    personId = words()
    giverId = words()
    onBehalfOf = words(null=True)
    voice = words()
    tone = words()
    itemId = words(null=True)
    behaviour = words(null=True)
    periodId = words(null=True)
    text = words()
    link = words()
    reply = words(null=True)
    at = moment()


class IncidentShape(Schema):
    """A critical incident with the person's answer."""

    id = words()
    personId = words()
    recordedBy = words()
    voice = words()
    value = words()
    kind = words()
    happenedOn = words()
    text = words()
    link = words()
    state = words()
    answer = words()


class CoachingShape(Schema):
    """A line of coaching, without its words."""

    id = words()
    kind = words()
    source = words()
    coachId = words(null=True)
    state = words()
    at = moment()


class TimelineShape(Schema):
    """A person's dialogue in a cycle, as the asker may see it."""

    cycleId = words()
    checkIns = fields.List(fields.Nested(CheckInShape))
    promises = fields.List(fields.Nested(PromiseShape))
    feedback = fields.List(fields.Nested(FeedbackShape))
    incidents = fields.List(fields.Nested(IncidentShape))
    coaching = fields.List(fields.Nested(CoachingShape))


class CadenceLineShape(Schema):
    """One of a leader's people."""

    personId = words()
    confirmed = fields.Integer()
    unconfirmed = fields.Integer()
    lastOn = words(null=True)
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

    cycleId = words()
    items = fields.List(fields.Nested(CadenceLineShape))


class NoteShape(Schema):
    """A private note of one's own."""

    id = words()
    aboutId = words()
    text = words()
    at = moment()


class OwnShape(Schema):
    """What one wrote oneself."""

    cycleId = words()
    notes = fields.List(fields.Nested(NoteShape))
    feedback = fields.List(fields.Nested(FeedbackShape))
    incidents = fields.List(fields.Nested(IncidentShape))
