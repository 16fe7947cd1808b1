"""The index of work results over all roles (IHK), line by line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from decimal import Decimal

    from engine.domain.plans import RoleKind


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexLine:
    """One role's part of the index."""

    #: "home" or the membership id
    role: str
    #: home or squad
    role_kind: RoleKind
    #: shown name: the unit or the squad
    name: str
    #: time-weighted part of the person's work, basis points; the lines sum to 10,000
    weight_bp: int
    #: A of the role, 0 to 120
    attainment: Decimal
    #: weight times attainment
    points: Decimal
    #: some line of the role is not sealed and counts at its expected share
    provisional: bool = False
