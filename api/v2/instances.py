"""/v2: process instances, incidents, messages, signals."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from werkzeug.exceptions import BadRequest

from api.door import actor, house, idempotency_key
from api.smorest import Paths
from api.v2 import lists, shapes
from engine.usecases import messages, process_views, processes
from engine.usecases.ports.process import InstanceStatus
from engine.usecases.ports.search import IncidentQuery, InstanceQuery

if TYPE_CHECKING:
    from engine.usecases.ports.process import DefinitionRow, IncidentRow, InstanceRow

paths = Paths("v2 instances", "/v2", "Process instances and messages.", invalid_status=400)

STATES = {
    InstanceStatus.ACTIVE: "ACTIVE",
    InstanceStatus.SUSPENDED: "ACTIVE",
    InstanceStatus.COMPLETED: "COMPLETED",
    InstanceStatus.CANCELLED: "TERMINATED",
}
_STATUS = {
    "ACTIVE": InstanceStatus.ACTIVE,
    "COMPLETED": InstanceStatus.COMPLETED,
    "TERMINATED": InstanceStatus.CANCELLED,
}


@paths.operation(
    "POST",
    "/process-instances",
    answer=shapes.ProcessCreated,
    body=shapes.ProcessCreation,
    errors=(404, 409, 422),
    idempotent=True,
)
def create_process_instance(body: dict[str, Any]) -> dict[str, Any]:
    """Start an instance by process id or by definition key."""
    by_id, by_key = body.get("processDefinitionId"), body.get("processDefinitionKey")
    if (by_id is None) == (by_key is None):
        raise BadRequest("name either processDefinitionId or processDefinitionKey")
    number = body["processDefinitionVersion"]
    command = processes.StartProcess(
        process_id=by_id,
        definition_key=int(by_key) if by_key is not None else None,
        version=number if number > 0 else None,
        variables=body["variables"],
        business_key=body.get("businessId"),
        idempotency_key=idempotency_key(),
    )
    done = processes.start_process(house(), actor(), command)
    return {
        "processDefinitionId": done["processId"],
        "processDefinitionVersion": done["version"],
        "processDefinitionKey": done["definitionKey"],
        "processInstanceKey": done["instanceKey"],
        "tenantId": shapes.DEFAULT_TENANT,
        "variables": {},
    }


@paths.operation(
    "GET", "/process-instances/<key:instance_key>", answer=shapes.Instance, errors=(404,)
)
def get_process_instance(instance_key: int) -> dict[str, Any]:
    """One instance."""
    view = process_views.instance_view(house(), actor(), instance_key)
    return instance(view.row, view.definition)


@paths.operation(
    "POST",
    "/process-instances/search",
    answer=shapes.InstanceResult,
    body=shapes.InstanceSearch,
    body_required=False,
)
def search_process_instances(body: dict[str, Any]) -> dict[str, Any]:
    """Instances in the order of their keys."""
    wanted = body["filter"]
    query = InstanceQuery(
        agency_id=actor().agency_id,
        process_id=wanted.get("processDefinitionId"),
        status=_STATUS[wanted["state"]].value if "state" in wanted else None,
        key=_number(wanted.get("processInstanceKey")),
        parent_key=_number(wanted.get("parentProcessInstanceKey")),
    )
    rows = process_views.search_instances(
        house(),
        actor(),
        process_id=query.process_id,
        status=query.status,
        key=query.key,
        parent_key=query.parent_key,
        after=lists.after(body),
        limit=body["page"]["limit"],
    )
    total = process_views.count_processes(house(), actor(), query)
    known = process_views.definitions_of(house(), actor(), {row.definition_key for row in rows})
    return lists.answer(rows, body, lambda row: instance(row, known[row.definition_key]), total)


@paths.operation(
    "POST",
    "/process-instances/<key:instance_key>/cancellation",
    status=204,
    body=shapes.Cancellation,
    body_required=False,
    errors=(404, 409),
)
def cancel_process_instance(_body: dict[str, Any], instance_key: int) -> None:
    """End an instance with all below it."""
    processes.cancel_instance(house(), actor(), instance_key)


@paths.operation(
    "POST",
    "/incidents/search",
    answer=shapes.IncidentResult,
    body=shapes.IncidentSearch,
    body_required=False,
)
def search_incidents(body: dict[str, Any]) -> dict[str, Any]:
    """Open incidents in the order of their keys."""
    wanted = body["filter"]
    query = IncidentQuery(
        agency_id=actor().agency_id,
        key=_number(wanted.get("incidentKey")),
        root_key=_number(wanted.get("processInstanceKey")),
    )
    rows = process_views.search_incidents(
        house(),
        actor(),
        key=query.key,
        root_key=query.root_key,
        after=lists.after(body),
        limit=body["page"]["limit"],
    )
    total = process_views.count_processes(house(), actor(), query)
    return lists.answer(rows, body, incident, total)


@paths.operation(
    "POST",
    "/incidents/<key:incident_key>/resolution",
    status=204,
    body=shapes.Resolution,
    body_required=False,
    errors=(404, 409),
)
def resolve_incident(_body: dict[str, Any], incident_key: int) -> None:
    """Run the failed step again."""
    processes.retry_incident(house(), actor(), incident_key)


@paths.operation(
    "POST",
    "/messages/publication",
    answer=shapes.Published,
    body=shapes.Publication,
    errors=(409, 422),
    idempotent=True,
)
def publish_message(body: dict[str, Any]) -> dict[str, Any]:
    """Publish a message; it is delivered by the worker, at once when it runs here."""
    command = messages.PublishMessage(
        name=body["name"],
        correlation_key=body["correlationKey"],
        variables=body["variables"],
        message_id=body.get("messageId"),
        time_to_live_ms=body["timeToLive"],
        idempotency_key=idempotency_key(),
    )
    done = messages.publish_message(house(), actor(), command)
    return {**done, "tenantId": shapes.DEFAULT_TENANT}


@paths.operation(
    "POST",
    "/messages/correlation",
    answer=shapes.Correlated,
    body=shapes.Correlation,
    errors=(404, 409, 422),
    idempotent=True,
)
def correlate_message(body: dict[str, Any]) -> dict[str, Any]:
    """Deliver a message to the first who waits for it; 404 when nobody does."""
    command = messages.PublishMessage(
        name=body["name"],
        correlation_key=body["correlationKey"],
        variables=body["variables"],
        idempotency_key=idempotency_key(),
    )
    done = messages.correlate_message(house(), actor(), command)
    return {
        "messageKey": done["messageKey"],
        "processInstanceKey": done["instanceKey"],
        "tenantId": shapes.DEFAULT_TENANT,
    }


@paths.operation(
    "POST", "/signals/broadcast", answer=shapes.SignalSent, body=shapes.SignalBroadcast
)
def broadcast_signal(body: dict[str, Any]) -> dict[str, Any]:
    """Broadcast a signal to everybody who waits for it."""
    done = messages.broadcast_signal(house(), actor(), body["signalName"], body["variables"])
    return {**done, "tenantId": shapes.DEFAULT_TENANT}


def instance(row: InstanceRow, definition: DefinitionRow) -> dict[str, Any]:
    """An instance in the words of /v2."""
    return {
        "processInstanceKey": str(row.key),
        "processDefinitionId": row.process_id,
        "processDefinitionName": definition.name,
        "processDefinitionVersion": definition.version,
        "processDefinitionVersionTag": definition.version_tag,
        "processDefinitionKey": str(row.definition_key),
        "parentProcessInstanceKey": str(row.parent_key) if row.parent_key is not None else None,
        "startDate": row.started_at,
        "endDate": row.ended_at,
        "state": STATES[row.status],
        "hasIncident": row.incidents > 0,
        "tenantId": shapes.DEFAULT_TENANT,
    }


def incident(row: IncidentRow) -> dict[str, Any]:
    """An incident in the words of /v2."""
    return {
        "incidentKey": str(row.key),
        "processDefinitionId": row.process_id,
        "processDefinitionKey": str(row.definition_key),
        "processInstanceKey": str(row.instance_key),
        "elementId": row.element_id,
        "elementInstanceKey": str(row.token),
        "errorType": row.kind.upper().replace("-", "_"),
        "errorMessage": row.message,
        "creationTime": row.created_at,
        "state": "ACTIVE",
        "tenantId": shapes.DEFAULT_TENANT,
    }


def _number(key: str | None) -> int | None:
    return int(key) if key is not None else None
