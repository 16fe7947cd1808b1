"""Predikats of a unit before and after against what the pattern asks; columns side by side."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

WIDTH: Final = 340
PLOT: Final = 130
_TOP: Final = 16
_WORDS: Final = 34
_BAR: Final = 20


@dataclass(frozen=True, slots=True)
class Bar:
    """People in one predikat at one time."""

    x: int
    y: int
    height: int
    people: int
    width: int = _BAR

    @property
    def text_x(self) -> int:
        """Middle of the bar."""
        return self.x + self.width // 2

    @property
    def text_y(self) -> int:
        """Just above the bar."""
        return self.y - 4


@dataclass(frozen=True, slots=True)
class Limit:
    """A line across a column: the most or the least people by the pattern."""

    x1: int
    x2: int
    y: int
    people: int
    most: bool


@dataclass(frozen=True, slots=True)
class Group:
    """One predikat."""

    words: tuple[str, ...]
    text_x: int
    before: Bar
    after: Bar
    limits: tuple[Limit, ...]
    #: whether the people after break a limit of this predikat alone
    missed: bool


@dataclass(frozen=True, slots=True)
class Distribution:
    """All predikats, best first."""

    groups: tuple[Group, ...]
    width: int = WIDTH
    height: int = _TOP + PLOT + _WORDS
    base_y: int = _TOP + PLOT


def distribution(
    names: Sequence[tuple[str, str]],
    before: Mapping[str, int],
    after: Mapping[str, int],
    limits: Mapping[str, tuple[int | None, int]],
) -> Distribution:
    """Promise: two columns per predikat on one scale, and its limits in people.

    Shapes: (predikat, its name) in order; people by predikat; predikat -> (most, least), for
    conditions on that predikat alone.
    """
    figures = [*before.values(), *after.values()]
    figures += [value for pair in limits.values() for value in pair if value is not None]
    scale = max([1, *figures])
    wide = WIDTH // max(len(names), 1)
    groups = []
    for place, (predikat, name) in enumerate(names):
        left = place * wide
        first = left + (wide - 2 * _BAR - 4) // 2
        most, least = limits.get(predikat, (None, 0))
        has = after.get(predikat, 0)
        groups.append(
            Group(
                words=tuple(name.split(" ", 1)),
                text_x=left + wide // 2,
                before=_bar(first, before.get(predikat, 0), scale),
                after=_bar(first + _BAR + 4, has, scale),
                limits=_limits(left, wide, (most, least), scale),
                missed=(most is not None and has > most) or has < least,
            )
        )
    return Distribution(groups=tuple(groups))


def _bar(x: int, people: int, scale: int) -> Bar:
    height = PLOT * people // scale
    return Bar(x=x, y=_TOP + PLOT - height, height=height, people=people)


def _limits(left: int, wide: int, bounds: tuple[int | None, int], scale: int) -> tuple[Limit, ...]:
    most, least = bounds
    found = []
    for people, is_most in ((most, True), (least or None, False)):
        if people is not None:
            y = _TOP + PLOT - PLOT * people // scale
            found.append(Limit(x1=left + 3, x2=left + wide - 3, y=y, people=people, most=is_most))
    return tuple(found)
