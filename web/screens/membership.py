"""Answers to a squad: the member's own, and that of the home unit which lends him."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, abort, flash, redirect, request, url_for

from engine.domain.squads import Consent
from engine.usecases.errors import InputRefused
from engine.usecases.squads import (
    AnswerMembership,
    GiveConsent,
    answer_membership,
    give_home_consent,
)
from web.context import actor, house
from web.faults import text_of
from web.wording import gettext as _

if TYPE_CHECKING:
    from werkzeug import Response

pages = Blueprint("membership", __name__)


@pages.post("/keanggotaan/<membership_id>/jawaban")
def answer(membership_id: str) -> Response:
    """The member accepts, or says that the load is too much."""
    given = request.form.get("answer")
    if given not in ("accept", "overload"):
        abort(400)
    command = AnswerMembership(
        membership_id=membership_id,
        accepts=given == "accept",
        idempotency_key=request.form.get("idempotency_key") or None,
    )
    answer_membership(house(), actor(), command)
    flash(_("Your answer is kept."), "good")
    return redirect(url_for("squads.mine"), code=303)


@pages.post("/keanggotaan/<membership_id>/persetujuan")
def consent(membership_id: str) -> Response:
    """The home superior lends the person, or refuses with a reason."""
    given = request.form.get("consent") == "given"
    command = GiveConsent(
        membership_id=membership_id,
        consent=Consent.GIVEN if given else Consent.REFUSED,
        reason=request.form.get("reason", ""),
        idempotency_key=request.form.get("idempotency_key") or None,
    )
    try:
        give_home_consent(house(), actor(), command)
    except InputRefused as error:
        for fault in error.faults:
            missing = fault.field == "reason"
            flash(_("A refusal needs its reason.") if missing else text_of(None, fault), "bad")
    else:
        flash(_("Your answer is kept."), "good")
    return redirect(url_for("squads.mine"), code=303)
