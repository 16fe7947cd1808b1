"""CPU time of several acts in turns, so that what disturbs the machine disturbs all alike."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Mapping

#: prepares the next act, untimed, and gives it
Lane = Callable[[], Callable[[], object]]


def in_turns(
    lanes: Mapping[str, Lane], *, rounds: int, warm: int = 3, wall: bool = False
) -> dict[str, list[float]]:
    """CPU seconds (user and system, all threads of this process) of each act of each lane.

    With `wall` seconds on the wall: for questions that a database server works on.
    """
    found: dict[str, list[float]] = {name: [] for name in lanes}
    gc.collect()
    gc.freeze()
    try:
        for turn in range(-warm, rounds):
            for name, lane in lanes.items():
                seconds = _seconds(lane(), time.perf_counter if wall else time.process_time)
                if turn >= 0:
                    found[name].append(seconds)
    finally:
        gc.unfreeze()
    return found


def cpu(act: Callable[[], object]) -> float:
    """CPU seconds of one act."""
    return _seconds(act, time.process_time)


def _seconds(act: Callable[[], object], clock: Callable[[], float]) -> float:
    begun = clock()
    act()
    return clock() - begun


def same(act: Callable[[], object]) -> Lane:
    """A lane that repeats one act."""
    return lambda: act
