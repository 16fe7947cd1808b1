"""The worker: what is due happens here, in chunks, each effect in a transaction of its own."""

from __future__ import annotations

import logging
import threading
import time
from functools import partial
from typing import TYPE_CHECKING

from engine.usecases import processes

if TYPE_CHECKING:
    from collections.abc import Callable

    from engine.usecases.ports.work import House

log = logging.getLogger("regu.worker")

#: real seconds between two looks when nobody wakes the worker
POLL_SECONDS = 1.0
#: real seconds during which something that failed or did not move is left alone
PAUSE_SECONDS = 30.0
#: instances or start events of one look
CHUNK = 100


class Worker:
    """Fires timers and start events, runs table jobs and sends the outbox, until stopped."""

    def __init__(
        self,
        house: House,
        jobs: Callable[[threading.Event], int],
        outbox: Callable[[], int] = lambda: 0,
    ) -> None:
        """`jobs` runs some due jobs until the event is set; `outbox` sends some of what waits."""
        self._house = house
        self._jobs = jobs
        self._outbox = outbox
        self._bell = threading.Event()
        self._stopped = threading.Event()
        self._thread: threading.Thread | None = None
        #: what failed -> monotonic time until which it is left alone
        self._paused: dict[object, float] = {}

    def wake(self) -> None:
        """Something was committed: look now."""
        self._bell.set()

    def stop(self, timeout_s: float = 30.0) -> None:
        """Finish the transaction at hand and stop."""
        self._stopped.set()
        self._bell.set()
        if self._thread is not None:
            self._thread.join(timeout_s)

    def start(self) -> None:
        """Run in a thread of this process."""
        self._thread = threading.Thread(target=self.run, name="regu-worker", daemon=True)
        self._thread.start()

    def run(self) -> None:
        """Work until stopped; a failure is logged and never ends the loop."""
        while not self._stopped.is_set():
            self._bell.clear()
            if self.round() == 0:
                self._bell.wait(POLL_SECONDS)

    def drain(self, rounds_max: int = 10_000) -> int:
        """Work until nothing is due; how much was done."""
        done = 0
        for _ in range(rounds_max):
            now = self.round()
            if now == 0 or self._stopped.is_set():
                break
            done += now
        return done

    def round(self) -> int:
        """One look at everything; how many things moved."""
        steps = (self._timers, self._starts, partial(self._jobs, self._stopped), self._outbox)
        return sum(self._guarded(step) for step in steps)

    def _timers(self) -> int:
        with self._house.reading() as uow:
            due = uow.processes.due_instances(self._house.clock.now(), CHUNK + len(self._paused))
        return sum(self._one(key, partial(processes.fire_timers, self._house, key)) for key in due)

    def _starts(self) -> int:
        with self._house.reading() as uow:
            due = uow.processes.due_starts(self._house.clock.now(), CHUNK + len(self._paused))
        return sum(
            self._one(("start", row.key), partial(processes.fire_start, self._house, row))
            for row in due
        )

    def _one(self, key: object, act: Callable[[], int]) -> int:
        """Do one thing; when it fails or does not move, leave it alone for a while."""
        if self._stopped.is_set() or self._paused.get(key, 0.0) > time.monotonic():
            return 0
        moved = self._guarded(act)
        if moved:
            self._paused.pop(key, None)
        else:
            self._paused[key] = time.monotonic() + PAUSE_SECONDS
        return moved

    def _guarded(self, act: Callable[[], int]) -> int:
        try:
            return act()
        except Exception:  # the loop outlives whatever one drawing or handler does
            log.exception("background work failed; it is tried again later")
            return 0
