"""The bar that must read 100 %: parts of an output side by side, in whole basis points."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

#: the whole of an output in basis points
WHOLE: Final = 10_000
#: colours that members take in turn
COLOURS: Final = 5


@dataclass(frozen=True, slots=True)
class Slice:
    """One part of the whole: a member's, the pool's, the unit's, or what is missing."""

    #: "person", "collective", "pool" or "missing"
    kind: str
    name: str
    #: basis points, also the width
    share_bp: int
    #: basis points from the left
    x: int
    #: place among the members, for the colour
    position: int = 0

    @property
    def style(self) -> str:
        """Class of its rectangle."""
        return f"bar__{self.position % COLOURS}" if self.kind == "person" else f"bar__{self.kind}"


@dataclass(frozen=True, slots=True)
class ShareBar:
    """Slices from left to right without gaps; their widths sum to the span."""

    slices: tuple[Slice, ...]
    #: what was given: shares, collective part and pool together
    total_bp: int

    @property
    def span_bp(self) -> int:
        """Width of the bar: the whole, or more where more was given out."""
        return max(self.total_bp, WHOLE)

    @property
    def is_whole(self) -> bool:
        """Whether it reads 100 %."""
        return self.total_bp == WHOLE

    @property
    def over_bp(self) -> int:
        """How much too much."""
        return max(self.total_bp - WHOLE, 0)

    @property
    def missing_bp(self) -> int:
        """How much too little."""
        return max(WHOLE - self.total_bp, 0)


def share_bar(
    members: Iterable[tuple[str, int]], *, pool_bp: int = 0, collective_bp: int = 0
) -> ShareBar:
    """The bar of members (name and basis points, in their order), collective part and pool.

    What is missing to the whole is drawn as missing; negative shares count as nothing.
    """
    found: list[Slice] = []
    at = 0
    for position, (name, share_bp) in enumerate(members):
        if share_bp > 0:
            found.append(Slice("person", name, share_bp, at, position))
            at += share_bp
    for kind, share_bp in (("collective", collective_bp), ("pool", pool_bp)):
        if share_bp > 0:
            found.append(Slice(kind, "", share_bp, at))
            at += share_bp
    total = at
    if total < WHOLE:
        found.append(Slice("missing", "", WHOLE - total, at))
    return ShareBar(tuple(found), total)
