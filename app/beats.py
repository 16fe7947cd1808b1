"""The pulse of this process: a beat into the database every few seconds.

A beat goes through the gate and to the disk like every command. So who reads beats learns whether
a worker lives, and this process learns whether it can write, without a request touching anything.
"""

from __future__ import annotations

import logging
import os
import socket
import threading
import time
from dataclasses import replace
from datetime import timedelta
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Final

from sqlalchemy.exc import SQLAlchemyError

from engine.persistence import beats
from engine.persistence.beats import Beat
from engine.persistence.gate.fifo import GateBusy

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.wiring import Wired

log = logging.getLogger("regu.beats")

BEAT_SECONDS: Final = 10.0
#: a process not seen for so long is taken for dead
SEEN_WITHIN: Final = timedelta(seconds=60)
#: and its row is deleted by the next one that starts
_FORGOTTEN_AFTER: Final = timedelta(days=1)


class Pulse:
    """Beats in a thread of its own until stopped."""

    def __init__(
        self,
        wired: Wired,
        role: str,
        works: Callable[[], bool],
        *,
        every_s: float = BEAT_SECONDS,
    ) -> None:
        """`role` is the command that runs; `works` says whether its worker's thread runs."""
        now = wired.house.clock.real_now()
        self._database, self._clock, self._works = wired.database, wired.house.clock, works
        self._every_s = every_s
        self._beat = Beat(
            id=wired.house.ids.key(),
            role=role,
            host=socket.gethostname(),
            process=os.getpid(),
            version=program_version(),
            works=False,
            started_at=now,
            seen_at=now,
        )
        self._written_at: float | None = None
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, name="regu-pulse", daemon=True)

    def start(self) -> None:
        """Beat now and from now on."""
        self._thread.start()

    def stop(self, timeout_s: float = 5.0) -> None:
        """Stop, and take the row away so that nobody waits for this process."""
        self._over.set()
        if self._thread.ident is not None:
            self._thread.join(timeout_s)

    def writes(self) -> bool:
        """Whether a beat was written lately: gate, database and disk let this process write."""
        if self._written_at is None:
            return False
        return time.monotonic() - self._written_at < SEEN_WITHIN.total_seconds()

    def beat(self) -> bool:
        """Write one beat; False, and a line in the log, when it could not be written."""
        self._beat = replace(self._beat, works=self._works(), seen_at=self._clock.real_now())
        try:
            beats.note(self._database, self._beat)
        except (SQLAlchemyError, GateBusy, OSError) as fault:
            log.warning("this process cannot write: %s", type(fault).__name__)
            return False
        self._written_at = time.monotonic()
        return True

    def _run(self) -> None:
        self._forget()
        while True:
            self.beat()
            if self._over.wait(self._every_s):
                break
        self._forget()

    def _forget(self) -> None:
        try:
            beats.forget(self._database, self._beat.id, self._clock.real_now() - _FORGOTTEN_AFTER)
        except (SQLAlchemyError, GateBusy, OSError) as fault:
            log.warning("old beats could not be deleted: %s", type(fault).__name__)


def program_version() -> str:
    """The version of the installed program."""
    try:
        return version("regu")
    except PackageNotFoundError:  # run from a folder that nobody installed
        return "0"
