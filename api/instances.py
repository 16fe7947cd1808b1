"""Regu's own paths for process instances, definitions and incidents."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from api import shapes
from api.door import actor, cursor, house, idempotency_key, place
from api.smorest import Paths
from engine.usecases import process_views, processes, steering

if TYPE_CHECKING:
    from engine.usecases.ports.process import DefinitionRow, IncidentRow, InstanceRow

paths = Paths("instances", "/api", "Process instances: start, look, steer, repair.")


@paths.operation("GET", "/definitions", answer=shapes.DefinitionList)
def list_definitions() -> dict[str, Any]:
    """The newest version of every process."""
    rows = process_views.definitions(house(), actor())
    return {"items": [definition_card(row) for row in rows]}


@paths.operation(
    "POST",
    "/instances",
    answer=shapes.Started,
    status=201,
    body=shapes.StartBody,
    errors=(404, 409),
    idempotent=True,
)
def start_instance(body: dict[str, Any]) -> Any:
    """Start an instance."""
    command = processes.StartProcess(
        process_id=body["processId"],
        version=body.get("version"),
        variables=body["variables"],
        business_key=body.get("businessKey"),
        idempotency_key=idempotency_key(),
    )
    return processes.start_process(house(), actor(), command)


@paths.operation("GET", "/instances", answer=shapes.InstancePage, query=shapes.InstanceQuery)
def list_instances(query: dict[str, Any]) -> dict[str, Any]:
    """Instances of one's agency, oldest first."""
    after = place(query.get("after"))
    rows = process_views.search_instances(
        house(),
        actor(),
        process_id=query.get("processId"),
        status=query.get("status"),
        after=after[0] if after else None,
        limit=query["limit"],
    )
    full = len(rows) == query["limit"]
    return {
        "items": [instance_card(row) for row in rows],
        "next": cursor(rows[-1].key) if full else None,
    }


@paths.operation(
    "GET", "/instances/<key:instance_key>", answer=shapes.InstanceDetail, errors=(404,)
)
def get_instance(instance_key: int) -> dict[str, Any]:
    """One instance with its tokens, open incidents and variables."""
    view = process_views.instance_view(house(), actor(), instance_key)
    return {
        **instance_card(view.row),
        "version": view.definition.version,
        "tokens": dict(view.tokens),
        "openIncidents": [incident_card(row) for row in view.incidents],
        "variables": view.variables,
    }


@paths.operation(
    "GET",
    "/instances/<key:instance_key>/history",
    answer=shapes.History,
    query=shapes.HistoryQuery,
    errors=(404,),
)
def get_history(query: dict[str, Any], instance_key: int) -> dict[str, Any]:
    """What happened in the instance and below it, oldest first."""
    after, limit = place(query.get("after")), query["limit"]
    rows = process_views.instance_history(
        house(), actor(), instance_key, after=after[0] if after else None, limit=limit + 1
    )
    last = rows[limit - 1] if len(rows) > limit else None
    return {"items": list(rows[:limit]), "next": cursor(int(str(last["key"]))) if last else None}


@paths.operation(
    "POST",
    "/instances/<key:instance_key>/cancel",
    status=204,
    body=shapes.Reasoned,
    errors=(404, 409),
    idempotent=True,
)
def cancel_instance(body: dict[str, Any], instance_key: int) -> None:
    """End an instance with all below it."""
    command = steering.Steer(
        key=instance_key, reason=body["reason"], idempotency_key=idempotency_key()
    )
    steering.end_instance(house(), actor(), command)


@paths.operation(
    "PATCH",
    "/instances/<key:instance_key>/variables",
    status=204,
    body=shapes.Variables,
    errors=(404, 409),
    idempotent=True,
)
def patch_variables(body: dict[str, Any], instance_key: int) -> None:
    """Change variables of the root scope."""
    command = steering.ChangeVariables(
        key=instance_key,
        variables=body["variables"],
        reason=body["reason"],
        idempotency_key=idempotency_key(),
    )
    steering.change_variables(house(), actor(), command)


@paths.operation("GET", "/incidents", answer=shapes.IncidentPage, query=shapes.PageQuery)
def list_incidents(query: dict[str, Any]) -> dict[str, Any]:
    """Open incidents of one's agency, oldest first."""
    after = place(query.get("after"))
    rows = process_views.search_incidents(
        house(), actor(), after=after[0] if after else None, limit=query["limit"]
    )
    full = len(rows) == query["limit"]
    return {
        "items": [incident_card(row) for row in rows],
        "next": cursor(rows[-1].key) if full else None,
    }


@paths.operation(
    "POST",
    "/incidents/<key:incident_key>/retry",
    status=204,
    body=shapes.Reasoned,
    errors=(404, 409),
)
def retry_incident(body: dict[str, Any], incident_key: int) -> None:
    """Run the failed step again."""
    processes.retry_incident(house(), actor(), incident_key, body["reason"])


def definition_card(row: DefinitionRow) -> dict[str, Any]:
    """A version of a process in the API's words."""
    return {
        "definitionKey": str(row.key),
        "processId": row.process_id,
        "version": row.version,
        "versionTag": row.version_tag,
        "name": row.name,
        "resourceName": row.resource_name,
        "deployedAt": row.deployed_at,
        "deployedBy": row.deployed_by,
    }


def instance_card(row: InstanceRow) -> dict[str, Any]:
    """An instance in the API's words."""
    return {
        "instanceKey": str(row.key),
        "rootKey": str(row.root_key),
        "parentKey": str(row.parent_key) if row.parent_key is not None else None,
        "processId": row.process_id,
        "definitionKey": str(row.definition_key),
        "status": row.status.value,
        "businessKey": row.business_key,
        "incidents": row.incidents,
        "startedAt": row.started_at,
        "endedAt": row.ended_at,
        "startedBy": row.started_by,
    }


def incident_card(row: IncidentRow) -> dict[str, Any]:
    """An incident in the API's words."""
    return {
        "incidentKey": str(row.key),
        "instanceKey": str(row.instance_key),
        "rootKey": str(row.root_key),
        "processId": row.process_id,
        "elementId": row.element_id,
        "kind": row.kind,
        "message": row.message,
        "cause": row.cause,
        "createdAt": row.created_at,
    }
