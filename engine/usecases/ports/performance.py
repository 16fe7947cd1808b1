"""Cycles, plans, progress, ratings, objections, follow-up: the store."""

from __future__ import annotations

from typing import Protocol


class PerformanceStore(Protocol):
    """Cycles, plans, progress, ratings, objections, follow-up; part of the unit of work."""
