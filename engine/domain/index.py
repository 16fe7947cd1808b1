"""The index of work results over all roles (IHK), line by line; advice, never a verdict."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from engine.domain.errors import Malformed
from engine.domain.ratings import Level
from engine.domain.scales import (
    ATTAINMENT_SCALE,
    INDEX_SCALE,
    POINTS_SCALE,
    WHOLE_BP,
    at_scale,
    split_whole,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from decimal import Decimal

    from engine.domain.plans import RoleKind


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexBands:
    """Thresholds of the level words, filled from the agency's decision `index_band`."""

    #: from here on: di atas
    above: Decimal
    #: from here on: sesuai; below: di bawah
    as_expected: Decimal
    #: a role below this blocks di atas for the whole
    block_below: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleTime:
    """How much of a person's time a role took."""

    #: "home", "home:<id>" for a home role that ended, or the membership id
    role: str
    #: part of full time, basis points
    effort_bp: int
    #: days (or months) it was held
    duration: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleResult:
    """A role's weight and attainment, before the index."""

    #: "home", "home:<id>" for a home role that ended, or the membership id
    role: str
    #: home or squad
    role_kind: RoleKind
    #: shown name: the unit or the squad
    name: str
    #: weight among the person's roles, basis points
    weight_bp: int
    #: A; None while nothing of the role can be counted
    attainment: Decimal | None
    #: some line is not sealed (sementara)
    provisional: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexLine:
    """One role's part of the index."""

    #: "home", "home:<id>" for a home role that ended, or the membership id
    role: str
    #: home or squad
    role_kind: RoleKind
    #: shown name: the unit or the squad
    name: str
    #: time-weighted part of the person's work, basis points; the lines sum to 10,000
    weight_bp: int
    #: A of the role, 0 to 120, scale 2
    attainment: Decimal
    #: weight times attainment, scale 4
    points: Decimal
    #: level word of the role alone
    level: Level
    #: some line of the role is not sealed and counts at its expected share
    provisional: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Index:
    """The index with its arithmetic."""

    #: IHK, scale 2: the sum of the lines' points
    ihk: Decimal
    #: level the bands propose
    proposed_level: Level
    #: one per role that can be counted
    lines: tuple[IndexLine, ...]
    #: roles below the threshold that block di atas
    blocking_roles: tuple[str, ...]
    #: roles left out because nothing of them can be counted yet
    open_roles: tuple[str, ...]

    @property
    def provisional(self) -> bool:
        """Whether a later sealing may change it (sementara)."""
        return bool(self.open_roles) or any(line.provisional for line in self.lines)


def role_weights(times: Iterable[RoleTime]) -> dict[str, int]:
    """Promise: w(r) = f*duration / sum, basis points that sum to 10,000; ties by role.

    Raises Malformed when nothing was worked.
    """
    return split_whole({t.role: Fraction(t.effort_bp * t.duration) for t in times})


def home_attainment(results: Sequence[tuple[int, Decimal]]) -> Decimal:
    """Promise: sum(weight * attainment) of (weight_bp, attainment) pairs, scale 2.

    Raises Malformed unless the weights sum to 10,000.
    """
    total = sum(weight for weight, _ in results)
    if total != WHOLE_BP:
        raise Malformed("weights", total, f"sum must be {WHOLE_BP}")
    exact = sum((Fraction(a) * w / WHOLE_BP for w, a in results), Fraction(0))
    return at_scale(exact, ATTAINMENT_SCALE)


def level_of(value: Decimal, bands: IndexBands) -> Level:
    """Promise: the level word of an attainment or an index."""
    if value >= bands.above:
        return Level.DI_ATAS
    return Level.SESUAI if value >= bands.as_expected else Level.DI_BAWAH


def index_of(roles: Sequence[RoleResult], bands: IndexBands) -> Index:
    """Promise: IHK = sum(w*A) with its lines; a role below `block_below` blocks di atas.

    A role that cannot be counted yet is left out and the others keep their proportions. Raises
    Malformed when no role can be counted.
    """
    counted = [(role, role.attainment) for role in roles if role.attainment is not None]
    if not counted:
        raise Malformed("roles", [role.role for role in roles], "none can be counted")
    weights = split_whole({role.role: Fraction(role.weight_bp) for role, _ in counted})
    lines = tuple(_line(role, a, weights[role.role], bands) for role, a in counted)
    ihk = at_scale(sum((Fraction(line.points) for line in lines), Fraction(0)), INDEX_SCALE)
    blocking = tuple(line.role for line in lines if line.attainment < bands.block_below)
    level = level_of(ihk, bands)
    return Index(
        ihk=ihk,
        proposed_level=Level.SESUAI if blocking and level is Level.DI_ATAS else level,
        lines=lines,
        blocking_roles=blocking,
        open_roles=tuple(role.role for role in roles if role.attainment is None),
    )


def cross_unit_bp(
    weights_bp: Mapping[str, int],
    owners: Mapping[str, str | None],
    home_units: Collection[str | None],
) -> int:
    """Promise: the part of a person's work that other units than his own own, basis points.

    Shapes: weight and owning unit by role; the units he was at home in. It feeds talent and
    recognition and is shown in the home unit and in the host's (domain.md 5.1).
    """
    return sum(weight for role, weight in weights_bp.items() if owners.get(role) not in home_units)


def _line(role: RoleResult, attainment: Decimal, weight_bp: int, bands: IndexBands) -> IndexLine:
    shown = at_scale(attainment, ATTAINMENT_SCALE)
    return IndexLine(
        role=role.role,
        role_kind=role.role_kind,
        name=role.name,
        weight_bp=weight_bp,
        attainment=shown,
        points=at_scale(Fraction(shown) * weight_bp / WHOLE_BP, POINTS_SCALE),
        level=level_of(shown, bands),
        provisional=role.provisional,
    )
