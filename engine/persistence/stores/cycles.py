"""Cycles of a year over all agencies."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from engine.persistence.tables.performance import cycle


def same_year(cycle_id: str) -> sa.Select[Any]:
    """Ids of every agency's cycle of the same year: a guest's work lies in the host's cycle."""
    own, other = cycle.alias("own"), cycle.alias("other")
    return sa.select(other.c.id).join(own, own.c.year == other.c.year).where(own.c.id == cycle_id)
