"""Attestation: what waits in all squads, one decision beside its evidence, many at one press."""

from __future__ import annotations

import datetime as dt
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for

from engine.domain.errors import RuleBroken
from engine.usecases.attest_preview import preview
from engine.usecases.attesting import (
    BulkAttest,
    attest_as_planned,
    last_press,
    waiting_claim,
    waiting_claims,
)
from engine.usecases.errors import Conflict, InputRefused
from engine.usecases.task_views import NEVER_DUE
from engine.usecases.tasks import complete_task
from forms.numbers import NumberTextRefused, read_number
from web.context import actor, evidence_files, house, key_of, safe_target
from web.csp import viewer_page
from web.faults import faults_of
from web.paging import after, leaf
from web.readings.attestation import beside, squad_sheet
from web.readings.attesting import refusal_words, waiting_table
from web.readings.viewer import chosen, pieces_of, with_text
from web.tables import wanted
from web.taskform import TaskForm, completion, open_form, stale_page
from web.wording import gettext as _

if TYPE_CHECKING:
    from collections.abc import Mapping

    from werkzeug import Response

    from engine.usecases.attesting import Waiting

pages = Blueprint("attest", __name__)

#: claims of one page of the list; one press takes no more
ROWS: Final = 50
_WORDS: Final = ("decision", "commitment", "reason_code", "reason", "commitment_evidence")


@pages.get("/atestasi")
def waiting() -> Response | str:
    """Claims of all the actor's squads that wait for him, earliest due first."""
    _require_person()
    found = leaf(
        waiting_claims(house(), actor(), after=_place(after(2)), limit=ROWS + 1), _key_of, ROWS
    )
    table = waiting_table(found.rows)
    return wanted(table) or render_template(
        "pages/attest_waiting.html",
        rows=found.rows,
        after=found.after,
        table=table,
        batch=house().ids.uuid(),
        choose=request.args.get("pilih") == "sesuai",
    )


@pages.post("/atestasi")
def together() -> Response:
    """Attest the chosen claims that equal the plan; then a page tells what became of each."""
    _require_person()
    keys = [key for text in request.form.getlist("klaim") if (key := key_of(text)) is not None]
    if not keys:
        flash(_("Choose at least one claim."), "wait")
        return redirect(_back(), code=303)
    batch = request.form.get("idempotency_key", "")[:64] or house().ids.uuid()
    attest_as_planned(house(), actor(), BulkAttest(task_keys=tuple(keys), batch=batch))
    return redirect(url_for("attest.outcome", _next=_back()), code=303)


@pages.get("/atestasi/hasil")
def outcome() -> str:
    """What became of each claim of the last press."""
    _require_person()
    return render_template(
        "pages/attest_outcome.html",
        pressed=last_press(house(), actor()),
        words=refusal_words,
        next=safe_target(request.args.get("_next"), url_for("attest.waiting")),
    )


@pages.get("/atestasi/tugas/<int:key>")
def one(key: int) -> Response:
    """A claim with its evidence and the decision; other tasks have pages of their own."""
    form = open_form(house(), actor(), key)
    found = waiting_claim(house(), actor(), key)
    if found is None:
        return redirect(url_for("task.show", key=key), code=303)
    return _page(form, found)


@pages.post("/atestasi/tugas/<int:key>")
def decide(key: int) -> Response:
    """Complete the attestation; what is refused, or only counted, stays on the page."""
    form = open_form(house(), actor(), key).typed(request.form)
    found = waiting_claim(house(), actor(), key)
    if found is not None and "_count" in request.form:
        return _page(form, found)
    try:
        complete_task(house(), actor(), completion(key, dict(form.values or {})))
    except (InputRefused, RuleBroken) as error:
        refused = form.refused(faults_of(error))
        if found is None:
            return redirect(url_for("task.show", key=key), code=303)
        return _page(refused, found, 422)
    except Conflict as error:
        return viewer_page(stale_page(form, error), 409)
    flash(_("Done: %(name)s", name=form.view.task.name), "good")
    return redirect(_onward(), code=303)


@pages.post("/atestasi/tugas/<int:key>/akibat")
def effect(key: int) -> str:
    """The effect of what is typed so far, as a part of the page."""
    open_form(house(), actor(), key)
    found = waiting_claim(house(), actor(), key)
    if found is None:
        return ""
    shown = preview(house(), actor(), found, so_far(request.form))
    return render_template("parts/attest_effect.html", shown=shown, waiting=found)


@pages.get("/tim/<squad_id>/atestasi")
def sheet(squad_id: str) -> Response | str:
    """Outputs of a squad with their shares, and the claims that wait for the actor."""
    found = squad_sheet(house(), actor(), squad_id)
    table = waiting_table(found.waiting)
    return wanted(table) or render_template(
        "pages/attest.html",
        sheet=found,
        rows=found.waiting,
        table=table,
        batch=house().ids.uuid(),
        choose=request.args.get("pilih") == "sesuai",
    )


def so_far(typed: Mapping[str, str]) -> dict[str, Any]:
    """What a half filled form says; a number that does not read is left out."""
    found: dict[str, Any] = {name: typed[name] for name in _WORDS if typed.get(name)}
    with suppress(NumberTextRefused):
        found["share_percent"] = read_number(typed.get("share_percent", ""))
    return found


def _page(form: TaskForm, found: Waiting, status: int = 200) -> Response:
    row = found.row
    card, line = beside(
        house(),
        actor(),
        {"output_id": row.output.id, "member": {"person_id": row.claim.person_id}},
    )
    pieces = pieces_of(line.evidence if line is not None else ())
    piece = chosen(pieces, request.args.get("bukti", ""))
    typed = so_far(request.form)
    return viewer_page(
        render_template(
            "pages/attest_one.html",
            form=form,
            waiting=found,
            card=card,
            line=line,
            pieces=pieces,
            piece=with_text(house(), evidence_files(), actor(), piece) if piece else None,
            shown=preview(house(), actor(), found, typed or {"decision": "attest"}),
            task=form.view.task,
            fields=form.fields(),
            faults=form.summary(),
            next=request.values.get("_next", ""),
            idempotency_key=request.form.get("idempotency_key") or house().ids.uuid(),
        ),
        status,
    )


def _onward() -> str:
    """Back where the reader came from; else the claim that waits longest; else the list."""
    if request.form.get("_next"):
        return safe_target(request.form["_next"], url_for("attest.waiting"))
    waits = waiting_claims(house(), actor(), limit=1)
    if waits:
        return url_for("attest.one", key=waits[0].task.key)
    return url_for("attest.waiting")


def _back() -> str:
    return safe_target(request.form.get("_next"), url_for("attest.waiting"))


def _require_person() -> None:
    if actor().person_id is None:
        abort(404)


def _key_of(found: Waiting) -> tuple[str, str]:
    return (found.task.due_at or NEVER_DUE).isoformat(), str(found.task.key)


def _place(parts: tuple[str, ...] | None) -> tuple[dt.datetime, int] | None:
    if parts is None:
        return None
    key = key_of(parts[1])
    try:
        at = dt.datetime.fromisoformat(parts[0]).astimezone(dt.UTC)
    except (ValueError, OverflowError):
        return None
    return None if key is None else (at, key)
