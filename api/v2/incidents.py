"""/v2: incidents."""

from __future__ import annotations

from typing import Any

from api.door import actor, house
from api.smorest import Paths
from api.v2 import cards
from api.v2.incident_lists import Incident, IncidentPage, IncidentSearch
from api.v2.instances import Reference
from api.v2.reasons import reason
from api.v2.searching import search
from engine.usecases import listing, processes
from engine.usecases.ports.listing import Listed

paths = Paths("v2 incidents", "/v2", "Incidents.", invalid_status=400)


@paths.operation(
    "POST",
    "/incidents/search",
    answer=IncidentPage,
    body=IncidentSearch,
    body_required=False,
)
def search_incidents(body: dict[str, Any]) -> dict[str, Any]:
    """Incidents, resolved ones included."""
    return search(Listed.INCIDENT, body, IncidentSearch, cards.incident)


@paths.operation("GET", "/incidents/<key:incident_key>", answer=Incident, errors=(404,))
def get_incident(incident_key: int) -> dict[str, Any]:
    """One incident."""
    return cards.incident(listing.one(house(), actor(), Listed.INCIDENT, incident_key))


@paths.operation(
    "POST",
    "/incidents/<key:incident_key>/resolution",
    status=204,
    body=Reference,
    body_required=False,
    errors=(404, 409),
)
def resolve_incident(body: dict[str, Any], incident_key: int) -> None:
    """Run the failed step again; a new failure is a new incident."""
    processes.retry_incident(house(), actor(), incident_key, reason(body))
