"""How many take part in planning and how many days it takes them, in whole days."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from engine.domain.scales import WHOLE_BP

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

#: what training on e-Kinerja came to in the field: from seven days to two, 95 per cent taking part
FIELD_DAYS_BEFORE: Final = 7
FIELD_DAYS: Final = 2
FIELD_SHARE_BP: Final = 9_500

_HALF: Final = 50
_NINE_TENTHS: Final = 90
_WHOLE: Final = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Participation:
    """A group of people: who has a fixed plan, and how long it took."""

    people: int
    fixed: int
    #: half of those fixed took no longer, days; None while nobody is fixed
    median_days: int | None
    #: nine in ten took no longer, days
    most_days: int | None

    @property
    def share_bp(self) -> int:
        """Part of the people whose plan is fixed, basis points, rounded down; 0 for nobody."""
        return self.fixed * WHOLE_BP // self.people if self.people else 0

    @property
    def meets_field(self) -> bool:
        """Whether it is as good as what the field reached."""
        quick = self.median_days is not None and self.median_days <= FIELD_DAYS
        return quick and self.share_bp >= FIELD_SHARE_BP


def days_between(opened: date, fixed: date) -> int:
    """Promise: whole days from one day to another; 0 on the same day, never below."""
    return max((fixed - opened).days, 0)


def participation(people: int, days: Sequence[int]) -> Participation:
    """Promise: figures of a group of which one entry of `days` stands for each fixed plan."""
    ordered = sorted(days)
    return Participation(
        people=people,
        fixed=len(ordered),
        median_days=rank(ordered, _HALF),
        most_days=rank(ordered, _NINE_TENTHS),
    )


def rank(ordered: Sequence[int], percent: int) -> int | None:
    """Promise: the least value that `percent` of an ascending sequence do not exceed; nearest rank.

    None for an empty sequence.
    """
    if not ordered:
        return None
    place = -(-len(ordered) * percent // _WHOLE)
    return ordered[max(place, 1) - 1]
