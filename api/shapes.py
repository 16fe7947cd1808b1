"""Schemas of Regu's own API; field names are camelCase, keys are decimal strings."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from engine.usecases.reasons import REASON_CHARACTERS_MAX

# marshmallow names fields by class attributes, and the API's words are camelCase
# ruff: noqa: N815

KEY = validate.Regexp(r"^[0-9]{1,18}$")
NAME = validate.Length(min=1, max=300)
REASON = validate.Length(min=1, max=REASON_CHARACTERS_MAX)
PAGE_LIMIT_MAX = 200


def text(*, null: bool = False) -> fields.String:
    """A text of an answer."""
    return fields.String(allow_none=null)


def moment() -> fields.DateTime:
    """A time of an answer, UTC."""
    return fields.DateTime(format="iso", allow_none=True)


class Empty(Schema):
    """No members."""


class Reasoned(Schema):
    """Why it is done; the audit keeps it."""

    reason = fields.String(required=True, validate=REASON)


class Variables(Reasoned):
    """Variables to write, and why."""

    variables = fields.Dict(keys=fields.String(), required=True)


class PageQuery(Schema):
    """A page of a list."""

    limit = fields.Integer(
        load_default=50, strict=False, validate=validate.Range(min=1, max=PAGE_LIMIT_MAX)
    )
    after = fields.String(validate=validate.Length(max=200))


class TaskQueryShape(PageQuery):
    """Which open tasks of one's own."""

    processId = fields.String(validate=NAME)
    elementId = fields.String(validate=NAME)


class TaskCard(Schema):
    """A task in a list."""

    taskKey = text()
    instanceKey = text()
    rootKey = text()
    processId = text()
    elementId = text()
    name = text()
    subject = text(null=True)
    assignee = text(null=True)
    #: whose task it is while its assignee works on it for him
    owner = text(null=True)
    state = text()
    priority = fields.Integer()
    dueAt = moment()
    followUpAt = moment()
    createdAt = moment()
    completedAt = moment()
    completedBy = text(null=True)
    version = fields.Integer()


class TaskPage(Schema):
    """A page of tasks."""

    items = fields.List(fields.Nested(TaskCard))
    next = text(null=True)


class TaskDetail(TaskCard):
    """One task with its form."""

    formId = text(null=True)
    form = fields.Dict(allow_none=True, metadata={"description": "form-js schema"})
    variables = fields.Dict(keys=fields.String())
    draft = fields.Dict(allow_none=True)
    mayComplete = fields.Boolean()


class CompleteBody(Schema):
    """What the form brought; version is the row version that was shown."""

    variables = fields.Dict(keys=fields.String(), load_default=dict)
    version = fields.Integer(strict=True, validate=validate.Range(min=1, max=2**31))


class VersionBody(Schema):
    """The row version that was shown."""

    version = fields.Integer(strict=True, validate=validate.Range(min=1, max=2**31))


class AssignBody(VersionBody):
    """Who shall do it: a person id or a login."""

    assignee = fields.String(required=True, validate=NAME)


class DraftBody(Schema):
    """What was typed so far."""

    data = fields.Dict(keys=fields.String(), required=True)


class TaskDone(Schema):
    """Which task and instance moved."""

    taskKey = text()
    instanceKey = text()
    rootKey = text()


class StartBody(Schema):
    """Which process to start, with what."""

    processId = fields.String(required=True, validate=NAME)
    version = fields.Integer(strict=True, validate=validate.Range(min=1, max=2**31 - 1))
    variables = fields.Dict(keys=fields.String(), load_default=dict)
    businessKey = fields.String(validate=NAME)


class Started(Schema):
    """A started instance."""

    instanceKey = text()
    definitionKey = text()
    processId = text()
    version = fields.Integer()


class StartCard(Schema):
    """A process that one may start oneself."""

    processId = text()
    name = text()
    about = text()
    version = fields.Integer()
    hasForm = fields.Boolean()


class StartList(Schema):
    """The processes that one may start oneself."""

    items = fields.List(fields.Nested(StartCard))


class StartDetail(StartCard):
    """With its form, and what its fields begin with."""

    form = fields.Dict(allow_none=True)
    variables = fields.Dict(keys=fields.String())


class StartFormBody(Schema):
    """What the form of a start brought."""

    variables = fields.Dict(keys=fields.String(), load_default=dict)


class StartedByForm(Schema):
    """A started instance."""

    instanceKey = text()
    processId = text()
    version = fields.Integer()


class InstanceQuery(PageQuery):
    """Which instances."""

    processId = fields.String(validate=NAME)
    status = fields.String(
        validate=validate.OneOf(["active", "completed", "cancelled", "suspended"])
    )


class InstanceCard(Schema):
    """An instance in a list."""

    instanceKey = text()
    rootKey = text()
    parentKey = text(null=True)
    processId = text()
    definitionKey = text()
    status = text()
    businessKey = text(null=True)
    incidents = fields.Integer()
    startedAt = moment()
    endedAt = moment()
    startedBy = text()


class InstancePage(Schema):
    """A page of instances."""

    items = fields.List(fields.Nested(InstanceCard))
    next = text(null=True)


class IncidentCard(Schema):
    """A token that could not go on."""

    incidentKey = text()
    instanceKey = text()
    rootKey = text()
    processId = text()
    elementId = text()
    kind = text()
    message = text()
    cause = text()
    createdAt = moment()


class IncidentPage(Schema):
    """A page of incidents."""

    items = fields.List(fields.Nested(IncidentCard))
    next = text(null=True)


class InstanceDetail(InstanceCard):
    """An instance with its tokens."""

    version = fields.Integer()
    tokens = fields.Dict(keys=fields.String(), values=fields.Integer())
    openIncidents = fields.List(fields.Nested(IncidentCard))
    variables = fields.Dict(keys=fields.String())


class HistoryQuery(PageQuery):
    """A page of what happened; a long one, since most instances fit into it."""

    limit = fields.Integer(
        load_default=PAGE_LIMIT_MAX,
        strict=False,
        validate=validate.Range(min=1, max=PAGE_LIMIT_MAX),
    )


class History(Schema):
    """What happened, oldest first; `next` leads to the page behind."""

    items = fields.List(fields.Dict())
    next = text(null=True)


class Me(Schema):
    """Who is signed in."""

    login = text()
    name = text()
    personId = text(null=True)
    agencyId = text(null=True)
    groups = fields.List(fields.String())
    openTasks = fields.Integer()
    now = moment()


class DefinitionCard(Schema):
    """A version of a process."""

    definitionKey = text()
    processId = text()
    version = fields.Integer()
    versionTag = text(null=True)
    name = text()
    resourceName = text()
    deployedAt = moment()
    deployedBy = text()


class DefinitionList(Schema):
    """Versions of processes."""

    items = fields.List(fields.Nested(DefinitionCard))
