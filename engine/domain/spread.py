"""Leniency and spread per rater, in exact arithmetic."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import isqrt
from typing import TYPE_CHECKING, Final

from engine.domain.scales import at_scale

if TYPE_CHECKING:
    from decimal import Decimal

#: decimals of a mean, a difference and a standard deviation
SPREAD_SCALE: Final = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Sums:
    """Whole numbers that say all about a set of levels (1, 2, 3)."""

    #: how many
    people: int
    #: their sum
    total: int
    #: the sum of their squares
    squares: int

    @property
    def mean(self) -> Decimal:
        """Mean level; 0 for nobody."""
        return at_scale(self._mean(), SPREAD_SCALE)

    @property
    def deviation(self) -> Decimal:
        """Population standard deviation, rounded half up from the exact root; 0 for nobody."""
        if not self.people:
            return at_scale(0, SPREAD_SCALE)
        # n^2 * variance is whole, so the root of it is found in whole numbers
        scaled = self.people * self.squares - self.total * self.total
        return _root(scaled, self.people)

    def above(self, others: Sums) -> Decimal:
        """How much higher (+) or lower (-) than the mean of others: leniency."""
        return at_scale(self._mean() - others._mean(), SPREAD_SCALE)

    def _mean(self) -> Fraction:
        return Fraction(self.total, self.people) if self.people else Fraction(0)


def _root(whole: int, divisor: int) -> Decimal:
    """Root of a whole number over a divisor, half up at the scale."""
    unit = 10**SPREAD_SCALE
    # round(sqrt(w) * unit / d) = floor((2 * sqrt(w) * unit + d) / (2 * d)); isqrt never rounds up
    twice = isqrt(4 * whole * unit * unit)
    return at_scale(Fraction((twice + divisor) // (2 * divisor), unit), SPREAD_SCALE)
