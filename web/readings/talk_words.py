"""What the pages about people call stages, flags, levels, states and values."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from engine.usecases.ports.talks import MomentKind
from engine.usecases.teams import Flag, Stage
from web.wording import lazy_gettext as _

if TYPE_CHECKING:
    from collections.abc import Mapping

STAGES: Final[Mapping[str, object]] = {
    Stage.NO_PLAN: _("No plan yet"),
    Stage.PLANNING: _("Planning"),
    Stage.RUNNING: _("Work and monitoring"),
    Stage.SELF: _("Self-evaluation"),
    Stage.TO_RATE: _("Waiting for rating"),
    Stage.RATED: _("Rated, not signed"),
    Stage.KNOWN: _("Made known"),
    Stage.FINAL: _("Final"),
}
STAGE_TAGS: Final[Mapping[str, str]] = {
    Stage.NO_PLAN: "bad",
    Stage.PLANNING: "note",
    Stage.RUNNING: "note",
    Stage.SELF: "note",
    Stage.TO_RATE: "wait",
    Stage.RATED: "wait",
    Stage.KNOWN: "good",
    Stage.FINAL: "good",
}
FLAGS: Final[Mapping[str, object]] = {
    Flag.OVERLOAD: _("Overload"),
    Flag.DISPUTE: _("Dispute"),
    Flag.SILENT: _("No dialogue for 60 days"),
    Flag.UNPROVEN: _("Unverified evidence"),
    Flag.LATE: _("Late tasks"),
}
FLAG_TAGS: Final[Mapping[str, str]] = {
    Flag.OVERLOAD: "bad",
    Flag.DISPUTE: "bad",
    Flag.SILENT: "wait",
    Flag.UNPROVEN: "wait",
    Flag.LATE: "bad",
}
LEVELS: Final[Mapping[str, object]] = {
    "di_atas": _("above expectation"),
    "sesuai": _("as expected"),
    "di_bawah": _("below expectation"),
}
#: the same on the axes of a picture
AXES: Final[Mapping[str, object]] = {
    "di_atas": _("above"),
    "sesuai": _("as expected"),
    "di_bawah": _("below"),
}
MOMENTS: Final[Mapping[str, object]] = {
    MomentKind.DOCUMENTATION: _("Progress"),
    MomentKind.BLOCKER: _("Blockers"),
    MomentKind.FEEDBACK: _("Feedback"),
    MomentKind.CHECK_IN: _("Check-ins"),
    MomentKind.COMMITMENT: _("Commitments"),
    MomentKind.INCIDENT: _("Conduct seen"),
    MomentKind.COACHING: _("Coaching"),
    MomentKind.NOTE: _("My private notes"),
    MomentKind.RISK: _("Risks"),
}
VOICES: Final[Mapping[str, object]] = {
    "rater": _("rater"),
    "superior": _("superior"),
    "lead": _("squad lead"),
    "peer": _("colleague"),
    "subordinate": _("direct report"),
}
TONES: Final[Mapping[str, object]] = {
    "observation": _("Observation"),
    "appreciation": _("Appreciation"),
    "suggestion": _("Suggestion"),
    "criticism": _("Criticism"),
}
CHECK_INS: Final[Mapping[str, object]] = {
    "invited": _("asked for"),
    "agreed": _("agreed between the two"),
    "recorded": _("written down"),
    "confirmed": _("confirmed by both"),
    "unconfirmed": _("not confirmed"),
    "not_held": _("did not take place"),
    "called_off": _("called off"),
}
PROMISES: Final[Mapping[str, object]] = {
    "open": _("open"),
    "kept": _("kept"),
    "dropped": _("let go"),
}
COACHINGS: Final[Mapping[str, object]] = {
    "open": _("looking for a coach"),
    "offered": _("waiting for the coach"),
    "running": _("running"),
    "closed": _("closed"),
}
SOURCES: Final[Mapping[str, object]] = {
    "peer": _("Colleagues"),
    "subordinate": _("Direct reports"),
    "partner": _("Partners of other agencies"),
}
DEVIATIONS: Final[Mapping[str, object]] = {
    "proposal": _("Differs from what the index proposes"),
    "recommendation": _("Differs from the lead's recommendation"),
    "behaviour": _("Differs from what the statements propose"),
    "evidence": _("Counts results without verified evidence"),
    "load": _("Months above full time"),
    "calibration": _("Moved by calibration"),
    "distribution": _("The unit misses its pattern"),
}
SIGNATURES: Final[Mapping[str, object]] = {
    "rater": _("Rater"),
    "second": _("Second signature"),
    "receipt": _("Received by the employee"),
}
FOLLOW_UPS: Final[Mapping[str, object]] = {
    "award": _("Award"),
    "development": _("Development of competence"),
    "improvement": _("Improvement plan"),
    "coaching": _("Guidance and counselling"),
    "none": _("No further follow-up"),
}
OBJECTIONS: Final[Mapping[str, object]] = {
    "open": _("raised"),
    "heard": _("both sides heard"),
    "decided": _("decided"),
}
RISK_STATES: Final[Mapping[str, object]] = {
    "open": _("open"),
    "realised": _("came true"),
    "closed": _("closed"),
}
RISK_LEVELS: Final[Mapping[str, object]] = {
    "low": _("low"),
    "moderate": _("moderate"),
    "high": _("high"),
    "extreme": _("very high"),
}


def word(words: Mapping[str, object], key: object) -> str:
    """The word for a value of an enumeration; the value itself where none is known."""
    found = words.get(str(getattr(key, "value", key)))
    return str(found if found is not None else key)
