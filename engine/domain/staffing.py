"""How fully a job is used (analisis beban kerja)."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from engine.domain.scales import WHOLE_BP, at_scale

if TYPE_CHECKING:
    from decimal import Decimal

_MONTHS = 12


def used(year_bp: int, people: int) -> Decimal:
    """Promise: full-time years that a job's people work, per person, scale 2; 0 without people.

    `year_bp` is the sum of twelve months of all of them, basis points of one month.
    """
    if people == 0:
        return at_scale(Fraction(0), 2)
    return at_scale(Fraction(year_bp, WHOLE_BP * _MONTHS * people), 2)
