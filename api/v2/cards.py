"""Rows of lists in the words of `/v2`, and the words of states."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from flask import current_app

from api.v2.published import DEFAULT_TENANT

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.usecases.ports.process import Json

Card = dict[str, Any]

INSTANCE_STATES: Final = {
    "ACTIVE": ("active",),
    "SUSPENDED": ("suspended",),
    "COMPLETED": ("completed",),
    "TERMINATED": ("cancelled",),
}
ELEMENT_STATES: Final = {
    "ACTIVE": ("activated",),
    "COMPLETED": ("completed",),
    "TERMINATED": ("cancelled",),
}
TASK_STATES: Final = {
    "CREATED": ("created",),
    "COMPLETED": ("completed",),
    "CANCELED": ("cancelled",),
    **dict.fromkeys(("CREATING", "ASSIGNING", "UPDATING", "COMPLETING", "CANCELING", "FAILED"), ()),
}
#: published types of incidents, and our kinds
INCIDENT_TYPES: Final[Mapping[str, tuple[str, ...]]] = {
    "EXTRACT_VALUE_ERROR": ("expression",),
    "CONDITION_ERROR": ("condition",),
    "DECISION_EVALUATION_ERROR": ("decision",),
    "FORM_NOT_FOUND": ("form",),
    "JOB_NO_RETRIES": ("job",),
    "UNHANDLED_ERROR_EVENT": ("uncaught-error",),
    "UNKNOWN": ("operation", "limit", "stall", "state"),
    **dict.fromkeys(
        (
            "AD_HOC_SUB_PROCESS_NO_RETRIES",
            "CALLED_DECISION_ERROR",
            "CALLED_ELEMENT_ERROR",
            "EXECUTION_LISTENER_NO_RETRIES",
            "IO_MAPPING_ERROR",
            "MESSAGE_SIZE_EXCEEDED",
            "RESOURCE_NOT_FOUND",
            "TASK_LISTENER_NO_RETRIES",
            "UNSPECIFIED",
        ),
        (),
    ),
}
#: published types of elements, and the element names of BPMN
ELEMENT_TYPES: Final[Mapping[str, tuple[str, ...]]] = {
    "START_EVENT": ("startEvent",),
    "END_EVENT": ("endEvent",),
    "INTERMEDIATE_CATCH_EVENT": ("intermediateCatchEvent",),
    "INTERMEDIATE_THROW_EVENT": ("intermediateThrowEvent",),
    "BOUNDARY_EVENT": ("boundaryEvent",),
    "TASK": ("task",),
    "USER_TASK": ("userTask",),
    "MANUAL_TASK": ("manualTask",),
    "SERVICE_TASK": ("serviceTask",),
    "SCRIPT_TASK": ("scriptTask",),
    "BUSINESS_RULE_TASK": ("businessRuleTask",),
    "SEND_TASK": ("sendTask",),
    "RECEIVE_TASK": ("receiveTask",),
    "CALL_ACTIVITY": ("callActivity",),
    "SUB_PROCESS": ("subProcess", "transaction"),
    "AD_HOC_SUB_PROCESS": ("adHocSubProcess",),
    "EXCLUSIVE_GATEWAY": ("exclusiveGateway",),
    "PARALLEL_GATEWAY": ("parallelGateway",),
    "INCLUSIVE_GATEWAY": ("inclusiveGateway",),
    "EVENT_BASED_GATEWAY": ("eventBasedGateway",),
    "UNKNOWN": ("complexGateway",),
    **dict.fromkeys(
        (
            "UNSPECIFIED",
            "PROCESS",
            "EVENT_SUB_PROCESS",
            "MULTI_INSTANCE_BODY",
            "AD_HOC_SUB_PROCESS_INNER_INSTANCE",
        ),
        (),
    ),
}


def word(words: Mapping[str, tuple[str, ...]], value: str, otherwise: str = "UNKNOWN") -> str:
    """The published word of a value."""
    return next((name for name, values in words.items() if value in values), otherwise)


def key_text(number: int | None) -> str | None:
    """A key as its decimal text."""
    return None if number is None else str(number)


def json_text(value: Json) -> str:
    """A value as JSON text, digits kept."""
    return current_app.json.dumps(value)


def process_definition(row: Mapping[str, Any], *, has_start_form: bool = False) -> Card:
    """A version of a process."""
    return {
        "name": row["name"],
        "resourceName": row["resource_name"],
        "version": row["version"],
        "versionTag": row["version_tag"],
        "processDefinitionId": row["process_id"],
        "processDefinitionKey": str(row["key"]),
        "hasStartForm": has_start_form,
        "state": "ACTIVE",
        "tenantId": DEFAULT_TENANT,
    }


def process_instance(row: Mapping[str, Any]) -> Card:
    """A process instance."""
    return {
        "processInstanceKey": str(row["key"]),
        "processDefinitionId": row["process_id"],
        "processDefinitionName": row["definition_name"],
        "processDefinitionVersion": row["definition_version"],
        "processDefinitionVersionTag": row["definition_tag"],
        "processDefinitionKey": str(row["definition_key"]),
        "parentProcessInstanceKey": key_text(row["parent_key"]),
        "parentElementInstanceKey": key_text(row["caller"]),
        "rootProcessInstanceKey": str(row["root_key"]),
        "startDate": row["started_at"],
        "endDate": row["ended_at"],
        "suspendedDate": None,
        "state": word(INSTANCE_STATES, row["status"]),
        "hasIncident": bool(row["has_incident"]),
        "tags": [],
        "businessId": row["business_key"],
        "tenantId": DEFAULT_TENANT,
    }


def element_instance(row: Mapping[str, Any], names: Mapping[tuple[int, str], str]) -> Card:
    """An element instance; an element without a name is called by its id."""
    name = names.get((row["definition_key"], row["element_id"]), row["element_id"])
    return {
        **_place(row),
        "elementInstanceKey": str(row["key"]),
        "elementName": name,
        "type": word(ELEMENT_TYPES, row["element_type"]),
        "state": word(ELEMENT_STATES, row["state"], "ACTIVE"),
        "startDate": row["started_at"],
        "endDate": row["ended_at"],
        "hasIncident": bool(row["has_incident"]),
        "incidentKey": key_text(row["incident_key"]),
    }


def user_task(row: Mapping[str, Any]) -> Card:
    """A user task."""
    return {
        **_place(row),
        **_instance_of(row),
        "userTaskKey": str(row["key"]),
        "name": row["name"],
        "state": word(TASK_STATES, row["state"], "FAILED"),
        "assignee": row["assignee"],
        "candidateGroups": [name for kind, name in row["candidates"] if kind == "group"],
        "candidateUsers": [name for kind, name in row["candidates"] if kind == "user"],
        "processName": row["definition_name"],
        "processDefinitionVersion": row["definition_version"],
        "creationDate": row["created_at"],
        "completionDate": row["completed_at"],
        "dueDate": row["due_at"],
        "followUpDate": row["follow_up_at"],
        "formKey": key_text(row["form_key"]),
        "externalFormReference": None,
        "customHeaders": {},
        "priority": row["priority"],
        "tags": [],
    }


def job(row: Mapping[str, Any]) -> Card:
    """A job that waits for a worker, or failed."""
    failed = bool(row["failed"])
    return {
        **_place(row),
        **_instance_of(row),
        "jobKey": str(row["key"]),
        "type": row["type"],
        "worker": row["worker"] or "",
        "state": "FAILED" if failed else "CREATED",
        "retries": row["retries"],
        "hasFailedWithRetriesLeft": failed and row["retries"] > 0,
        "customHeaders": dict(row["headers"]),
        "deadline": row["deadline_at"] if row["worker"] else None,
        "errorMessage": row["error"],
        "errorCode": None,
        "isDenied": None,
        "deniedReason": None,
        "endTime": None,
        "creationTime": None,
        "lastUpdateTime": None,
        "priority": 0,
        "kind": "BPMN_ELEMENT",
        "listenerEventType": "UNSPECIFIED",
    }


def incident(row: Mapping[str, Any]) -> Card:
    """A token that could not go on."""
    activation = row["activation"] or row["instance_key"]
    return {
        **_place(row),
        "elementInstanceKey": str(activation),
        "incidentKey": str(row["key"]),
        "errorType": word(INCIDENT_TYPES, row["kind"]),
        "errorMessage": row["message"],
        "creationTime": row["created_at"],
        "state": row["state"],
        "jobKey": key_text(row["job_key"]),
    }


def subscription(row: Mapping[str, Any]) -> Card:
    """Somebody, or a start event, waits for a message."""
    return {
        **_instance_of(row),
        "messageSubscriptionKey": str(row["key"]),
        "messageSubscriptionState": "CREATED",
        "messageSubscriptionType": row["type"],
        "messageName": row["name"],
        "correlationKey": row["correlation_key"],
        "lastUpdatedDate": row["since"],
        "processDefinitionId": row["process_id"],
        "processDefinitionKey": str(row["definition_key"]),
        "processDefinitionName": row["definition_name"],
        "processDefinitionVersion": row["definition_version"],
        "processInstanceKey": key_text(row["process_instance"]),
        "rootProcessInstanceKey": key_text(row["root_key"]),
        "elementId": row["element_id"],
        "elementInstanceKey": key_text(row["activation"]),
        "toolName": None,
        "toolProperties": {},
        "inboundConnectorType": None,
        "tenantId": DEFAULT_TENANT,
    }


def _place(row: Mapping[str, Any]) -> Card:
    """Where a row stands."""
    return {
        "processDefinitionId": row["process_id"],
        "processDefinitionKey": str(row["definition_key"]),
        "processInstanceKey": str(row["process_instance"]),
        "rootProcessInstanceKey": str(row["root_key"]),
        "elementId": row["element_id"],
        "elementInstanceKey": str(row.get("activation") or row["instance_key"]),
        "tenantId": DEFAULT_TENANT,
    }


def _instance_of(row: Mapping[str, Any]) -> Card:
    return {"businessId": row["business_key"]}
