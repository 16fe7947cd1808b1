"""Overlay credit (penghargaan di luar porsi): reviewers, mentors, experts, liaisons.

It has no total and never enters an index (crediting.md I3); it feeds the evidence of behaviour
(Kolaboratif) and goes along in the person's ledger.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from engine.domain.errors import NotEntitled, TransitionRefused, Violation

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime


class OverlayRole(StrEnum):
    """How somebody helped beside the shares."""

    #: penelaah: checked or reviewed it
    REVIEWER = "penelaah"
    #: pembimbing: guided a member
    MENTOR = "mentor"
    #: narasumber: gave expert knowledge
    EXPERT = "narasumber"
    #: penghubung: kept the way to another unit open
    LIAISON = "penghubung"


class OverlayState(StrEnum):
    """State of an overlay credit."""

    #: recorded by lead or sponsor, the person has not answered
    PROPOSED = "proposed"
    #: the person accepts it; the ledger holds it
    ACCEPTED = "accepted"
    #: the person does not want it
    DECLINED = "declined"
    #: no answer in time
    LAPSED = "lapsed"


@dataclass(frozen=True, slots=True, kw_only=True)
class OverlayCredit:
    """Somebody's help with an output, outside its 10,000."""

    #: UUIDv7 text
    id: str
    #: the output
    output_id: str
    #: who helped
    person_id: str
    #: how
    role: OverlayRole
    #: what he did
    note: str
    #: where it can be seen, "" without
    evidence_link: str = ""
    #: lead or sponsor
    proposed_by: str
    #: when
    proposed_at: datetime
    #: state
    state: OverlayState = OverlayState.PROPOSED
    #: when answered, or lapsed
    answered_at: datetime | None = None
    #: row of the ledger once accepted
    transfer_id: int | None = None


def check_proposal(
    proposal: OverlayCredit, entitled: Iterable[str], standing: Iterable[OverlayCredit]
) -> tuple[Violation, ...]:
    """Promise: every reason not to record it.

    `entitled`: lead and sponsor of the squad; `standing`: overlays of the output.
    """
    found = []
    if proposal.proposed_by not in set(entitled):
        found.append(_fault("not_entitled", proposal.proposed_by, "lead or sponsor records it"))
    if proposal.person_id == proposal.proposed_by:
        found.append(_fault("I9", proposal.person_id, "nobody records his own help"))
    if not proposal.note.strip():
        found.append(_fault("note_missing", "note", "say what was done"))
    if any(_same(proposal, other) for other in standing):
        found.append(_fault("overlay_twice", proposal.person_id, "is recorded in this role"))
    return tuple(found)


def answer(credit: OverlayCredit, actor_id: str, *, accepts: bool, at: datetime) -> OverlayCredit:
    """Promise: accepted or declined by the person. Raises NotEntitled, TransitionRefused."""
    if actor_id != credit.person_id:
        raise NotEntitled("overlay", actor_id, "the person answers himself")
    state = OverlayState.ACCEPTED if accepts else OverlayState.DECLINED
    return _ended(credit, state, at)


def lapse(credit: OverlayCredit, at: datetime) -> OverlayCredit:
    """Promise: ended without an answer. Raises TransitionRefused."""
    return _ended(credit, OverlayState.LAPSED, at)


def _ended(credit: OverlayCredit, state: OverlayState, at: datetime) -> OverlayCredit:
    if credit.state is not OverlayState.PROPOSED:
        raise TransitionRefused("overlay", credit.state, state)
    return replace(credit, state=state, answered_at=at)


def _same(one: OverlayCredit, other: OverlayCredit) -> bool:
    return (
        (one.output_id, one.person_id, one.role) == (other.output_id, other.person_id, other.role)
        and other.state in (OverlayState.PROPOSED, OverlayState.ACCEPTED)
        and other.id != one.id
    )


def _fault(code: str, subject: str, message: str) -> Violation:
    return Violation(code=code, subject=subject, message=message)
