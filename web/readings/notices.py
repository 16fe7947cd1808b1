"""Notices in sentences: what happened, in the reader's language."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from engine.usecases.notices import Kind
from web.formats import day, number, percent
from web.readings.undertakings import kind_words
from web.wording import gettext as _
from web.wording import lazy_gettext as _l

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.usecases.ports.workplace import Notice

#: what happened -> its sentence
SENTENCES: Final[Mapping[str, object]] = {
    Kind.SHARE_ATTESTED: _l("Your share was attested as you claimed it."),
    Kind.SHARE_ADJUSTED: _l("Your share was attested with an adjustment."),
    Kind.SHARE_LOWERED: _l("Less than you claimed or were to have was attested."),
    Kind.CLAIM_RETURNED: _l("Your claim came back to you."),
    Kind.SHARE_PLAN_CHANGED: _l("The share expected of you changed."),
    Kind.PLAN_CHANGED: _l("A new version of your plan holds."),
    Kind.WEIGHT_CHANGED: _l("The part of your time for a squad changed."),
    Kind.RATER_CHANGED: _l("Somebody else rates you."),
    Kind.PEOPLE_TO_RATE: _l("You rate people whom you did not rate before."),
    Kind.FEEDBACK_WRITTEN: _l("You have new feedback."),
    Kind.DISPUTE_DECIDED: _l("A dispute that concerns you was decided."),
    Kind.PLACE_OFFERED: _l("You are asked to join a squad."),
    Kind.CALL_OPENED: _l("A squad has open places: you can volunteer."),
    Kind.CONSENT_DECIDED: _l("A place in a squad was decided by the home unit."),
    Kind.EVALUATION_KNOWN: _l("Your evaluation can be read."),
    Kind.OBJECTION_DECIDED: _l("An objection that concerns you was decided."),
    Kind.WORK_FAILED: _l("Work that you started could not be done; read why."),
    Kind.PERIOD_SEALED: _l("The period is sealed."),
    Kind.TASK_DELEGATED: _l("Somebody asks you to work on a task for him."),
    Kind.TASK_HANDED_BACK: _l("A task of yours was handed back to you."),
    Kind.CALLED: _l("A remark calls you."),
    Kind.FOLLOWED_SAID: _l("Somebody wrote a remark beside what you follow."),
    Kind.FOLLOWED_FILE: _l("Somebody laid a file beside what you follow."),
    Kind.FOLLOWED_HOLDER: _l("A task that you follow has another holder."),
    Kind.FOLLOWED_DATES: _l("The dates of a task that you follow changed."),
    Kind.FOLLOWED_INCIDENT: _l("Something that you follow stands at an incident."),
    Kind.FOLLOWED_ENDED: _l("Something that you follow has ended."),
    Kind.RELEASE_WAITING: _l("A change of a process waits for your review."),
    Kind.RELEASE_DECIDED: _l("Your proposal to publish was decided."),
    Kind.RELEASE_URGENT: _l("An earlier version is in force again, without review."),
    Kind.SURVEY_TOLD: _l("The results of a survey of your service are out."),
    Kind.DEADLINE_NEAR: _l("A task of yours is waiting."),
    Kind.SECOND_FACTOR_RESET: _l("An administrator reset the second factor of your account."),
}
#: facts that name what it is about, the nearest first
_NAMING: Final = ("output_id", "squad_id", "rater_id", "person_id", "formation_id")
#: reasons that operations write themselves
_OWN_REASONS: Final[Mapping[str, object]] = {
    "members changed": _l("The members of the squad changed."),
}


def sentence(notice: Notice) -> str:
    """What the notice says; a kind that is not known yet says so plainly."""
    return str(SENTENCES.get(notice.kind) or _("Something concerns you."))


def matter(notice: Notice, titles: Mapping[str, str]) -> str:
    """What it is about, from when, and who did it, its matter first."""
    named = (str(notice.facts.get(name)) for name in _NAMING)
    about = next((titles[one] for one in named if one in titles), "")
    about = about or str(notice.facts.get("title") or "") or _how_many(notice)
    about = about or kind_words(str(notice.facts.get("work", "")))
    by = titles.get(str(notice.facts.get("by")), "")
    return " \u2013 ".join(part for part in (about, _span(notice), by) if part)


def from_to(notice: Notice) -> str:
    """Like "20% → 15%" where a share moved, the days where some are named; "" elsewhere."""
    before, after = notice.facts.get("before_bp"), notice.facts.get("after_bp")
    if not isinstance(before, int) or not isinstance(after, int) or before == after:
        return _span(notice)
    return f"{percent(before)} → {percent(after)}"


def _how_many(notice: Notice) -> str:
    count = notice.facts.get("count")
    return _("%(count)s people", count=number(count)) if isinstance(count, int) else ""


def _span(notice: Notice) -> str:
    """From which day it holds, and to which where that is known; "" for neither."""
    first, last = notice.facts.get("starts_on"), notice.facts.get("ends_on")
    until = notice.facts.get("apply_until")
    if isinstance(until, str):
        return _("apply until %(day)s", day=day(until))
    if not isinstance(first, str):
        return ""
    if not isinstance(last, str):
        return _("from %(day)s", day=day(first))
    return _("%(first)s to %(last)s", first=day(first), last=day(last))


def reason_words(reason: str) -> str:
    """A reason as the reader reads it."""
    return str(_OWN_REASONS.get(reason, reason))
