"""When a database gives way to another transaction, the whole command may try again."""

from __future__ import annotations

from typing import Final

from sqlalchemy.exc import DBAPIError

#: PostgreSQL's serialization failure, deadlock and lock not available
_RACES: Final = frozenset({"40001", "40P01", "55P03"})


def lost_a_race(error: BaseException | None) -> bool:
    """Whether the database gave way to another transaction: the same again can succeed."""
    return isinstance(error, DBAPIError) and getattr(error.orig, "sqlstate", None) in _RACES
