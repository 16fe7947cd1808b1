"""Means of a survey by question, 1 to 4: bars under each other, the words above each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence
    from decimal import Decimal

WIDTH: Final = 340
_BAR: Final = 14
_CAPTION: Final = 18
_GAP: Final = 8
#: scores begin at 1
_LOWEST, _HIGHEST = 1, 4


@dataclass(frozen=True, slots=True)
class Bar:
    """One question."""

    name: str
    mean: Decimal
    y: int
    width: int
    text_y: int
    height: int = _BAR


@dataclass(frozen=True, slots=True)
class ElementBars:
    """All questions, first at the top."""

    bars: tuple[Bar, ...]
    height: int
    width: int = WIDTH


def element_bars(means: Sequence[tuple[str, Decimal]]) -> ElementBars:
    """Promise: a bar per question, nothing at 1 and the whole width at 4."""
    bars = []
    for place, (name, mean) in enumerate(means):
        top = place * (_CAPTION + _BAR + _GAP)
        part = (mean - _LOWEST) / (_HIGHEST - _LOWEST)
        bars.append(
            Bar(
                name=name,
                mean=mean,
                y=top + _CAPTION,
                width=max(min(int(WIDTH * part), WIDTH), 1),
                text_y=top + _CAPTION - 5,
            )
        )
    return ElementBars(bars=tuple(bars), height=max(len(bars) * (_CAPTION + _BAR + _GAP), 1))
