"""How one indicator moved over the periods of a cycle: a small line with its target."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

WIDTH: Final = 160
HEIGHT: Final = 44
#: room for a dot at the edges
_EDGE: Final = 5
#: attainment in % at the top of the picture (its cap), and the line that is the target
TOP: Final = Decimal(120)
TARGET: Final = Decimal(100)


@dataclass(frozen=True, slots=True)
class Dot:
    """One measured period."""

    x: int
    y: int
    attainment: Decimal


@dataclass(frozen=True, slots=True)
class Sparkline:
    """The picture: dots from left to right, the line through them, and where the target lies."""

    dots: tuple[Dot, ...]
    #: points of a polyline, "x,y x,y"
    line: str
    target_y: int

    @property
    def last(self) -> Dot | None:
        """The newest dot."""
        return self.dots[-1] if self.dots else None


def sparkline(attainments: Sequence[tuple[int, Decimal]], periods: int) -> Sparkline:
    """Promise: one dot per (period counted from 0, attainment in %) inside the picture.

    A period keeps its place whether or not others are measured; what lies above the cap is drawn
    at the top.
    """
    step = (WIDTH - 2 * _EDGE) // max(periods - 1, 1)
    dots = tuple(
        Dot(_EDGE + min(at, max(periods - 1, 0)) * step, _height(value), value)
        for at, value in attainments
    )
    line = " ".join(f"{dot.x},{dot.y}" for dot in dots)
    return Sparkline(dots, line, _height(TARGET))


def _height(attainment: Decimal) -> int:
    inside = min(max(attainment, Decimal(0)), TOP)
    return HEIGHT - _EDGE - int(inside * (HEIGHT - 2 * _EDGE) / TOP)
