"""`regu worker`: a worker alone, under its slot, or in the place of one that is gone."""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from app.serving import told_to_end, work_until_told
from app.settings import slot_name
from app.wiring import Wired, wire

if TYPE_CHECKING:
    import argparse

    from app.settings import Settings

WORKS: Final = "Regu works; stop it with SIGTERM or Ctrl-C"


def work(settings: Settings, given: argparse.Namespace) -> int:
    """Until SIGTERM or Ctrl-C; `--once`: what is due now; `--adopt`: what a slot left, and end."""
    slot = given.adopt or given.slot
    wired = wire(replace(settings, slot=slot_name(slot)) if slot else settings)
    try:
        if given.adopt:
            _adopt(wired, given.adopt)
        elif given.once:
            print(f"{wired.worker().drain()} done")
        else:
            work_until_told(wired, wired.worker(), lambda: print(WORKS, flush=True))
    finally:
        wired.close()
    return 0


def _adopt(wired: Wired, slot: str) -> None:
    over = told_to_end() if threading.current_thread() is threading.main_thread() else None
    print(f"{wired.adopt(over or threading.Event())} jobs of slot {slot} adopted")
