"""Whose rows the work of this thread may touch: the second door behind our own access checks.

A door says it once, when it knows who acts: rows of one agency, or, for what belongs to no agency
(a worker, the command line, a page without signing in), everywhere. Whoever says nothing reaches
nothing. PostgreSQL holds it by row-level security (decision 0023); SQLite, one file of one house,
has nothing to ask.
"""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

#: rows of all agencies
EVERYWHERE: Final = "*"
#: rows that belong to no agency, and no others: an account without one
UNBOUND: Final = "-"

_CURRENT: ContextVar[str | None] = ContextVar("regu_reach", default=None)


def current() -> str | None:
    """What was declared here; None: nothing."""
    return _CURRENT.get()


def begin(agency_id: str | None) -> None:
    """Reach this from here on, in this thread; None: nothing."""
    _CURRENT.set(agency_id)


def begin_for(agency_id: str | None) -> None:
    """Reach what an actor of this agency may; None: he has no agency."""
    _CURRENT.set(agency_id or UNBOUND)


@contextmanager
def of(agency_id: str | None) -> Iterator[None]:
    """Reach this until the end of the block; None: nothing."""
    token = _CURRENT.set(agency_id)
    try:
        yield
    finally:
        _CURRENT.reset(token)


@contextmanager
def everywhere() -> Iterator[None]:
    """Work of the system until the end of the block."""
    with of(EVERYWHERE):
        yield
