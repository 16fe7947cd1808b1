"""What is frozen when a segment ends: plan version, evidence, index line, and the interim rating.

No formula averages predikat over segments: the December rater rates once and is shown the interim
rating of the elapsed part (domain.md 2.5).
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum
from hashlib import sha256
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from engine.domain.ratings import Level, Predikat


@dataclass(frozen=True, slots=True, kw_only=True)
class SegmentSnapshot:
    """A closed segment as it stood; immutable, with the digest of its content."""

    #: UUIDv7 text
    id: str
    person_id: str
    cycle_id: str
    #: the change that closed it
    change_id: str
    #: appointment or membership that the segment came from
    source_id: str
    #: where it was served
    unit_id: str | None = None
    #: who rates the elapsed part
    rater_id: str | None = None
    starts_on: date
    ends_on: date
    #: version of the plan that held
    plan_id: str | None = None
    #: attainment of the role at that day; None while nothing of it could be counted
    attainment: Decimal | None = None
    #: results with a documented period, and all of them
    documented_items: int = 0
    items: int = 0
    #: pieces of evidence, and those of them that were verified
    evidence: int = 0
    verified_evidence: int = 0
    at: datetime
    #: hex digest of everything above
    digest: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SegmentRating:
    """What the old rater says of the elapsed part; given once, never edited."""

    #: UUIDv7 text
    id: str
    snapshot_id: str
    rater_id: str
    #: absent rater, when a substitute rates
    on_behalf_of: str | None = None
    result_level: Level
    behaviour_level: Level
    predikat: Predikat
    note: str
    at: datetime


def sealed(snapshot: SegmentSnapshot) -> SegmentSnapshot:
    """Promise: the snapshot with its digest."""
    return replace(snapshot, digest=digest(snapshot))


def digest(snapshot: SegmentSnapshot) -> str:
    """Promise: SHA-256 over every field but the digest itself, in the order they are declared."""
    parts = [
        f"{field.name}={_text(getattr(snapshot, field.name))}"
        for field in fields(snapshot)
        if field.name != "digest"
    ]
    return sha256("\n".join(parts).encode()).hexdigest()


def holds(snapshot: SegmentSnapshot) -> bool:
    """Promise: whether nothing of it was changed since it was frozen."""
    return snapshot.digest == digest(snapshot)


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return f"{value:.2f}"
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return value.isoformat() if isinstance(value, date) else str(value)
