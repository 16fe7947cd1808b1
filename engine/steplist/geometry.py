"""Rectangles and the paths between them, in the units of the layout."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

#: free space between neighbours
GAP: Final = Decimal(60)
#: space that a new shape keeps from everything
AIR: Final = Decimal(10)
#: how far a path that leads back swings out
SWING: Final = Decimal(30)


class Point(NamedTuple):
    """A way point."""

    x: Decimal
    y: Decimal


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle."""

    x: Decimal
    y: Decimal
    width: Decimal
    height: Decimal

    @property
    def right(self) -> Decimal:
        """Its right edge."""
        return self.x + self.width

    @property
    def bottom(self) -> Decimal:
        """Its lower edge."""
        return self.y + self.height

    @property
    def middle(self) -> Point:
        """Its centre."""
        return Point(self.x + self.width / 2, self.y + self.height / 2)

    def moved(self, dx: Decimal, dy: Decimal) -> Box:
        """The same elsewhere."""
        return replace(self, x=self.x + dx, y=self.y + dy)

    def touches(self, other: Box, air: Decimal = AIR) -> bool:
        """Whether the two overlap or come closer than that."""
        return (
            self.x < other.right + air
            and other.x < self.right + air
            and self.y < other.bottom + air
            and other.y < self.bottom + air
        )


def path(source: Box, target: Box, *, drops: bool) -> list[Point]:
    """A path of right angles; `drops`: it leaves at the lower or upper edge, as from a gateway."""
    start, end = source.middle, target.middle
    if target.x >= source.right:
        if start.y == end.y:
            return [Point(source.right, start.y), Point(target.x, end.y)]
        if drops:
            edge = source.bottom if end.y > start.y else source.y
            return [Point(start.x, edge), Point(start.x, end.y), Point(target.x, end.y)]
        half = (source.right + target.x) / 2
        corners = [Point(half, start.y), Point(half, end.y)]
        return [Point(source.right, start.y), *corners, Point(target.x, end.y)]
    over = _above(source, target)
    if over:
        return over
    low = max(source.bottom, target.bottom) + SWING
    corners = [Point(start.x, low), Point(end.x, low)]
    return [Point(start.x, source.bottom), *corners, Point(end.x, target.bottom)]


def _above(source: Box, target: Box) -> list[Point]:
    """A straight path between two of which one is above the other; [] when neither is."""
    left, right = max(source.x, target.x), min(source.right, target.right)
    if left >= right:
        return []
    if source.bottom < target.y:
        return [Point((left + right) / 2, source.bottom), Point((left + right) / 2, target.y)]
    if target.bottom < source.y:
        return [Point((left + right) / 2, source.y), Point((left + right) / 2, target.bottom)]
    return []


def joined(first: list[Point], second: list[Point]) -> list[Point]:
    """Two paths through a shape that is gone, as one of right angles."""
    if not first or not second:
        return []
    a, b = first[-1], second[0]
    between = [] if a.x == b.x or a.y == b.y else [Point(b.x, a.y)]
    return straight([*first, *between, *second])


def straight(points: Iterable[Point]) -> list[Point]:
    """The same path without points that lie between their neighbours."""
    found: list[Point] = []
    for point in points:
        if found and found[-1] == point:
            continue
        if len(found) > 1 and _between(found[-2], found[-1], point):
            found.pop()
        found.append(point)
    return found


def _between(a: Point, b: Point, c: Point) -> bool:
    level = a.y == b.y == c.y and (a.x <= b.x <= c.x or a.x >= b.x >= c.x)
    upright = a.x == b.x == c.x and (a.y <= b.y <= c.y or a.y >= b.y >= c.y)
    return level or upright
