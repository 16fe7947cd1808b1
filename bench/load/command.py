"""`./run bench load` and `./run bench soak`: people at a served house on both databases."""

from __future__ import annotations

import argparse
import json
import os
import tempfile
import time
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from bench.load import ahead, books, people, told
from bench.load.door import served
from bench.load.town import settled
from bench.place import ground

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from app.wiring import Wired
    from bench.load.door import Server
    from bench.load.people import Client, Record, Shared

#: outputs of a squad for each second of a run: more than two clients can work off
_OUTPUTS_S: Final = 6
#: accepted outputs of a squad for each second: five claims and five attestations each
_READY_S: Final = 4
_SAMPLE_S: Final = 10.0
#: part of a soak that warms up
_WARM: Final = 0.25


@dataclass(slots=True, kw_only=True)
class Place:
    """A served house with its people, and everything that was told so far."""

    wired: Wired
    shared: Shared
    server: Server
    clients: int
    #: ends the server
    stop: Callable[[], object]
    kept: list[Client] = field(default_factory=list)
    lines: list[told.Line] = field(default_factory=list)
    #: CPU of the server for a request, in milliseconds, by run
    cpu_ms: dict[str, float] = field(default_factory=dict)

    def run(
        self,
        name: str,
        act: Callable[[Client], object],
        seconds: float,
        watch: Callable[[], object] = lambda: None,
    ) -> None:
        """All clients at one kind of act; told as lines unless the name is empty."""
        crowd = people.clients(self.shared, self.server.port, self.clients)
        cpu = self.server.cpu_seconds()
        wall = people.run(crowd, self.shared, act, seconds, watch)
        cpu = self.server.cpu_seconds() - cpu
        self.kept += crowd
        record = people.joined(crowd)
        if name:
            found = told.lines(name, record.seconds, wall)
            self.lines += found
            requests = sum(line.requests for line in found)
            self.cpu_ms[name] = 1000 * cpu / max(requests, 1)
            print(
                f"  {name}: {requests:,} requests in {wall:.1f} s, {requests / wall:.0f} per s, "
                f"{self.cpu_ms[name]:.2f} ms CPU of the server for each, "
                f"load average {os.getloadavg()[0]:.1f}",
                flush=True,
            )


