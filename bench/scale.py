"""`python -m bench scale`: what a row costs as rows grow tenfold, from 10^3 to 10^6."""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from bench import crowds, mass_start, rollups
from bench.figures import duration
from bench.lanes import in_turns, same
from bench.place import ground

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from app.wiring import Wired
    from bench.place import Ground

    Measurement = Callable[[Ground, int], float]

SIZES: Final = (1_000, 10_000, 100_000, 1_000_000)
QUICK_MOST: Final = 10_000
#: instances are started one by one: more is a matter of patience
MASS_START_MOST: Final = 100_000
_ROUNDS: Final = 60
_WHOLE_ROUNDS: Final = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One size of one measurement."""

    what: str
    rows: int
    #: one page, one question, one roll-up; of a mass start all of it
    seconds: float
    #: seconds beside those with a tenth of the rows; None: the first size
    ratio: float | None

    @property
    def a_row(self) -> float:
        """Seconds for each row that is there."""
        return self.seconds / self.rows

    def facts(self) -> dict[str, Any]:
        """The step as JSON."""
        return asdict(self) | {"seconds_a_row": self.a_row}


def work_list(ground_: Ground, rows: int) -> float:
    """First page of 50 of somebody's open tasks; CPU."""
    wired = ground_.house()
    crowds.tasks(wired, rows // crowds.SEEDS)
    return _median(partial(crowds.page, wired))


def timers(ground_: Ground, rows: int) -> float:
    """The worker's question for what is due, among idle instances with a timer each; CPU."""
    wired = ground_.house()
    crowds.idle_instances(wired, rows)
    return _median(partial(crowds.due, wired))


def roll_up(ground_: Ground, rows: int) -> float:
    """Home view of a cycle with so many ledger rows; wall, for a server works on it as well."""
    wired = ground_.house()
    rollups.agency(wired, max(rows // rollups.ENTRIES, 1))
    return _median(partial(_home_view, wired), rounds=_WHOLE_ROUNDS, wall=True)


def _home_view(wired: Wired) -> None:
    with wired.house.reading() as uow:
        assert uow.contributions.home_view(rollups.CYCLE)


def mass(ground_: Ground, rows: int) -> float:
    """So many instances started by the job table in chunks; CPU."""
    return mass_start.started_in(ground_, rows)


#: what grows, by its name on the command line
MEASUREMENTS: Final[Mapping[str, tuple[str, Measurement]]] = {
    "work-list": ("work list: a page of 50, open tasks", work_list),
    "timers": ("timers: question for due ones, idle instances", timers),
    "roll-up": ("roll-up: home view, ledger rows", roll_up),
    "mass-start": ("mass start: instances", mass),
}


def _median(act: Callable[[], object], *, rounds: int = _ROUNDS, wall: bool = False) -> float:
    warm = 1 if wall else 10
    return statistics.median(in_turns({"": same(act)}, rounds=rounds, warm=warm, wall=wall)[""])


def sizes(name: str, most: int) -> tuple[int, ...]:
    """The sizes of a measurement, up to the most that is asked."""
    limit = min(most, MASS_START_MOST) if name == "mass-start" else most
    return tuple(size for size in SIZES if size <= limit)


def stepped(name: str, most: int, ground_: Ground) -> Iterator[Step]:
    """One measurement, size after size, each in a house of its own."""
    what, measure = MEASUREMENTS[name]
    before: float | None = None
    for rows in sizes(name, most):
        seconds = measure(ground_, rows)
        ratio = None if before is None else seconds / before
        yield Step(what=what, rows=rows, seconds=seconds, ratio=ratio)
        before = seconds


def main(words: Sequence[str]) -> int:
    """Print the cost of a row at each size, beside the size before."""
    asked = _parser().parse_args(words)
    most = QUICK_MOST if asked.quick else asked.most
    facts: dict[str, Any] = {}
    for postgres in (False, True) if asked.postgres else (False,):
        steps: list[Step] = []
        with ground(postgres=postgres) as place:
            print(f"\n{place.kind}\n\n{HEAD}", flush=True)
            for name in asked.names or list(MEASUREMENTS):
                for step in stepped(name, most, place):
                    steps.append(step)
                    print(line(step), flush=True)
            facts[place.kind] = [step.facts() for step in steps]
        print(f"\nload average {os.getloadavg()[0]:.1f}", file=sys.stderr)
    if asked.json:
        asked.json.write_text(json.dumps(facts, indent=1))
    return 0


HEAD: Final = (
    f"| {'what, rows of':<46} | {'rows':>9} | {'time':>8} | {'a row':>8} | beside a tenth |\n"
    f"| {'-' * 46} | {'-' * 8}: | {'-' * 7}: | {'-' * 7}: | {'-' * 13}: |"
)


def line(step: Step) -> str:
    """A step as a row of the table."""
    ratio = "" if step.ratio is None else f"{step.ratio:.2f}x"
    return (
        f"| {step.what:<46} | {step.rows:>9,} | {duration(step.seconds):>8} "
        f"| {duration(step.a_row):>8} | {ratio:>14} |"
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="./run bench scale", description=main.__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(MEASUREMENTS))
    parser.add_argument("--quick", action="store_true", help=f"up to {QUICK_MOST:,} rows")
    parser.add_argument("--most", type=int, default=SIZES[-1], metavar="ROWS")
    parser.add_argument("--postgres", action="store_true", help="on an embedded PostgreSQL too")
    parser.add_argument("--json", type=Path, metavar="FILE", help="also write the figures there")
    return parser
