"""Attestation of a squad's claims: evidence left, decision right, the shares above."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, render_template

from web.context import actor, house
from web.readings.attestation import squad_sheet
from web.taskform import TaskForm, open_form

if TYPE_CHECKING:
    from web.readings.shapes import SquadSheet

pages = Blueprint("attest", __name__)


@pages.get("/tim/<squad_id>/atestasi")
def sheet(squad_id: str) -> str:
    """Outputs of a squad with their claims, and the decisions that wait for the actor."""
    found = squad_sheet(house(), actor(), squad_id)
    return render_template("pages/attest.html", sheet=found, forms=_forms(found))


def _forms(found: SquadSheet) -> dict[int, TaskForm]:
    """The open forms of the page by task key, their element ids kept apart."""
    keys = [
        line.task_key
        for card in found.outputs
        for line in card.open_lines
        if line.task_key is not None
    ]
    return {key: open_form(house(), actor(), key, id_prefix=f"t{key}") for key in keys}
