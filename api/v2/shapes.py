"""Schemas of the /v2 subset: the names and fields that Camunda 8 publishes."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, ValidationError, fields, pre_load, validate

# ruff: noqa: N815

KEY = validate.Regexp(r"^[0-9]{1,18}$")
NAME = validate.Length(min=1, max=300)
TENANT = validate.OneOf(["<default>"])
#: what every row says about its tenant; Regu parts data by agency instead
DEFAULT_TENANT = "<default>"
PAGE_LIMIT_MAX = 200


def key() -> fields.String:
    """A key in a request."""
    return fields.String(validate=KEY)


class Match(fields.String):
    """A value, or an object with `$eq`."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        if isinstance(value, dict):
            if set(value) != {"$eq"}:
                raise ValidationError('a value or {"$eq": value}')
            value = value["$eq"]
        return super()._deserialize(value, attr, data, **kwargs)


def match(*allowed: str) -> Match:
    """A filter on a text, from a closed set when one is given."""
    return Match(validate=validate.OneOf(allowed) if allowed else NAME)


class Page(Schema):
    """Which part of a list; `from` is not offered, lists are read by cursor."""

    limit = fields.Integer(
        load_default=100, strict=True, validate=validate.Range(min=1, max=PAGE_LIMIT_MAX)
    )
    after = fields.String(validate=validate.Length(max=200))


def in_order_of(by: str) -> fields.List[Any]:
    """Lists come in the order of their keys, which is that of creation; any other is refused."""
    named: dict[str, fields.Field[Any]] = {
        "field": fields.String(required=True, validate=validate.OneOf([by])),
        "order": fields.String(validate=validate.OneOf(["ASC", "asc"])),
    }
    shape = Schema.from_dict(named, name=f"SortBy{by[0].upper()}{by[1:]}")
    return fields.List(fields.Nested(shape), validate=validate.Length(max=1))


class Search(Schema):
    """A search request."""

    page = fields.Nested(Page)

    @pre_load
    def default_page(self, data: Any, **_kwargs: Any) -> Any:
        """A search without a page asks for the first."""
        return {"page": {}, **data} if isinstance(data, dict) else data


class PageAnswer(Schema):
    """Where the list ends."""

    totalItems = fields.Integer()
    hasMoreTotalItems = fields.Boolean()
    startCursor = fields.String(allow_none=True)
    endCursor = fields.String(allow_none=True)


class Topology(Schema):
    """One broker, one partition: Regu scales by database, not by partitions."""

    brokers = fields.List(fields.Dict())
    clusterSize = fields.Integer()
    partitionsCount = fields.Integer()
    replicationFactor = fields.Integer()
    gatewayVersion = fields.String()
    lastCompletedChangeId = fields.String()


class ClockPin(Schema):
    """The moment at which business time shall stand, in epoch milliseconds."""

    timestamp = fields.Integer(
        required=True, strict=True, validate=validate.Range(min=0, max=253_402_300_799_000)
    )


class ProcessCreation(Schema):
    """Start by id (newest version unless one is named) or by key."""

    processDefinitionId = fields.String(validate=NAME)
    processDefinitionKey = key()
    processDefinitionVersion = fields.Integer(
        strict=True, load_default=-1, validate=validate.Range(min=-1, max=2**31 - 1)
    )
    variables = fields.Dict(keys=fields.String(), load_default=dict)
    tenantId = fields.String(validate=TENANT)
    operationReference = fields.Integer(strict=True, validate=validate.Range(min=1, max=2**63 - 1))
    awaitCompletion = fields.Boolean(validate=validate.Equal(comparable=False))
    businessId = fields.String(validate=NAME)


class ProcessCreated(Schema):
    """A started instance."""

    processDefinitionId = fields.String()
    processDefinitionVersion = fields.Integer()
    processDefinitionKey = fields.String()
    processInstanceKey = fields.String()
    tenantId = fields.String()
    variables = fields.Dict()


class Cancellation(Schema):
    """An optional reference."""

    operationReference = fields.Integer(strict=True, validate=validate.Range(min=1, max=2**63 - 1))


class InstanceFilter(Schema):
    """Which instances."""

    processInstanceKey = Match(validate=KEY)
    parentProcessInstanceKey = Match(validate=KEY)
    processDefinitionId = match()
    state = match("ACTIVE", "COMPLETED", "TERMINATED")
    tenantId = match(DEFAULT_TENANT)


class InstanceSearch(Search):
    """Search process instances."""

    filter = fields.Nested(InstanceFilter, load_default=dict)
    sort = in_order_of("processInstanceKey")


class Instance(Schema):
    """A process instance."""

    processInstanceKey = fields.String()
    processDefinitionId = fields.String()
    processDefinitionName = fields.String()
    processDefinitionVersion = fields.Integer()
    processDefinitionVersionTag = fields.String(allow_none=True)
    processDefinitionKey = fields.String()
    parentProcessInstanceKey = fields.String(allow_none=True)
    startDate = fields.DateTime(format="iso")
    endDate = fields.DateTime(format="iso", allow_none=True)
    state = fields.String()
    hasIncident = fields.Boolean()
    tenantId = fields.String()


class InstanceResult(Schema):
    """A page of instances."""

    items = fields.List(fields.Nested(Instance))
    page = fields.Nested(PageAnswer)


