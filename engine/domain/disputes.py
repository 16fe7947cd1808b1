"""Disputes about a share, and their hearings (sengketa bagian)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime


class DisputeState(StrEnum):
    """State of a dispute."""

    #: raised
    OPEN = "open"
    #: parties are heard
    HEARING = "hearing"
    #: decided
    RESOLVED = "resolved"


@dataclass(frozen=True, slots=True, kw_only=True)
class RestatedLine:
    """One line of an output as the decision restates it."""

    #: the person; None: kerja kolektif
    person_id: str | None
    #: its share, basis points
    share_bp: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Dispute:
    """A contested share of an output."""

    #: UUIDv7 text
    id: str
    #: the output
    output_id: str
    #: the contested claim
    claim_id: str
    #: who contests
    raised_by: str
    #: why
    ground: str
    #: proof
    evidence_id: str | None = None
    #: state
    state: DisputeState = DisputeState.OPEN
    #: who decided
    decided_by: str | None = None
    #: the decision in words
    decision: str = ""
    #: every line of the output as decided; empty until then
    restated: tuple[RestatedLine, ...] = ()
    #: when raised
    raised_at: datetime
    #: when decided
    decided_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Hearing:
    """What one party said."""

    #: the dispute
    dispute_id: str
    #: the party
    person_id: str
    #: words
    statement: str
    #: when
    at: datetime
