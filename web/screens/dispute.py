"""Raising a dispute about a share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for

from engine.usecases.disputes import RaiseDispute, raise_dispute
from engine.usecases.errors import FieldFault, InputRefused
from web.context import actor, house
from web.faults import text_of
from web.readings.attestation import beside
from web.wording import gettext as _

if TYPE_CHECKING:
    from collections.abc import Sequence

    from werkzeug import Response

pages = Blueprint("dispute", __name__)


@pages.get("/hasil/<output_id>/sengketa")
def form(output_id: str) -> str:
    """The page on which a share is contested."""
    return _page(output_id, ())


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
    return redirect(url_for("plan.mine"), code=303)


def _whose() -> str:
    """The member whose line is contested; "" for one's own."""
    return request.values.get("pegawai", "")


def _page(output_id: str, faults: Sequence[FieldFault]) -> str:
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
        faults=[
            (one.field if one.field in known else "ground", text_of(None, one)) for one in faults
        ],
        idempotency_key=request.form.get("idempotency_key") or house().ids.uuid(),
    )
