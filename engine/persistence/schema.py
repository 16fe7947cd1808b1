"""All tables of all rooms in one `metadata`, for migrations and for comparing with them."""

from __future__ import annotations

from engine.persistence.tables import accounts, metadata, process, waiting, work

__all__ = ["accounts", "metadata", "process", "waiting", "work"]
