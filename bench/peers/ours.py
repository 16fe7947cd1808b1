"""`python -m bench.peers.ours regu|spiff|floor URL`: the peers that live in this environment."""

from __future__ import annotations

import sys
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bench.floor import floor
from bench.peers import drawing
from bench.peers.counting import counts
from bench.peers.wire import answer
from bench.stock import Stock
from engine.persistence.database import open_database

if TYPE_CHECKING:
    from collections.abc import Callable

    from bench.peers.wire import Peer


class Spiff:
    """SpiffWorkflow as its documentation saves it: `serialize_json`, specs and all."""

    def __init__(self, url: str, _folder: Path) -> None:
        self._database = open_database(url)
        self._kept = Stock(self._database, drawing.plain("total = amount + 1"))

    def steps(self) -> list[Callable[[], object]]:
        """Start, then read, run what is ready, save."""
        complete = partial(self._kept.complete, drawing.VALUES)
        return [partial(self._kept.start, drawing.FORM), *[complete] * len(drawing.TASKS)]

    def counted(self) -> dict[str, Any]:
        """What one instance sends, and its JSON while it waits at the second task."""
        steps = self.steps()
        first = counts(self._database, steps[:2])
        state = self._kept.size_bytes()
        return {"steps": first + counts(self._database, steps[2:]), "state": state}


class Floor:
    """As many bytes as a peer writes with a step: selected, updated, committed."""

    def __init__(self, url: str, _folder: Path, size_bytes: int) -> None:
        self._database = open_database(url)
        self._prepare = floor(self._database, size_bytes)

    def steps(self) -> list[Callable[[], object]]:
        """As often as an instance commits."""
        return [self._prepare() for _ in range(drawing.STEPS)]

    def counted(self) -> dict[str, Any]:
        """What it sends."""
        return {"steps": counts(self._database, self.steps()), "state": 0}


def main() -> None:
    """Answer as the peer that is asked for."""
    name, url, folder, *more = sys.argv[1:]
    place = Path(folder)
    place.mkdir(parents=True, exist_ok=True)
    peer: Peer
    if name == "regu":
        # late: the others start sooner without the whole house
        peer = import_module("bench.peers.regu").Regu(url, place)
    elif name == "spiff":
        peer = Spiff(url, place)
    else:
        peer = Floor(url, place, int(more[0]))
    answer(peer)


if __name__ == "__main__":
    main()
