"""Regu's own paths for processes that people start themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import json

from api import shapes
from api.door import actor, house, idempotency_key
from api.smorest import Paths
from engine.usecases import starting

if TYPE_CHECKING:
    from engine.usecases.ports.runner import Entrance

paths = Paths("starts", "/api", "Processes that one may start oneself, and starting them.")


@paths.operation("GET", "/starts", answer=shapes.StartList)
def list_starts() -> dict[str, Any]:
    """The processes that one may start, by name."""
    return {"items": [_card(entrance) for entrance in starting.startable(house(), actor())]}


@paths.operation("GET", "/starts/<process_id>", answer=shapes.StartDetail, errors=(404,))
def get_start(process_id: str) -> dict[str, Any]:
    """One of them with its form and what the fields begin with."""
    found = starting.start_view(house(), actor(), process_id)
    return {
        **_card(found.entrance),
        "form": json.loads(found.form.schema) if found.form else None,
        "variables": found.variables,
    }


@paths.operation(
    "POST",
    "/starts/<process_id>",
    answer=shapes.StartedByForm,
    status=201,
    body=shapes.StartFormBody,
    errors=(404, 409),
    idempotent=True,
)
def start_by_form(body: dict[str, Any], process_id: str) -> Any:
    """Start one of them with what its form asks."""
    command = starting.StartByForm(
        process_id=process_id, values=body["variables"], idempotency_key=idempotency_key()
    )
    return starting.start_by_form(house(), actor(), command)


def _card(entrance: Entrance) -> dict[str, Any]:
    return {
        "processId": entrance.process_id,
        "name": entrance.name,
        "about": entrance.about,
        "version": entrance.version,
        "hasForm": entrance.form_key is not None,
    }
