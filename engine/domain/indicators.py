"""Attainment of a measured target: per aspect, direction and cap."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import TYPE_CHECKING

from engine.domain.errors import Malformed
from engine.domain.scales import ATTAINMENT_SCALE, at_scale

if TYPE_CHECKING:
    from collections.abc import Sequence
    from decimal import Decimal


class Aspect(StrEnum):
    """What an indicator measures (aspek)."""

    #: how much
    KUANTITAS = "kuantitas"
    #: how good
    KUALITAS = "kualitas"
    #: how soon
    WAKTU = "waktu"
    #: at what cost
    BIAYA = "biaya"


class Direction(StrEnum):
    """Which way is better."""

    #: more is better
    HIGHER = "higher"
    #: less is better (days, cost, complaints)
    LOWER = "lower"
    #: inside a range is right
    RANGE = "range"


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """What is to be reached, and how far it counts."""

    #: which way is better
    direction: Direction
    #: the target; for a range its lower end
    value: Decimal
    #: upper end of a range
    upper: Decimal | None = None
    #: attainment never counts above this
    cap: Decimal


def default_direction(aspect: Aspect) -> Direction:
    """Promise: time and cost are better when lower, the rest when higher."""
    return Direction.LOWER if aspect in (Aspect.WAKTU, Aspect.BIAYA) else Direction.HIGHER


def attainment(target: Target, actual: Decimal) -> Decimal:
    """Promise: percent reached, 0 to the cap, scale 2, half up.

    higher: actual/target. lower: 2 - actual/target, so half the cost is 150 before the cap and
    double is 0. range: 100 inside; outside, 100 less the distance in percent of the nearer end.
    Raises Malformed when the numbers allow no percentage.
    """
    return capped(_percent(target, Fraction(actual)), target.cap)


def mean_attainment(values: Sequence[Decimal]) -> Decimal:
    """Promise: the plain mean of a result's indicators, scale 2. Raises Malformed when empty."""
    if not values:
        raise Malformed("attainments", values, "no indicator measured")
    return at_scale(
        Fraction(sum(map(Fraction, values), Fraction(0)), len(values)), ATTAINMENT_SCALE
    )


def capped(value: Fraction | Decimal, cap: Decimal) -> Decimal:
    """Promise: the value between 0 and the cap, scale 2, half up."""
    return at_scale(max(Fraction(0), min(Fraction(value), Fraction(cap))), ATTAINMENT_SCALE)


def _percent(target: Target, actual: Fraction) -> Fraction:
    value = Fraction(target.value)
    if actual < 0:
        raise Malformed("actual", actual, "below 0")
    if target.direction is Direction.RANGE:
        return _range_percent(target, actual)
    if value <= 0:
        if target.direction is Direction.LOWER and value == 0:
            return Fraction(100) if actual == 0 else Fraction(0)
        raise Malformed("target", target.value, "must be above 0")
    ratio = actual / value
    return 100 * (ratio if target.direction is Direction.HIGHER else 2 - ratio)


def _range_percent(target: Target, actual: Fraction) -> Fraction:
    lower = Fraction(target.value)
    upper = Fraction(target.upper if target.upper is not None else target.value)
    if upper < lower or lower < 0 or upper == 0:
        raise Malformed("range", (target.value, target.upper), "ends must rise and not both be 0")
    if lower <= actual <= upper:
        return Fraction(100)
    if actual < lower:
        return 100 * actual / lower
    return 100 * (2 - actual / upper)
