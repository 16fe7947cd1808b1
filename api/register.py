"""All of the API, put into an application."""

from __future__ import annotations

from typing import TYPE_CHECKING

from api import (
    audit,
    crediting,
    dialogue,
    exports,
    formation,
    goals,
    history,
    instances,
    plans,
    ratings,
    roles,
    starts,
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
    formation.paths,
    crediting.paths,
    plans.paths,
    goals.paths,
    ratings.paths,
    roles.paths,
    audit.paths,
    exports.paths,
    history.paths,
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


def register(app: Flask, house: House) -> None:
    """Serve /api and /v2, and their description at /api/openapi.json."""
    app.extensions[HOUSE] = house
    install(app, ROOMS)
