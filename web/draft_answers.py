"""Drafts as any page of the studio saves them, never over what somebody else saved."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Response, flash, jsonify, request

from engine.usecases.drafting import (
    RIGHT,
    DraftMoved,
    SaveDraft,
    discard_draft,
    put_aside,
    save_draft,
)
from engine.usecases.errors import NotFound
from engine.usecases.rights import require
from web.context import actor, house, key_of
from web.formats import moment
from web.readings.names import person_names
from web.wording import gettext as _

if TYPE_CHECKING:
    from engine.usecases.ports.drafts import StudioDraft, Subject


def keep(subject: Subject) -> Response | tuple[Response, int]:
    """Put what was sent on the table; the state that it was drawn on is named by If-Match.

    409 with who saved what when another draft is on the table; nothing is written then.
    """
    require(actor(), RIGHT, subject.id)
    try:
        return _saved(save_draft(house(), actor(), _sent(subject)))
    except DraftMoved as moved:
        return jsonify(_told(moved.standing)), 409


def keep_aside(subject: Subject) -> Response:
    """Keep what was sent beside the table."""
    return _saved(put_aside(house(), actor(), _sent(subject)))


def throw_away(subject: Subject) -> None:
    """Forget the draft whose mark was sent, and say what became of it."""
    require(actor(), RIGHT, subject.id)
    try:
        discard_draft(house(), actor(), subject, request.form.get("mark", ""))
        flash(_("The draft is discarded."), "good")
    except NotFound:
        flash(_("This draft is not there any more."), "wait")
    except DraftMoved:
        flash(_("The draft was saved again meanwhile; nothing was discarded."), "bad")


def _sent(subject: Subject) -> SaveDraft:
    return SaveDraft(
        subject=subject,
        content=request.get_data(cache=False),
        base_key=key_of(request.args.get("dari", "")),
        expected=request.headers.get("If-Match", "").strip().strip('"'),
        keeps_standing=request.args.get("sisihkan") == "1",
        replaces=request.args.get("ganti", ""),
    )


def _saved(row: StudioDraft) -> Response:
    answer = jsonify(_told(row))
    answer.set_etag(row.mark)
    return answer


def _told(row: StudioDraft | None) -> dict[str, Any]:
    if row is None:
        return {"mark": "", "by": "", "at": "", "words": _("Nobody's draft is there any more.")}
    return {
        "mark": row.mark,
        "id": row.id,
        "by": person_names(house(), [row.saved_by]).get(row.saved_by, row.saved_by),
        "at": moment(row.saved_at),
    }
