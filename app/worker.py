"""The worker: what is due happens here, in chunks, each effect in a transaction of its own."""

from __future__ import annotations

import logging
import threading
import time
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from engine.usecases import processes, reach

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from engine.usecases.ports.work import House

log = logging.getLogger("regu.worker")

#: real seconds between two looks when nobody wakes the worker
POLL_SECONDS = 1.0
#: real seconds during which something that failed or did not move is left alone
PAUSE_SECONDS = 30.0
#: real seconds between two sweeps of what has done its work
SWEEP_SECONDS = 3600.0
#: instances or start events of one look
CHUNK = 100


class _Pause(NamedTuple):
    """How long something is left alone: until then (monotonic), while it is due as it was."""

    until: float
    due_at: datetime


class Worker:
    """Fires timers and start events, runs table jobs and sends the outbox, until stopped."""

    def __init__(
        self,
        house: House,
        jobs: Callable[[threading.Event], int],
        outbox: Callable[[], int] = lambda: 0,
        sweep: Callable[[threading.Event], int] = lambda _stop: 0,
        beside: Sequence[Callable[[], int]] = (),
        begin: Callable[[], object] = lambda: None,
    ) -> None:
        """`jobs` runs some due jobs until the event is set; `outbox` sends some of what waits.

        `sweep` deletes what has done its work until the event is set; it is asked every hour.
        `beside` is asked in each round as well, each alone. `begin` makes ready for more than
        one round; what it raises keeps the worker from starting.
        """
        self._house = house
        self._jobs = jobs
        self._outbox = outbox
        self._sweep = sweep
        self._beside = tuple(beside)
        self._begin = begin
        self._sweep_at = 0.0
        self._bell = threading.Event()
        self._stopped = threading.Event()
        self._thread: threading.Thread | None = None
        self._paused: dict[object, _Pause] = {}

    def wake(self) -> None:
        """Something was committed: look now."""
        self._bell.set()

    def stop(self, timeout_s: float = 30.0) -> None:
        """Finish the transaction at hand and stop."""
        self._stopped.set()
        self._bell.set()
        if self._thread is not None:
            self._thread.join(timeout_s)

    @property
    def running(self) -> bool:
        """Whether its thread runs."""
        return self._thread is not None and self._thread.is_alive()

    def start(self) -> None:
        """Run in a thread of this process."""
        self._begin()
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
        """One look at everything, in all agencies; how many things moved."""
        with reach.everywhere():
            return self._round()

    def _round(self) -> int:
        now = time.monotonic()
        self._paused = {key: pause for key, pause in self._paused.items() if pause.until > now}
        jobs = partial(self._jobs, self._stopped)
        steps: tuple[Callable[[], int], ...] = (self._timers, self._starts, jobs, self._outbox)
        done = sum(self._guarded(step) for step in (*steps, *self._beside))
        self._tidy()
        return done

    def _tidy(self) -> None:
        """Sweep when an hour has gone by since the last time; it counts for no work."""
        if time.monotonic() >= self._sweep_at:
            self._sweep_at = time.monotonic() + SWEEP_SECONDS
            swept = self._guarded(partial(self._sweep, self._stopped))
            if swept:
                log.info("%d rows that had done their work were deleted", swept)

    def _timers(self) -> int:
        with self._house.reading() as uow:
            due = uow.processes.due_instances(self._house.clock.now(), CHUNK + len(self._paused))
        return sum(
            self._one(
                key, partial(processes.fire_timers, self._house, key), partial(self._due_at, key)
            )
            for key in due
        )

    def _due_at(self, key: int) -> datetime | None:
        """When an instance wants to be looked at, as it stands now."""
        with self._house.reading() as uow:
            row = uow.processes.instance(key)
        return None if row is None else row.due_at

    def _starts(self) -> int:
        with self._house.reading() as uow:
            due = uow.processes.due_starts(self._house.clock.now(), CHUNK + len(self._paused))
        return sum(
            self._one(
                ("start", row.key),
                partial(processes.fire_start, self._house, row),
                partial(getattr, row, "due_at"),
            )
            for row in due
        )

    def _one(self, key: object, act: Callable[[], int], due: Callable[[], datetime | None]) -> int:
        """Do one thing; when it fails or does not move and is due as before, leave it for a while.

        Its next timer is another one: a pause in real time must not hold what business time,
        which may be moved, makes due meanwhile.
        """
        pause = self._paused.get(key)
        if self._stopped.is_set() or (pause is not None and pause.due_at == due()):
            return 0
        self._paused.pop(key, None)
        moved = self._guarded(act)
        if not moved:
            still = due()
            if still is not None and still <= self._house.clock.now():
                self._paused[key] = _Pause(time.monotonic() + PAUSE_SECONDS, still)
        return moved

    def _guarded(self, act: Callable[[], int]) -> int:
        try:
            return act()
        except Exception:  # the loop outlives whatever one drawing or handler does
            log.exception("background work failed; it is tried again later")
            return 0
