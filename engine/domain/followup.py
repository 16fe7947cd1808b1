"""Follow-up of a rating (tindak lanjut)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

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
