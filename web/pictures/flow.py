"""Geometry of the flow between units: homes on the left, hosts on the right, ribbons by points.

Pure numbers in the picture's own units. What is left out of the largest flows is one ribbon of
"the rest", so that the widths on either side come to the whole.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

#: key of what was left out
REST: Final = "*"
WIDTH: Final = 1000
_BAR: Final = 14
#: room for the names on either side
_SIDE: Final = 300
_GAP: Final = 16
#: height of all ribbons together
_BODY: Final = 360
_TOP: Final = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Stream:
    """Something that goes from a home to a host, above 0."""

    home: str
    host: str
    amount: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """A unit on one side; y and height in the picture's units, scaled by 100."""

    key: str
    amount: int
    x: int
    y_c: int
    height_c: int
    #: place in the order of its side, for its colour
    position: int

    @property
    def middle(self) -> float:
        """Where its name stands."""
        return (self.y_c + self.height_c / 2) / 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Ribbon:
    """One stream: from (left_c) to (right_c), as wide at both ends, scaled by 100."""

    stream: Stream
    left_c: int
    right_c: int
    width_c: int
    position: int

    @property
    def path(self) -> str:
        """SVG path of the ribbon."""
        left, right, width = self.left_c / 100, self.right_c / 100, self.width_c / 100
        x1, x2 = _SIDE + _BAR, WIDTH - _SIDE - _BAR
        mid = (x1 + x2) / 2
        return (
            f"M{x1} {left:g}C{mid:g} {left:g} {mid:g} {right:g} {x2} {right:g}"
            f"V{right + width:g}C{mid:g} {right + width:g} {mid:g} {left + width:g} "
            f"{x1} {left + width:g}Z"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowPicture:
    """All shapes, and the height that they need."""

    homes: Sequence[Node]
    hosts: Sequence[Node]
    ribbons: Sequence[Ribbon]
    height: int
    total: int
    width: int = WIDTH
    bar: int = _BAR


def largest(streams: Iterable[Stream], most: int) -> list[Stream]:
    """The `most` largest streams, and the sum of the others as one; nothing is lost."""
    ordered = sorted(
        (one for one in streams if one.amount > 0),
        key=lambda one: (-one.amount, one.home, one.host),
    )
    shown, rest = ordered[:most], sum(one.amount for one in ordered[most:])
    return [*shown, Stream(home=REST, host=REST, amount=rest)] if rest else shown


def flow_picture(streams: Iterable[Stream], most: int = 24) -> FlowPicture:
    """The picture of these streams; widths on the left, on the right and in between are equal."""
    shown = largest(streams, most)
    total = sum(one.amount for one in shown)
    widths = _widths(shown, total)
    homes = _side(shown, widths, left=True)
    hosts = _side(shown, widths, left=False)
    ribbons = _ribbons(shown, widths, homes, hosts)
    bottom = max((node.y_c + node.height_c for node in (*homes, *hosts)), default=0)
    return FlowPicture(
        homes=homes, hosts=hosts, ribbons=ribbons, height=bottom // 100 + 2 * _TOP, total=total
    )


def _widths(shown: Sequence[Stream], total: int) -> dict[tuple[str, str], int]:
    """Hundredths of a unit; at least one, so that nothing that flows is out of sight."""
    return {(one.home, one.host): max(one.amount * _BODY * 100 // total, 100) for one in shown}


def _side(
    shown: Sequence[Stream], widths: Mapping[tuple[str, str], int], *, left: bool
) -> list[Node]:
    amounts: dict[str, int] = {}
    heights: dict[str, int] = {}
    for one in shown:
        key = one.home if left else one.host
        amounts[key] = amounts.get(key, 0) + one.amount
        heights[key] = heights.get(key, 0) + widths[one.home, one.host]
    order = sorted(amounts, key=lambda key: (key == REST, -amounts[key], key))
    found, y = [], _TOP * 100
    for position, key in enumerate(order):
        x = _SIDE if left else WIDTH - _SIDE - _BAR
        found.append(
            Node(
                key=key,
                amount=amounts[key],
                x=x,
                y_c=y,
                height_c=heights[key],
                position=position,
            )
        )
        y += heights[key] + _GAP * 100
    return found


def _ribbons(
    shown: Sequence[Stream],
    widths: Mapping[tuple[str, str], int],
    homes: Sequence[Node],
    hosts: Sequence[Node],
) -> list[Ribbon]:
    """Each ends where the one before it ended, in the order of the other side: fewer crossings."""
    left = {node.key: node.y_c for node in homes}
    right = {node.key: node.y_c for node in hosts}
    place = {node.key: node.position for node in homes}
    there = {node.key: node.position for node in hosts}
    starts: dict[tuple[str, str], int] = {}
    for one in sorted(shown, key=lambda one: (place[one.home], there[one.host])):
        starts[one.home, one.host] = left[one.home]
        left[one.home] += widths[one.home, one.host]
    found = []
    for one in sorted(shown, key=lambda one: (there[one.host], place[one.home])):
        pair = (one.home, one.host)
        found.append(
            Ribbon(
                stream=one,
                left_c=starts[pair],
                right_c=right[one.host],
                width_c=widths[pair],
                position=place[one.home],
            )
        )
        right[one.host] += widths[pair]
    return found
