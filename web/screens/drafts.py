"""Drafts of drawings as the studio saves them, and what it offers while somebody draws."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, Response, jsonify, redirect, url_for

from engine.usecases.drafting import RIGHT, nameable
from engine.usecases.ports.drafts import DraftKind, Subject
from engine.usecases.rights import require
from web.context import actor, house
from web.draft_answers import keep, keep_aside, throw_away
from web.readings.drawing import choices, templates

if TYPE_CHECKING:
    from werkzeug import Response as Answer

pages = Blueprint("drafts", __name__)


@pages.get("/studio/templat.json")
def operations() -> Response:
    """Element templates of all registered operations."""
    require(actor(), RIGHT)
    return jsonify(templates(house().host))


@pages.get("/studio/pilihan.json")
def offered() -> Response:
    """Names to choose from, functions to complete, words of the drawing parts."""
    return jsonify(choices(nameable(house(), actor())))


@pages.put("/studio/<process_id>/draf")
def save(process_id: str) -> Response | tuple[Response, int]:
    """Save what is drawn; 409 when another drawing is on the table."""
    return keep(Subject(DraftKind.PROCESS, process_id))


@pages.post("/studio/<process_id>/draf/sisih")
def aside(process_id: str) -> Response:
    """Keep what is drawn beside the table."""
    return keep_aside(Subject(DraftKind.PROCESS, process_id))


@pages.post("/studio/<process_id>/draf/buang")
def discard(process_id: str) -> Answer:
    """Forget a draft."""
    throw_away(Subject(DraftKind.PROCESS, process_id))
    return redirect(url_for("studio.table", process_id=process_id), code=303)
