"""Incidents in lists of `/v2`."""

from __future__ import annotations

from api.v2 import cards
from api.v2.filters import Constant, Key, Text, Time, Word, filter_of
from api.v2.published import shape
from api.v2.searching import page_of, search_of

IncidentFilter = filter_of(
    "IncidentFilter",
    {
        "incidentKey": Key("key"),
        "processDefinitionId": Text("process_id"),
        "processDefinitionKey": Key("definition_key"),
        "processInstanceKey": Key("process_instance"),
        "elementId": Text("element_id"),
        "elementInstanceKey": Key("activation"),
        "jobKey": Key("job_key"),
        "errorType": Word("kind", cards.INCIDENT_TYPES),
        "errorMessage": Text("message"),
        "creationTime": Time("created_at"),
        "state": Word(
            "state",
            {"ACTIVE": ("ACTIVE",), "RESOLVED": ("RESOLVED",)}
            | dict.fromkeys(("MIGRATED", "PENDING", "UNKNOWN"), ()),
        ),
        "tenantId": Constant(),
    },
)
IncidentSearch = search_of(
    "IncidentSearch",
    IncidentFilter,
    {
        "incidentKey": "key",
        "processDefinitionId": "process_id",
        "processDefinitionKey": "definition_key",
        "processInstanceKey": "process_instance",
        "elementId": "element_id",
        "elementInstanceKey": "activation",
        "errorType": "kind",
        "errorMessage": "message",
        "creationTime": "created_at",
        "state": "state",
        "jobKey": "job_key",
    },
)
Incident = shape(
    "Incident",
    "A token that could not go on.",
    text="incidentKey processDefinitionId processDefinitionKey processInstanceKey"
    " rootProcessInstanceKey elementId elementInstanceKey errorType errorMessage state"
    " jobKey? tenantId",
    time="creationTime",
)
IncidentPage = page_of("IncidentSearchResult", Incident)
