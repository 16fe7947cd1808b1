"""Every process at a glance, for those who look after them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, render_template

from engine.usecases.process_views import definitions, running
from web import tables
from web.context import actor, house
from web.readings.overview import overview_table

if TYPE_CHECKING:
    from flask import Response

pages = Blueprint("overview", __name__)


@pages.get("/proses/ikhtisar")
def show() -> str | Response:
    """Versions, what runs of each, where most waits, what broke."""
    found = running(house(), actor())
    table = overview_table(definitions(house(), actor()), found)
    return tables.wanted(table) or render_template(
        "pages/overview.html",
        table=table,
        live=sum(found.instances.values()),
        waiting=sum(step.tasks for step in found.waiting),
        incidents=sum(found.incidents.values()),
    )
