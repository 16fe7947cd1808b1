"""All of the API, put into an application."""

from __future__ import annotations

from typing import TYPE_CHECKING

from api import (
    audit,
    checkpoints,
    crediting,
    daily_notes,
    data_readings,
    dialogue,
    exchange,
    exports,
    forecasts,
    formation,
    functional,
    goals,
    history,
    instances,
    lessons,
    plans,
    ratings,
    recognitions,
    releases,
    roles,
    starts,
    surveys,
    tasks,
    together,
    work,
)
from api.door import HOUSE
from api.smorest import install
from api.v2 import (
    batches,
    cluster,
    decisions,
    deployments,
    element_instances,
    evaluation,
    incidents,
    jobs,
    messages,
    process_definitions,
    steering,
    user_tasks,
)
from api.v2 import instances as v2_instances
from api.v2.awaiting import SEATS, seats_of

if TYPE_CHECKING:
    from flask import Flask

    from engine.usecases.ports.work import House

ROOMS = (
    tasks.paths,
    together.paths,
    starts.paths,
    instances.paths,
    work.paths,
    dialogue.paths,
    daily_notes.paths,
    forecasts.paths,
    formation.paths,
    crediting.paths,
    functional.paths,
    lessons.paths,
    surveys.paths,
    plans.paths,
    goals.paths,
    ratings.paths,
    recognitions.paths,
    roles.paths,
    audit.paths,
    checkpoints.paths,
    data_readings.paths,
    exchange.paths,
    exports.paths,
    history.paths,
    releases.paths,
    cluster.paths,
    deployments.paths,
    process_definitions.paths,
    v2_instances.paths,
    element_instances.paths,
    incidents.paths,
    steering.paths,
    batches.paths,
    user_tasks.paths,
    jobs.paths,
    messages.paths,
    decisions.paths,
    evaluation.paths,
)


def register(app: Flask, house: House, session_cookie: str, *, threads: int) -> None:
    """Serve /api and /v2, and their description at /api/openapi.json.

    `session_cookie`: its name, for the description; `threads`: those that answer requests.
    """
    app.extensions[HOUSE] = house
    app.extensions[SEATS] = seats_of(threads)
    install(app, ROOMS, session_cookie)
