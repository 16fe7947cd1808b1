"""Drafts of drawings as the studio saves them, and what it offers while somebody draws."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, flash, jsonify, redirect, request, url_for

from engine.usecases.drafting import (
    RIGHT,
    DraftMoved,
    SaveDraft,
    discard_draft,
    nameable,
    put_aside,
    save_draft,
)
from engine.usecases.errors import NotFound
from engine.usecases.rights import require
from web.context import actor, house, key_of
from web.formats import moment
from web.readings.drawing import choices, templates
from web.readings.names import person_names
from web.wording import gettext as _

if TYPE_CHECKING:
    from werkzeug import Response as Answer

    from engine.usecases.ports.drafts import ProcessDraft

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
    """Save what is drawn; the state that it was drawn on is named by If-Match.

    409 with who saved what when another drawing is on the table; nothing is written then.
    """
    require(actor(), RIGHT, process_id)
    try:
        return _saved(save_draft(house(), actor(), _sent(process_id)))
    except DraftMoved as moved:
        return jsonify(_told(moved.standing)), 409


@pages.post("/studio/<process_id>/draf/sisih")
def aside(process_id: str) -> Response:
    """Keep what is drawn beside the table."""
    return _saved(put_aside(house(), actor(), _sent(process_id)))


@pages.post("/studio/<process_id>/draf/buang")
def discard(process_id: str) -> Answer:
    """Forget a draft."""
    require(actor(), RIGHT, process_id)
    try:
        discard_draft(house(), actor(), process_id, request.form.get("mark", ""))
        flash(_("The draft is discarded."), "good")
    except NotFound:
        flash(_("This draft is not there any more."), "wait")
    except DraftMoved:
        flash(_("The draft was saved again meanwhile; nothing was discarded."), "bad")
    return redirect(url_for("studio.table", process_id=process_id), code=303)


def _sent(process_id: str) -> SaveDraft:
    return SaveDraft(
        process_id=process_id,
        content=request.get_data(cache=False),
        base_key=key_of(request.args.get("dari", "")),
        expected=request.headers.get("If-Match", "").strip().strip('"'),
        keeps_standing=request.args.get("sisihkan") == "1",
        replaces=request.args.get("ganti", ""),
    )


def _saved(row: ProcessDraft) -> Response:
    answer = jsonify(_told(row))
    answer.set_etag(row.mark)
    return answer


def _told(row: ProcessDraft | None) -> dict[str, Any]:
    if row is None:
        return {"mark": "", "by": "", "at": "", "words": _("Nobody's draft is there any more.")}
    return {
        "mark": row.mark,
        "id": row.id,
        "by": person_names(house(), [row.saved_by]).get(row.saved_by, row.saved_by),
        "at": moment(row.saved_at),
    }
