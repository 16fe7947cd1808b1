"""A fair lock: threads of one process queue up, processes take turns by a lock on a file.

SQLite's own busy wait sleeps and tries again, so that a lucky writer overtakes one that has
waited for seconds; a queue in front of it keeps the slowest wait near the average one.
"""

from __future__ import annotations

import fcntl
import os
import threading
import time
from collections import deque
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

#: how long a writer may stand in the queue
WAIT_MAX_S = 60.0


class GateFault(RuntimeError):
    """The gate was used against its rules."""


class GateBusy(RuntimeError):
    """The writers before this one took too long."""

    def __init__(self, waited_s: float) -> None:
        super().__init__(f"the database had no turn for this writer in {waited_s:g} s")
        self.waited_s = waited_s


class WriteGate:
    """One writer at a time, in the order of arrival."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._mutex = threading.Lock()
        self._queue: deque[threading.Event] = deque()
        self._held = False
        self._holder: int | None = None
        #: whether who holds it has not yet begun what he came for
        self._kept = False
        self._file: int | None = None
        self._pid = os.getpid()
        #: told how many seconds each writer waited
        self.on_turn: Callable[[float], object] | None = None

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Have the turn before what it is for is at hand; not begun inside, it is given back.

        A writer who waited with a connection in hand would keep it from all others: each would
        have one of its own, and a cache of pages with it.
        """
        self.acquire()
        self._kept = True
        try:
            yield
        finally:
            if self._kept:
                self.release()

    def begin(self) -> None:
        """Begin what `turn` was taken for, or wait for a turn; errors as `acquire`."""
        if self._kept and self._holder == threading.get_ident():
            self._kept = False
        else:
            self.acquire()

    def acquire(self, timeout_s: float = WAIT_MAX_S) -> None:
        """Wait for the turn; `GateBusy` after the time, `GateFault` when this thread has it."""
        self._after_fork()
        if self._holder == threading.get_ident():
            raise GateFault("this thread writes already; it would wait for itself")
        came_at = time.monotonic()
        self._stand_in_line(timeout_s)
        try:
            self._lock_file()
        except BaseException:
            self._next()
            raise
        self._holder = threading.get_ident()
        if self.on_turn is not None:
            self.on_turn(time.monotonic() - came_at)

    def release(self) -> None:
        """Let the next one in."""
        if not self._held:
            raise GateFault("nobody holds the gate")
        self._holder = None
        self._kept = False
        if self._file is not None:
            fcntl.flock(self._file, fcntl.LOCK_UN)
        self._next()

    def close(self) -> None:
        """Close the lock file."""
        with self._mutex:
            if self._file is not None and not self._held:
                os.close(self._file)
                self._file = None

    def _stand_in_line(self, timeout_s: float) -> None:
        with self._mutex:
            if not self._held:
                self._held = True
                return
            turn = threading.Event()
            self._queue.append(turn)
        if turn.wait(timeout_s):
            return
        with self._mutex:
            if turn.is_set():  # it came between the wait's end and here
                return
            self._queue.remove(turn)
        raise GateBusy(timeout_s)

    def _next(self) -> None:
        with self._mutex:
            if self._queue:
                self._queue.popleft().set()
            else:
                self._held = False

    def _lock_file(self) -> None:
        if self._file is None:
            self._file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        fcntl.flock(self._file, fcntl.LOCK_EX)

    def _after_fork(self) -> None:
        """A forked child shares the parent's file lock; it must open its own."""
        if self._pid == os.getpid():
            return
        self._pid = os.getpid()
        self._mutex = threading.Lock()
        self._queue.clear()
        self._held = False
        self._holder = None
        self._kept = False
        self._file = None
