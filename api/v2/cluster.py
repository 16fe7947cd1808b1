"""/v2: topology, clock, deployments, process definitions."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from typing import Any

from flask import Response, request

from api.door import actor, house, idempotency_key
from api.smorest import Paths
from api.v2 import lists, shapes
from engine.usecases import clock, process_views, processes
from engine.usecases.ports.process import DefinitionRow, Resource

paths = Paths("v2 cluster", "/v2", "Topology, clock, deployments.", invalid_status=400)

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

_MULTIPART = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["resources"],
                    "properties": {
                        "resources": {
                            "type": "array",
                            "items": {"type": "string", "format": "binary"},
                        },
                        "tenantId": {"type": "string", "enum": [shapes.DEFAULT_TENANT]},
                    },
                }
            }
        },
    }
}


@paths.operation("GET", "/topology", answer=shapes.Topology)
def get_topology() -> dict[str, Any]:
    """One broker that holds everything."""
    release = version("regu")
    partition = {"partitionId": 1, "role": "leader", "health": "healthy"}
    host, _, port = request.host.partition(":")
    broker = {
        "nodeId": 0,
        "host": host,
        "port": int(port) if port.isdecimal() else 80,
        "partitions": [partition],
        "version": release,
    }
    return {
        "brokers": [broker],
        "clusterSize": 1,
        "partitionsCount": 1,
        "replicationFactor": 1,
        "gatewayVersion": release,
        "lastCompletedChangeId": "",
    }


@paths.operation("PUT", "/clock", status=204, body=shapes.ClockPin, errors=(409,))
def pin_clock(body: dict[str, Any]) -> None:
    """Pin business time; forward only, and only where REGU_CLOCK=movable."""
    to = _EPOCH + timedelta(milliseconds=body["timestamp"])
    clock.move_clock(house(), actor(), to)


@paths.operation("POST", "/clock/reset", status=204, errors=(409,))
def reset_clock() -> None:
    """Always a conflict: business time never goes back."""
    clock.reset_clock(house(), actor())


@paths.operation(
    "POST",
    "/deployments",
    answer=shapes.Deployment,
    errors=(409, 413, 415, 422),
    idempotent=True,
    doc=_MULTIPART,
)
def create_deployment() -> dict[str, Any]:
    """Deploy drawings, decisions and forms together, or none; 422 carries every finding."""
    files = request.files.getlist("resources")
    resources = tuple(
        Resource(name=file.filename or f"file-{number}", content=file.stream.read())
        for number, file in enumerate(files, 1)
    )
    done = processes.deploy(house(), actor(), resources, idempotency_key=idempotency_key())
    return {
        "deploymentKey": str(done.key),
        "tenantId": shapes.DEFAULT_TENANT,
        "deployments": [
            *({"processDefinition": _process(item)} for item in done.processes),
            *({"decisionDefinition": _decision(item)} for item in done.decisions),
            *({"form": _form(item)} for item in done.forms),
        ],
    }


@paths.operation(
    "POST",
    "/process-definitions/search",
    answer=shapes.DefinitionResult,
    body=shapes.DefinitionSearch,
    body_required=False,
)
def search_definitions(body: dict[str, Any]) -> dict[str, Any]:
    """Versions of processes in the order of their keys."""
    wanted = body["filter"]
    rows = process_views.definitions(
        house(),
        actor(),
        process_id=wanted.get("processDefinitionId"),
        latest=wanted.get("isLatestVersion", False),
    )
    start = lists.after(body)
    key = wanted.get("processDefinitionKey")
    found = [
        row
        for row in sorted(rows, key=lambda row: row.key)
        if key in (None, str(row.key)) and wanted.get("version") in (None, row.version)
    ]
    behind = [row for row in found if start is None or row.key > start]
    return lists.answer(behind, body, definition, len(found))


@paths.operation(
    "GET", "/process-definitions/<key:definition_key>", answer=shapes.Definition, errors=(404,)
)
def get_definition(definition_key: int) -> dict[str, Any]:
    """One version of a process."""
    return definition(process_views.definition(house(), actor(), definition_key))


@paths.operation(
    "GET",
    "/process-definitions/<key:definition_key>/xml",
    errors=(404,),
    media="text/xml",
)
def get_definition_xml(definition_key: int) -> Response:
    """The drawing exactly as it was deployed."""
    row = process_views.definition(house(), actor(), definition_key)
    return Response(row.xml, mimetype="text/xml")


def definition(row: DefinitionRow) -> dict[str, Any]:
    """A version of a process in the words of /v2."""
    return {
        "name": row.name,
        "resourceName": row.resource_name,
        "version": row.version,
        "versionTag": row.version_tag,
        "processDefinitionId": row.process_id,
        "processDefinitionKey": str(row.key),
        "tenantId": shapes.DEFAULT_TENANT,
    }


def _process(item: tuple[str, int, int, bool]) -> dict[str, Any]:
    process_id, number, key, _new = item
    row = process_views.definition(house(), actor(), key)
    return {
        "processDefinitionId": process_id,
        "processDefinitionVersion": number,
        "processDefinitionKey": str(key),
        "resourceName": row.resource_name,
        "tenantId": shapes.DEFAULT_TENANT,
    }


def _decision(item: tuple[str, int, int, bool]) -> dict[str, Any]:
    decision_id, number, key, _new = item
    return {
        "decisionDefinitionId": decision_id,
        "version": number,
        "decisionDefinitionKey": str(key),
        "tenantId": shapes.DEFAULT_TENANT,
    }


def _form(item: tuple[str, int, int, bool]) -> dict[str, Any]:
    form_id, number, key, _new = item
    return {
        "formId": form_id,
        "version": number,
        "formKey": str(key),
        "tenantId": shapes.DEFAULT_TENANT,
    }
