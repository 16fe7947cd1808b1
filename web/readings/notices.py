"""Notices in sentences: what happened, in the reader's language."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from engine.usecases.notices import Kind
from web.formats import percent
from web.wording import gettext as _
from web.wording import lazy_gettext

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.usecases.ports.workplace import Notice

#: what happened -> its sentence
SENTENCES: Final[Mapping[str, object]] = {
    Kind.SHARE_ATTESTED: lazy_gettext("Your share was attested as you claimed it."),
    Kind.SHARE_ADJUSTED: lazy_gettext("Your share was attested with an adjustment."),
    Kind.SHARE_LOWERED: lazy_gettext("Less than you claimed or were to have was attested."),
    Kind.CLAIM_RETURNED: lazy_gettext("Your claim came back to you."),
    Kind.SHARE_PLAN_CHANGED: lazy_gettext("The share expected of you changed."),
    Kind.PLAN_CHANGED: lazy_gettext("A new version of your plan holds."),
    Kind.WEIGHT_CHANGED: lazy_gettext("The part of your time for a squad changed."),
    Kind.RATER_CHANGED: lazy_gettext("Somebody else rates you from now on."),
    Kind.FEEDBACK_WRITTEN: lazy_gettext("You have new feedback."),
    Kind.DISPUTE_DECIDED: lazy_gettext("A dispute that concerns you was decided."),
    Kind.PLACE_OFFERED: lazy_gettext("You are asked to join a squad."),
    Kind.CONSENT_DECIDED: lazy_gettext("A place in a squad was decided by the home unit."),
    Kind.EVALUATION_KNOWN: lazy_gettext("Your evaluation can be read."),
    Kind.OBJECTION_DECIDED: lazy_gettext("An objection that concerns you was decided."),
    Kind.DEADLINE_NEAR: lazy_gettext("A task of yours is waiting."),
}
#: reasons that operations write themselves
_OWN_REASONS: Final[Mapping[str, object]] = {
    "members changed": lazy_gettext("The members of the squad changed."),
}


def sentence(notice: Notice) -> str:
    """What the notice says; a kind that is not known yet says so plainly."""
    return str(SENTENCES.get(notice.kind) or _("Something concerns you."))


def from_to(notice: Notice) -> str:
    """Like "20% → 15%" where a share moved; "" elsewhere."""
    before, after = notice.facts.get("before_bp"), notice.facts.get("after_bp")
    if not isinstance(before, int) or not isinstance(after, int) or before == after:
        return ""
    return f"{percent(before)} → {percent(after)}"


def reason_words(reason: str) -> str:
    """A reason as the reader reads it."""
    return str(_OWN_REASONS.get(reason, reason))
