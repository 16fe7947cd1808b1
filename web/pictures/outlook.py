"""Where one indicator is expected to end: what was recorded, the way on, and the interval."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from engine.domain.forecasts import HIGHEST, WHOLE_CYCLE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from engine.domain.forecasts import Forecast, Point

WIDTH: Final = 320
HEIGHT: Final = 110
_EDGE: Final = 8
_FOOT: Final = 100
_TARGET: Final = Decimal(100)


@dataclass(frozen=True, slots=True)
class Outlined:
    """The picture: recorded dots, the line through them, the way on and the interval at the end."""

    dots: tuple[tuple[int, int], ...]
    #: points of a polyline, "x,y x,y"
    line: str
    #: from the last dot to the forecast
    way: tuple[int, int, int, int]
    #: the wedge of the interval, points of a polygon
    wedge: str
    #: the interval at the end of the year: x, highest y, lowest y
    interval: tuple[int, int, int]
    target_y: int


def outlined(points: Sequence[Point], said: Forecast) -> Outlined:
    """Promise: everything inside the picture; the last dot, the way and the interval meet."""
    dots = tuple((_across(one.elapsed_e4), _height(one.attainment)) for one in points)
    x, y = dots[-1]
    end = _across(WHOLE_CYCLE)
    low, high = _height(said.low), _height(said.high)
    return Outlined(
        dots=dots,
        line=" ".join(f"{across},{down}" for across, down in dots),
        way=(x, y, end, _height(said.expected)),
        wedge=f"{x},{y} {end},{high} {end},{low}",
        interval=(end, high, low),
        target_y=_height(_TARGET),
    )


def _across(elapsed_e4: int) -> int:
    return _EDGE + elapsed_e4 * (WIDTH - 2 * _EDGE) // WHOLE_CYCLE


def _height(attainment: Decimal) -> int:
    inside = min(max(attainment, Decimal(0)), HIGHEST)
    return _FOOT - int(inside * (_FOOT - _EDGE) / HIGHEST)
