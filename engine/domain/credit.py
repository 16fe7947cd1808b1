"""What a share says about a promise kept: c, c_eff, and a squad role's attainment."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from engine.domain.claims import Commitment
from engine.domain.errors import Malformed
from engine.domain.scales import ATTAINMENT_SCALE, WHOLE_BP, at_scale

if TYPE_CHECKING:
    from collections.abc import Iterable
    from decimal import Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class CreditLine:
    """One person's line in one output, as the ledger and the share plan give it."""

    #: the output
    output_id: str
    #: V of the output
    value_points: int
    #: T of the output; None until the sponsor accepts it
    attainment: Decimal | None
    #: e
    expected_bp: int
    #: a; what the ledger holds for the person
    attested_bp: int
    #: k, the collective part of the output
    collective_bp: int = 0
    #: commitment recorded with the attestation
    commitment: Commitment | None = None
    #: an unsealed line counts at its expected share (sementara)
    sealed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CreditResult:
    """A line's arithmetic as it is shown."""

    #: the output
    output_id: str
    #: V
    value_points: int
    #: T
    attainment: Decimal
    #: e
    expected_bp: int
    #: a, or the expected part when not sealed
    counted_bp: int
    #: c = a / (e * (1 - k))
    ratio: Fraction
    #: c_eff
    effective_ratio: Fraction
    #: min(cap, T * c_eff)
    counted: Fraction
    #: V * e
    weight: int
    #: sementara
    provisional: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleAttainment:
    """A squad role's attainment and where it comes from."""

    #: A, scale 2; None while no output of the role has an attainment
    attainment: Decimal | None
    #: one per accepted output
    lines: tuple[CreditResult, ...]
    #: outputs not accepted yet: they weigh nothing
    open_outputs: tuple[str, ...] = ()

    @property
    def provisional(self) -> bool:
        """Whether something in it may still change (sementara)."""
        return bool(self.open_outputs) or any(line.provisional for line in self.lines)


def ratio(attested_bp: int, expected_bp: int, collective_bp: int = 0) -> Fraction:
    """Promise: c = a / (e * (1 - k)), exact. Raises Malformed unless e > 0 and k < 1."""
    if expected_bp <= 0 or not 0 <= collective_bp < WHOLE_BP:
        raise Malformed("share", (expected_bp, collective_bp), "needs e > 0 and 0 <= k < 1")
    return Fraction(attested_bp * WHOLE_BP, expected_bp * (WHOLE_BP - collective_bp))


def effective(c: Fraction, commitment: Commitment | None) -> Fraction:
    """Promise: max(c, 1) where the commitment is met, else c (crediting.md 0.3)."""
    return max(c, Fraction(1)) if commitment is Commitment.MET else c


def squad_attainment(lines: Iterable[CreditLine], cap: Decimal) -> RoleAttainment:
    """Promise: A = sum(V*e*min(cap, T*c_eff)) / sum(V*e) over the accepted outputs (0.2).

    Lines without an expected share weigh nothing. Raises Malformed for a share out of bounds.
    """
    rows = [line for line in lines if line.expected_bp > 0]
    results = tuple(
        _result(line, line.attainment, cap) for line in rows if line.attainment is not None
    )
    weight = sum(result.weight for result in results)
    total = sum((result.weight * result.counted for result in results), Fraction(0))
    return RoleAttainment(
        attainment=at_scale(total / weight, ATTAINMENT_SCALE) if weight else None,
        lines=results,
        open_outputs=tuple(line.output_id for line in rows if line.attainment is None),
    )


def _result(line: CreditLine, attainment: Decimal, cap: Decimal) -> CreditResult:
    sealed_ratio = ratio(line.attested_bp, line.expected_bp, line.collective_bp)
    c = sealed_ratio if line.sealed else Fraction(1)
    c_eff = effective(c, line.commitment if line.sealed else None)
    return CreditResult(
        output_id=line.output_id,
        value_points=line.value_points,
        attainment=attainment,
        expected_bp=line.expected_bp,
        counted_bp=line.attested_bp if line.sealed else line.expected_bp,
        ratio=c,
        effective_ratio=c_eff,
        counted=min(Fraction(cap), Fraction(attainment) * c_eff),
        weight=line.value_points * line.expected_bp,
        provisional=not line.sealed,
    )
