"""One's notes and results as e-Kinerja asks for them: copied field by field, and marked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for

from engine.usecases.copying import copy_desk, mark_copied, unmark_copied
from engine.usecases.errors import Conflict, NotFound
from web import paging
from web.context import actor, house
from web.readings import exchange as shown
from web.tables import wanted
from web.wording import gettext as _

if TYPE_CHECKING:
    from collections.abc import Sequence

    from werkzeug import Response

    from engine.usecases.copying import CopyEntry

pages = Blueprint("ekinerja", __name__)


@pages.get("/e-kinerja")
def mine() -> Response | str:
    """One's own notes and results of a cycle."""
    desk = copy_desk(house(), actor(), request.args.get("siklus") or None)
    tables = (
        shown.daily_table(desk.daily),
        shown.result_table(desk.results),
        shown.change_table(desk.changes),
    )
    file = wanted(*tables)
    if file is not None:
        return file
    return render_template(
        "pages/ekinerja.html",
        desk=desk,
        leaf=_leaf(desk.daily),
        tables=tables,
        names=shown.field_names(),
        entry_anchor=shown.anchor,
    )


@pages.post("/e-kinerja/salin")
def copied() -> Response:
    """Mark a field as copied, or take the mark away."""
    if actor().person_id is None:
        abort(404)
    entry, field = request.form.get("entry", ""), request.form.get("field", "")
    if request.form.get("act") == "unmark":
        unmark_copied(house(), actor(), entry, field)
    else:
        try:
            mark_copied(house(), actor(), entry, field, request.form.get("version", ""))
        except (Conflict, NotFound):
            flash(_("These words changed meanwhile: copy them again."), "wait")
    cycle = request.form.get("siklus") or None
    anchor = shown.anchor(entry)
    after = request.form.get("after") or None
    return redirect(url_for("ekinerja.mine", siklus=cycle, after=after, _anchor=anchor), code=303)


def _leaf(daily: Sequence[CopyEntry]) -> paging.Leaf[CopyEntry]:
    """Notes page by page, the newest first; a page begins behind an entry."""
    newest = list(reversed(daily))
    found = paging.after(1)
    at = next((n for n, one in enumerate(newest, 1) if found == (one.entry,)), 0)
    return paging.leaf(newest[at : at + paging.ROWS + 1], lambda one: (one.entry,))
