"""Follow-up of a rating (tindak lanjut)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from engine.domain.errors import Violation

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
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


def check_follow_up(
    kinds: Sequence[FollowUpKind], allowed: Collection[FollowUpKind], note: str
) -> tuple[Violation, ...]:
    """Promise: every fault of a confirmed follow-up.

    `allowed` are the kinds the decision `follow_up` names for the predikat; another kind needs a
    note, none stands alone, improvement needs its plan in words.
    """
    found: list[Violation] = []
    if not kinds:
        found.append(_fault("follow_up_missing", "", "say what follows, or none"))
    if FollowUpKind.NONE in kinds and len(kinds) > 1:
        found.append(_fault("follow_up_none", FollowUpKind.NONE, "none stands alone"))
    if set(kinds) - set(allowed) and not note.strip():
        found.append(_fault("reason_missing", "note", "another follow-up needs a reason"))
    if FollowUpKind.IMPROVEMENT in kinds and not note.strip():
        found.append(_fault("improvement_missing", "note", "an improvement needs its plan"))
    return tuple(found)


def check_confirmer(person_id: str, actor_id: str) -> tuple[Violation, ...]:
    """Promise: nobody confirms a follow-up about himself."""
    if person_id != actor_id:
        return ()
    return (_fault("own_follow_up", actor_id, "nobody confirms his own follow-up"),)


def _fault(code: str, subject: str, message: str) -> Violation:
    return Violation(code=code, subject=subject, message=message)
