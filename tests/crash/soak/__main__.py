"""`python -m tests.crash.soak --database sqlite|postgresql --jobs table|dbos`: storm and reckon."""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

from bench.place import fresh_url
from tests.crash.soak.place import Place, free_port, settle
from tests.crash.soak.planted import BUGS
from tests.crash.soak.reckoning import reckon
from tests.crash.soak.storm import Storm, aside, say


def soak(asked):
    """The reckoning of one storm."""
    with tempfile.TemporaryDirectory(prefix="regu-soak-") as name, ExitStack() as stack:
        folder = Path(name)
        url = fresh_url(folder, stack, postgres=asked.database == "postgresql")
        place = Place(
            url=url,
            folder=folder / "house",
            port=free_port(),
            jobs=asked.jobs,
            jolts=asked.jolts,
            bug=asked.bug,
        )
        aside(settle, place)
        storm, began = Storm(place, asked.seed, asked.every), time.monotonic()
        storm.rage(asked.completions)
        took = time.monotonic() - began
        kills = ", ".join(f"{role} {count}" for role, count in sorted(storm.kills.items()))
        say(f"{asked.database}, jobs {asked.jobs}, seed {asked.seed}: {took:.0f} s of storm")
        say(f"killed: {storm.kills.total()} ({kills})")
        found = reckon(place)
        for words in found.words():
            say(words)
        if asked.logs:
            for log in sorted(place.folder.glob("*.log")):
                say(f"--- {log.name}\n{log.read_text()[-3000:]}")
        return found


def main(words=None):
    """1 when anything was lost, doubled, invented, stuck or answered wrongly."""
    parser = argparse.ArgumentParser(prog="python -m tests.crash.soak", description=__doc__)
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--jobs", choices=("table", "dbos"), default="table")
    parser.add_argument("--completions", type=int, default=5000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--every", type=float, default=1.5, help="seconds between two kills")
    parser.add_argument("--jolts", type=float, default=0.03, help="part of commits that fail")
    parser.add_argument("--bug", choices=sorted(BUGS), help="plant a bug that must be seen")
    parser.add_argument("--logs", action="store_true", help="print what the processes said")
    return 0 if soak(parser.parse_args(words)).holds else 1


if __name__ == "__main__":
    sys.exit(main())
