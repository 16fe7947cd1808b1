"""Figures of two simulations as bars beside each other, in whole units of the picture."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

#: what is shown when the greatest figure is nothing
_LEAST: Final = 1.0
# columns of load by month
_COLUMN: Final = 34
_MONTH: Final = 84
_LEFT: Final = 8
_TOP: Final = 22
_DEPTH: Final = 130
_FOOT: Final = 26
# bars of length by step
_ROW: Final = 64
_BAR: Final = 16
_WIDE: Final = 620
_NAME: Final = 16


@dataclass(frozen=True, slots=True)
class Bar:
    """A box with its words."""

    x: int
    y: int
    width: int
    height: int
    #: "before" or "after"
    side: str
    words: str


@dataclass(frozen=True, slots=True)
class LoadMonth:
    """A month on the axis."""

    name: str
    x: int
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class LoadBars:
    """Load of one role by month, and where its capacity lies."""

    months: tuple[LoadMonth, ...]
    width: int
    height: int
    base_y: int
    #: height of full capacity; None when it lies far above
    full_y: int | None


@dataclass(frozen=True, slots=True)
class StepRow:
    """A step with its bars: the long time pale, the usual one full before it."""

    name: str
    y: int
    #: (long, usual) of each side
    pairs: tuple[tuple[Bar, Bar], ...]


@dataclass(frozen=True, slots=True)
class StepBars:
    """Times of steps."""

    rows: tuple[StepRow, ...]
    width: int
    height: int


def load_bars(
    months: Sequence[tuple[str, Sequence[tuple[str, float, str]]]],
) -> LoadBars:
    """Columns by month: (name, [(side, share of capacity, words)])."""
    most = max([share for _, sides in months for _, share, _ in sides], default=0.0)
    scale = max(most, 0.0001)
    shows_full = most >= 0.5  # noqa: PLR2004 - a line far above would flatten everything
    if shows_full:
        scale = max(most, 1.0)
    base = _TOP + _DEPTH
    return LoadBars(
        months=tuple(
            _month(number, name, sides, scale) for number, (name, sides) in enumerate(months)
        ),
        width=_LEFT + max(len(months), 1) * _MONTH,
        height=base + _FOOT,
        base_y=base,
        full_y=base - int(_DEPTH / scale) if shows_full else None,
    )


def _month(
    number: int, name: str, sides: Sequence[tuple[str, float, str]], scale: float
) -> LoadMonth:
    left = _LEFT + number * _MONTH
    first = left + (_MONTH - _COLUMN * len(sides)) // 2
    bars = []
    for place, (side, share, words) in enumerate(sides):
        height = max(int(share / scale * _DEPTH), 1 if share > 0 else 0)
        y = _TOP + _DEPTH - height
        bars.append(Bar(first + place * _COLUMN, y, _COLUMN - 2, height, side, words))
    return LoadMonth(name=name, x=left + _MONTH // 2, bars=tuple(bars))


def step_bars(
    steps: Sequence[tuple[str, Sequence[tuple[str, float, float, str]]]],
) -> StepBars:
    """Rows by step: (name, [(side, usual, long, words)]), all in one unit."""
    most = max([long for _, sides in steps for _, _, long, _ in sides], default=0.0) or _LEAST
    rows, y = [], 4
    for name, sides in steps:
        pairs = []
        for place, (side, usual, long, words) in enumerate(sides):
            top = y + _NAME + 4 + place * (_BAR + 3)
            pairs.append(
                (
                    Bar(0, top, _length(long, most), _BAR, side, words),
                    Bar(0, top, _length(usual, most), _BAR, side, words),
                )
            )
        rows.append(StepRow(name=name, y=y + _NAME - 3, pairs=tuple(pairs)))
        y += _ROW - (0 if len(sides) > 1 else _BAR)
    return StepBars(rows=tuple(rows), width=_WIDE + 260, height=y + 4)


def _length(figure: float, most: float) -> int:
    return max(int(figure / most * _WIDE), 2 if figure > 0 else 0)
