"""How the processor time of something grows when what it is given is doubled."""

from __future__ import annotations

import time

#: twice as much may take so many times as long; a quadratic one takes four times
RATIO_MAX = 3.0
#: seconds below which a measurement says nothing
_TOO_SHORT = 0.02
_TRIES = 3


def cpu_seconds(act):
    """The least processor time of some runs."""
    taken = []
    for _ in range(_TRIES):
        begun = time.thread_time()
        act()
        taken.append(time.thread_time() - begun)
    return min(taken)


def ratio(act, make, size):
    """The time of `act(make(2 * size))` by that of `act(make(size))`."""
    half, whole = make(size), make(2 * size)
    short = cpu_seconds(lambda: act(half))
    return cpu_seconds(lambda: act(whole)) / max(short, _TOO_SHORT)
