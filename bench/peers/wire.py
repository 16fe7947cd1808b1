"""What a peer answers: `ready`, then one line of JSON for each line it is asked."""

from __future__ import annotations

import json
import sys
import time
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable


class Peer(Protocol):
    """An engine with the process deployed: one instance is a list of steps, each committed."""

    def steps(self) -> list[Callable[[], object]]:
        """The steps of a new instance, in order: start, then three completions."""

    def counted(self) -> dict[str, Any]:
        """Statements, commits and bytes of each step of one instance, and the state's size."""


def answer(peer: Peer) -> None:
    """Serve until the input ends."""
    _say({"ready": True})
    for line in sys.stdin:
        asked = json.loads(line)
        if asked["do"] == "count":
            _say(peer.counted())
        else:
            _say({"instances": [_timed(peer) for _ in range(asked["times"])]})


def _timed(peer: Peer) -> list[list[float]]:
    """CPU and wall of each step of one instance, in seconds."""
    found = []
    for step in peer.steps():
        wall, cpu = time.perf_counter(), time.process_time()
        step()
        found.append([time.process_time() - cpu, time.perf_counter() - wall])
    return found


def _say(told: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(told) + "\n")
    sys.stdout.flush()
