"""Twelve months as columns against full time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from engine.domain.scales import WHOLE_BP

if TYPE_CHECKING:
    from collections.abc import Sequence

WIDTH: Final = 336
PLOT: Final = 110
_TOP: Final = 16
_WORDS: Final = 18
#: steps of the heat map, basis points of full time: a month takes the first it does not exceed
STEPS: Final = (0, 5_000, 9_000, WHOLE_BP, 11_000)


@dataclass(frozen=True, slots=True)
class Month:
    """One month's column."""

    name: str
    load_bp: int
    heat: int
    x: int
    y: int
    width: int
    height: int

    @property
    def text_x(self) -> int:
        """Middle of the column."""
        return self.x + self.width // 2


@dataclass(frozen=True, slots=True)
class Months:
    """The columns and the line of full time."""

    columns: tuple[Month, ...]
    full_y: int
    width: int = WIDTH
    height: int = _TOP + PLOT + _WORDS
    base_y: int = _TOP + PLOT


def heat(load_bp: int) -> int:
    """Promise: the step 0 to 5 of a load; 4 is above full time, 5 above 110 per cent."""
    return next((step for step, most in enumerate(STEPS) if load_bp <= most), len(STEPS))


def months(names: Sequence[str], loads: Sequence[int]) -> Months:
    """Promise: a column per month on one scale that holds full time and the heaviest month."""
    scale = max([WHOLE_BP, *loads])
    wide = WIDTH // max(len(names), 1)
    columns = []
    for place, (name, load_bp) in enumerate(zip(names, loads, strict=True)):
        height = PLOT * load_bp // scale
        columns.append(
            Month(
                name=name,
                load_bp=load_bp,
                heat=heat(load_bp),
                x=place * wide + 2,
                y=_TOP + PLOT - height,
                width=wide - 4,
                height=height,
            )
        )
    return Months(columns=tuple(columns), full_y=_TOP + PLOT - PLOT * WHOLE_BP // scale)
