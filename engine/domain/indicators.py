"""Attainment of a result: per indicator by aspect and direction, over its indicators by weight."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from engine.domain.errors import Malformed
from engine.domain.scales import ATTAINMENT_SCALE, at_scale

if TYPE_CHECKING:
    from collections.abc import Sequence

#: lower-is-better counts nothing from here on, in percent of its target, unless a table says other
ZERO_AT_PERCENT: Final = Decimal(200)
_TARGET_MET: Final = 100


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
    #: judged by words, not by a number
    QUALITATIVE = "qualitative"


@dataclass(frozen=True, slots=True, kw_only=True)
class AttainmentRules:
    """How far attainment counts, filled from the agency's decision `attainment_rules`."""

    #: never above this, percent
    cap: Decimal
    #: where less is better nothing counts from here on, percent of the target; above 100
    zero_at_percent: Decimal = ZERO_AT_PERCENT


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """What is to be reached, and how far it counts."""

    #: which way is better; QUALITATIVE has no number
    direction: Direction
    #: the target; for a range its lower end
    value: Decimal
    #: upper end of a range
    upper: Decimal | None = None
    #: attainment never counts above this
    cap: Decimal
    #: percent of the target, or of the nearer end of a range, at which nothing counts any more
    zero_at_percent: Decimal = ZERO_AT_PERCENT


def default_direction(aspect: Aspect) -> Direction:
    """Promise: time and cost are better when lower, the rest when higher."""
    return Direction.LOWER if aspect in (Aspect.WAKTU, Aspect.BIAYA) else Direction.HIGHER


def attainment(target: Target, actual: Decimal) -> Decimal:
    """Promise: percent reached, 0 to the cap, scale 2, half up.

    higher: actual/target. lower: 100 at the target, falling evenly to 0 at `zero_at_percent` of
    it and rising as evenly below it. range: 100 inside; outside it falls as evenly with the
    distance in percent of the nearer end, alike on both sides.
    Raises Malformed when the numbers allow no percentage.
    """
    return capped(_percent(target, Fraction(actual)), target.cap)


def result_attainment(measured: Sequence[tuple[int, Decimal | None]]) -> Decimal:
    """Promise: mean of a result's indicators by weight, scale 2, half up.

    Shapes: (weight, attainment) of every indicator; None was never measured and counts nothing,
    so that measuring never lowers a result. Raises Malformed when empty or a weight is below 1.
    """
    if not measured or any(weight < 1 for weight, _ in measured):
        raise Malformed("indicators", measured, "need one at least, each with a weight above 0")
    whole = sum(weight for weight, _ in measured)
    reached = sum((Fraction(a) * w for w, a in measured if a is not None), Fraction(0))
    return at_scale(reached / whole, ATTAINMENT_SCALE)


def capped(value: Fraction | Decimal, cap: Decimal) -> Decimal:
    """Promise: the value between 0 and the cap, scale 2, half up."""
    return at_scale(max(Fraction(0), min(Fraction(value), Fraction(cap))), ATTAINMENT_SCALE)


def _percent(target: Target, actual: Fraction) -> Fraction:
    if actual < 0:
        raise Malformed("actual", actual, "below 0")
    if target.direction is Direction.QUALITATIVE:
        raise Malformed("target", target.direction.value, "is judged by words")
    if target.direction is Direction.RANGE:
        return _range_percent(target, actual)
    value = Fraction(target.value)
    if value <= 0:
        if target.direction is Direction.LOWER and value == 0:
            return Fraction(_TARGET_MET) if actual == 0 else Fraction(0)
        raise Malformed("target", target.value, "must be above 0")
    if target.direction is Direction.HIGHER:
        return _TARGET_MET * actual / value
    return _falling(target, actual / value - 1)


def _range_percent(target: Target, actual: Fraction) -> Fraction:
    lower = Fraction(target.value)
    upper = Fraction(target.upper if target.upper is not None else target.value)
    if upper < lower or lower < 0 or upper == 0:
        raise Malformed("range", (target.value, target.upper), "ends must rise and not both be 0")
    if lower <= actual <= upper:
        return Fraction(_TARGET_MET)
    if actual < lower:
        return _falling(target, 1 - actual / lower)
    return _falling(target, actual / upper - 1)


def _falling(target: Target, beyond: Fraction) -> Fraction:
    """100 less what a distance beyond the target costs; the distance is a part of the target."""
    reach = Fraction(target.zero_at_percent) / 100 - 1
    if reach <= 0:
        raise Malformed("zero_at_percent", target.zero_at_percent, "must be above 100")
    return _TARGET_MET * (1 - beyond / reach)
