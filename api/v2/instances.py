"""/v2: process instances."""

from __future__ import annotations

from typing import Any, Final

from marshmallow import fields, validate
from werkzeug.exceptions import BadRequest

from api.door import actor, house, idempotency_key
from api.smorest import Paths
from api.v2 import awaiting, cards
from api.v2.filters import Constant, Filtered, Flag, Key, Text, Time, Whole, Word, filter_of
from api.v2.incident_lists import IncidentPage, IncidentSearch
from api.v2.published import (
    DEFAULT_TENANT,
    NAME,
    REFERENCE,
    TENANT,
    Request,
    VariableValues,
    key,
    shape,
)
from api.v2.reasons import reason
from api.v2.searching import answer, criteria_of, page_of, search, search_of
from engine.usecases import listing, process_tree, processes, steering
from engine.usecases.ports.listing import Condition, Listed, Op

paths = Paths("v2 process instances", "/v2", "Process instances.", invalid_status=400)

INSTANCE_COLUMNS: Final = {
    "processInstanceKey": Key("key"),
    "parentProcessInstanceKey": Key("parent_key"),
    "parentElementInstanceKey": Key("caller"),
    "processDefinitionId": Text("process_id"),
    "processDefinitionName": Text("definition_name"),
    "processDefinitionVersion": Whole("definition_version"),
    "processDefinitionVersionTag": Text("definition_tag"),
    "processDefinitionKey": Key("definition_key"),
    "startDate": Time("started_at"),
    "endDate": Time("ended_at"),
    "state": Word("status", cards.INSTANCE_STATES),
    "hasIncident": Flag("has_incident"),
    "errorMessage": Text("error_message"),
    "elementId": Text("element_id"),
    "businessId": Text("business_key"),
    "tenantId": Constant(),
}
InstanceFilter = filter_of(
    "ProcessInstanceFilter",
    INSTANCE_COLUMNS,
    unsupported="variables suspendedDate batchOperationId batchOperationKey hasRetriesLeft"
    " elementInstanceState hasElementInstanceIncident incidentErrorHashCode tags",
    either=True,
)
InstanceSearch = search_of(
    "ProcessInstanceSearch",
    InstanceFilter,
    {
        "processInstanceKey": "key",
        "parentProcessInstanceKey": "parent_key",
        "processDefinitionId": "process_id",
        "processDefinitionName": "definition_name",
        "processDefinitionVersion": "definition_version",
        "processDefinitionVersionTag": "definition_tag",
        "processDefinitionKey": "definition_key",
        "startDate": "started_at",
        "endDate": "ended_at",
        "state": "status",
        "hasIncident": "has_incident",
        "businessId": "business_key",
    },
)
Instance = shape(
    "ProcessInstance",
    "A process instance.",
    text="processInstanceKey processDefinitionId processDefinitionName processDefinitionKey"
    " processDefinitionVersionTag? parentProcessInstanceKey? parentElementInstanceKey?"
    " rootProcessInstanceKey state businessId? tenantId",
    whole="processDefinitionVersion",
    time="startDate endDate? suspendedDate?",
    flag="hasIncident",
    texts="tags",
)
InstancePage = page_of("ProcessInstancePage", Instance)


class StartInstruction(Request):
    """Begin at an element instead of the start event."""

    elementId = fields.String(required=True, validate=NAME)  # noqa: N815 - the API's word


class ProcessCreation(Request):
    """Start by id (newest version unless one is named) or by key."""

    UNSUPPORTED = frozenset({"runtimeInstructions", "tags", "startInstructions"})

    processDefinitionId = fields.String(validate=NAME)  # noqa: N815 - the API's word
    processDefinitionKey = key()  # noqa: N815 - likewise
    processDefinitionVersion = fields.Integer(  # noqa: N815 - likewise
        strict=True, load_default=-1, validate=validate.Range(min=-1, max=2**31 - 1)
    )
    variables = VariableValues(load_default=dict)
    tenantId = fields.String(validate=TENANT)  # noqa: N815 - likewise
    operationReference = fields.Integer(strict=True, validate=REFERENCE)  # noqa: N815 - likewise
    awaitCompletion = fields.Boolean(load_default=False)  # noqa: N815 - likewise
    fetchVariables = fields.List(  # noqa: N815 - likewise
        fields.String(validate=NAME), load_default=list, validate=validate.Length(max=200)
    )
    requestTimeout = awaiting.timeout_field()  # noqa: N815 - likewise
    businessId = fields.String(allow_none=True, validate=NAME)  # noqa: N815 - likewise


ProcessCreated = shape(
    "ProcessCreated",
    "A started instance; with `awaitCompletion` also its variables at the end.",
    text="processDefinitionId processDefinitionKey processInstanceKey businessId? tenantId",
    whole="processDefinitionVersion",
    table="variables",
    texts="tags",
)


class Reference(Request):
    """An optional reference."""

    operationReference = fields.Integer(strict=True, validate=REFERENCE)  # noqa: N815 - as above


Flow = shape(
    "SequenceFlow",
    "A sequence flow that was taken.",
    text="sequenceFlowId processInstanceKey rootProcessInstanceKey processDefinitionKey"
    " processDefinitionId elementId tenantId",
)
Flows = shape("SequenceFlows", "Flows taken.", items=fields.List(fields.Nested(Flow)))
ElementCount = shape(
    "ElementCount",
    "How often an element was entered.",
    text="elementId",
    whole="active canceled incidents completed",
)
ElementCounts = shape(
    "ElementCounts", "Counts by element.", items=fields.List(fields.Nested(ElementCount))
)
Caller = shape(
    "CallHierarchyEntry",
    "An instance from the root down.",
    text="processInstanceKey processDefinitionKey processDefinitionName",
)


