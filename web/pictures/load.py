"""Columns of load by month against the line of full time, in whole units of the picture."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

#: basis points of full time
WHOLE: Final = 10_000
_WIDTH: Final = 46
_STEP: Final = 60
_TOP: Final = 10
_DEPTH: Final = 160
_FOOT: Final = 22


@dataclass(frozen=True, slots=True)
class Month:
    """Load of a month, basis points: home, squads, and the place that is weighed."""

    month: int
    home_bp: int
    squads_bp: int
    place_bp: int

    @property
    def total_bp(self) -> int:
        """All together."""
        return self.home_bp + self.squads_bp + self.place_bp


@dataclass(frozen=True, slots=True)
class Column:
    """A month as three boxes, one on the other: home below, then squads, then the place."""

    month: int
    x: int
    width: int
    home_y: int
    home_height: int
    squads_y: int
    squads_height: int
    place_y: int
    place_height: int

    @property
    def middle(self) -> int:
        """Middle of the column."""
        return self.x + self.width // 2


@dataclass(frozen=True, slots=True)
class LoadPicture:
    """Columns from left to right, and where the line of the limit lies."""

    columns: tuple[Column, ...]
    width: int
    height: int
    limit_y: int


def load_picture(months: Iterable[Month], limit_bp: int = WHOLE) -> LoadPicture:
    """The picture; the highest column or the limit, whichever is more, fills its height."""
    rows = list(months)
    highest = max([limit_bp * 11 // 10, *(row.total_bp for row in rows)])
    base = _TOP + _DEPTH

    def level(load_bp: int) -> int:
        return base - load_bp * _DEPTH // highest

    columns = []
    for number, row in enumerate(rows):
        home, squads = level(row.home_bp), level(row.home_bp + row.squads_bp)
        top = level(row.total_bp)
        columns.append(
            Column(
                month=row.month,
                x=number * _STEP + (_STEP - _WIDTH) // 2,
                width=_WIDTH,
                home_y=home,
                home_height=base - home,
                squads_y=squads,
                squads_height=home - squads,
                place_y=top,
                place_height=squads - top,
            )
        )
    return LoadPicture(
        columns=tuple(columns),
        width=max(len(rows), 1) * _STEP,
        height=base + _FOOT,
        limit_y=level(limit_bp),
    )
