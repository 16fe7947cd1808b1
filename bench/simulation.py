"""`python -m bench simulate`: an agency-year by real operations, then proved from its rows."""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

from bench import books, people_life
from bench.place import fresh_url
from bench.population import Scale, drawn, written
from bench.stage import Stage
from bench.year import Year, run
from engine.persistence.database import open_database
from engine.persistence.migrate import migrate

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from engine.persistence.database import Database


@dataclass(slots=True)
class Proved:
    """What was found after a year, and how long each part took."""

    year: Year
    faults: dict[str, list[str]] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)
    indexes: books.Indexes = field(default_factory=lambda: books.Indexes({}))

    @property
    def holds(self) -> bool:
        """Whether nothing was found."""
        return not any(self.faults.values())


def played(database: Database, scale: Scale) -> Year:
    """The year on a migrated, empty database; deterministic in the scale."""
    random = Random(scale.seed)  # noqa: S311 - a simulation, repeatable by its seed
    stage = Stage(database)
    stage.deploy_decisions()
    towns, teams = drawn(scale, random)
    written(stage.house, towns, teams)
    year = Year(
        stage=stage, random=random, towns={town.agency_id: town for town in towns}, teams=teams
    )
    run(year, people_life.begun(year))
    return year


def proved(year: Year, database: Database) -> Proved:
    """Everything that must hold, each named with what does not."""
    found = Proved(year)
    begun = time.perf_counter()
    found.indexes = told = books.indexes(year)
    found.seconds["indexes asked"] = time.perf_counter() - begun
    questions: dict[str, Callable[[], Iterable[str]]] = {
        "the rows alone give every index again": lambda: books.replay_faults(database, told),
        "role weights of everybody sum to 10,000": lambda: books.weight_faults(told),
        "home and host views agree, out = in": lambda: books.view_faults(year, database),
        "I1, I2, I4, I7-I11, I13, I14 hold": lambda: books.ledger_faults(year, database),
        "hash chains and seals verify": lambda: books.proof_faults(year),
    }
    for name, question in questions.items():
        begun = time.perf_counter()
        found.faults[name] = list(question())
        found.seconds[name] = time.perf_counter() - begun
    return found


def main(words: Sequence[str]) -> int:
    """Play a year and prove it; 1 when something does not hold."""
    asked = _parser().parse_args(words)
    scale = Scale(people=asked.people, squads=asked.squads, seed=asked.seed)
    with tempfile.TemporaryDirectory(prefix="regu-year-") as name, ExitStack() as stack:
        database = open_database(fresh_url(Path(name), stack, postgres=asked.postgres))
        stack.callback(database.close)
        migrate(database)
        begun = time.perf_counter()
        year = played(database, scale)
        seconds = time.perf_counter() - begun
        found = proved(year, database)
        found.seconds["played"] = seconds
    _print(found, scale, "PostgreSQL" if asked.postgres else "SQLite")
    return 0 if found.holds else 1


def _print(found: Proved, scale: Scale, kind: str) -> None:
    print(f"{scale.people:,} people, {scale.squads} squads, 2 agencies, seed {scale.seed}, {kind}")
    for what, count in sorted(found.year.counts.items()):
        print(f"  {what:<48}{count:>9,}")
    for name, faults in found.faults.items():
        print(f"{'NO ' if faults else 'yes'} {name} ({found.seconds[name]:.1f} s)")
        for fault in faults[:10]:
            print(f"      {fault}", file=sys.stderr)
    asked = found.seconds["indexes asked"]
    people = len(found.indexes.found)
    print(f"{people:,} indexes in {asked:.1f} s, {1000 * asked / max(people, 1):.1f} ms each")
    played_s = found.seconds["played"]
    print(f"the year played in {played_s:.0f} s, all of it {sum(found.seconds.values()):.0f} s")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="./run bench simulate", description=main.__doc__)
    full = Scale()
    parser.add_argument("--people", type=int, default=full.people)
    parser.add_argument("--squads", type=int, default=full.squads)
    parser.add_argument("--seed", type=int, default=full.seed)
    parser.add_argument("--postgres", action="store_true", help="on an embedded PostgreSQL")
    return parser
