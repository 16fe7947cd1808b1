"""Acts over many instances: how far they have come, what failed and why, and the way back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for

from engine.usecases import batches as acts
from engine.usecases.errors import Conflict, InputRefused
from engine.usecases.ports.batches import BatchKind, BatchState, InstanceFilter, ItemState
from engine.usecases.process_views import definition
from engine.usecases.rights import may, require
from engine.usecases.undertakings import undertaking
from web.context import actor, house, key_of
from web.drawings import element_labels
from web.paging import ROWS, leaf
from web.readings.undertakings import cards_of
from web.steering_words import (
    KINDS,
    STATES,
    conflict_words,
    fault_words,
    obstacle_words,
    reason_words,
)
from web.wording import gettext as _

if TYPE_CHECKING:
    from werkzeug import Response

    from engine.usecases.ports.batches import BatchRow
    from engine.usecases.ports.process import DefinitionRow
    from web.readings.undertakings import WorkCard

pages = Blueprint("batches", __name__)

_WORDS = {"kinds": KINDS, "states": STATES, "reason_words": reason_words}
_GOING = frozenset({BatchState.CREATED, BatchState.ACTIVE})


@pages.get("/kelola/massal")
def everything() -> str:
    """The agency's operations, newest first."""
    before = key_of(request.args.get("after", ""))
    rows = acts.batches(house(), actor(), before=before, limit=ROWS + 1)
    shown = leaf(rows, lambda row: (str(row.key),))
    return render_template("pages/batches.html", leaf=shown, **_WORDS)


@pages.get("/kelola/massal/<int:batch_key>")
def show(batch_key: int) -> str:
    """One operation."""
    row = acts.batch(house(), actor(), batch_key)
    failed = acts.batch_items(
        house(),
        actor(),
        batch_key,
        states={ItemState.FAILED},
        after=key_of(request.args.get("after", "")),
        limit=ROWS + 1,
    )
    old, new = _versions(row)
    labels = element_labels(old.xml) if old is not None else {}
    why: dict[str, int] = {}
    for code, element, message, count in acts.batch_failures(house(), actor(), batch_key):
        words = obstacle_words(code, labels.get(element, element), message)
        why[words] = why.get(words, 0) + count
    return render_template(
        "pages/batch.html",
        row=row,
        old=old,
        new=new,
        work=_work(row),
        leaf=leaf(failed, lambda item: (str(item.instance_key),)),
        words=lambda item: obstacle_words(
            item.code, labels.get(item.element_id, item.element_id), item.message
        ),
        why=why,
        going=row.state in _GOING,
        may_run=may(actor(), acts.RUN),
        can_undo=row.kind is BatchKind.MIGRATE and row.state not in _GOING and row.done > 0,
        **_WORDS,
    )


def _versions(row: BatchRow) -> tuple[DefinitionRow | None, DefinitionRow | None]:
    """The versions from and to which a plan moves."""
    if "plan" not in row.args:
        return None, None
    plan = acts.plan_of(row)
    old = definition(house(), actor(), plan.source_key)
    return old, definition(house(), actor(), plan.target_key)


def _work(row: BatchRow) -> WorkCard | None:
    """The long work that it is, for the bar that follows it."""
    if row.undertaking_id is None:
        return None
    found = undertaking(house(), actor(), row.undertaking_id, act=acts.READ)
    return cards_of(house(), [found])[0]


@pages.post("/kelola/massal/<int:batch_key>")
def change(batch_key: int) -> Response:
    """Hold, resume or cancel it, or take a migration back."""
    act, reason = request.form.get("act", ""), request.form.get("reason", "")
    require(actor(), acts.RUN, batch_key)
    shown = acts.batch(house(), actor(), batch_key).key
    try:
        if act == "undo":
            shown = _undo(batch_key, reason)
        elif act in _ACTS:
            _ACTS[act](house(), actor(), batch_key, reason)
        else:
            abort(404)
        flash(_("It is done; the reason is kept in the audit."), "good")
    except InputRefused as refused:
        flash(" ".join(fault_words(fault) for fault in refused.faults), "bad")
    except Conflict as refused:
        flash(conflict_words(refused), "bad")
    return redirect(url_for("batches.show", batch_key=shown), code=303)


def _undo(batch_key: int, reason: str) -> int:
    command = acts.BeginBatch(
        kind=BatchKind.MIGRATION_UNDO,
        wanted=InstanceFilter(agency_id=None),
        undo_of=batch_key,
        reason=reason,
    )
    return int(acts.begin_batch(house(), actor(), command)["batchKey"])


_ACTS = {"hold": acts.hold_batch, "resume": acts.resume_batch, "cancel": acts.cancel_batch}
