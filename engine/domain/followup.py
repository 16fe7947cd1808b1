"""Follow-up of a rating (tindak lanjut)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from engine.domain.errors import Violation

if TYPE_CHECKING:
    from datetime import datetime


class FollowUpKind(StrEnum):
    """What follows from a predikat."""

    #: penghargaan
    AWARD = "award"
    #: pengembangan kompetensi
    DEVELOPMENT = "development"
    #: rencana perbaikan kinerja
    IMPROVEMENT = "improvement"
    #: bimbingan dan konseling
    COACHING = "coaching"
    #: nothing beyond the record
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUp:
    """A follow-up of a rating, confirmed by a human."""

    #: UUIDv7 text
    id: str
    #: the rating
    rating_id: str
    #: what
    kind: FollowUpKind
    #: words
    note: str = ""
    #: who confirmed
    confirmed_by: str | None = None
    #: when
    at: datetime


def check_confirmer(person_id: str, actor_id: str) -> tuple[Violation, ...]:
    """Promise: nobody confirms a follow-up about himself."""
    if person_id != actor_id:
        return ()
    return (_fault("own_follow_up", actor_id, "nobody confirms his own follow-up"),)


def _fault(code: str, subject: str, message: str) -> Violation:
    return Violation(code=code, subject=subject, message=message)
