"""`python -m bench [NAME ...]`: measure the budgets and print them beside their floors."""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from bench import (
    completing,
    conditions,
    crowds,
    forecast,
    fuzz,
    fuzz_files,
    jobs,
    mass_start,
    rollups,
    scale,
    shapes,
    simulation,
)
from bench.figures import Figure, table
from bench.load import command as load
from bench.peers import command as peers
from bench.place import ground

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from bench.place import Ground

    Measurement = Callable[..., Iterator[Figure]]

#: what can be measured, by the name it has on the command line
MEASUREMENTS: Mapping[str, Measurement] = {
    "complete": completing.measure,
    "loop": shapes.loops,
    "pairs": shapes.pairs,
    "multi": shapes.multi,
    "mass-start": mass_start.measure,
    "jobs": jobs.measure,
    "idle": crowds.idle,
    "work-list": crowds.work_list,
    "roll-up": rollups.measure,
    "feel": conditions.measure,
}
#: these go alone, with words of their own
ALONE: Mapping[str, Callable[[Sequence[str]], int]] = {
    "simulate": simulation.main,
    "forecast": forecast.main,
    "fuzz": fuzz.main,
    "fuzz-files": fuzz_files.main,
    "peers": peers.main,
    "scale": scale.main,
    "load": load.load,
    "soak": load.soak,
}
#: these ask no database
_WITHOUT_DATABASE = frozenset({"feel", "pairs"})


def main(words: Sequence[str] | None = None) -> int:
    """Measure; 1 when a budget does not hold, unless --report.

    `simulate`, `forecast`, `fuzz`, `fuzz-files`, `load`, `soak`, `peers` and `scale` go alone.
    """
    given = list(sys.argv[1:] if words is None else words)
    if given and given[0] in ALONE:
        return ALONE[given[0]](given[1:])
    asked = _parser().parse_args(given)
    names = asked.names or list(MEASUREMENTS)
    print(machine(), flush=True)
    told: dict[str, list[Figure]] = {"SQLite": _all(names, postgres=False, quick=asked.quick)}
    if asked.postgres:
        names = [name for name in names if name not in _WITHOUT_DATABASE]
        told["PostgreSQL"] = _all(names, postgres=True, quick=asked.quick)
    if asked.json:
        facts = {kind: [figure.facts() for figure in figures] for kind, figures in told.items()}
        asked.json.write_text(json.dumps({"machine": machine(), "figures": facts}, indent=1))
    broken = [
        figure.what for figures in told.values() for figure in figures if figure.holds is False
    ]
    print(f"\n{len(broken)} budgets do not hold" if broken else "\nall budgets hold")
    return 1 if broken and not asked.report else 0


def _all(names: Sequence[str], *, postgres: bool, quick: bool) -> list[Figure]:
    figures: list[Figure] = []
    with ground(postgres=postgres) as place:
        for name in names:
            print(f"... {place.kind}: {name}", file=sys.stderr, flush=True)
            figures += _one(MEASUREMENTS[name], place, quick=quick)
        kind = place.kind
    print(f"\n{kind}; CPU time of this process, medians; live cache: none, state is always read\n")
    print(table(figures), flush=True)
    return figures


def _one(measure: Measurement, place: Ground, *, quick: bool) -> list[Figure]:
    return list(measure(place, quick=quick))


def machine() -> str:
    """Where the figures were seen."""
    packages = ", ".join(f"{name} {version(name)}" for name in ("sqlalchemy", "spiffworkflow"))
    python = platform.python_version()
    return f"{platform.machine()}, {os.cpu_count()} CPUs, Python {python}, {packages}"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="./run bench", description=main.__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(MEASUREMENTS))
    parser.add_argument("--json", type=Path, metavar="FILE", help="also write the figures there")
    parser.add_argument("--quick", action="store_true", help="fewer repetitions, smaller crowds")
    parser.add_argument("--postgres", action="store_true", help="on an embedded PostgreSQL too")
    parser.add_argument("--report", action="store_true", help="only print: always end with 0")
    return parser


if __name__ == "__main__":
    sys.exit(main())
