"""Expected shares of an output and the band inside which they may be moved (crediting.md 2.3)."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from engine.domain.errors import Malformed, Violation
from engine.domain.scales import WHOLE_BP, split_whole
from engine.domain.squads import SquadRole

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from engine.domain.outputs import ShareLine
    from engine.domain.ratings import Level
    from engine.domain.squads import Membership


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareRules:
    """Coefficients and cap, filled from the agency's decision `share_coefficients`."""

    #: k of each role
    coefficients: Mapping[SquadRole, int]
    #: what the lead may have at most while others share the rest, basis points
    lead_cap_bp: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BandRules:
    """How far one signature may move a line, filled from the agency's decision."""

    #: in basis points of the output
    points_bp: int
    #: in basis points of the line's expected share
    share_part_bp: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Needs:
    """What a move of a line needs."""

    #: a reason code from the agreed list
    reason_code: bool
    #: the sponsor's co-signature
    cosign: bool
    #: the member's written answer, before the co-signature
    member_answer: bool


def default_shares(members: Iterable[Membership], rules: ShareRules) -> dict[str, int]:
    """Promise: basis points by membership id, sum 10,000.

    share = k*f / sum(k*f); without a lead every k is 1; the lead capped, the excess spread pro
    rata over the others; largest remainder, ties by membership id. Raises Malformed when there
    is nobody or no effort.
    """
    rows = {row.id: row for row in members}
    if not rows or any(row.effort_bp <= 0 for row in rows.values()):
        raise Malformed("efforts", {k: v.effort_bp for k, v in rows.items()}, "must be above 0")
    leads = {key for key, row in rows.items() if row.role is SquadRole.KETUA}
    weights = {
        key: Fraction(row.effort_bp * (rules.coefficients[row.role] if leads else 1))
        for key, row in rows.items()
    }
    return split_whole(_cap(weights, leads, Fraction(rules.lead_cap_bp, WHOLE_BP)))


def _cap(weights: dict[str, Fraction], leads: set[str], cap: Fraction) -> dict[str, Fraction]:
    total = sum(weights.values(), Fraction(0))
    lead_part = sum((weights[key] for key in leads), Fraction(0)) / total
    if lead_part <= cap or len(leads) == len(weights):
        return weights
    rest = total - lead_part * total
    return {
        key: weight * (cap / (lead_part * total) if key in leads else (1 - cap) / rest)
        for key, weight in weights.items()
    }


def check_shares(lines: Sequence[ShareLine]) -> tuple[Violation, ...]:
    """Promise: every fault of a version of a share plan: sum, empty lines, a person twice."""
    found: list[Violation] = []
    total = sum(line.expected_bp for line in lines)
    if total != WHOLE_BP:
        found.append(_fault("shares_sum", "", f"lines sum to {total} instead of {WHOLE_BP}"))
    found.extend(
        _fault("share_empty", line.person_id, f"expected {line.expected_bp}")
        for line in lines
        if line.expected_bp <= 0
    )
    people = [line.person_id for line in lines]
    found.extend(
        _fault("share_twice", person, "has two lines in one output")
        for person in sorted({p for p in people if people.count(p) > 1})
    )
    return tuple(found)


def band_bp(expected_bp: int, rules: BandRules) -> int:
    """Promise: the furthest one signature may move the line, rounded down."""
    return min(rules.points_bp, expected_bp * rules.share_part_bp // WHOLE_BP)


def move_needs(
    *,
    expected_bp: int,
    claimed_bp: int,
    share_bp: int,
    rules: BandRules,
    levels: tuple[Level | None, Level | None] = (None, None),
) -> Needs:
    """Promise: what giving `share_bp` needs (crediting.md 0.1).

    `levels` are the role's level words at the expected and at the given share. A share equal to
    the expected needs nothing; inside the band a reason code; beyond it, or when the word would
    change, the member's answer and the sponsor's co-signature too. Taking a claim as it stands
    is a move like any other when the claim lies off the expected share.
    """
    moved = abs(share_bp - expected_bp)
    beyond = moved > band_bp(expected_bp, rules) or levels[0] != levels[1]
    return Needs(
        reason_code=moved > 0 or share_bp != claimed_bp, cosign=beyond, member_answer=beyond
    )


def _fault(code: str, subject: str, message: str) -> Violation:
    return Violation(code=code, subject=subject, message=message)
