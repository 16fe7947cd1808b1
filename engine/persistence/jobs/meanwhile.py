"""Do something every so often while something else takes its time."""

from __future__ import annotations

import logging
import threading
import time
from contextlib import contextmanager
from contextvars import copy_context
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

log = logging.getLogger("regu.jobs")

#: how long the end of a block waits for an act that is under way; one that comes later does no harm
_END_S: Final = 5.0


@contextmanager
def meanwhile(
    act: Callable[[], object], *, every_s: float, at_most_s: float = float("inf")
) -> Iterator[None]:
    """Act every so many seconds while the block runs, in a thread of its own, in this context.

    What the act raises is logged, and it is done again. After `at_most_s` it is done no more.
    """
    over = threading.Event()

    def keep_on() -> None:
        until = time.monotonic() + at_most_s
        while not over.wait(every_s) and time.monotonic() < until:
            try:
                act()
            except Exception:  # the next time may do
                log.warning("what is done meanwhile failed", exc_info=True)

    thread = threading.Thread(
        target=copy_context().run, args=(keep_on,), name="regu-meanwhile", daemon=True
    )
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join(_END_S)
