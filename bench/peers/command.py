"""`./run bench peers`: Regu beside three engines on one process, in turns on one machine."""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import subprocess
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bench.peers import picture, running, told
from bench.place import ground

if TYPE_CHECKING:
    from collections.abc import Sequence


def main(words: Sequence[str]) -> int:
    """Measure all engines that are here; 1 when Regu itself cannot be measured."""
    asked = _parser().parse_args(words)
    plan = running.Plan(rounds=asked.rounds, times=asked.times, warm=30)
    if asked.quick:
        plan = running.Plan(rounds=3, times=2, warm=3)
    where = machine()
    print(where, flush=True)
    found: dict[str, list[dict[str, Any]]] = {}
    missing: dict[str, dict[str, str]] = {}
    for postgres in {"sqlite": (False,), "postgres": (True,), "both": (False, True)}[
        asked.database
    ]:
        kind, rows, left_out = _measured(plan, postgres=postgres)
        found[kind] = [row.facts() for row in rows]
        missing[kind] = left_out
    facts = {"machine": where, "load": os.getloadavg(), "engines": found, "missing": missing}
    if asked.json:
        asked.json.write_text(json.dumps(facts, indent=1))
    if asked.picture:
        asked.picture.write_text(picture.drawn(found, where))
    here = all(any(row["engine"] == running.REGU for row in rows) for rows in found.values())
    return 0 if here else 1


def _measured(plan: running.Plan, *, postgres: bool) -> tuple[str, list[told.Row], dict[str, str]]:
    with (
        ground(postgres=postgres) as land,
        tempfile.TemporaryDirectory(prefix="regu-peers-") as folder,
        ExitStack() as stack,
    ):
        seen, missing = running.seen(land, Path(folder), stack, plan)
        kind = land.kind
    rows = told.rows(seen)
    load = os.getloadavg()[0]
    print(
        f"\n{kind}: {plan.rounds} rounds of {plan.times} instances of each engine in turns, "
        f"medians; load average {load:.1f}\n\n{told.table(rows)}",
        flush=True,
    )
    for name, reason in missing.items():
        print(f"\nskipped: {name}: {reason}", flush=True)
    return kind, rows, missing


def machine() -> str:
    """Where the figures were seen."""
    node = shutil.which("node")
    version = ""
    if node:
        done = subprocess.run(  # noqa: S603 - the node of this machine
            [node, "--version"], capture_output=True, text=True, check=False
        )
        version = f", node {done.stdout.strip().removeprefix('v')}"
    python = platform.python_version()
    return f"{platform.machine()}, {os.cpu_count()} CPUs, Python {python}{version}"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="./run bench peers", description=main.__doc__)
    parser.add_argument("--database", choices=("sqlite", "postgres", "both"), default="both")
    parser.add_argument("--rounds", type=int, default=30)
    parser.add_argument("--times", type=int, default=5, help="instances of each engine in a round")
    parser.add_argument("--quick", action="store_true", help="a few instances, little warm-up")
    parser.add_argument("--json", type=Path, metavar="FILE", help="also write the figures there")
    parser.add_argument("--picture", type=Path, metavar="FILE", help="also draw them there, as SVG")
    return parser
