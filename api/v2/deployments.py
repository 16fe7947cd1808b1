"""/v2: deployments and resources."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Response, request
from marshmallow import fields

from api.door import actor, house, idempotency_key
from api.smorest import Paths
from api.v2.filters import Constant, Key, Text, Whole, filter_of
from api.v2.published import DEFAULT_TENANT, shape
from api.v2.requirements import id_and_name
from api.v2.searching import page_of, search, search_of
from engine.usecases import files, listing, processes
from engine.usecases.ports.listing import Listed
from engine.usecases.ports.process import Resource
from engine.usecases.scenario_gate import REASON_MAX, REASON_MIN

if TYPE_CHECKING:
    from collections.abc import Mapping

paths = Paths("v2 deployments", "/v2", "Deployments and resources.", invalid_status=400)

#: field of a deployment: why it is done although scenarios fail
OVERRIDE = "scenarioOverrideReason"

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
                        "tenantId": {"type": "string", "enum": [DEFAULT_TENANT]},
                        OVERRIDE: {
                            "type": "string",
                            "minLength": REASON_MIN,
                            "maxLength": REASON_MAX,
                            "description": "Regu's own: why failing scenarios are passed over.",
                        },
                    },
                }
            }
        },
    }
}
_KINDS = ("processDefinition", "decisionDefinition", "decisionRequirements", "form", "resource")

Deployed = shape(
    "DeployedItem",
    "One of these is set.",
    **{name: fields.Dict(allow_none=True) for name in _KINDS},
)
Deployment = shape(
    "Deployment",
    "What a deployment did.",
    text="deploymentKey tenantId",
    deployments=fields.List(fields.Nested(Deployed)),
)
ResourceFilter = filter_of(
    "ResourceFilter",
    {
        "resourceKey": Key("key"),
        "resourceName": Text("resource_name"),
        "resourceId": Text("resource_id"),
        "version": Whole("version"),
        "versionTag": Text("version_tag"),
        "deploymentKey": Key("deployment_key"),
        "tenantId": Constant(),
    },
)
ResourceSearch = search_of(
    "ResourceSearch",
    ResourceFilter,
    {
        "resourceKey": "key",
        "resourceName": "resource_name",
        "resourceId": "resource_id",
        "version": "version",
        "versionTag": "version_tag",
        "deploymentKey": "deployment_key",
    },
)
ResourceShape = shape(
    "Resource",
    "A version of a process, decision or form.",
    text="resourceKey resourceName resourceId versionTag? deploymentKey tenantId",
    whole="version",
)
ResourcePage = page_of("ResourcePage", ResourceShape)


@paths.operation(
    "POST",
    "/deployments",
    answer=Deployment,
    errors=(409, 413, 415, 422),
    idempotent=True,
    doc=_MULTIPART,
)
def create_deployment() -> dict[str, Any]:
    """Deploy drawings, decisions, forms and scenarios together, or none; 422 carries findings."""
    sent = request.files.getlist("resources")
    resources = tuple(
        Resource(name=file.filename or f"file-{number}", content=file.stream.read())
        for number, file in enumerate(sent, 1)
    )
    done = processes.deploy(
        house(),
        actor(),
        resources,
        idempotency_key=idempotency_key(),
        reason=request.form.get(OVERRIDE),
    )
    found = files.deployed(house(), actor(), done)
    by_file = {row.resource_name: row for row in reversed(found.decisions)}
    items = [
        *({"processDefinition": _process(row)} for row in found.processes),
        *({"decisionRequirements": _file(row, by_file)} for row in by_file.values()),
        *({"decisionDefinition": _decision(row, by_file)} for row in found.decisions),
        *({"form": _form(row)} for row in found.forms),
    ]
    return {
        "deploymentKey": str(done.key),
        "tenantId": DEFAULT_TENANT,
        "deployments": [{**dict.fromkeys(_KINDS), **item} for item in items],
    }


@paths.operation(
    "POST",
    "/resources/search",
    answer=ResourcePage,
    body=ResourceSearch,
    body_required=False,
)
def search_resources(body: dict[str, Any]) -> dict[str, Any]:
    """Versions of processes, decisions and forms."""
    return search(Listed.RESOURCE, body, ResourceSearch, _resource)


@paths.operation("GET", "/resources/<key:resource_key>", answer=ResourceShape, errors=(404,))
def get_resource(resource_key: int) -> dict[str, Any]:
    """One of them."""
    return _resource(listing.one(house(), actor(), Listed.RESOURCE, resource_key))


@paths.operation(
    "GET",
    "/resources/<key:resource_key>/content",
    errors=(404,),
    media=("application/octet-stream",),
)
def get_resource_content(resource_key: int) -> Response:
    """The file exactly as it was deployed."""
    content = files.content(house(), actor(), resource_key)
    return Response(content, mimetype="application/octet-stream")


def _resource(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "resourceKey": str(row["key"]),
        "resourceName": row["resource_name"],
        "resourceId": row["resource_id"],
        "version": row["version"],
        "versionTag": row["version_tag"],
        "deploymentKey": str(row["deployment_key"]),
        "tenantId": DEFAULT_TENANT,
    }


def _process(row: Any) -> dict[str, Any]:
    return {
        "processDefinitionId": row.process_id,
        "processDefinitionVersion": row.version,
        "processDefinitionKey": str(row.key),
        "resourceName": row.resource_name,
        "tenantId": DEFAULT_TENANT,
    }


def _decision(row: Any, by_file: Mapping[str, Any]) -> dict[str, Any]:
    file_id, _ = id_and_name(row.xml)
    return {
        "decisionDefinitionId": row.decision_id,
        "version": row.version,
        "name": row.name,
        "decisionDefinitionKey": str(row.key),
        "decisionRequirementsId": file_id,
        "decisionRequirementsKey": str(by_file[row.resource_name].key),
        "tenantId": DEFAULT_TENANT,
    }


def _file(row: Any, by_file: Mapping[str, Any]) -> dict[str, Any]:
    file_id, file_name = id_and_name(row.xml)
    return {
        "decisionRequirementsId": file_id,
        "decisionRequirementsName": file_name,
        "decisionRequirementsKey": str(by_file[row.resource_name].key),
        "version": row.version,
        "resourceName": row.resource_name,
        "tenantId": DEFAULT_TENANT,
    }


def _form(row: Any) -> dict[str, Any]:
    return {
        "formId": row.form_id,
        "version": row.version,
        "formKey": str(row.key),
        "resourceName": row.resource_name,
        "tenantId": DEFAULT_TENANT,
    }
