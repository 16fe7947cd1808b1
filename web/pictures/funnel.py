"""A funnel: how many people came past each stage; bars under each other, as wide as the people."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

WIDTH: Final = 340
_BAR: Final = 18
_CAPTION: Final = 18
_GAP: Final = 8
#: narrowest bar that still shows that somebody is there
_LEAST: Final = 3
STRIP_WIDTH: Final = 120
STRIP_HEIGHT: Final = 40


@dataclass(frozen=True, slots=True)
class Step:
    """One stage: its words above a bar in the middle."""

    name: str
    people: int
    #: of everybody, basis points rounded down
    share_bp: int
    #: people who came past the stage before but not past this one; never below 0
    lost: int
    x: int
    y: int
    width: int
    text_y: int

    @property
    def height(self) -> int:
        """Of the bar."""
        return _BAR


@dataclass(frozen=True, slots=True)
class Funnel:
    """All stages, first at the top."""

    steps: tuple[Step, ...]
    people: int
    height: int
    width: int = WIDTH

    @property
    def stuck(self) -> Step | None:
        """The stage before which most people wait; None where nobody does."""
        worst = max(self.steps, key=lambda step: step.lost, default=None)
        return worst if worst is not None and worst.lost else None


@dataclass(frozen=True, slots=True)
class Column:
    """One stage of a strip."""

    x: int
    y: int
    width: int
    height: int


def funnel(people: int, stages: Sequence[tuple[str, int]]) -> Funnel:
    """Promise: a bar per stage, its width in proportion to the people who came past it."""
    steps: list[Step] = []
    before = people
    for place, (name, count) in enumerate(stages):
        top = place * (_CAPTION + _BAR + _GAP)
        width = _width(count, people)
        steps.append(
            Step(
                name=name,
                people=count,
                share_bp=count * 10_000 // people if people else 0,
                lost=max(before - count, 0),
                x=(WIDTH - width) // 2,
                y=top + _CAPTION,
                width=width,
                text_y=top + _CAPTION - 5,
            )
        )
        before = count
    return Funnel(
        steps=tuple(steps), people=people, height=len(steps) * (_CAPTION + _BAR + _GAP) - _GAP
    )


def strip(found: Funnel) -> tuple[Column, ...]:
    """Promise: the same stages as columns side by side, as high as the people."""
    if not found.steps:
        return ()
    wide = STRIP_WIDTH // len(found.steps)
    columns = []
    for place, step in enumerate(found.steps):
        height = STRIP_HEIGHT * step.people // found.people if found.people else 0
        columns.append(
            Column(x=place * wide + 1, y=STRIP_HEIGHT - height, width=wide - 2, height=height)
        )
    return tuple(columns)


def _width(count: int, people: int) -> int:
    if not count or not people:
        return 0
    return max(min(WIDTH * count // people, WIDTH), _LEAST)