@paths.operation(
    "POST",
    "/process-instances",
    answer=ProcessCreated,
    body=ProcessCreation,
    errors=(404, 409, 422, 504),
    idempotent=True,
)
def create_process_instance(body: dict[str, Any]) -> dict[str, Any]:
    """Start an instance by process id or by definition key; wait for its end where asked."""
    by_id, by_key = body.get("processDefinitionId"), body.get("processDefinitionKey")
    if (by_id is None) == (by_key is None):
        raise BadRequest("name either processDefinitionId or processDefinitionKey")
    number = body["processDefinitionVersion"]
    command = processes.StartProcess(
        process_id=by_id,
        definition_key=by_key,
        version=number if number > 0 and by_key is None else None,
        variables=body["variables"] or {},
        business_key=body.get("businessId"),
        idempotency_key=idempotency_key(),
    )
    done = processes.start_process(house(), actor(), command)
    variables: dict[str, Any] = {}
    if body["awaitCompletion"]:
        instance_key = int(done["instanceKey"])
        variables = awaiting.end_of(instance_key, body["requestTimeout"], body["fetchVariables"])
    return {
        "processDefinitionId": done["processId"],
        "processDefinitionVersion": done["version"],
        "processDefinitionKey": done["definitionKey"],
        "processInstanceKey": done["instanceKey"],
        "businessId": body.get("businessId"),
        "tags": [],
        "tenantId": DEFAULT_TENANT,
        "variables": variables,
    }


@paths.operation("GET", "/process-instances/<key:instance_key>", answer=Instance, errors=(404,))
def get_process_instance(instance_key: int) -> dict[str, Any]:
    """One instance."""
    return cards.process_instance(listing.instance(house(), actor(), instance_key))


@paths.operation(
    "POST",
    "/process-instances/search",
    answer=InstancePage,
    body=InstanceSearch,
    body_required=False,
)
def search_process_instances(body: dict[str, Any]) -> dict[str, Any]:
    """Process instances, called ones included."""
    return search(Listed.PROCESS_INSTANCE, body, InstanceSearch, cards.process_instance)


@paths.operation(
    "POST",
    "/process-instances/<key:instance_key>/cancellation",
    status=204,
    body=Reference,
    body_required=False,
    errors=(404, 409),
    idempotent=True,
)
def cancel_process_instance(body: dict[str, Any], instance_key: int) -> None:
    """End an instance with all below it."""
    command = steering.Steer(
        key=instance_key, reason=reason(body), idempotency_key=idempotency_key()
    )
    steering.end_instance(house(), actor(), command)


@paths.operation(
    "POST",
    "/process-instances/<key:instance_key>/incidents/search",
    answer=IncidentPage,
    body=IncidentSearch,
    body_required=False,
    errors=(404,),
)
def search_process_instance_incidents(body: dict[str, Any], instance_key: int) -> dict[str, Any]:
    """Incidents of an instance and of all below it."""
    root = listing.instance(house(), actor(), instance_key)["root_key"]
    below = process_tree.below(house(), actor(), instance_key)
    extra = Filtered(
        (
            Condition(column="root_key", op=Op.EQ, value=root),
            Condition(column="instance_key", op=Op.IN, value=tuple(below)),
        )
    )
    criteria = criteria_of(Listed.INCIDENT, body, IncidentSearch, extra)
    found = listing.inside(house(), actor(), instance_key, criteria)
    return answer(found, criteria, cards.incident)


@paths.operation(
    "GET",
    "/process-instances/<key:instance_key>/sequence-flows",
    answer=Flows,
    errors=(404,),
)
def get_process_instance_sequence_flows(instance_key: int) -> dict[str, Any]:
    """Flows that were taken."""
    row = listing.instance(house(), actor(), instance_key)
    taken = process_tree.flows(house(), actor(), instance_key)
    return {
        "items": [
            {
                "sequenceFlowId": flow_id,
                "processInstanceKey": str(instance_key),
                "rootProcessInstanceKey": str(row["root_key"]),
                "processDefinitionKey": str(row["definition_key"]),
                "processDefinitionId": row["process_id"],
                "elementId": flow_id,
                "tenantId": DEFAULT_TENANT,
            }
            for flow_id in taken
        ]
    }


@paths.operation(
    "GET",
    "/process-instances/<key:instance_key>/statistics/element-instances",
    answer=ElementCounts,
    errors=(404,),
)
def get_process_instance_statistics(instance_key: int) -> dict[str, Any]:
    """How often each element was entered, ended, cancelled, and is in trouble."""
    found = process_tree.counts(house(), actor(), instance_key)
    return {"items": [element_count(element, count) for element, count in found.items()]}


@paths.operation(
    "GET",
    "/process-instances/<key:instance_key>/call-hierarchy",
    answer=Caller(many=True),
    errors=(404,),
)
def get_process_instance_call_hierarchy(instance_key: int) -> list[dict[str, Any]]:
    """The instances that called one another down to this one, the root first."""
    return [
        {
            "processInstanceKey": str(row["key"]),
            "processDefinitionKey": str(row["definition_key"]),
            "processDefinitionName": row["definition_name"],
        }
        for row in process_tree.callers(house(), actor(), instance_key)
    ]


def element_count(element: str, count: process_tree.Counts) -> dict[str, Any]:
    """Counts of an element in the words of /v2."""
    return {
        "elementId": element,
        "active": count.active,
        "canceled": count.cancelled,
        "completed": count.completed,
        "incidents": count.incidents,
    }
