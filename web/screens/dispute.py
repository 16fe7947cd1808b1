"""Disputes about shares: the list, one case with positions and clock, and raising one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for

from engine.domain.disputes import DisputeState
from engine.usecases.dispute_reading import DECIDES, dispute_list, dispute_of, foresee_decision
from engine.usecases.disputes import RaiseDispute, raise_dispute
from engine.usecases.errors import FieldFault, InputRefused
from web.context import actor, house
from web.faults import WORDS, text_of
from web.readings.attestation import beside
from web.readings.disputes import bars_of, dispute_table, lines_table, shares_typed
from web.tables import wanted
from web.taskform import TaskForm, open_form
from web.wording import gettext as _

if TYPE_CHECKING:
    from collections.abc import Sequence

    from werkzeug import Response

    from engine.usecases.dispute_reading import DisputeView

pages = Blueprint("dispute", __name__)


@pages.get("/sengketa")
def mine() -> Response | str:
    """Disputes that wait for the actor, and those in which he is a party."""
    if actor().person_id is None:
        abort(404)
    found = dispute_list(house(), actor())
    table = dispute_table(found)
    return wanted(table) or render_template("pages/disputes.html", found=found, table=table)


@pages.get("/hasil/<output_id>/sengketa")
def form(output_id: str) -> Response | str:
    """The case that runs, for those who may read it; else the page on which one is raised."""
    case = dispute_of(house(), actor(), output_id)
    if case is not None and (
        case.dispute.state is not DisputeState.RESOLVED or "kasus" in request.args
    ):
        return _case(case)
    return _page(output_id, (), case)


@pages.post("/hasil/<output_id>/sengketa")
def send(output_id: str) -> Response | tuple[str, int]:
    """Raise the dispute; refused, what was typed stays."""
    command = RaiseDispute(
        output_id=output_id,
        person_id=_whose() or None,
        ground=request.form.get("ground", ""),
        evidence_link=request.form.get("evidence_link", ""),
        idempotency_key=request.form.get("idempotency_key") or None,
    )
    try:
        raise_dispute(house(), actor(), command)
    except InputRefused as error:
        return _page(output_id, error.faults), 422
    flash(_("The dispute is raised; everybody concerned will be heard."), "good")
    return redirect(url_for("dispute.form", output_id=output_id), code=303)


@pages.post("/sengketa/tugas/<int:key>/akibat")
def effect(key: int) -> Response | str:
    """The lines as they are typed so far: a part for a script, else the whole page again."""
    form = open_form(house(), actor(), key).typed(request.form)
    output_id = form.view.task.output_id
    case = dispute_of(house(), actor(), output_id) if output_id is not None else None
    if case is None or form.view.task.element_id != DECIDES or not form.view.may_complete:
        return ""
    if request.headers.get("X-Requested-With") == "effect":
        shown = foresee_decision(house(), case, shares_typed(form.values, form.variables))
        return render_template("parts/dispute_effect.html", shown=shown, case=case, words=WORDS)
    return _case(case, form)


def _whose() -> str:
    """The member whose line is contested; "" for one's own."""
    return request.values.get("pegawai", "")


def _case(case: DisputeView, typed: TaskForm | None = None) -> Response | str:
    table = lines_table(case)
    form = typed or _decision(case)
    shown = None
    if form is not None:
        begun = form.values if form.values is not None else form.variables
        shown = foresee_decision(house(), case, shares_typed(begun, form.variables))
    return wanted(table) or render_template(
        "pages/dispute_case.html",
        case=case,
        table=table,
        bars=bars_of(case),
        form=form,
        shown=shown,
        words=WORDS,
    )


def _decision(case: DisputeView) -> TaskForm | None:
    """The decision's form where it is the actor's to give."""
    own = actor().person_id
    for step in case.steps:
        if step.element_id == DECIDES and step.assignee == own:
            return open_form(house(), actor(), step.task_key)
    return None


def _page(output_id: str, faults: Sequence[FieldFault], earlier: DisputeView | None = None) -> str:
    person_id = _whose() or actor().person_id
    card, line = beside(
        house(), actor(), {"output_id": output_id, "member": {"person_id": person_id}}
    )
    if card is None or line is None:
        abort(404)
    known = {"ground", "evidence_link"}
    return render_template(
        "pages/dispute.html",
        card=card,
        line=line,
        earlier=earlier,
        faults=[
            (one.field if one.field in known else "ground", text_of(None, one)) for one in faults
        ],
        idempotency_key=request.form.get("idempotency_key") or house().ids.uuid(),
    )
