"""Agencies, units, posts, people, appointments, calendar: the store."""

from __future__ import annotations

from typing import Protocol


class AgencyStore(Protocol):
    """Agencies, units, posts, people, appointments, calendar; part of the unit of work."""
