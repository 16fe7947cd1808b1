"""Working days from a dated table of holidays (hari libur, cuti bersama)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class Holiday:
    """A day on which nobody works."""

    #: the day
    day: date
    #: what it is called
    name: str
    #: agency it holds for; None: national
    agency_id: str | None = None
