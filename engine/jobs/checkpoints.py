"""The sequencer: every minute it logs what was noted, signs a checkpoint and publishes it."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

from engine.usecases.checkpoints import BATCH, extend, publish

if TYPE_CHECKING:
    from collections.abc import Callable

    from engine.usecases.ports.work import House

#: real seconds between two checkpoints: the window that none covers yet
SECONDS: Final = 60.0
#: real seconds between two looks through all entries, for those that were committed very late
WHOLE_SECONDS: Final = 86_400.0


class Sequencer:
    """Looks when its time has come; two on one database do no harm: one is told it was late."""

    def __init__(self, house: House, clock: Callable[[], float] = time.monotonic) -> None:
        self._house = house
        self._clock = clock
        self._next = self._whole = clock()

    def look(self) -> int:
        """Log a batch if it is time; how many entries when more may wait, else 0."""
        now = self._clock()
        if now < self._next:
            return 0
        # even when what follows fails: the next try has its time as well
        self._next = now + SECONDS
        whole = now >= self._whole
        logged = extend(self._house, whole=whole)
        publish(self._house)
        if logged == BATCH:
            self._next = now
            return logged
        if whole:
            self._whole = now + WHOLE_SECONDS
        return 0
