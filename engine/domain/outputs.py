"""Outputs of a squad and the shares expected in them (keluaran, rencana bagian)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from engine.domain.errors import (
    Malformed,
    NotEntitled,
    TransitionRefused,
    Violation,
    require,
)
from engine.domain.scales import ATTAINMENT_SCALE, at_scale

if TYPE_CHECKING:
    from collections.abc import Sequence
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
    #: when he did
    delivered_at: datetime | None = None
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


def deliver(output: Output, lead_id: str, actor_id: str, at: datetime) -> Output:
    """Promise: the output handed over by the lead. Raises TransitionRefused, NotEntitled."""
    _expect(output, OutputStatus.PLANNED, "deliver")
    if actor_id != lead_id:
        raise NotEntitled("deliver", actor_id, "only the lead hands over")
    return replace(output, status=OutputStatus.DELIVERED, delivered_by=actor_id, delivered_at=at)


def accept(
    output: Output, actor_id: str, attainment: Decimal, cap: Decimal, at: datetime
) -> Output:
    """Promise: the output taken with its attainment T.

    Raises TransitionRefused, NotEntitled when who delivered would accept, Malformed for T outside
    0..cap.
    """
    _expect(output, OutputStatus.DELIVERED, "accept")
    if actor_id == output.delivered_by:
        raise NotEntitled("accept", actor_id, "nobody accepts what he handed over")
    if not 0 <= attainment <= cap:
        raise Malformed("attainment", attainment, f"must lie between 0 and {cap}")
    return replace(
        output,
        status=OutputStatus.ACCEPTED,
        attainment=at_scale(attainment, ATTAINMENT_SCALE),
        accepted_by=actor_id,
        accepted_at=at,
    )


def send_back(output: Output) -> Output:
    """Promise: the output back with the lead. Raises TransitionRefused unless delivered."""
    _expect(output, OutputStatus.DELIVERED, "send back")
    return replace(output, status=OutputStatus.PLANNED, delivered_by=None, delivered_at=None)


def seal(output: Output, blockers: Sequence[Violation], at: datetime) -> Output:
    """Promise: the output sealed. Raises TransitionRefused, RuleBroken with all `blockers`."""
    _expect(output, OutputStatus.ACCEPTED, "seal")
    require(tuple(blockers))
    return replace(output, status=OutputStatus.SEALED, sealed_at=at)


def _expect(output: Output, status: OutputStatus, act: str) -> None:
    if output.status is not status:
        raise TransitionRefused("output", output.status, act)
