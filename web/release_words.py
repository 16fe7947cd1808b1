"""Releases in the words of the people who propose and review them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from engine.domain.errors import DomainError, NotEntitled, RuleBroken
from engine.domain.releases import ReleaseState
from engine.usecases.errors import Conflict, InputRefused
from engine.usecases.ports.drafts import DraftKind
from web.faults import WORDS
from web.steering_words import conflict_words, fault_words
from web.wording import gettext as _
from web.wording import lazy_gettext as _l

if TYPE_CHECKING:
    from collections.abc import Mapping

STATES: Final[Mapping[str, object]] = {
    ReleaseState.IN_REVIEW: _l("in review"),
    ReleaseState.PUBLISHED: _l("published"),
    ReleaseState.RETURNED: _l("returned"),
    ReleaseState.WITHDRAWN: _l("withdrawn"),
    ReleaseState.OUTDATED: _l("outdated"),
}
#: colour of its mark
TONES: Final[Mapping[str, str]] = {
    ReleaseState.IN_REVIEW: "wait",
    ReleaseState.PUBLISHED: "good",
    ReleaseState.RETURNED: "bad",
    ReleaseState.WITHDRAWN: "note",
    ReleaseState.OUTDATED: "note",
}
KINDS: Final[Mapping[str, object]] = {
    DraftKind.PROCESS: _l("drawing"),
    DraftKind.DECISION: _l("decision"),
    DraftKind.FORM: _l("form"),
    DraftKind.SCENARIOS: _l("scenarios"),
}
#: why a proposal or a publication is refused, by the engine's reason
CONFLICTS: Final[Mapping[str, object]] = {
    "release_nothing_new": _l(
        "Nothing differs from what is in force: there is nothing to publish."
    ),
    "release_waits": _l("Another proposal of this waits for its review; withdraw it first."),
    "release_draft_moved": _l(
        "A draft was saved meanwhile; look at it again before you propose it."
    ),
    "release_urgent_only_back": _l("Only an earlier version is published without a second person."),
    "release_one_in_review": _l(
        "Another proposal of this waits for its review; withdraw it first."
    ),
}


def refusal_words(refused: Exception) -> dict[str, str]:
    """Field -> sentence; "" for the whole."""
    if isinstance(refused, RuleBroken):
        return {one.subject: str(WORDS.get(one.code, one.message)) for one in refused.violations}
    if isinstance(refused, InputRefused):
        return {fault.field: fault_words(fault) for fault in refused.faults}
    if isinstance(refused, NotEntitled):
        return {"": str(WORDS.get(refused.reason, ""))}
    if isinstance(refused, Conflict):
        return {"": str(CONFLICTS.get(refused.reason) or conflict_words(refused))}
    if isinstance(refused, DomainError):
        return {"": _("This proposal has ended meanwhile; look at it again.")}
    raise refused


def barred_words(reason: str) -> str:
    """Why the reader does not decide about a release; "" when he may."""
    return str(WORDS.get(reason, "")) if reason else ""
