"""A unit's predikats as one strip, with the bounds of its pattern below: whole people, no scale."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from engine.domain.ratings import Predikat, people_at_least, people_at_most

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from engine.domain.ratings import PatternRule

#: from the best to the worst, as the strip reads
ORDER: Final = (
    Predikat.SANGAT_BAIK,
    Predikat.BAIK,
    Predikat.BUTUH_PERBAIKAN,
    Predikat.KURANG,
    Predikat.SANGAT_KURANG,
)
WIDTH: Final = 1000


@dataclass(frozen=True, slots=True)
class Segment:
    """People with one predikat (None: not rated), as a part of the strip."""

    predikat: Predikat | None
    people: int
    x: int
    width: int


@dataclass(frozen=True, slots=True)
class Bound:
    """What a pattern asks of some predikats together, in people."""

    predikats: tuple[Predikat, ...]
    has: int
    at_most: int | None
    at_least: int
    #: of how many people
    people: int

    @property
    def holds(self) -> bool:
        """Whether the counted people keep inside it."""
        return self.has >= self.at_least and (self.at_most is None or self.has <= self.at_most)


@dataclass(frozen=True, slots=True)
class PatternStrip:
    """The picture: segments that fill 0 to `WIDTH`, and bounds of the rated people."""

    segments: tuple[Segment, ...]
    bounds: tuple[Bound, ...]
    people: int
    rated: int


def pattern_strip(
    counts: Mapping[Predikat, int], people: int, rules: Sequence[PatternRule]
) -> PatternStrip:
    """Promise: every person once, best first, those not rated last; edges without gaps."""
    rated = sum(counts.values())
    whole = max(people, rated)
    parts: list[tuple[Predikat | None, int]] = [(one, counts.get(one, 0)) for one in ORDER]
    parts.append((None, whole - rated))
    segments, before = [], 0
    for predikat, size in parts:
        if size:
            x, end = before * WIDTH // whole, (before + size) * WIDTH // whole
            segments.append(Segment(predikat, size, x, end - x))
        before += size
    bounds = tuple(
        Bound(
            predikats=tuple(one for one in ORDER if one in rule.predikats),
            has=sum(counts.get(one, 0) for one in rule.predikats),
            at_most=people_at_most(rule, rated),
            at_least=people_at_least(rule, rated),
            people=rated,
        )
        for rule in rules
    )
    return PatternStrip(tuple(segments), bounds, whole, rated)