@contextmanager
def _place(
    asked: argparse.Namespace, *, postgres: bool, outputs: int, ready: int = 0
) -> Iterator[tuple[Place, Record]]:
    """A house with work laid ready, served by a process of its own."""
    with ground(postgres=postgres) as land, tempfile.TemporaryDirectory() as logs:
        wired = land.house()
        begun = time.perf_counter()
        town = settled(wired, squads=max(asked.clients // 2, 1), outputs=outputs)
        shared = people.crowd(town, pause=asked.pause)
        before = ahead.accepted(wired, shared, ready)
        print(f"\n{land.kind}: laid ready in {time.perf_counter() - begun:.0f} s", flush=True)
        with ExitStack() as stack:
            server = stack.enter_context(served(wired.settings, Path(logs), asked.threads))
            stop, clients = stack.close, asked.clients
            place = Place(wired=wired, shared=shared, server=server, clients=clients, stop=stop)
            yield place, before
        _tell_log(Path(logs, "serve.log"))


def _tell_log(log: Path) -> None:
    """How often the server warned, and the last words of each kind."""
    kinds: dict[str, list[str]] = {}
    for line in log.read_text(errors="replace").splitlines():
        try:
            kind = str(json.loads(line).get("event", ""))[:60]
        except (ValueError, AttributeError):
            kind = line[:60]
        kinds.setdefault(kind, []).append(line)
    for kind, lines in kinds.items():
        print(f"  the server warned {len(lines)} times: {kind} ... {lines[-1][-160:]}", flush=True)


def load(words: Sequence[str]) -> int:
    """Requests per second and their times; 1 with an error or a double."""
    asked = _parser("load", load.__doc__, seconds=10).parse_args(words)
    facts: dict[str, Any] = {}
    bad = 0
    for postgres in _databases(asked):
        found = _loaded(asked, postgres=postgres)
        facts["PostgreSQL" if postgres else "SQLite"] = found
        bad += found["errors"] + len(found["faults"])
    _keep(asked, facts)
    return 1 if bad else 0


def _loaded(asked: argparse.Namespace, *, postgres: bool) -> dict[str, Any]:
    seconds = asked.seconds
    ready = max(round(_READY_S * seconds), 1)
    outputs = ready + max(round(_OUTPUTS_S * seconds), 10)
    with _place(asked, postgres=postgres, outputs=outputs, ready=ready) as (place, before):
        place.run("", people.Client.look, min(seconds, 2))
        place.run("inbox alone", people.Client.look, seconds)
        for name, element in (("completion alone", "claim"), ("attestation alone", "attest")):
            queue = ahead.waiting(place.wired, place.shared.town, element)
            act = partial(ahead.take, queue, place.shared)
            place.run(name, act, seconds)
        place.run("mix", people.Client.work, seconds)
        rss = place.server.rss_mb()
        return _judged(place, before) | {"rss_mb": rss}


def soak(words: Sequence[str]) -> int:
    """The same mix for long: 1 with an error, a double, or memory that grows."""
    parser = _parser("soak", soak.__doc__, seconds=0)
    parser.add_argument("--minutes", type=float, default=30.0)
    asked = parser.parse_args(words)
    facts: dict[str, Any] = {}
    bad = 0
    for postgres in _databases(asked):
        found = _soaked(asked, postgres=postgres)
        facts["PostgreSQL" if postgres else "SQLite"] = found
        bad += found["errors"] + len(found["faults"]) + (not found["flat"])
    _keep(asked, facts)
    return 1 if bad else 0


@dataclass(slots=True)
class Memory:
    """Resident memory of the server, one sample each ten seconds."""

    server: Server
    minutes: float
    samples: list[tuple[float, float]] = field(default_factory=list)
    begun: float = field(default_factory=time.perf_counter)

    def look(self) -> None:
        """Take a sample when it is time; each minute one is printed."""
        at = time.perf_counter() - self.begun
        if self.samples and at < self.samples[-1][0] + _SAMPLE_S:
            return
        self.samples.append((at, self.server.rss_mb()))
        if len(self.samples) % 6 == 1:
            load = os.getloadavg()[0]
            print(
                f"  {at / 60:5.1f} min  {self.samples[-1][1]:7.1f} MB  load {load:.1f}", flush=True
            )

    def after_warm_up(self) -> list[tuple[float, float]]:
        """Samples of the later three quarters."""
        return [row for row in self.samples if row[0] >= _WARM * self.minutes * 60]


def _soaked(asked: argparse.Namespace, *, postgres: bool) -> dict[str, Any]:
    seconds = 60 * asked.minutes
    outputs = max(round(_OUTPUTS_S * seconds / 4), 20)
    with _place(asked, postgres=postgres, outputs=outputs) as (place, before):
        memory = Memory(place.server, asked.minutes)
        place.run("soak", people.Client.work, seconds, memory.look)
        return _judged(place, before) | _grown(memory)


def _grown(memory: Memory) -> dict[str, Any]:
    slope = told.slope_mb(memory.after_warm_up())
    flat = slope < told.SLOPE_MAX_MB
    first, last = memory.after_warm_up()[0][1], memory.samples[-1][1]
    print(
        f"  memory: {first:.1f} MB after warm-up, {last:.1f} MB at the end, slope {slope:+.2f} MB "
        f"in 10 min, budget < {told.SLOPE_MAX_MB:g}: {'holds' if flat else 'DOES NOT HOLD'}"
    )
    return {"samples": memory.samples, "slope_mb_10_min": slope, "flat": flat}


def _judged(place: Place, before: Record) -> dict[str, Any]:
    """The table, and the books against what was told; the server has ended."""
    place.stop()
    total = people.joined(place.kept)
    done = len(total.done)
    races, errors = total.lost_races, sum(total.errors.values())
    total.done |= before.done
    total.started += before.started
    found = books.faults(place.wired, total)
    print("\n" + told.table(place.lines) + "\n")
    attested = sum(element.startswith("attest") for element in total.done.values())
    print(f"  {done:,} acts over HTTP, {races} came second and were refused")
    print(f"  errors {errors}; lost, doubled, phantom {len(found)}", flush=True)
    for text, times in total.errors.most_common(10):
        print(f"    {times} times {text}")
    for text in found[:20]:
        print(f"    {text}")
    return {
        "lines": [line.facts() for line in place.lines],
        "server_cpu_ms": place.cpu_ms,
        "acts": done,
        "attestations": attested,
        "lost_races": races,
        "errors": errors,
        "faults": found,
    }


def _databases(asked: argparse.Namespace) -> tuple[bool, ...]:
    return {"sqlite": (False,), "postgres": (True,), "both": (False, True)}[asked.database]


def _keep(asked: argparse.Namespace, facts: dict[str, Any]) -> None:
    if asked.json:
        asked.json.write_text(json.dumps(facts, indent=1))


def _parser(name: str, about: str | None, *, seconds: float) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog=f"./run bench {name}", description=about)
    if seconds:
        parser.add_argument("--seconds", type=float, default=seconds, help="of each run")
    parser.add_argument("--clients", type=int, default=8, help="closed loops, two for each squad")
    parser.add_argument("--threads", type=int, default=8, help="request threads of the server")
    parser.add_argument("--pause", type=float, default=0.0, help="seconds between two acts")
    parser.add_argument("--database", choices=("sqlite", "postgres", "both"), default="both")
    parser.add_argument("--json", type=Path, metavar="FILE", help="also write the figures there")
    return parser
