"""Squads, memberships, outputs, claims, attestations, the ledger, disputes: the store."""

from __future__ import annotations

from typing import Protocol


class ContributionStore(Protocol):
    """Squads, memberships, outputs, claims, attestations, the ledger, disputes; part of the unit of work."""
