"""Results by conduct: nine cells with their predikat, and the one that a rating fell into."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from engine.domain.ratings import Level

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.domain.ratings import Predikat

#: left to right, and from the bottom up
LEVELS: Final = (Level.DI_BAWAH, Level.SESUAI, Level.DI_ATAS)
CELL_WIDTH: Final = 110
CELL_HEIGHT: Final = 56
#: room for the names of the axes
LEFT: Final = 120
BOTTOM: Final = 40
WIDTH: Final = LEFT + len(LEVELS) * CELL_WIDTH + 2
HEIGHT: Final = len(LEVELS) * CELL_HEIGHT + BOTTOM


@dataclass(frozen=True, slots=True)
class Cell:
    """One pair of levels."""

    result: Level
    behaviour: Level
    predikat: Predikat | None
    x: int
    y: int
    chosen: bool


@dataclass(frozen=True, slots=True)
class Quadrant:
    """The picture: results upwards, conduct to the right."""

    cells: tuple[Cell, ...]

    @property
    def chosen(self) -> Cell | None:
        """The cell of the rating; None before it is rated."""
        return next((cell for cell in self.cells if cell.chosen), None)


def quadrant(
    nine: Mapping[tuple[Level, Level], Predikat], result: Level | None, behaviour: Level | None
) -> Quadrant:
    """Promise: nine cells, the highest results on top, at most one chosen."""
    cells = [
        Cell(
            result=up,
            behaviour=right,
            predikat=nine.get((up, right)),
            x=LEFT + column * CELL_WIDTH,
            y=(len(LEVELS) - 1 - row) * CELL_HEIGHT,
            chosen=up is result and right is behaviour,
        )
        for row, up in enumerate(LEVELS)
        for column, right in enumerate(LEVELS)
    ]
    return Quadrant(tuple(cells))
