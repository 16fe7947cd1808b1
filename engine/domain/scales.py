"""Exact arithmetic: fractions inside, decimals with a named scale outside, whole basis points."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from engine.domain.errors import Malformed

if TYPE_CHECKING:
    from collections.abc import Mapping

#: one whole in basis points: an output, a person's roles, a role's results
WHOLE_BP: Final = 10_000
#: decimals of an attainment (A, T)
ATTAINMENT_SCALE: Final = 2
#: decimals of a role's weighted points
POINTS_SCALE: Final = 4
#: decimals of the index (IHK)
INDEX_SCALE: Final = 2


def at_scale(value: Fraction | Decimal | int, scale: int) -> Decimal:
    """Promise: the value with `scale` decimals, half up, whatever the caller's decimal context."""
    exact = Fraction(value)
    shifted = abs(exact) * 10**scale
    whole = (2 * shifted.numerator + shifted.denominator) // (2 * shifted.denominator)
    return Decimal(f"{whole if exact >= 0 else -whole}E-{scale}")


def split_whole(weights: Mapping[str, Fraction], whole: int = WHOLE_BP) -> dict[str, int]:
    """Promise: whole numbers in proportion to the weights whose sum is `whole`.

    Largest remainder; equal remainders go in order of key. Raises Malformed for a negative weight
    or when all are zero.
    """
    total = sum(weights.values(), Fraction(0))
    if total <= 0 or min(weights.values()) < 0:
        raise Malformed("weights", dict(weights), "must be 0 or more and not all 0")
    exact = {key: whole * weight / total for key, weight in weights.items()}
    parts = {key: int(value) for key, value in exact.items()}
    by_remainder = sorted(exact, key=lambda key: (parts[key] - exact[key], key))
    for key in by_remainder[: whole - sum(parts.values())]:
        parts[key] += 1
    return parts
