"""Schemas of tasks as people handle them together."""

# The fields are named as clients write them.
# ruff: noqa: N815

from __future__ import annotations

from marshmallow import Schema, fields, validate

from api.shapes import NAME, VersionBody, moment, text
from engine.usecases.bulk_tasks import TOGETHER_MAX, Act
from engine.usecases.remarks import CALLED_MAX, TEXT_MAX
from engine.usecases.scheduling import PRIORITY_MAX

_KEY = validate.Regexp(r"\A[0-9]{1,19}\Z")
_ID = validate.Length(min=1, max=80)


class DelegateBody(VersionBody):
    """Who shall work on it: a person id or a login."""

    delegate = fields.String(required=True, validate=NAME)


class ResolveBody(VersionBody):
    """What was typed; without it the kept draft goes to the owner."""

    data = fields.Dict(keys=fields.String())


class ScheduleBody(VersionBody):
    """What shall change; what is not named stays, null takes it away."""

    dueAt = fields.AwareDateTime(format="iso", allow_none=True)
    followUpAt = fields.AwareDateTime(format="iso", allow_none=True)
    priority = fields.Integer(strict=True, validate=validate.Range(min=0, max=PRIORITY_MAX))
    candidateGroups = fields.List(fields.String(validate=NAME), validate=validate.Length(max=200))
    candidateUsers = fields.List(fields.String(validate=NAME), validate=validate.Length(max=200))
    reason = fields.String(load_default="", validate=validate.Length(max=500))


class SayBody(Schema):
    """Words, a kept file, and who is called ("@login" in the text calls too)."""

    text = fields.String(load_default="", validate=validate.Length(max=TEXT_MAX))
    evidenceId = fields.String(allow_none=True, load_default=None, validate=_ID)
    mentions = fields.List(
        fields.String(validate=NAME), load_default=list, validate=validate.Length(max=CALLED_MAX)
    )


class Said(Schema):
    """A remark that is kept."""

    id = text()
    at = text()


class RemarkShape(Schema):
    """A remark beside a task or process."""

    id = text()
    taskKey = text(null=True)
    authorId = text()
    author = text()
    mentions = fields.List(fields.String())
    at = moment()
    filename = text(null=True)
    sizeBytes = fields.Integer(allow_none=True)
    text = text()


class RemarkPage(Schema):
    """Remarks, newest first."""

    items = fields.List(fields.Nested(RemarkShape))
    next = text(null=True)


class RemarkQuery(Schema):
    """A place in the list."""

    after = fields.String(validate=_ID)
    limit = fields.Integer(load_default=50, validate=validate.Range(min=1, max=200))


class TogetherBody(Schema):
    """One act over many tasks."""

    act = fields.String(required=True, validate=validate.OneOf([act.value for act in Act]))
    taskKeys = fields.List(
        fields.String(validate=_KEY),
        required=True,
        validate=validate.Length(min=1, max=TOGETHER_MAX),
    )
    assignee = fields.String(validate=NAME)
    variables = fields.Dict(keys=fields.String(), load_default=dict)


class LeftShape(Schema):
    """A task that stayed as it was, and why."""

    taskKey = text()
    code = text()
    message = text()


class TogetherShape(Schema):
    """What became of them; with an undertakingId they are done in the background."""

    done = fields.List(text())
    refused = fields.List(fields.Nested(LeftShape))
    undertakingId = text(null=True)
