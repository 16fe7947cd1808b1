"""My claims: what I claimed, what was credited, who must act and until when."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, abort, render_template, request

from engine.usecases.claim_reading import my_claims
from web.context import actor, house
from web.readings.claims import claims_table, next_words, state_words, who_acts
from web.tables import wanted

if TYPE_CHECKING:
    from werkzeug import Response

pages = Blueprint("claims", __name__)


@pages.get("/klaim")
def mine() -> Response | str:
    """The actor's expected shares with their claims; those that wait for him stand first."""
    if actor().person_id is None:
        abort(404)
    found = my_claims(house(), actor(), request.args.get("siklus") or None)
    table = claims_table(found)
    return wanted(table) or render_template(
        "pages/claims.html",
        found=found,
        table=table,
        next_words=next_words,
        state_words=state_words,
        who_acts=who_acts,
    )
