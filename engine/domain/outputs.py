"""Outputs of a squad and the shares expected in them (keluaran, rencana bagian)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date, datetime
    from decimal import Decimal


class OutputStatus(StrEnum):
    """State of an output."""

    #: agreed at planning
    PLANNED = "planned"
    #: handed over by the lead
    DELIVERED = "delivered"
    #: taken by the sponsor with an attainment; its 10,000 basis points are open
    ACCEPTED = "accepted"
    #: every line terminal, pool empty, window closed
    SEALED = "sealed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Output:
    """One output of one squad, worth V points."""

    #: UUIDv7 text
    id: str
    #: its squad
    squad_id: str
    #: 1-based order in the squad
    number: int
    #: what is made
    title: str
    #: measure in words
    indicator: str
    #: target in words
    target: str
    #: V, fixed at planning from the squad's budget
    value_points: int
    #: which cycle
    cycle_id: str
    #: work period: the index replays by it
    period_id: str
    #: day it is due
    due_on: date
    #: state
    status: OutputStatus = OutputStatus.PLANNED
    #: T, 0 to 120, set at acceptance
    attainment: Decimal | None = None
    #: lead who handed it over
    delivered_by: str | None = None
    #: sponsor who took it
    accepted_by: str | None = None
    #: when
    accepted_at: datetime | None = None
    #: when sealed
    sealed_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SharePlan:
    """A version of the expected shares of an output, agreed in clarification."""

    #: UUIDv7 text
    id: str
    #: the output
    output_id: str
    #: 1-based; a new one when members change
    version: int
    #: why this version
    reason: str
    #: when
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareLine:
    """The share expected of one member."""

    #: the version
    share_plan_id: str
    #: the membership
    membership_id: str
    #: its person
    person_id: str
    #: e, basis points; the lines of a version sum to 10,000
    expected_bp: int
