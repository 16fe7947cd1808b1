"""Who may use the paths of Camunda 8: the part of `app.route_access` that clients ask."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from app.access_rules import Right, Rule, group, here

if TYPE_CHECKING:
    from collections.abc import Mapping

_SIGNED_IN = Right(Rule.SIGNED_IN)
_DRAW, _KNOW, _SEE = group("definition:deploy"), group("definition:read"), group("instance:read")
_MANY = group("batch:run")
_TAKE = Right(Rule.TASK_TAKE)
_WORK = Right(Rule.WORK, "job:work")

#: "METHOD rule" -> right
CLIENT_ROUTES: Final[Mapping[str, Right]] = {
    "GET /v2/topology": _SIGNED_IN,
    "PUT /v2/clock": group("clock:move"),
    "POST /v2/clock/reset": group("clock:move"),
    "POST /v2/deployments": _DRAW,
    "POST /v2/process-definitions/search": _KNOW,
    "GET /v2/process-definitions/<key:definition_key>": _KNOW,
    "GET /v2/process-definitions/<key:definition_key>/xml": _KNOW,
    "POST /v2/decision-definitions/evaluation": group("decision:evaluate"),
    "POST /v2/expression/evaluation": group("decision:evaluate"),
    "POST /v2/process-instances": group("instance:start"),
    "GET /v2/process-instances/<key:instance_key>": Right(Rule.INSTANCE),
    "POST /v2/process-instances/search": group("instance:read"),
    "POST /v2/process-instances/<key:instance_key>/cancellation": Right(Rule.STEER),
    "POST /v2/incidents/search": group("instance:read"),
    "POST /v2/incidents/<key:incident_key>/resolution": here("incident:retry"),
    "POST /v2/messages/publication": group("message:publish"),
    "POST /v2/messages/correlation": group("message:publish"),
    "POST /v2/signals/broadcast": group("message:publish"),
    "POST /v2/jobs/activation": _WORK,
    "POST /v2/jobs/<key:job_key>/completion": _WORK,
    "POST /v2/jobs/<key:job_key>/failure": _WORK,
    "POST /v2/jobs/<key:job_key>/error": _WORK,
    "POST /v2/user-tasks/search": _SIGNED_IN,
    "GET /v2/user-tasks/<key:task_key>": Right(Rule.TASK_READ),
    "PATCH /v2/user-tasks/<key:task_key>": Right(Rule.TASK_PLAN),
    "POST /v2/user-tasks/<key:task_key>/completion": _TAKE,
    "POST /v2/user-tasks/<key:task_key>/assignment": Right(Rule.TASK_ASSIGN),
    "DELETE /v2/user-tasks/<key:task_key>/assignee": Right(Rule.TASK_GIVE_BACK),
    "POST /oauth/token": Right(Rule.PUBLIC),
    "GET /v2/status": _SIGNED_IN,
    "GET /v2/license": _SIGNED_IN,
    "GET /v2/authentication/me": _SIGNED_IN,
    "POST /v2/tenants/search": _SIGNED_IN,
    "POST /v2/users/search": group("account:manage"),
    "GET /v2/users/<username>": here("account:manage"),
    "POST /v2/groups/search": group("account:manage"),
    "POST /v2/roles/search": group("account:manage"),
    "POST /v2/resources/search": _KNOW,
    "GET /v2/resources/<key:resource_key>": _KNOW,
    "GET /v2/resources/<key:resource_key>/content": _KNOW,
    "GET /v2/process-definitions/<key:definition_key>/form": _KNOW,
    "POST /v2/process-definitions/<key:definition_key>/statistics/element-instances": _SEE,
    "POST /v2/process-instances/<key:instance_key>/incidents/search": Right(Rule.INSTANCE),
    "GET /v2/process-instances/<key:instance_key>/sequence-flows": Right(Rule.INSTANCE),
    "GET /v2/process-instances/<key:instance_key>/statistics/element-instances": Right(
        Rule.INSTANCE
    ),
    "GET /v2/process-instances/<key:instance_key>/call-hierarchy": Right(Rule.INSTANCE),
    "POST /v2/element-instances/search": _SEE,
    "GET /v2/element-instances/<key:element_key>": here("instance:read"),
    "POST /v2/element-instances/<key:element_key>/incidents/search": Right(Rule.INSTANCE),
    "PUT /v2/element-instances/<key:element_key>/variables": Right(Rule.STEER),
    "POST /v2/variables/search": Right(Rule.INSTANCE),
    "GET /v2/incidents/<key:incident_key>": here("instance:read"),
    "POST /v2/message-subscriptions/search": _SEE,
    "POST /v2/jobs/search": _SEE,
    "PATCH /v2/jobs/<key:job_key>": Right(Rule.WORK, "job:change"),
    "GET /v2/user-tasks/<key:task_key>/form": Right(Rule.TASK_READ),
    "POST /v2/user-tasks/<key:task_key>/variables/search": Right(Rule.TASK_READ),
    "POST /v2/user-tasks/<key:task_key>/effective-variables/search": Right(Rule.TASK_READ),
    "GET /v2/forms/<key:form_key>": _KNOW,
    "POST /v2/decision-definitions/search": _KNOW,
    "GET /v2/decision-definitions/<key:decision_key>": _KNOW,
    "GET /v2/decision-definitions/<key:decision_key>/xml": _KNOW,
    "POST /v2/decision-requirements/search": _KNOW,
    "GET /v2/decision-requirements/<key:file_key>": _KNOW,
    "GET /v2/decision-requirements/<key:file_key>/xml": _KNOW,
    "POST /v2/decision-instances/search": _SEE,
    "GET /v2/decision-instances/<evaluation_key>": _SEE,
    "POST /v2/process-instances/<key:instance_key>/suspension": Right(Rule.STEER),
    "POST /v2/process-instances/<key:instance_key>/resumption": Right(Rule.STEER),
    "POST /v2/process-instances/<key:instance_key>/modification": Right(Rule.STEER),
    "POST /v2/process-instances/<key:instance_key>/migration": Right(Rule.STEER),
    "POST /v2/process-instances/<key:instance_key>/incident-resolution": Right(Rule.STEER),
    "POST /v2/process-instances/cancellation": _MANY,
    "POST /v2/process-instances/incident-resolution": _MANY,
    "POST /v2/process-instances/suspension": _MANY,
    "POST /v2/process-instances/resumption": _MANY,
    "POST /v2/process-instances/migration": _MANY,
    "POST /v2/process-instances/modification": _MANY,
    "POST /v2/batch-operations/search": group("batch:read"),
    "GET /v2/batch-operations/<key:batch_key>": group("batch:read"),
    "POST /v2/batch-operations/<key:batch_key>/suspension": _MANY,
    "POST /v2/batch-operations/<key:batch_key>/resumption": _MANY,
    "POST /v2/batch-operations/<key:batch_key>/cancellation": _MANY,
    "POST /v2/batch-operation-items/search": group("batch:read"),
}
