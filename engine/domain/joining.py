"""What is signed when somebody joins a squad, and what changes in one later."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from engine.domain.errors import Violation

if TYPE_CHECKING:
    from datetime import date, datetime

    from engine.domain.squads import Acceptance, Squad, SquadRole
    from engine.domain.workload import ResultChange


class ConsentStage(StrEnum):
    """Who decided on lending a person."""

    #: his home superior
    HOME = "home"
    #: whoever stands above both units
    COMMON = "common"


class ConsentAnswer(StrEnum):
    """What was decided."""

    #: he is lent
    GIVEN = "given"
    #: he is not
    REFUSED = "refused"
    #: nobody answered in time
    SILENT = "silent"


class RefusalReason(StrEnum):
    """Why a home does not lend somebody; counted per unit head."""

    #: the unit's own work needs him
    WORKLOAD = "workload"
    #: he is on leave or leaves
    ABSENCE = "absence"
    #: his competence is not what is asked
    COMPETENCE = "competence"
    #: a conflict of interest
    CONFLICT = "conflict"
    #: something else, in words
    OTHER = "other"


class HeadAnswer(StrEnum):
    """What a unit head says to a load above full time."""

    #: carries it
    APPROVE = "approve"
    #: does not
    REFUSE = "refuse"


class ShareAnswer(StrEnum):
    """What a member says to the expected shares."""

    #: they are right
    AGREE = "agree"
    #: they are not, with a note
    DIFFER = "differ"


class ChangeKind(StrEnum):
    """What changes in a squad."""

    #: a member's part of full time
    EFFORT = "effort"
    #: a member leaves
    EXIT = "exit"
    #: somebody joins
    JOIN = "join"
    #: another ketua
    LEAD = "lead"


class ChangeStatus(StrEnum):
    """State of a change."""

    #: waits for a second signature or its day
    PROPOSED = "proposed"
    #: not countersigned
    REFUSED = "refused"
    #: memberships written; it holds from its day on
    WRITTEN = "written"
    #: its day has come
    DONE = "done"


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """An assignment letter: a squad's time, at most a year; a longer one needs another letter."""

    #: UUIDv7 text
    id: str
    #: the squad
    squad_id: str
    #: its number
    letter_no: str
    #: first day it covers
    starts_on: date
    #: last day
    ends_on: date
    #: who recorded it
    recorded_by: str
    #: when
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """A member's answer to joining, with what becomes of his home time."""

    #: UUIDv7 text
    id: str
    #: the membership
    membership_id: str
    #: 1-based; he is asked again when its effort was lowered
    round: int
    #: accepted or overload
    answer: Acceptance
    #: part of full time left for home, basis points
    home_effort_bp: int
    #: when
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class HomeResult:
    """What becomes of one home result by joining (crediting.md 0.9)."""

    #: the signature
    signature_id: str
    #: the result
    plan_item_id: str
    #: reduced, dropped or kept
    change: ResultChange
    #: why, for a kept one
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentDecision:
    """One decision on lending a person: at most one per stage."""

    #: UUIDv7 text
    id: str
    #: the membership
    membership_id: str
    #: home or common superior
    stage: ConsentStage
    #: given, refused or silent
    answer: ConsentAnswer
    #: whose decision it was
    holder_id: str | None
    #: who decided, None for silence
    decided_by: str | None
    #: why a refusal
    reason_code: RefusalReason | None
    #: in words
    reason: str
    #: when
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class HeadSignature:
    """A unit head's answer to a month above full time, for one effort of one membership."""

    #: UUIDv7 text
    id: str
    #: the membership
    membership_id: str
    #: the head
    head_id: str
    #: the effort that was signed
    effort_bp: int
    #: heaviest month, basis points
    load_bp: int
    #: approve or refuse
    answer: HeadAnswer
    #: in words
    reason: str
    #: when
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareReply:
    """A member's answer to a version of expected shares."""

    #: UUIDv7 text
    id: str
    #: the version
    share_plan_id: str
    #: the member
    person_id: str
    #: agree or differ
    answer: ShareAnswer
    #: in words
    note: str
    #: when
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SquadChange:
    """A change of members, for the future only (crediting.md 0.11)."""

    #: UUIDv7 text
    id: str
    #: the squad
    squad_id: str
    #: what changes
    kind: ChangeKind
    #: whom it is about
    person_id: str
    #: role from then on; None for an exit
    role: SquadRole | None
    #: effort from then on, basis points; None when it stays or for an exit
    effort_bp: int | None
    #: day it was decided
    decided_on: date
    #: first day it holds, after that
    effective_on: date
    #: why
    reason: str
    #: what the old ketua hands over
    handover: str
    #: lead, sponsor or perf_admin
    proposed_by: str
    #: second signature, None without one
    second_by: str | None
    #: state
    status: ChangeStatus
    #: when
    at: datetime


def first_letter(letter_id: str, squad: Squad, recorded_by: str, at: datetime) -> Letter:
    """Promise: the letter that a squad is formed by."""
    return Letter(
        id=letter_id,
        squad_id=squad.id,
        letter_no=squad.letter_no,
        starts_on=squad.starts_on,
        ends_on=squad.ends_on,
        recorded_by=recorded_by,
        at=at,
    )


def check_change(change: SquadChange) -> tuple[Violation, ...]:
    """Promise: faults of a change by itself: its day, its words, its numbers."""
    found: list[Violation] = []
    if change.effective_on <= change.decided_on:
        found.append(_fault("back_dated", f"{change.effective_on} is not after today"))
    if not change.reason.strip():
        found.append(_fault("reason_missing", "a change gives its reason"))
    if change.kind is ChangeKind.LEAD and not change.handover.strip():
        found.append(_fault("handover_missing", "a change of lead needs a handover note"))
    if change.kind in (ChangeKind.EFFORT, ChangeKind.JOIN) and not change.effort_bp:
        found.append(_fault("effort_missing", "how much of full time?"))
    return tuple(found)


def _fault(code: str, message: str) -> Violation:
    return Violation(code=code, subject=code, message=message)
