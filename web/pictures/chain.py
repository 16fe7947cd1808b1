"""The chain of a result as layers of boxes: what it serves above, what serves it below."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

WIDTH: Final = 960
_GAP: Final = 16
_DEEP: Final = 44
_LINE: Final = 16
_PAD: Final = 10
#: boxes beside each other; the rest of a layer is in the table
MOST: Final = 5
_WIDEST: Final = 300
_LETTER: Final = 7.5
_LINES: Final = 4
_ORDER: Final = {"self": 0, "objective": 1, "result": 2, "output": 3}


@dataclass(frozen=True, slots=True, kw_only=True)
class Knot:
    """Something in the chain before it has a place."""

    id: str
    title: str
    #: who, in small letters below
    whose: str
    #: "objective", "result", "self" or "output"
    kind: str
    url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """A knot with its place."""

    knot: Knot
    x: int
    y: int
    width: int
    height: int
    lines: tuple[str, ...]

    @property
    def middle(self) -> int:
        """Where its lines meet it."""
        return self.x + self.width // 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """From what serves up to what is served."""

    x1: int
    y1: int
    x2: int
    y2: int
    direct: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainPicture:
    """Boxes and lines on a sheet of `WIDTH` and `height`."""

    boxes: tuple[Box, ...]
    lines: tuple[Line, ...]
    height: int
    #: knots that found no place
    left_out: int


def draw(
    knots: Mapping[str, Knot], serves: Sequence[tuple[str, str, bool]], middle: Collection[str]
) -> ChainPicture:
    """Promise: every knot in a layer above what serves it; no box over another.

    Shapes: `serves` are (who serves, what is served, directly); `middle` the results in question,
    which are always drawn.
    """
    layers = _layers(knots, serves, middle)
    rows = [_kept(layer, middle) for layer in layers]
    boxes: list[Box] = []
    y = _PAD
    for row in rows:
        placed = _row([knots[one] for one in row], y)
        boxes += placed
        y += max((box.height for box in placed), default=0) + _DEEP
    by_id = {box.knot.id: box for box in boxes}
    lines = tuple(
        Line(
            x1=by_id[low].middle,
            y1=by_id[low].y,
            x2=by_id[high].middle,
            y2=by_id[high].y + by_id[high].height,
            direct=direct,
        )
        for low, high, direct in serves
        if low in by_id and high in by_id
    )
    return ChainPicture(
        boxes=tuple(boxes),
        lines=lines,
        height=max(y - _DEEP + _PAD, 2 * _PAD),
        left_out=len(knots) - len(boxes),
    )


def _kept(layer: Sequence[str], middle: Collection[str]) -> list[str]:
    """As many as fit beside each other, the results in question always."""
    own = [one for one in layer if one in middle][:MOST]
    others = [one for one in layer if one not in own][: MOST - len(own)]
    return [one for one in layer if one in own or one in others]


def _layers(
    knots: Mapping[str, Knot], serves: Sequence[tuple[str, str, bool]], middle: Collection[str]
) -> list[list[str]]:
    """Ids by layer from the top; a knot lies above everything that serves it."""
    level = dict.fromkeys(middle, 0)
    up = [(low, high) for low, high, _ in serves if low in knots and high in knots]
    for _ in knots:
        moved = False
        for low, high in up:
            if low in level and level[low] >= 0 and level.get(high, -1) < level[low] + 1:
                level[high] = level[low] + 1
                moved = True
            elif high in level and level[high] <= 0 and level.get(low, 1) > level[high] - 1:
                level[low] = level[high] - 1
                moved = True
        if not moved:
            break
    place: dict[str, float] = {}
    rows: list[list[str]] = []
    for height in sorted({level.get(one, 0) for one in knots}, reverse=True):
        row = sorted(
            (one for one in knots if level.get(one, 0) == height),
            key=lambda one: (_below(one, up, place), _ORDER.get(knots[one].kind, 9), one),
        )
        place |= {one: n / len(row) for n, one in enumerate(row)}
        rows.append(row)
    return rows


def _below(one: str, up: Sequence[tuple[str, str]], place: Mapping[str, float]) -> float:
    """Where a knot wants to stand: under what it serves."""
    above = [place[high] for low, high in up if low == one and high in place]
    return sum(above) / len(above) if above else 0.0


def _row(knots: Sequence[Knot], y: int) -> list[Box]:
    count = max(len(knots), 1)
    width = min((WIDTH - _GAP * (count + 1)) // count, _WIDEST)
    left = (WIDTH - count * width - (count - 1) * _GAP) // 2
    texts = [_wrapped(knot.title, width) for knot in knots]
    height = (max((len(text) for text in texts), default=0) + 1) * _LINE + 2 * _PAD
    return [
        Box(knot=knot, x=left + n * (width + _GAP), y=y, width=width, height=height, lines=text)
        for n, (knot, text) in enumerate(zip(knots, texts, strict=True))
    ]


def _wrapped(title: str, width: int) -> tuple[str, ...]:
    letters = max(int((width - 2 * _PAD) / _LETTER), 8)
    lines = textwrap.wrap(title, letters, max_lines=_LINES, placeholder=" …")
    return tuple(lines or [""])


def shortened(text: str, width: int) -> str:
    """One line that fits a box."""
    return textwrap.shorten(text, max(int((width - 2 * _PAD) / _LETTER), 8), placeholder=" …")
