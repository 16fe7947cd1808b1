"""Complaints of citizens about a service (pengaduan): without a name, answered by the unit."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from engine.domain.errors import TransitionRefused

if TYPE_CHECKING:
    from datetime import date, datetime


class ComplaintState(StrEnum):
    """State of a complaint."""

    RECEIVED = "received"
    #: the unit let its time pass; who looks after performance answers
    ESCALATED = "escalated"
    ANSWERED = "answered"


@dataclass(frozen=True, slots=True, kw_only=True)
class Complaint:
    """What somebody complains about; who holds its code reads the answer."""

    #: UUIDv7 text
    id: str
    agency_id: str
    #: the survey whose link it came by
    survey_id: str
    unit_id: str
    #: the planned result (RHK) that the service is
    item_id: str | None
    text: str
    #: where it is found, and SHA-256 of what proves it
    selector: str
    secret_hash: str
    received_on: date
    state: ComplaintState = ComplaintState.RECEIVED
    answer: str = ""
    answered_by: str | None = None
    answered_at: datetime | None = None


def escalate(row: Complaint) -> Complaint:
    """Promise: the unit's time is over. TransitionRefused once it is answered."""
    if row.state is not ComplaintState.RECEIVED:
        raise TransitionRefused("complaint", row.state, "escalate")
    return replace(row, state=ComplaintState.ESCALATED)


def answer(row: Complaint, text: str, by: str, at: datetime) -> Complaint:
    """Promise: answered, once. TransitionRefused when it was answered before."""
    if row.state is ComplaintState.ANSWERED:
        raise TransitionRefused("complaint", row.state, "answer")
    return replace(row, state=ComplaintState.ANSWERED, answer=text, answered_by=by, answered_at=at)
