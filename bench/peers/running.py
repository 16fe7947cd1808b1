"""Peers as processes: asked in turns, so that what disturbs the machine disturbs all alike."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from psycopg.conninfo import conninfo_to_dict

from bench.peers import drawing, installing

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from contextlib import ExitStack

    from bench.place import Ground

_ROOT: Final = Path(__file__).resolve().parents[2]
_HERE: Final = Path(__file__).resolve().parent
#: longest a peer may think about one question
_SECONDS: Final = 300

REGU, SPIFF = "Regu", "SpiffWorkflow 3.2"
VIEWFLOW, BPMN_ENGINE = "django-viewflow 2.4", "bpmn-engine 25.0"
PEERS: Final = (REGU, SPIFF, VIEWFLOW, BPMN_ENGINE)


class Silent(Exception):
    """A peer ended or did not answer; the text has its last words."""


class Process:
    """One peer: a line in, a line out."""

    def __init__(self, words: Sequence[str], log: Path) -> None:
        self._log = log
        with log.open("wb") as errors:
            self._process = subprocess.Popen(  # noqa: S603 - our own programs
                list(words),
                cwd=_ROOT,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
            )
        self._read()

    def ask(self, **wish: Any) -> dict[str, Any]:
        """Its answer to a wish; `Silent` when there is none."""
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(json.dumps(wish).encode() + b"\n")
            self._process.stdin.flush()
        except BrokenPipeError as fault:
            raise Silent(self._last_words()) from fault
        return self._read()

    def close(self) -> None:
        """End it."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        try:
            self._process.stdin.close()
            self._process.wait(10)
        except (OSError, subprocess.TimeoutExpired):
            self._process.kill()
            self._process.wait()
        self._process.stdout.close()

    def _read(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        late = threading.Timer(_SECONDS, self._process.kill)
        late.start()
        try:
            line = self._process.stdout.readline()
        finally:
            late.cancel()
        if not line:
            raise Silent(self._last_words())
        found: dict[str, Any] = json.loads(line)
        return found

    def _last_words(self) -> str:
        lines = self._log.read_text(errors="replace").strip().splitlines()
        return " / ".join(lines[-3:]) or "it ended without a word"


@dataclass(slots=True)
class Seen:
    """What was seen of one peer: per instance the steps with CPU and wall seconds, and counts."""

    counts: dict[str, Any]
    instances: list[list[list[float]]] = field(default_factory=list)
    floor: list[list[list[float]]] = field(default_factory=list)

    @property
    def bytes_of_a_step(self) -> int:
        """Bytes written by a step, on average."""
        steps = self.counts["steps"]
        total: int = sum(step["bytes"] for step in steps)
        return max(total // len(steps), 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How often: rounds of so many instances of each, after a warm-up."""

    rounds: int
    times: int
    warm: int


def seen(
    ground: Ground, folder: Path, stack: ExitStack, plan: Plan
) -> tuple[dict[str, Seen], dict[str, str]]:
    """All peers in turns on this kind of database; and who is missing, with the reason."""
    processes: dict[str, Process] = {}
    missing: dict[str, str] = {}
    found: dict[str, Seen] = {}
    for name in PEERS:
        try:
            process = _begun(name, ground, folder)
            stack.callback(process.close)
            process.ask(do="run", times=plan.warm)
            found[name] = Seen(process.ask(do="count"))
            processes[name] = process
        except (installing.Missing, Silent) as fault:
            missing[name] = str(fault)
    floors = {
        name: _ours(f"floor-{n}", ground, folder, str(one.bytes_of_a_step))
        for n, (name, one) in enumerate(found.items())
    }
    for process in floors.values():
        stack.callback(process.close)
        process.ask(do="run", times=plan.warm)
    _in_turns(processes, floors, found, plan)
    return found, missing


def _in_turns(
    processes: Mapping[str, Process],
    floors: Mapping[str, Process],
    found: Mapping[str, Seen],
    plan: Plan,
) -> None:
    for _ in range(plan.rounds):
        for name, process in processes.items():
            found[name].instances += process.ask(do="run", times=plan.times)["instances"]
            found[name].floor += floors[name].ask(do="run", times=plan.times)["instances"]


def _begun(name: str, ground: Ground, folder: Path) -> Process:
    if name in (REGU, SPIFF):
        return _ours("regu" if name == REGU else "spiff", ground, folder)
    if name == VIEWFLOW:
        python = installing.python_peer()
        config = _config("viewflow", ground)
        words = [str(python), str(_HERE / "viewflow_peer.py"), json.dumps(config)]
        return Process(words, folder / "viewflow.log")
    node, installed = installing.node_peer()
    config = _config("bpmn_engine", ground) | {
        "installed": str(installed),
        "source": drawing.plain(
            "environment.output.total = environment.variables.amount + 1; next();", "javascript"
        ),
        "lock": "" if ground.kind == "SQLite" else " FOR UPDATE",
    }
    words = [node, str(_HERE / "bpmn_engine_peer.cjs"), json.dumps(config)]
    return Process(words, folder / "bpmn_engine.log")


def _ours(name: str, ground: Ground, folder: Path, *more: str) -> Process:
    kind = name.split("-", maxsplit=1)[0]
    url = ground.fresh("peers_" + name.replace("-", "_"))
    words = [sys.executable, "-m", "bench.peers.ours", kind, url, str(folder / name), *more]
    return Process(words, folder / f"{name}.log")


def _config(name: str, ground: Ground) -> dict[str, Any]:
    """A database of its own, and what an instance begins with."""
    url = ground.fresh(f"peers_{name}")
    common = {"form": drawing.FORM, "values": drawing.VALUES}
    if ground.kind == "SQLite":
        path = Path(url.removeprefix("sqlite:///"))
        path.parent.mkdir(parents=True, exist_ok=True)
        return {**common, "database": {"kind": ground.kind, "path": str(path)}}
    parts = conninfo_to_dict(url)
    place = {
        "kind": ground.kind,
        "name": f"peers_{name}",
        "host": str(parts["host"]),
        "port": str(parts["port"]),
        "user": str(parts["user"]),
    }
    return {**common, "database": place}


def by_step(instances: Sequence[Sequence[Sequence[float]]], what: int) -> Mapping[int, list[float]]:
    """CPU (0) or wall (1) of each step over all instances."""
    found: dict[int, list[float]] = defaultdict(list)
    for steps in instances:
        for number, step in enumerate(steps):
            found[number].append(step[what])
    return found
