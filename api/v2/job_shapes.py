"""Schemas of the /v2 paths for external workers."""

from __future__ import annotations

from marshmallow import fields, validate

from api.v2.awaiting import timeout_field
from api.v2.filters import Constant, Flag, Key, Text, Time, Whole, Word, filter_of
from api.v2.published import NAME, REFERENCE, TENANT, Request, VariableValues, shape
from api.v2.searching import page_of, search_of

# ruff: noqa: N815

MESSAGE = validate.Length(max=10_000)
DAY_MS = 24 * 3600 * 1000
#: more are leased by asking again
JOBS_MAX = 100_000

JobFilter = filter_of(
    "JobFilter",
    {
        "jobKey": Key("key"),
        "type": Text("type"),
        "worker": Text("worker"),
        "state": Word(
            "failed",
            {"CREATED": (0,), "FAILED": (1,)}
            | dict.fromkeys(
                (
                    "CANCELED",
                    "COMPLETED",
                    "ERROR_THROWN",
                    "MIGRATED",
                    "RETRIES_UPDATED",
                    "TIMED_OUT",
                ),
                (),
            ),
        ),
        "retries": Whole("retries"),
        "deadline": Time("deadline_at"),
        "errorMessage": Text("error"),
        "elementId": Text("element_id"),
        "elementInstanceKey": Key("activation"),
        "processDefinitionId": Text("process_id"),
        "processDefinitionKey": Key("definition_key"),
        "processInstanceKey": Key("process_instance"),
        "hasFailedWithRetriesLeft": Flag("to_retry"),
        "kind": Constant("BPMN_ELEMENT"),
        "listenerEventType": Constant("UNSPECIFIED"),
        "tenantId": Constant(),
    },
    unsupported="creationTime endTime lastUpdateTime errorCode isDenied deniedReason priority",
)
JobSearch = search_of(
    "JobSearch",
    JobFilter,
    {
        "jobKey": "key",
        "type": "type",
        "worker": "worker",
        "retries": "retries",
        "deadline": "deadline_at",
        "state": "failed",
        "elementId": "element_id",
        "elementInstanceKey": "activation",
        "processDefinitionId": "process_id",
        "processDefinitionKey": "definition_key",
        "processInstanceKey": "process_instance",
        "errorMessage": "error",
    },
)
Job = shape(
    "Job",
    "A job that waits for a worker, or failed.",
    text="jobKey type worker state kind listenerEventType errorMessage? errorCode? deniedReason?"
    " elementId elementInstanceKey processDefinitionId processDefinitionKey processInstanceKey"
    " rootProcessInstanceKey businessId? tenantId",
    whole="retries priority",
    flag="hasFailedWithRetriesLeft isDenied?",
    time="deadline? endTime? creationTime? lastUpdateTime?",
    table="customHeaders",
)
JobPage = page_of("JobPage", Job)


class JobActivation(Request):
    """How many jobs of which type for how long."""

    UNSUPPORTED = frozenset({"withLease"})

    type = fields.String(required=True, validate=NAME)
    worker = fields.String(load_default="", validate=validate.Length(max=300))
    timeout = fields.Integer(required=True, strict=True, validate=validate.Range(min=1, max=DAY_MS))
    maxJobsToActivate = fields.Integer(
        required=True, strict=True, validate=validate.Range(min=1, max=JOBS_MAX)
    )
    fetchVariable = fields.List(fields.String(validate=NAME), allow_none=True)
    requestTimeout = timeout_field()
    tenantIds = fields.List(fields.String(validate=TENANT))
    tenantFilter = fields.String(validate=validate.OneOf(["PROVIDED", "ASSIGNED"]))


ActivatedJob = shape(
    "ActivatedJob",
    "A leased job.",
    text="jobKey type worker elementId elementInstanceKey processDefinitionId"
    " processDefinitionKey processInstanceKey rootProcessInstanceKey businessId? tenantId"
    " physicalTenantId kind listenerEventType jobLeaseToken?",
    whole="retries deadline processDefinitionVersion priority",
    table="variables customHeaders userTask?",
    texts="tags",
)
JobsActivated = shape(
    "JobsActivated", "The leased jobs.", jobs=fields.List(fields.Nested(ActivatedJob))
)


class JobCompletion(Request):
    """What the worker found."""

    UNSUPPORTED = frozenset({"result", "jobLeaseToken", "businessId"})

    variables = VariableValues()


class JobFailure(Request):
    """Why it failed and how often it may be tried again."""

    UNSUPPORTED = frozenset({"jobLeaseToken"})

    retries = fields.Integer(strict=True, load_default=0, validate=validate.Range(min=0, max=1_000))
    errorMessage = fields.String(load_default="", allow_none=True, validate=MESSAGE)
    retryBackOff = fields.Integer(
        strict=True, load_default=0, validate=validate.Range(min=0, max=DAY_MS)
    )
    variables = VariableValues()


class JobError(Request):
    """A BPMN error for the drawing to catch."""

    UNSUPPORTED = frozenset({"jobLeaseToken"})

    errorCode = fields.String(required=True, validate=NAME)
    errorMessage = fields.String(allow_none=True, validate=MESSAGE)
    variables = VariableValues()


class JobChangeset(Request):
    """What changes; null changes nothing."""

    UNSUPPORTED = frozenset({"priority"})

    retries = fields.Integer(
        strict=True, allow_none=True, validate=validate.Range(min=1, max=1_000)
    )
    timeout = fields.Integer(
        strict=True, allow_none=True, validate=validate.Range(min=1, max=DAY_MS)
    )


class JobUpdate(Request):
    """A change of a job."""

    UNSUPPORTED = frozenset({"jobLeaseToken"})

    changeset = fields.Nested(JobChangeset, required=True)
    operationReference = fields.Integer(strict=True, validate=REFERENCE)
