"""The number of whatever caused what happens now: a request, and each job that follows from it.

A door begins it, `Jobs.enqueue` keeps it with the job, and whoever runs the job works under it
again: the lines of a log that belong together carry one number.
"""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

#: characters of a reference at most
REFERENCE_MAX = 64

_CURRENT: ContextVar[str | None] = ContextVar("regu_reference", default=None)


def current() -> str | None:
    """The reference of what happens now; None when nobody asked for it, as with a timer."""
    return _CURRENT.get()


def begin(reference: str | None) -> None:
    """Work under this reference from here on, in this thread; None: under none."""
    _CURRENT.set(reference)


@contextmanager
def under(reference: str | None) -> Iterator[None]:
    """Work under this reference until the end of the block."""
    token = _CURRENT.set(reference)
    try:
        yield
    finally:
        _CURRENT.reset(token)
