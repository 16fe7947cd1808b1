"""Schemas of the /v2 paths for external workers."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from api.v2.shapes import NAME, TENANT

# ruff: noqa: N815

MESSAGE = validate.Length(max=10_000)
DAY_MS = 24 * 3600 * 1000


class JobActivation(Schema):
    """How many jobs of which type for how long."""

    type = fields.String(required=True, validate=NAME)
    worker = fields.String(load_default="", validate=validate.Length(max=300))
    timeout = fields.Integer(required=True, strict=True, validate=validate.Range(min=1, max=DAY_MS))
    maxJobsToActivate = fields.Integer(
        required=True, strict=True, validate=validate.Range(min=1, max=100)
    )
    fetchVariable = fields.List(fields.String(validate=NAME))
    requestTimeout = fields.Integer(strict=True, validate=validate.Range(min=-(2**31), max=2**31))
    tenantIds = fields.List(fields.String(validate=TENANT))


class ActivatedJob(Schema):
    """A leased job."""

    jobKey = fields.String()
    type = fields.String()
    worker = fields.String()
    retries = fields.Integer()
    deadline = fields.Integer()
    variables = fields.Dict(keys=fields.String())
    customHeaders = fields.Dict(keys=fields.String())
    elementId = fields.String()
    elementInstanceKey = fields.String()
    processDefinitionId = fields.String()
    processDefinitionVersion = fields.Integer()
    processDefinitionKey = fields.String()
    processInstanceKey = fields.String()
    tenantId = fields.String()
    kind = fields.String()
    listenerEventType = fields.String()


class JobsActivated(Schema):
    """The leased jobs."""

    jobs = fields.List(fields.Nested(ActivatedJob))


class JobCompletion(Schema):
    """What the worker found."""

    variables = fields.Dict(keys=fields.String(), allow_none=True)


class JobFailure(Schema):
    """Why it failed and how often it may be tried again."""

    retries = fields.Integer(strict=True, load_default=0, validate=validate.Range(min=0, max=1_000))
    errorMessage = fields.String(load_default="", validate=MESSAGE)
    retryBackOff = fields.Integer(
        strict=True, load_default=0, validate=validate.Range(min=0, max=DAY_MS)
    )


class JobError(Schema):
    """A BPMN error for the drawing to catch."""

    errorCode = fields.String(required=True, validate=NAME)
    errorMessage = fields.String(allow_none=True, validate=MESSAGE)
    variables = fields.Dict(keys=fields.String(), allow_none=True)
