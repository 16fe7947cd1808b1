"""All tables of all rooms in one `metadata`, for migrations and for comparing with them."""

from __future__ import annotations

from engine.persistence.tables import (
    accounts,
    agency,
    agreements,
    assurance,
    batches,
    coaching,
    confirmations,
    contributions,
    crediting,
    dialogue,
    feedback,
    formation,
    goals,
    judging,
    performance,
    planning,
    process,
    segments,
    waiting,
    work,
    workplace,
)
from engine.persistence.tables.metadata import metadata

__all__ = [
    "accounts",
    "agency",
    "agreements",
    "assurance",
    "batches",
    "coaching",
    "confirmations",
    "contributions",
    "crediting",
    "dialogue",
    "feedback",
    "formation",
    "goals",
    "judging",
    "metadata",
    "performance",
    "planning",
    "process",
    "segments",
    "waiting",
    "work",
    "workplace",
]