class UserTaskFilter(Schema):
    """Which user tasks."""

    userTaskKey = key()
    state = match("CREATED", "COMPLETED", "CANCELED")
    assignee = match()
    elementId = fields.String(validate=NAME)
    candidateGroup = match()
    processDefinitionId = fields.String(validate=NAME)
    processDefinitionKey = key()
    processInstanceKey = key()
    tenantId = match(DEFAULT_TENANT)


class UserTaskSearch(Search):
    """Search user tasks."""

    filter = fields.Nested(UserTaskFilter, load_default=dict)
    sort = in_order_of("userTaskKey")


class UserTask(Schema):
    """A user task."""

    userTaskKey = fields.String()
    name = fields.String()
    state = fields.String()
    assignee = fields.String(allow_none=True)
    elementId = fields.String()
    elementInstanceKey = fields.String()
    candidateGroups = fields.List(fields.String())
    candidateUsers = fields.List(fields.String())
    processDefinitionId = fields.String()
    processDefinitionKey = fields.String()
    processInstanceKey = fields.String()
    creationDate = fields.DateTime(format="iso", allow_none=True)
    completionDate = fields.DateTime(format="iso", allow_none=True)
    dueDate = fields.DateTime(format="iso", allow_none=True)
    followUpDate = fields.DateTime(format="iso", allow_none=True)
    formKey = fields.String(allow_none=True)
    priority = fields.Integer()
    tenantId = fields.String()


class UserTaskResult(Schema):
    """A page of user tasks."""

    items = fields.List(fields.Nested(UserTask))
    page = fields.Nested(PageAnswer)


class UserTaskCompletion(Schema):
    """Variables the task ends with."""

    variables = fields.Dict(keys=fields.String(), allow_none=True)
    action = fields.String(allow_none=True, validate=validate.Length(max=300))


class UserTaskAssignment(Schema):
    """Who shall do it."""

    assignee = fields.String(required=True, validate=NAME)
    allowOverride = fields.Boolean(allow_none=True)
    action = fields.String(allow_none=True, validate=validate.Length(max=300))


class Publication(Schema):
    """A message to publish."""

    name = fields.String(required=True, validate=NAME)
    correlationKey = fields.String(load_default="", validate=validate.Length(max=300))
    timeToLive = fields.Integer(
        strict=True, load_default=0, validate=validate.Range(min=0, max=400 * 24 * 3600 * 1000)
    )
    messageId = fields.String(validate=NAME)
    variables = fields.Dict(keys=fields.String(), load_default=dict)
    tenantId = fields.String(validate=TENANT)


class Published(Schema):
    """A published message."""

    messageKey = fields.String()
    tenantId = fields.String()


class Correlation(Schema):
    """A message to correlate at once."""

    name = fields.String(required=True, validate=NAME)
    correlationKey = fields.String(load_default="", validate=validate.Length(max=300))
    variables = fields.Dict(keys=fields.String(), load_default=dict)
    tenantId = fields.String(validate=TENANT)


class Correlated(Schema):
    """A correlated message."""

    messageKey = fields.String()
    processInstanceKey = fields.String(allow_none=True)
    tenantId = fields.String()


class SignalBroadcast(Schema):
    """A signal to broadcast."""

    signalName = fields.String(required=True, validate=NAME)
    variables = fields.Dict(keys=fields.String(), load_default=dict)
    tenantId = fields.String(validate=TENANT)


class SignalSent(Schema):
    """A signal on its way."""

    signalKey = fields.String()
    tenantId = fields.String()


class DefinitionFilter(Schema):
    """Which process definitions."""

    processDefinitionId = match()
    processDefinitionKey = key()
    isLatestVersion = fields.Boolean()
    version = fields.Integer(strict=True)
    tenantId = fields.String(validate=TENANT)


class DefinitionSearch(Search):
    """Search process definitions."""

    filter = fields.Nested(DefinitionFilter, load_default=dict)
    sort = in_order_of("processDefinitionKey")


class Definition(Schema):
    """A version of a process."""

    name = fields.String()
    resourceName = fields.String()
    version = fields.Integer()
    versionTag = fields.String(allow_none=True)
    processDefinitionId = fields.String()
    processDefinitionKey = fields.String()
    tenantId = fields.String()


class DefinitionResult(Schema):
    """A page of process definitions."""

    items = fields.List(fields.Nested(Definition))
    page = fields.Nested(PageAnswer)


class Deployment(Schema):
    """What a deployment did."""

    deploymentKey = fields.String()
    tenantId = fields.String()
    deployments = fields.List(fields.Dict())


class IncidentFilter(Schema):
    """Which incidents."""

    incidentKey = key()
    processInstanceKey = key()
    state = match("ACTIVE")
    tenantId = fields.String(validate=TENANT)


class IncidentSearch(Search):
    """Search open incidents."""

    filter = fields.Nested(IncidentFilter, load_default=dict)
    sort = in_order_of("incidentKey")


class Incident(Schema):
    """A token that could not go on."""

    incidentKey = fields.String()
    processDefinitionId = fields.String()
    processDefinitionKey = fields.String()
    processInstanceKey = fields.String()
    elementId = fields.String()
    elementInstanceKey = fields.String()
    errorType = fields.String()
    errorMessage = fields.String()
    creationTime = fields.DateTime(format="iso")
    state = fields.String()
    tenantId = fields.String()


class IncidentResult(Schema):
    """A page of incidents."""

    items = fields.List(fields.Nested(Incident))
    page = fields.Nested(PageAnswer)


class Resolution(Schema):
    """An optional reference."""

    operationReference = fields.Integer(strict=True, validate=validate.Range(min=1, max=2**63 - 1))
