"""The instances behind a number of the map, and acts on all of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from flask import Blueprint, redirect, render_template, request, url_for

from engine.usecases.errors import InputRefused
from engine.usecases.ports.batches import BatchKind
from engine.usecases.rights import may, require
from engine.usecases.standing import ActOnPlace, Place, act_on_place, crowd
from web.context import actor, house, key_of
from web.paging import ROWS, leaf
from web.readings.names import matters, person_names
from web.steering_words import KINDS, fault_words

if TYPE_CHECKING:
    from collections.abc import Mapping

    from werkzeug import Response

pages = Blueprint("standing", __name__)

_VERSION_DIGITS_MAX: Final = 9
#: in the order of their buttons; the last ends things
_OFFERED: Final = (BatchKind.RETRY, BatchKind.SUSPEND, BatchKind.RESUME, BatchKind.CANCEL)


@pages.get("/proses/<process_id>/tempat")
def show(process_id: str) -> str:
    """What stands at an element, or everywhere in the process."""
    return _page(_place(process_id))


@pages.post("/proses/<process_id>/tempat")
def act(process_id: str) -> Response | tuple[str, int]:
    """Begin an act on all that stands there, or on what was ticked."""
    require(actor(), "batch:run", process_id)
    place, form = _place(process_id), request.form
    kinds = {kind.value: kind for kind in _OFFERED}
    command = ActOnPlace(
        place=place,
        kind=kinds.get(form.get("act", ""), BatchKind.MODIFY),
        reason=form.get("reason", ""),
        keys=tuple(filter(None, map(key_of, form.getlist("chosen")))),
        idempotency_key=form.get("once") or None,
    )
    try:
        if form.get("all") != "1" and not command.keys:
            return _page(place, {"chosen": "empty"}), 422
        done = act_on_place(house(), actor(), command)
    except InputRefused as refused:
        faults = {fault.field: fault_words(fault) for fault in refused.faults}
        return _page(place, faults), 422
    return redirect(url_for("batches.show", batch_key=int(str(done["batchKey"]))), code=303)


def _place(process_id: str) -> Place:
    version = request.args.get("versi", "")
    known = version.isascii() and version.isdigit() and len(version) <= _VERSION_DIGITS_MAX
    return Place(
        process_id=process_id,
        element_id=request.args.get("elemen") or None,
        version=int(version) if known else None,
        troubled=request.args.get("gangguan") == "1",
    )


def _page(place: Place, faults: Mapping[str, str] | None = None) -> str:
    after = key_of(request.args.get("after", ""))
    found = crowd(house(), actor(), place, after=after, limit=ROWS + 1)
    page = leaf(found.found, lambda one: (str(one.row.key),))
    holders = person_names(house(), {task.assignee for one in page.rows for task in one.tasks})
    with house().reading() as uow:
        about = matters(uow, [one.row for one in page.rows])
    typed: Mapping[str, Any] = request.form
    return render_template(
        "pages/standing.html",
        place=place,
        crowd=found,
        leaf=page,
        holders=holders,
        about=about,
        kinds=[(kind.value, KINDS[kind]) for kind in _OFFERED],
        faults=faults or {},
        typed=typed,
        chosen=set(request.form.getlist("chosen")),
        once=house().ids.uuid(),
        may_run=may(actor(), "batch:run"),
        may_retry=may(actor(), "incident:retry"),
    )
